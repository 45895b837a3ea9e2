"""The chapter on backup readiness: which half of a recovery is there, system by system (B5), and
what each scenario takes at worst (B1, B2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bcp.documents import losses, wording
from bcp.documents.anchors import anchor
from bcp.documents.drafts import cut
from bcp.documents.snapshot import Snapshot
from bcp.engine.readiness import ReadinessClass
from bcp.engine.scenario import SITE, SUPPLIER

Fact = dict[str, Any]

_COLUMNS_IN_TABLE = 6
"""More would make the figures too small to read."""

CLASSES: dict[ReadinessClass, tuple[str, Any]] = {
    ReadinessClass.BOTH: ("●", gettext_lazy("Both halves")),
    ReadinessClass.ONLY_BACKUPS: ("◐", gettext_lazy("Only backups")),
    ReadinessClass.ONLY_PLAN: ("◑", gettext_lazy("Only a recovery plan")),
    ReadinessClass.NEITHER: ("○", gettext_lazy("Neither")),
}

_MEANS = {
    ReadinessClass.BOTH: gettext_lazy(
        "Copies survive whatever must be withstood, and the way back is decided, written, owned"
        " and proved."
    ),
    ReadinessClass.ONLY_BACKUPS: gettext_lazy("The data are safe, and nobody can work."),
    ReadinessClass.ONLY_PLAN: gettext_lazy("It comes back, and comes back empty or too old."),
    ReadinessClass.NEITHER: gettext_lazy("Neither the data nor the way back is sure."),
}


def counts(snapshot: Snapshot) -> list[Fact]:
    """The four classes with how many systems are in each."""
    kinds = [ReadinessClass(one["readiness"]["class"]) for one in snapshot["backups"]]
    return [
        {"shape": shape, "name": name, "means": _MEANS[kind], "count": kinds.count(kind)}
        for kind, (shape, name) in CLASSES.items()
    ]


def own_scenarios(snapshot: Snapshot) -> list[Fact]:
    """The organisation's combinations: what happens at once, and who must withstand it."""
    return [
        {
            **one,
            "listed": "; ".join(wording.scenario(part) for part in one["parts"]),
            "demanded": ", ".join(str(tier) for tier in one["tiers"]) or _("no tier"),
        }
        for one in snapshot["scenarios"]["own"]
    ]


def tables(snapshot: Snapshot) -> list[Fact]:
    """The matrix by tier, a few scenarios in each table, then the classes with their systems."""
    rows = _rows(snapshot)
    return [*_matrix(snapshot, rows), *_classes(rows)]


def _rows(snapshot: Snapshot) -> list[tuple[Fact, Fact]]:
    """Systems with what there is to say of their backups, by tier, then by name."""
    facts = {one["system"]: one for one in snapshot["backups"]}
    pairs = [(one, facts[one["name"]]) for one in snapshot["systems"] if one["name"] in facts]
    return sorted(
        pairs,
        key=lambda pair: (pair[0]["tier"] is None, pair[0]["tier"], pair[0]["name"].casefold()),
    )


def _matrix(snapshot: Snapshot, rows: Sequence[tuple[Fact, Fact]]) -> Iterator[Fact]:
    shown = _columns_with_something(snapshot, [fact for _system, fact in rows])
    # Tables of about equal width: not six scenarios in one and a single one in the next.
    width = ceil(len(shown) / max(1, ceil(len(shown) / _COLUMNS_IN_TABLE))) or 1
    parts = [shown[start : start + width] for start in range(0, len(shown), width)]
    demands = {one["tier"]: one for one in snapshot["scenarios"]["demands"]}
    for tier, pairs in groupby(rows, key=lambda pair: pair[0]["tier"]):
        members = list(pairs)
        demand = demands.get(tier, demands[None])
        for number, columns in enumerate(parts, start=1):
            title = _tier(tier, demand["name"])
            if len(parts) > 1:
                title = _("%(tier)s: scenarios %(part)s of %(count)s") % {
                    "tier": title,
                    "part": number,
                    "count": len(parts),
                }
            yield from cut(
                title,
                [_matrix_row(system, fact, columns) for system, fact in members],
                kind="matrix",
                columns=[
                    {"heading": losses.heading(one), "demanded": _asked(one, demand, snapshot)}
                    for one in columns
                ],
            )


def _columns_with_something(snapshot: Snapshot, facts: Sequence[Fact]) -> list[str]:
    """Without the loss of suppliers, say, where none holds data."""
    taken = {column for fact in facts for column in fact["matrix"]}
    return [one for one in losses.columns(snapshot) if one in taken]


def _asked(column: str, demand: Mapping[str, Any], snapshot: Snapshot) -> bool:
    """Whether the tier is to withstand it; a lost site as the plan's own scenario counts as one."""
    kind = column.partition(":")[0]
    own = column == snapshot["scenario"] and kind in (SITE, SUPPLIER)
    return column in demand["scenarios"] or (own and kind in demand["scenarios"])


def _matrix_row(system: Fact, fact: Fact, columns: Sequence[str]) -> Fact:
    rpo = system["rpo_minutes"]
    return {
        "sheet": system["sheet"],
        "name": system["name"],
        "anchor": anchor(system),
        "shape": CLASSES[ReadinessClass(fact["readiness"]["class"])][0],
        "class": CLASSES[ReadinessClass(fact["readiness"]["class"])][1],
        "rpo": "–" if rpo is None else wording.span(rpo),
        "cells": [losses.cell(fact, column) for column in columns],
    }


def _tier(tier: int | None, name: str) -> str:
    if tier is None:
        return _("No tier")
    if not name or name == str(tier):
        return _("Tier %(tier)s") % {"tier": tier}
    return _("Tier %(tier)s, %(name)s") % {"tier": tier, "name": name}


def _classes(rows: Sequence[tuple[Fact, Fact]]) -> Iterator[Fact]:
    for kind, (shape, name) in CLASSES.items():
        members = [
            _class_row(system, fact)
            for system, fact in rows
            if fact["readiness"]["class"] == kind.value
        ]
        yield from cut(
            f"{shape} {name}",
            members,
            kind="class",
            means=_MEANS[kind],
        )


def _class_row(system: Fact, fact: Fact) -> Fact:
    return {
        "sheet": system["sheet"],
        "name": system["name"],
        "anchor": anchor(system),
        "why": " ".join(fact["readiness"]["consequence"]),
    }
