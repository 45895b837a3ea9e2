"""The appendix on business impact: why each process must be back by when, in the words of those
who answered, and what nobody answered (rules T1, T2)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bcp.documents import wording
from bcp.documents.anchors import anchor
from bcp.documents.snapshot import Snapshot
from bcp.engine.impact_questions import NEVER, THRESHOLDS
from bcp.engine.impacts import BANDS_MINUTES, Category
from bcp.engine.wording_of_impacts import happens

Fact = dict[str, Any]


def tables(snapshot: Snapshot) -> list[Fact]:
    """One entry per business process, by name."""
    told = snapshot["impacts"]
    sheets = {one["name"]: one for one in snapshot["systems"]}
    return [_process(one, sheets.get(one["system"]), told["currency"]) for one in told["processes"]]


def counts(snapshot: Snapshot) -> Fact:
    """How many processes there are, and for how many nobody answered or confirmed."""
    records = [one["record"] for one in snapshot["impacts"]["processes"]]
    return {
        "processes": len(records),
        "unanswered": sum(record is None for record in records),
        "unconfirmed": sum(record is not None and not record["confirmed_on"] for record in records),
    }


def _process(process: Fact, system: Fact | None, currency: str) -> Fact:
    record: Fact = process["record"] or {}
    return {
        "name": process["system"],
        "sheet": system["sheet"] if system else "",
        "anchor": anchor(system) if system else "",
        "currency": currency,
        "answered": bool(process["record"]),
        "limits": [_rto(process["rto"]), _mtd(process["mtd"])],
        "rows": [
            {
                "category": one["category_label"],
                "cells": [_cell(one["reached"], level) for level in THRESHOLDS],
            }
            for one in record.get("answers", [])
        ],
        "cost_per_hour": _amount(record.get("cost_per_hour")),
        "cost_basis": record.get("cost_basis", ""),
        "peaks_asked": record.get("peaks") is not None,
        "peaks": [
            {**peak, "cost_per_hour": _amount(peak["cost_per_hour"])}
            for peak in record.get("peaks") or []
        ],
        "work_recovery": wording.span(record.get("work_recovery_minutes")),
        "confirmed_by": record.get("confirmed_by"),
        "confirmed_on": wording.day(record.get("confirmed_on")),
    }


def _rto(limit: Fact) -> str:
    if limit["minutes"] is None:
        if limit["may_be_earlier"]:
            return _("From the answers so far nobody can say by when it must be back.")
        return _("By the answers, its outage stays tolerable for two weeks.")
    values = {"time": wording.span(limit["minutes"]), "harm": harm(limit)}
    if limit["may_be_earlier"]:
        return _("It must be back within %(time)s at most, perhaps sooner: then %(harm)s.") % values
    return _("It must be back within %(time)s: then %(harm)s.") % values


def _mtd(limit: Fact) -> str:
    if limit["minutes"] is None:
        if limit["may_be_earlier"]:
            return _("After how long the harm is beyond repair is not known.")
        return _("By the answers, no harm is beyond repair within two weeks.")
    values = {"time": wording.span(limit["minutes"]), "harm": harm(limit)}
    if limit["may_be_earlier"]:
        return _("After %(time)s at most, perhaps sooner, %(harm)s.") % values
    return _("After %(time)s %(harm)s.") % values


def harm(limit: Mapping[str, Any]) -> str:
    """What the answer that decided a limit says of the harm."""
    return happens(Category(limit["category"]), limit["level"]).said(_)


def _cell(reached: Mapping[str, int | None], level: int) -> str:
    """When the harm reaches a level; a lower level that is never reached settles the higher."""
    if any(reached.get(str(lower)) == NEVER for lower in THRESHOLDS if lower <= level):
        return _("not within %(time)s") % {"time": wording.span(BANDS_MINUTES[-1])}
    if str(level) not in reached:
        return _("not asked yet")
    minutes = reached[str(level)]
    return _("nobody knows") if minutes is None else wording.span(minutes)


def _amount(amount: str | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)
