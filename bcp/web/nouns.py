"""What the generic pages need to know of a noun, so that every noun gets the same pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bcp.engine.permissions import Capability

_ADD = _("Add")


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
    """The module of `bcp.services` that writes it: `create`, `change` and `delete`, and for pages
    of many records `change_many` and `delete_many`."""
    edited_by: Capability = Capability.EDIT_ESTATE
    adding: str | Promise = _ADD
    """What the button that makes a new one says ("Add a system")."""

    def url_name(self, page: str) -> str:
        return f"{self.name}-{page}"
