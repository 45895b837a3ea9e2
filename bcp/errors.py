"""The errors a caller may show to a person. A leaf: imports nothing of the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class BcpError(Exception):
    """Something a person can be told; the message is a whole sentence."""


class InvalidInput(BcpError):
    """Input that cannot be accepted. `fields` maps a field name to its messages."""

    def __init__(self, message: str, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.fields: dict[str, list[str]] = {
            name: list(messages) for name, messages in (fields or {}).items()
        }


class Conflict(BcpError):
    """Somebody else changed the record first. `current` is what it says now, field by field."""

    def __init__(self, message: str, current: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.current: dict[str, object] = dict(current or {})


class NotAllowed(BcpError):
    """The actor's role does not have the capability."""
