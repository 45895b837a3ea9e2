"""The form of a record's key in an address; anything else is no address at all."""

from __future__ import annotations


class KeyConverter:
    regex = "[0-9a-z]{12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
