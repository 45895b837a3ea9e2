"""The places of an organisation, in the order in which one works through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bcp.engine.permissions import Capability


@dataclass(frozen=True, slots=True)
class Place:
    """One entry. `nouns` are the beginnings of the URL names that belong to it, beside its own."""

    url_name: str
    label: str | Promise
    nouns: tuple[str, ...] = ()
    needs: Capability = Capability.READ

    def holds(self, url_name: str) -> bool:
        return url_name in (self.url_name, *self.nouns) or url_name.startswith(
            tuple(f"{noun}-" for noun in self.nouns)
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as one page shows it."""

    label: str | Promise
    url: str
    is_current: bool


GROUPS: tuple[tuple[str | Promise, tuple[Place, ...]], ...] = (
    (
        _("Answers"),
        (
            Place("overview", _("Overview"), ("summary",)),
            Place("recovery-order", _("Recovery order"), ("recovery",)),
            Place("gaps-list", _("Gaps"), ("gaps", "acceptances")),
            Place("targets-list", _("Targets"), ("targets", "impacts")),
            Place("exercises-due", _("Tests"), ("exercises",)),
        ),
    ),
    (
        _("Estate"),
        (
            Place("systems-list", _("Systems"), ("systems",)),
            Place("map", _("Map"), ("map", "loops", "blast")),
            Place(
                "dependencies-list",
                _("Dependencies"),
                ("dependencies", "reviews", "proposed", "suggestions"),
            ),
            Place("sites-list", _("Sites"), ("sites",)),
            Place(
                "backups-matrix",
                _("Backups"),
                ("backups", "copies", "policies", "restore-tests", "scenarios"),
            ),
            Place("procedures-list", _("Procedures"), ("procedures",)),
        ),
    ),
    (
        _("People"),
        (
            Place("contacts-list", _("Contacts"), ("contacts",)),
            Place("teams-list", _("Teams"), ("teams",)),
            Place("escalation-list", _("Escalation"), ("escalation",)),
        ),
    ),
    (
        _("Binder"),
        (
            Place("plans-list", _("Plans"), ("plans",)),
            Place("exchange", _("Exchange"), ("exchange",)),
            Place("audit-list", _("History"), ("audit",), Capability.READ_AUDIT),
            Place("settings", _("Settings"), ("settings", "members", "invitations", "tokens")),
        ),
    ),
)


def entries(
    slug: str, current: str, capabilities: frozenset[Capability]
) -> Iterator[tuple[str | Promise, list[Entry]]]:
    """The groups of places that one member may enter; `current` is the URL name shown now."""
    for heading, places in GROUPS:
        shown = [
            Entry(place.label, reverse(place.url_name, args=[slug]), place.holds(current))
            for place in places
            if place.needs in capabilities
        ]
        if shown:
            yield heading, shown


def first_page(slug: str) -> str:
    """Where one begins in an organisation."""
    return reverse("overview", args=[slug])
