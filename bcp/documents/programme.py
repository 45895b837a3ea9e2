"""The test programme: what each tier is to be tested with, what was done and what it showed, and
what is due (rules X2 to X4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bcp.documents import losses, wording
from bcp.documents.anchors import anchor
from bcp.documents.drafts import cut
from bcp.documents.snapshot import Snapshot
from bcp.engine.estate import ExerciseType

Fact = dict[str, Any]

TYPES = {
    ExerciseType.CHECKLIST: gettext_lazy("checklist"),
    ExerciseType.TABLETOP: gettext_lazy("walkthrough or tabletop"),
    ExerciseType.FUNCTIONAL: gettext_lazy("simulation or functional"),
    ExerciseType.PARALLEL: gettext_lazy("parallel"),
    ExerciseType.FULL: gettext_lazy("full interruption"),
    ExerciseType.RESTORE: gettext_lazy("restore test"),
    ExerciseType.INCIDENT: gettext_lazy("real incident"),
}

_MOST_DONE = 60
"""Of many exercises the latest; what qualifies last of each system stands under what is due."""


def demands(snapshot: Snapshot) -> list[Fact]:
    """What each tier must withstand and how it is to be tested."""
    return [
        {
            "tier": _("none") if one["tier"] is None else one["tier"],
            "name": one["name"] if one["name"] != str(one["tier"]) else "",
            "scenarios": "; ".join(map(losses.heading, one["scenarios"])) or _("nothing"),
            "least": TYPES[ExerciseType(one["minimum_exercise"])],
            "cadence": _days(one["cadence_days"]),
            "restores": _days(one["restore_test_days"]),
            "change": _days(one["change_test_days"]),
        }
        for one in snapshot["scenarios"]["demands"]
        if one["tier"] is not None or any(system["tier"] is None for system in snapshot["systems"])
    ]


def _days(days: int) -> str:
    return _("%(days)s days") % {"days": days}


def planned(snapshot: Snapshot) -> list[Fact]:
    """What is planned and not done yet, soonest first."""
    found = [one for one in snapshot["exercises"] if one["done_on"] is None]
    found.sort(key=lambda one: one["planned_on"] or "")
    return [
        {
            "name": one["name"],
            "type": one["type_label"],
            "on": wording.day(one["planned_on"]),
            "systems": wording.in_words(
                [result["system"] for result in one["results"][:12]],
                max(0, len(one["results"]) - 12),
            ),
        }
        for one in found
    ]


def never_proved(snapshot: Snapshot) -> list[Fact]:
    """Systems of which no exercise ever showed that they come back: due now."""
    never = {one["system"] for one in _of_the_plan(snapshot) if one["proof"]["last"] is None}
    systems = [one for one in snapshot["systems"] if one["name"] in never]
    return sorted(systems, key=lambda one: (one["tier"] is None, one["tier"], one["sheet"]))


def _of_the_plan(snapshot: Snapshot) -> list[Fact]:
    printed = {one["name"] for one in snapshot["systems"]}
    return [one for one in snapshot["backups"] if one["system"] in printed]


def tables(snapshot: Snapshot) -> list[Fact]:
    """What is due, system by system, soonest first; then the exercises done, latest first."""
    systems = {one["name"]: one for one in snapshot["systems"]}
    due = sorted(
        (one for one in _of_the_plan(snapshot) if one["proof"]["last"] is not None),
        key=lambda one: one["proof"]["due"],
    )
    done = [one for one in snapshot["exercises"] if one["done_on"] is not None]
    rows = [_due(systems[one["system"]], one["proof"]) for one in due]
    found = list(cut(_("Proved, and due again"), rows, kind="due"))
    for one in done[:_MOST_DONE]:
        results = [_result(result, systems) for result in one["results"]]
        found += cut(
            one["name"],
            results or [{}],
            kind="done",
            subtitle=_("%(type)s on %(day)s")
            % {"type": one["type_label"], "day": wording.day(one["done_on"])},
            objectives=one["objectives"],
            note=one["note"],
            empty=not results,
        )
    return found


def _due(system: Fact, proof: Fact) -> Fact:
    last = _("%(name)s, %(type)s, %(day)s") % {
        "name": proof["last"],
        "type": TYPES[ExerciseType(proof["last_type"])],
        "day": wording.day(proof["last_on"]),
    }
    return {
        "sheet": system["sheet"],
        "name": system["name"],
        "anchor": anchor(system),
        "tier": system["tier"] or "–",
        "last": last,
        "shape": "●" if proof["in_date"] else "■",
        "due": due_words(proof),
    }


def due_words(proof: Fact) -> str:
    """When the next exercise of a system is due, in words."""
    if proof["last"] is None:
        return _("due now")
    day = wording.day(proof["due"])
    if not proof["in_date"]:
        return _("overdue since %(day)s") % {"day": day}
    if proof["changed"]:
        return _("%(day)s, because it was changed") % {"day": day}
    return day


def _result(result: Fact, systems: Mapping[str, Fact]) -> Fact:
    system = systems.get(result["system"], {})
    return {
        "name": result["system"],
        "sheet": system.get("sheet", ""),
        "outcome": result["outcome_label"] or _("not recorded"),
        "rta": _against(result["rta_minutes"], system.get("rto_minutes")),
        "rpa": _against(result["rpa_minutes"], system.get("rpo_minutes")),
        "verdict": verdict(result),
        "note": result["note"],
    }


def verdict(result: Fact) -> str:
    """Whether a result proves the way back, and why not (rule X3)."""
    if result["qualifies"] is None:
        return _("not judged: it lies after the day of this plan")
    if result["qualifies"]:
        return _("● qualifies")
    return _("■ does not qualify: %(why)s") % {"why": "; ".join(result["why_not"])}


def _against(minutes: int | None, target: int | None) -> str:
    if minutes is None:
        return _("not measured")
    if target is None:
        return wording.span(minutes)
    return _("%(achieved)s of %(target)s") % {
        "achieved": wording.span(minutes),
        "target": wording.span(target),
    }
