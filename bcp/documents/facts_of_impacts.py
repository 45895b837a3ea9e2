"""The facts of business impacts in a plan: what was answered, and the limits that follow (T1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bcp.engine.estate import Kind
from bcp.engine.impacts import Limit, derive
from bcp.engine.results import Analysis

Fact = dict[str, Any]


def impacts(
    analysis: Analysis, records: Mapping[str, Mapping[str, Any]], currency: str
) -> dict[str, Any]:
    """Every business process of the analysed estate, by name, with its record of `records` (by
    key; see `queries.plan_impacts`), or without one: nobody was asked."""
    given = {one.system: one for one in analysis.estate.impacts}
    processes = []
    for index, system in enumerate(analysis.estate.systems):
        if system.kind is not Kind.PROCESS:
            continue
        answered = given.get(index)
        derived = derive(answered.answers if answered else ())
        processes.append(
            {
                "system": system.name,
                "record": dict(records[system.key]) if system.key in records else None,
                "rto": limit(derived.rto),
                "mtd": limit(derived.mtd),
            }
        )
    processes.sort(key=lambda one: (str(one["system"]).casefold(), str(one["system"])))
    return {"currency": currency, "processes": processes}


def limit(found: Limit) -> Fact:
    """A derived limit; `may_be_earlier`: it is "at most", or unknown without `minutes`."""
    return {
        "minutes": found.minutes,
        "category": found.category.value if found.category else None,
        "level": found.level,
        "may_be_earlier": found.may_be_earlier,
    }
