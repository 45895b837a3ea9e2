"""What somebody sees who decides about a proposed target, as a text to compare with later.

A page hands the basis out with the figures and gets it back with the decision. Its parts that are
one figure stand in it as that figure and the others as a digest, so that it can be told what has
changed since. It is no secret and no proof: who alters it only makes the decision fail.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from urllib.parse import parse_qs, urlencode

from bcp.engine.downtime_cost import ProcessCost
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.proposal import Demand, Target
from bcp.engine.results import Conflict
from bcp.engine.standing import STANDING_WORDS
from bcp.engine.target_figures import TargetFigures

_WHAT = {
    "proposal": gettext_noop("the proposal itself"),
    "approved": gettext_noop("the approved target"),
    "achievable": gettext_noop("the achievable time"),
    "chain": gettext_noop("the chain of systems that decides when it is back"),
    "required": gettext_noop("what others require of it"),
    "standing": gettext_noop("how it would stand"),
    "demands": gettext_noop("what it asks of other systems"),
    "turns": gettext_noop("which other systems come to stand better or worse"),
    "conflicts": gettext_noop("the contradictions that appear or disappear"),
    "loss": gettext_noop("how much work would be lost"),
    "promises": gettext_noop("what its tier promises, or the answers on business impact allow"),
    "cost": gettext_noop("the cost of an outage"),
}
_CHANGED = gettext_noop("%(what)s")
_CHANGED_FIGURE = gettext_noop("%(what)s: was %(before)s, now %(after)s")
_AT_LEAST = gettext_noop("at least %(time)s")
_AT_MOST = gettext_noop("at most %(time)s")
_TIME = gettext_noop("%(time)s")
_SYSTEMS = gettext_noop("%(count)s systems")
_CONFLICTS = gettext_noop("%(new)s new and %(gone)s gone")
_NOTHING = gettext_noop("nothing")

_FIGURE = re.compile(r"(-?[0-9]{1,15})(~?)")
"""Whole minutes; the mark says that they rest on an unknown."""
_COUNTED = re.compile(r"([0-9]{1,9})\.[0-9a-f]+")
_COUNTED_TWICE = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.[0-9a-f]+")


def basis(figures: TargetFigures | None, *, proposed: Target, reason: str) -> str:
    """What somebody sees who decides about the proposal: the same text for as long as every
    figure of it is the same, however much else is written meanwhile."""
    parts = {"proposal": _digest([asdict(proposed), reason])}
    if figures is not None:
        result = figures.result
        parts |= {
            "approved": _digest([asdict(figures.approved), figures.standing_before]),
            "achievable": _figure(result.restored_minutes, result.at_least),
            "chain": _digest([[_key(figures, one.system), one.minutes] for one in figures.chain]),
            "required": _figure(result.required_rto_minutes, result.required_at_most),
            "standing": figures.standing_after.value,
            "demands": _counted([_demand_facts(figures, one) for one in figures.demands]),
            "turns": _counted(
                [[_key(figures, one.system), one.before, one.now] for one in figures.turns]
            ),
            "conflicts": _conflicts(figures),
            "loss": _digest(_lost(figures)),
            "promises": _digest(
                [figures.derived, _promised(figures), figures.work_recovery_minutes]
            ),
            "cost": _digest(
                [
                    [_key(figures, one.process), one.per_hour, _peaks(one)]
                    for one in figures.cost.processes
                ]
            ),
        }
    return urlencode(parts)


def changed_since(seen: str, now: str) -> list[Message]:
    """What is different between two bases, in words. Empty if and only if they are the same; a
    basis that cannot be read differs in everything that the other one has."""
    if seen == now:
        return []
    before, after = _parts(seen), _parts(now)
    return [
        _says_changed(name, before.get(name), after.get(name))
        for name in _WHAT
        if before.get(name) != after.get(name)
    ] or [Message(_WHAT["proposal"])]


def _says_changed(name: str, before: str | None, after: str | None) -> Message:
    what = Message(_WHAT[name])
    if name in _IN_WORDS and before is not None and after is not None:
        was, now = _IN_WORDS[name](before), _IN_WORDS[name](after)
        if was and now and str(was) != str(now):
            return Message(_CHANGED_FIGURE, {"what": what, "before": was, "after": now})
    return Message(_CHANGED, {"what": what})


def _parts(text: str) -> dict[str, str]:
    try:
        read = parse_qs(text, keep_blank_values=True, max_num_fields=len(_WHAT))
    except ValueError:
        return {}
    return {name: values[0] for name, values in read.items()}


def _time_in_words(rests: str) -> Callable[[str], Message | None]:
    def in_words(part: str) -> Message | None:
        match = _FIGURE.fullmatch(part)
        if match is None:
            return None if part else Message(_NOTHING)
        return Message(rests if match[2] else _TIME, {"time": Minutes(int(match[1]))})

    return in_words


def _standing_in_words(part: str) -> Message | None:
    words = {standing.value: word for standing, word in STANDING_WORDS.items()}
    return Message(words[part]) if part in words else None


def _count_in_words(part: str) -> Message | None:
    match = _COUNTED.fullmatch(part)
    return Message(_SYSTEMS, {"count": match[1]}) if match else None


def _conflicts_in_words(part: str) -> Message | None:
    match = _COUNTED_TWICE.fullmatch(part)
    return Message(_CONFLICTS, {"new": match[1], "gone": match[2]}) if match else None


_IN_WORDS: Mapping[str, Callable[[str], Message | None]] = {
    "achievable": _time_in_words(_AT_LEAST),
    "required": _time_in_words(_AT_MOST),
    "standing": _standing_in_words,
    "demands": _count_in_words,
    "turns": _count_in_words,
    "conflicts": _conflicts_in_words,
}
"""How a part is read back; `None`: no page wrote it."""


def _figure(minutes: int | None, rests_on_unknown: bool) -> str:
    return "" if minutes is None else f"{minutes}~" if rests_on_unknown else str(minutes)


def _key(figures: TargetFigures, system: int) -> str:
    return figures.estate.systems[system].key


def _demand_facts(figures: TargetFigures, demand: Demand) -> list[object]:
    own = (demand.restored_minutes, demand.at_least, demand.own_minutes)
    before = (demand.before_minutes, demand.before_at_most)
    return [_key(figures, demand.system), *before, demand.now_minutes, demand.now_at_most, *own]


def _lost(figures: TargetFigures) -> list[object]:
    loss = figures.worst_loss
    return [] if loss is None else [loss.state, loss.rpo_loss_minutes]


def _promised(figures: TargetFigures) -> tuple[int | None, ...]:
    tier = figures.tier
    return () if tier is None else (tier.tier, tier.rto_minutes, tier.rpo_minutes)


def _peaks(cost: ProcessCost) -> list[object]:
    return [[one.name, one.when, one.per_hour] for one in cost.peaks]


def _conflicts(figures: TargetFigures) -> str:
    appeared, disappeared = _says(figures.appeared), _says(figures.disappeared)
    return f"{len(appeared)}.{len(disappeared)}.{_digest([appeared, disappeared])}"


def _counted(entries: list[list[object]]) -> str:
    return f"{len(entries)}.{_digest(entries)}"


def _says(conflicts: Iterable[Conflict]) -> list[str]:
    return sorted(str(one.says) for one in conflicts)


def _digest(facts: object) -> str:
    text = json.dumps(facts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
