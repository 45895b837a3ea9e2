"""What the generic pages need to know of a noun, so that every noun gets the same pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bcp.engine.permissions import Capability
from bcp.services.actor import Actor

_ADD = _("Add")


class Writer(Protocol):
    """A module of `bcp.services` that writes one noun."""

    def create(self, organisation: Any, values: Mapping[str, Any], *, by: Actor) -> Any: ...

    def change(
        self,
        organisation: Any,
        key: str,
        values: Mapping[str, Any],
        *,
        seen_version: int | None,
        by: Actor,
    ) -> Any: ...

    def delete(
        self, organisation: Any, key: str, *, seen_version: int | None, by: Actor
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Noun:
    """`name` is both the prefix of its URL names and its folder of templates."""

    name: str
    one: str | Promise
    many: str | Promise
    record_type: str
    """The name under which the audit trail knows it."""
    listing: Callable[[Any], Any]
    """Organisation → its records; a noun that is only calculated has none."""
    writer: Any
    """A `Writer`, or a module like one whose pages override `save`."""
    edited_by: Capability = Capability.EDIT_ESTATE
    adding: str | Promise = _ADD
    """What the button that makes a new one says ("Add a system")."""

    def url_name(self, page: str) -> str:
        return f"{self.name}-{page}"
