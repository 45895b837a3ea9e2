"""The front cover: what somebody needs at 2 a.m., on one page."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bcp.documents import people, wording
from bcp.documents.people import PhoneBook
from bcp.documents.snapshot import Snapshot
from bcp.engine.results import Standing

Fact = dict[str, Any]

_MOST_DECLARERS, _MOST_PLACES, _MOST_FIRST_WAVE = 3, 4, 14


def context(snapshot: Snapshot, book: PhoneBook) -> Fact:
    declarers = book.declarers(people.default_path(snapshot))
    first_wave = [one for one in snapshot["systems"] if one["wave"] == 1]
    return {
        "declare": when_to_declare(snapshot),
        "declarers": declarers[:_MOST_DECLARERS],
        "calls": people.first_calls(snapshot, book),
        "backups": _backups(snapshot)[:_MOST_PLACES],
        "more_backups": max(0, len(_backups(snapshot)) - _MOST_PLACES),
        "first_wave": first_wave[:_MOST_FIRST_WAVE],
        "more_first_wave": max(0, len(first_wave) - _MOST_FIRST_WAVE),
        "headline": headline(snapshot),
    }


def headline(snapshot: Snapshot) -> str:
    """The whole plan in one sentence."""
    activation = snapshot["activation"]
    touched = [one for one in snapshot["systems"] if one["wave"] is not None]
    if not touched:
        return _("This scenario touches no system.")
    missed = sum(one["standing"] == Standing.MISSES.value for one in touched)
    moment = wording.after(activation["restored_minutes"], activation["restored_at_least"])
    if not missed:
        return _("The last system is restored at %(moment)s.") % {"moment": moment}
    return ngettext(
        "The last system is restored at %(moment)s; %(missed)s system misses its target.",
        "The last system is restored at %(moment)s; %(missed)s systems miss their targets.",
        missed,
    ) % {"moment": moment, "missed": missed}


def when_to_declare(snapshot: Snapshot) -> list[str]:
    """The sentences that decide: what calls for it, and how long one may hesitate.

    The time to decide is what the tightest approved target leaves, plus the minutes that the plan
    already allows for noticing and for reaching somebody who may declare."""
    says = [
        _(
            "Declare when a system of the most critical tier is down, or a whole site is lost,"
            " and nobody can name the time at which it will be back."
        )
    ]
    with_target = [
        one
        for one in snapshot["systems"]
        if one["rto_minutes"] is not None and one["wave"] is not None
    ]
    if not with_target:
        says.append(_("No system has an approved target: do not wait for certainty."))
        return says

    def left(one: Fact) -> int:
        return int(one["rto_minutes"] - one["restored_minutes"])

    tightest = min(with_target, key=left)
    values = {"system": tightest["name"], "target": wording.span(tightest["rto_minutes"])}
    if left(tightest) < 0:
        says.append(
            _("Do not hesitate: “%(system)s” cannot be back within its %(target)s even so.")
            % values
        )
        return says
    activation = snapshot["activation"]
    waited = (activation["detect_minutes"] or 0) + (activation["authority_minutes"] or 0)
    values["decide"] = wording.span(waited + left(tightest))
    says.append(
        _(
            "Decide within %(decide)s of the disruption: later, “%(system)s” can no longer be"
            " back within its %(target)s."
        )
        % values
    )
    return says


def _backups(snapshot: Snapshot) -> list[Fact]:
    """Where copies are kept, as far as the records say: places with the most systems first."""
    places: dict[tuple[str, str], set[str]] = {}
    marks: dict[tuple[str, str], Counter[str]] = {}
    for copy in snapshot["copies"]:
        place = (copy["site"] or _("place not recorded"), copy["medium"] or "")
        places.setdefault(place, set()).add(copy["system"])
        counted = marks.setdefault(place, Counter())
        counted["all"] += 1
        counted["offline"] += bool(copy["offline"])
        counted["locked"] += bool(copy["locked_minutes"])
        counted["tested"] += bool(copy["last_restore_test"])
    rows = []
    for (site, medium), systems in places.items():
        counted = marks[site, medium]
        rows.append(
            {
                "site": site,
                "medium": medium,
                "count": len(systems),
                "systems": wording.in_words(sorted(systems)[:3], max(0, len(systems) - 3)),
                "offline": _share(counted, "offline", _("offline"), _("partly offline")),
                "locked": _share(counted, "locked", _("locked"), _("partly locked")),
                "untested": counted["all"] - counted["tested"],
            }
        )
    return sorted(rows, key=lambda row: (-row["count"], row["site"], row["medium"]))


def _share(counted: Counter[str], mark: str, all_of_them: str, some: str) -> str:
    if not counted[mark]:
        return ""
    return all_of_them if counted[mark] == counted["all"] else some
