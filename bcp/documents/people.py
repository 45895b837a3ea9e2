"""Whom to call, under which number: the ladder, the first calls, who may declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bcp.documents import wording
from bcp.documents.snapshot import Snapshot
from bcp.engine.activation import WORKING_HOURS

Fact = dict[str, Any]
FIRST_CALLS = 5


class PhoneBook:
    """Contacts by name. A name that no contact has is printed without a number, and says so."""

    def __init__(self, contacts: Sequence[Mapping[str, Any]]) -> None:
        self._contacts = {contact["name"]: contact for contact in contacts}

    def entry(self, name: str | None) -> Fact | None:
        """The person with their numbers, the one that works without our own systems first."""
        if not name:
            return None
        contact = self._contacts.get(name, {})
        return {
            "name": name,
            "title": contact.get("title", ""),
            "vendor": contact.get("vendor", ""),
            "numbers": numbers(contact),
            "may_declare": contact.get("may_declare", False),
            "coverage": contact.get("coverage", ""),
            "deputy": contact.get("deputy"),
        }

    def declarers(self, path: Fact | None) -> list[Fact]:
        """Who may declare: in the order of the ladder, then the others by name."""
        ladder = [step["contact"] for step in path["steps"]] if path else []
        names = [
            name
            for name in dict.fromkeys([*ladder, *sorted(self._contacts)])
            if self._contacts.get(name, {}).get("may_declare")
        ]
        return [entry for name in names if (entry := self.entry(name))]


def numbers(contact: Mapping[str, Any]) -> list[Fact]:
    """The numbers in the order to try them; the independent one leads and is marked."""
    independent = contact.get("independent_phone") or ""
    found = [{"number": independent, "independent": True}] if independent else []
    found += [
        {"number": phone, "independent": False}
        for phone in contact.get("phones", [])
        if phone and phone != independent
    ]
    return found


def default_path(snapshot: Snapshot) -> Fact | None:
    paths = snapshot["activation"]["paths"]
    return next((path for path in paths if path["is_default"]), None)


def first_calls(snapshot: Snapshot, book: PhoneBook) -> list[Fact]:
    """The first five calls: the default ladder; without one, those who may declare."""
    path = default_path(snapshot)
    if path is None:
        return [
            {"who": entry, "channel": "", "wait": ""}
            for entry in book.declarers(None)[:FIRST_CALLS]
        ]
    return [
        {
            "who": book.entry(step["contact"]),
            "channel": step["channel"],
            "wait": wording.span(step["wait_minutes"]),
        }
        for step in path["steps"][:FIRST_CALLS]
    ]


def ladders(snapshot: Snapshot, book: PhoneBook) -> list[Fact]:
    """Every escalation path, rung by rung, with who is reachable when."""
    return [
        {
            **path,
            "total": wording.after(path["total_minutes"], path["at_least"]),
            "detect": wording.span(path["detect_minutes"]),
            "authority": wording.span(path["authority_minutes"]),
            "mobilise": wording.span(path["mobilise_minutes"]),
            "rungs": [
                {
                    "position": position,
                    "who": book.entry(step["contact"]),
                    "channel": step["channel"],
                    "channel_system": step["channel_system"],
                    "wait": wording.span(step["wait_minutes"]),
                    **_reachable(book.entry(step["contact"])),
                }
                for position, step in enumerate(path["steps"], start=1)
            ],
            "holes": [
                _("%(start)s to %(end)s") % {"start": start, "end": end}
                for start, end in path["holes"]
            ],
        }
        for path in snapshot["activation"]["paths"]
    ]


def _reachable(entry: Fact | None) -> Fact:
    coverage = entry["coverage"] if entry else ""
    return {
        "business": wording.within(WORKING_HOURS, coverage, inside=True),
        "off_hours": wording.within(WORKING_HOURS, coverage, inside=False),
    }
