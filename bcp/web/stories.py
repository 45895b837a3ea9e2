"""History for people: each event with its changes in words and, where there is one, the way
back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bcp.queries import changes
from bcp.services import undo

_ACTIONS = {
    "created": _("recorded it"),
    "changed": _("changed it"),
    "deleted": _("deleted it"),
    "accepted": _("accepted it"),
    "confirmed": _("confirmed it"),
    "withdrawn": _("withdrew it"),
    "rolled": _("gave it a new reporting address"),
}


@dataclass(frozen=True, slots=True)
class Story:
    event: Any
    action: str
    changes: list[changes.Change]
    undo_url: str
    """Empty where there is no way back."""


def stories(events: Iterable[Any], slug: str) -> list[Story]:
    return [
        Story(
            told.event,
            str(_ACTIONS.get(told.event.action, told.event.action)),
            told.changes,
            reverse("history-undo", args=[slug, told.event.pk])
            if undo.can_undo(told.event)
            else "",
        )
        for told in changes.told(events)
    ]
