"""A page as somebody reads it."""

from __future__ import annotations


def as_read(page: str) -> str:
    """Whether a line may end at a space is nothing that is read."""
    return page.replace("\u00a0", " ")
