"""How a plan words what each scenario takes: columns, cells, and the rows of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bcp.documents import wording
from bcp.documents.snapshot import Snapshot
from bcp.engine.durations import parse_minutes
from bcp.engine.loss import LossState
from bcp.engine.results import Standing
from bcp.engine.scenario import EVERYTHING, RANSOMWARE, SITE, STOLEN_CREDENTIALS, SUPPLIER, SYSTEM
from bcp.engine.survival import Verdict

Fact = dict[str, Any]

_HEADINGS = {
    SYSTEM: gettext_lazy("It fails itself"),
    SITE: gettext_lazy("Its site is lost"),
    SUPPLIER: gettext_lazy("Its supplier is gone"),
    STOLEN_CREDENTIALS: gettext_lazy("Credentials stolen"),
    EVERYTHING: gettext_lazy("Everything is lost"),
}


def heading(scenario: str) -> str:
    """A scenario as the head of a column."""
    kind, _colon, dwell = scenario.partition(":")
    if kind == RANSOMWARE and dwell:
        return _("Ransomware (%(dwell)s inside)") % {"dwell": wording.span(parse_minutes(dwell))}
    known = _HEADINGS.get(scenario)
    return str(known) if known is not None else wording.scenario(scenario)


def columns(snapshot: Snapshot) -> list[str]:
    """The scenarios of the matrix; the one that the plan is for comes first."""
    own = snapshot["scenario"]
    return [own, *(name for name in snapshot["scenarios"]["columns"] if name != own)]


def by_name(fact: Mapping[str, Any]) -> dict[str, Fact]:
    """The losses of a system by scenario."""
    return {loss["scenario"]: loss for loss in fact["losses"]}


def in_column(fact: Mapping[str, Any], column: str) -> Fact | None:
    """The loss that a column shows of a system; `None` if the scenario takes nothing of it."""
    name = fact["matrix"].get(column)
    return None if name is None else by_name(fact)[name]


def shape(loss: Mapping[str, Any]) -> str:
    return wording.STANDINGS[Standing(loss["standing"])][0]


def figure(loss: Mapping[str, Any]) -> str:
    """What is lost at worst, in as few words as a cell has room for."""
    state = LossState(loss["state"])
    if state is LossState.TOTAL:
        return _("all of it")
    if state is LossState.UNKNOWN:
        if loss["at_least_minutes"]:
            return _("at least %(time)s") % {"time": wording.span(loss["at_least_minutes"])}
        return str(wording.UNKNOWN)
    return _("nothing") if not loss["minutes"] else wording.span(loss["minutes"])


def is_rumour(loss: Mapping[str, Any]) -> bool:
    """The figure rests on a copy that nobody restored in time (rule B1)."""
    return loss["state"] == LossState.BOUNDED.value and not loss["tested"] and not loss["spared"]


def cell(fact: Mapping[str, Any], column: str) -> Fact:
    loss = in_column(fact, column)
    if loss is None:
        return {"shape": "", "figure": "–", "rumour": False}
    return {"shape": shape(loss), "figure": figure(loss), "rumour": is_rumour(loss)}


def sheet_rows(snapshot: Snapshot, fact: Mapping[str, Any], rpo_minutes: int | None) -> list[Fact]:
    """What scenarios take, the plan's own first; those that take the same share a row."""
    own = snapshot["scenario"]
    rows: dict[tuple[str, ...], Fact] = {}
    for loss in sorted(fact["losses"], key=lambda loss: loss["scenario"] != own):
        row = _row(fact, loss, rpo_minutes)
        told = rows.setdefault(tuple(map(str, row.values())), {**row, "scenarios": []})
        told["scenarios"].append(
            {
                "heading": heading(loss["scenario"]),
                "is_own": loss["scenario"] == own,
                "demanded": loss["demanded"],
            }
        )
    return list(rows.values())


def _row(fact: Mapping[str, Any], loss: Mapping[str, Any], rpo_minutes: int | None) -> Fact:
    return {
        "shape": shape(loss),
        "figure": figure(loss),
        "rumour": is_rumour(loss),
        "verdict": verdict(fact, loss, rpo_minutes),
        "decides": _decides(fact, loss),
        "left": _copies(loss, Verdict.SURVIVES),
        "unsure": _copies(loss, Verdict.UNKNOWN),
        "gone": _copies(loss, Verdict.LOST),
    }


def verdict(fact: Mapping[str, Any], loss: Mapping[str, Any], rpo_minutes: int | None) -> str:
    """The loss against the RPO in words; the dwell time does not count against it (B5)."""
    standing = Standing(loss["standing"])
    if loss["state"] == LossState.TOTAL.value:
        if loss["of"] in (None, fact["system"]):
            return _("no copy is left")
        return _("no copy of “%(system)s” is left") % {"system": loss["of"]}
    if standing is Standing.MISSES and loss["rpo_loss_minutes"] is not None:
        return _("misses by %(minutes)s") % {
            "minutes": wording.span(loss["rpo_loss_minutes"] - (rpo_minutes or 0))
        }
    if standing is Standing.MISSES:
        return _("misses")
    if standing is Standing.UNKNOWN:
        return _("no approved RPO") if rpo_minutes is None else _("cannot be said")
    return _("meets, if it can be restored") if standing is Standing.AT_RISK else _("meets")


def _decides(fact: Mapping[str, Any], loss: Mapping[str, Any]) -> str:
    """Whose copy decides, where that is another system's; then the pair that shares a moment."""
    if loss["spared"] and loss["state"] == LossState.BOUNDED.value:
        return _("its data are somewhere else")
    if loss["of"] in (None, fact["system"]):
        return ""
    if loss["copy"] is None:
        return _("its data come back with those of “%(system)s”") % {"system": loss["of"]}
    return _("“%(copy)s” of “%(system)s” decides: both come back as of one moment") % {
        "copy": loss["copy"],
        "system": loss["of"],
    }


def _copies(loss: Mapping[str, Any], verdict: Verdict) -> str:
    """Copies with that fate, by name; those that survive with the age of their newest point."""
    return ", ".join(
        f"{fate['copy']} ({wording.span(fate['minutes'])})"
        if verdict is Verdict.SURVIVES
        else fate["copy"]
        for fate in loss["fates"]
        if fate["verdict"] == verdict.value
    )
