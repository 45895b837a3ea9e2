"""Gaps as a plan lists them: worst first, one by one where each is a case of its own, and by kind
where one cause shows in many systems and scenarios; then those that somebody accepted, each with
who, why and until when. Each stands on the sheet of its system too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from bcp.documents import wording
from bcp.documents.anchors import anchor
from bcp.documents.drafts import cut
from bcp.documents.snapshot import Snapshot
from bcp.engine.results import Severity

Fact = dict[str, Any]

_GAPS_OF_A_KIND = 25
_MOST_NAMED = 60

_NOT_LEFT = (
    gettext_lazy("No copy is there, or none is left after what it must withstand"),
    gettext_lazy("Add a copy at another site, offline or locked against deletion"),
)
_TOO_OLD = (
    gettext_lazy("More would be lost than accepted, or nobody can say how much"),
    gettext_lazy("Copy oftener, record what is unknown, or approve another RPO"),
)
_BARE = (
    gettext_lazy("No copy of its configuration is sure to be left"),
    gettext_lazy("Keep a copy of its configuration that survives as well"),
)
_DIGITS = (
    gettext_lazy("A digit of 3-2-1-1-0 is missing"),
    gettext_lazy("The sheet of each says which digit, and what would add it"),
)
_RUMOURS = (
    gettext_lazy("Copies not restored in a test in time, or with errors"),
    gettext_lazy("Restore each in a test, and record the result"),
)
_UNWRITTEN = (
    gettext_lazy("No approved procedure"),
    gettext_lazy("Write the steps down, and have them approved by somebody else"),
)
_UNPROVED = (
    gettext_lazy("Never proved in an exercise that counts, or not in time"),
    gettext_lazy("Hold an exercise of the kind that its tier asks for"),
)
_KINDS: dict[str, tuple[Any, Any]] = {
    **dict.fromkeys(("no_copy", "nothing_survives", "replica_only"), _NOT_LEFT),
    **dict.fromkeys(("rpo_missed", "loss_unknown", "rpo_missing", "no_common_point"), _TOO_OLD),
    "configuration_unsafe": _BARE,
    **dict.fromkeys([f"copies_rule_{digit}" for digit in ("3", "2", "1", "1_offline")], _DIGITS),
    **dict.fromkeys(("untested_copy", "restore_test_failed"), _RUMOURS),
    **dict.fromkeys(("procedure_missing", "procedure_unapproved"), _UNWRITTEN),
    **dict.fromkeys(("exercise_never", "exercise_overdue"), _UNPROVED),
}
"""Gap code → the kind under which it is listed, and what closes it."""

TOLD_OF_BACKUPS = {*_KINDS} - {"replica_only", "no_common_point", "restore_test_failed"}
"""Gaps that a sheet's table of losses, digits, steps and exercises say already."""


def gap_tables(snapshot: Snapshot) -> list[Fact]:
    """Tables by severity: kinds with the systems that have them, then single gaps. Of many of one
    code the first are listed. Last the accepted ones, which stand in no other table; all of them,
    whatever the severity."""
    sheets = {one["name"]: one for one in snapshot["systems"]}
    tables: list[Fact] = []
    still_open = [one for one in snapshot["problems"]["gaps"] if not one.get("accepted")]
    for severity in Severity:
        gaps = [one for one in still_open if one["severity"] == severity.value]
        title = str(wording.SEVERITIES[severity])
        kinds = list(_by_kind(gaps, sheets))
        if kinds:
            tables.append({"title": title, "kinds": kinds, "rows": []})
        rows, more = _single(gaps, sheets)
        if rows:
            parts = list(cut(title, rows, kinds=[]))
            parts[-1]["more"] = more
            tables += parts
    risks = [_risk(one, sheets) for one in accepted_gaps(snapshot)]
    tables += cut(gettext("Accepted risks"), risks, kinds=[], accepted=True)
    return tables


def accepted_gaps(snapshot: Snapshot) -> list[Fact]:
    """The gaps that somebody lives with; plans of before schema 3 know of none."""
    return [one for one in snapshot["problems"]["gaps"] if one.get("accepted")]


def _risk(gap: Fact, sheets: Mapping[str, Fact]) -> Fact:
    accepted = gap["accepted"]
    return {
        **_with_sheet(gap, sheets),
        "severity": str(wording.SEVERITIES[Severity(gap["severity"])]),
        "by": accepted["by"],
        "until": wording.day(accepted["until"]),
        "why": accepted["why"],
    }


def _with_sheet(gap: Fact, sheets: Mapping[str, Fact]) -> Fact:
    system = sheets.get(gap["system"] or "")
    return {
        **gap,
        "sheet": system["sheet"] if system else "–",
        "anchor": anchor(system) if system else "",
    }


def _by_kind(gaps: Sequence[Fact], sheets: Mapping[str, Fact]) -> Iterator[Fact]:
    for kind in dict.fromkeys(_KINDS.values()):
        of_kind = [one for one in gaps if _KINDS.get(one["code"]) is kind]
        names = list(dict.fromkeys(one["system"] for one in of_kind if one["system"]))
        if names:
            says, fix = kind
            yield {
                "says": says,
                "fix": fix,
                "count": len(names),
                "systems": [
                    {
                        "name": name,
                        "sheet": sheets[name]["sheet"] if name in sheets else "",
                        "anchor": anchor(sheets[name]) if name in sheets else "",
                    }
                    for name in names[:_MOST_NAMED]
                ],
                "more": max(0, len(names) - _MOST_NAMED),
            }


def _single(gaps: Sequence[Fact], sheets: Mapping[str, Fact]) -> tuple[list[Fact], int]:
    rows: list[Fact] = []
    seen: dict[str, int] = {}
    for gap in gaps:
        if gap["code"] in _KINDS:
            continue
        seen[gap["code"]] = seen.get(gap["code"], 0) + 1
        if seen[gap["code"]] <= _GAPS_OF_A_KIND:
            rows.append(_with_sheet(gap, sheets))
    return rows, sum(max(0, count - _GAPS_OF_A_KIND) for count in seen.values())
