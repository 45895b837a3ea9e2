"""What a print is when it is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rendered:
    """A PDF and the number of its pages."""

    pdf: bytes
    pages: int
