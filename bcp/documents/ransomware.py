"""The annex on clean recovery: after an attacker who was inside for a time, which copies are left,
how old their newest clean point is, and what is lost, in the order of recovery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bcp.documents import losses, wording
from bcp.documents.anchors import anchor
from bcp.documents.drafts import cut
from bcp.documents.snapshot import Snapshot
from bcp.engine.durations import parse_minutes
from bcp.engine.scenario import RANSOMWARE
from bcp.engine.survival import Verdict

Fact = dict[str, Any]

_SHAPES = {Verdict.SURVIVES: "●", Verdict.UNKNOWN: "◌", Verdict.LOST: "■"}


def attack(snapshot: Snapshot) -> str:
    """The scenario that the annex is about: the plan's own if it has a dwell time, else the
    longest that the matrix has."""
    own = snapshot["scenario"]
    dwelt = {
        loss["scenario"]: loss["dwell_minutes"]
        for fact in snapshot["backups"]
        for loss in fact["losses"]
        if loss["dwell_minutes"] is not None
    }
    if own in dwelt:
        return own
    known = [one for one in snapshot["scenarios"]["columns"] if one.startswith(f"{RANSOMWARE}:")]
    return max(known, key=lambda name: parse_minutes(name.partition(":")[2]) or 0)


def annex(snapshot: Snapshot) -> Fact:
    name = attack(snapshot)
    found = [loss for fact in snapshot["backups"] if (loss := losses.by_name(fact).get(name))]
    return {
        "attack": wording.scenario(name),
        "is_own": name == snapshot["scenario"],
        "count": len(found),
        "missed": sum(loss["standing"] == "misses" for loss in found),
        "rumours": sum(map(losses.is_rumour, found)),
    }


def tables(snapshot: Snapshot) -> list[Fact]:
    name = attack(snapshot)
    facts = {one["system"]: one for one in snapshot["backups"]}
    places = {
        (copy["system"], copy["name"]): ", ".join(filter(None, [copy["site"], copy["medium"]]))
        for copy in snapshot["copies"]
    }
    rows = []
    for system in snapshot["systems"]:
        fact = facts.get(system["name"])
        loss = losses.by_name(fact).get(name) if fact else None
        if fact is not None and loss is not None and loss["fates"]:
            rows.append(_row(system, fact, loss, places))
    return list(cut(wording.scenario(name), rows))


def _row(system: Fact, fact: Fact, loss: Fact, places: Mapping[tuple[str, str], str]) -> Fact:
    return {
        "sheet": system["sheet"],
        "name": system["name"],
        "anchor": anchor(system),
        "shape": losses.shape(loss),
        "figure": losses.figure(loss),
        "rumour": losses.is_rumour(loss),
        "verdict": losses.verdict(fact, loss, system["rpo_minutes"]),
        "copies": [
            {
                "shape": _SHAPES[Verdict(fate["verdict"])],
                "name": fate["copy"],
                "place": places.get((system["name"], fate["copy"]), ""),
                "why": "; ".join(fate["why"]),
            }
            for fate in loss["fates"]
        ],
    }
