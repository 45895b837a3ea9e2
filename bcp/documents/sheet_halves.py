"""The two halves of a recovery on the sheet of a system: what its copies are worth in each
scenario, and whether the way back is written and proved (rules B1 to B5, X3)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bcp.documents import losses, programme, steps, wording
from bcp.documents.readiness_chapter import CLASSES
from bcp.documents.snapshot import Snapshot, tells_of_backups
from bcp.engine.contents import Holds
from bcp.engine.readiness import ReadinessClass

Fact = dict[str, Any]

_DIGITS = {
    "3": gettext_lazy("3 copies"),
    "2": gettext_lazy("2 media"),
    "1": gettext_lazy("1 off-site"),
    "1_offline": gettext_lazy("1 offline or locked"),
    "0": gettext_lazy("0 errors in a restore test"),
}
_HAS = {True: "●", False: "■", None: "◌"}
_MOST_EXERCISES = 4
_MOST_REASONS = 1
"""The table of losses has the others."""


class SheetHalves:
    """Finds what belongs to a system; of a plan of before these sections there is nothing."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._facts = {one["system"]: one for one in snapshot.get("backups", [])}
        self._procedures = {one["system"]: one for one in snapshot.get("procedures", [])}
        self._results: dict[str, list[Fact]] = {}
        for exercise in snapshot.get("exercises", []):
            for result in exercise["results"]:
                self._results.setdefault(result["system"], []).append(_done(exercise, result))

    def of(self, system: Fact) -> Fact | None:
        """`None` if the plan does not say."""
        fact = self._facts.get(system["name"])
        if fact is None or not tells_of_backups(self._snapshot):
            return None
        readiness = fact["readiness"]
        kind = ReadinessClass(readiness["class"])
        results = self._results.get(system["name"], [])
        return {
            "shape": CLASSES[kind][0],
            "class": CLASSES[kind][1],
            "consequence": " ".join(readiness["consequence"]),
            "plan": "; ".join(readiness["plan"]),
            "backups": "; ".join(readiness["backups"][:_MOST_REASONS]),
            "rpo": None if system["rpo_minutes"] is None else wording.span(system["rpo_minutes"]),
            "losses": losses.sheet_rows(self._snapshot, fact, system["rpo_minutes"]),
            "holds_nothing": fact["holds"] == Holds.NOTHING.value,
            "digits": _digits(fact),
            "restore": fact["restore"],
            "steps": steps.steps(self._procedures.get(system["name"])),
            "results": results[:_MOST_EXERCISES],
            "more_results": max(0, len(results) - _MOST_EXERCISES),
            "due": programme.due_words(fact["proof"]),
        }


def _digits(fact: Fact) -> list[Fact]:
    missing = {one["digit"]: one for one in fact["missing"]}
    return [
        {
            "shape": _HAS[there],
            "name": _DIGITS[digit],
            "missing": missing[digit]["says"] if digit in missing else "",
            "fix": missing[digit]["fix"] if digit in missing else "",
        }
        for digit, there in fact["digits"] or []
    ]


def _done(exercise: Fact, result: Fact) -> Fact:
    when = (
        wording.day(exercise["done_on"])
        if exercise["done_on"]
        else _("planned for %(day)s") % {"day": wording.day(exercise["planned_on"])}
    )
    return {
        "name": exercise["name"],
        "type": exercise["type_label"],
        "when": when,
        "done": exercise["done_on"] is not None,
        "outcome": result["outcome_label"] or _("result not recorded"),
        "rta": wording.span(result["rta_minutes"]),
        "rpa": wording.span(result["rpa_minutes"]),
        "verdict": programme.verdict(result),
    }
