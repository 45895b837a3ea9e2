"""Which contradictions a change brings and which it takes away.

Along chains (G3) an analysis names one promise for each system that is back too late for it: the
strictest. A stricter one that takes its place does not make the other go away, and what only comes
to light because a stricter one went is not new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bcp.engine.results import Conflict

_CHAIN = "G3"
_OF_TIMES = ("G1", _CHAIN)


def appeared_and_disappeared(
    before: Sequence[Conflict],
    after: Sequence[Conflict],
    *,
    required_before: Sequence[int],
    required_after: Sequence[int],
    promised_before: Sequence[int | None],
    promised_after: Sequence[int | None],
) -> tuple[tuple[Conflict, ...], tuple[Conflict, ...]]:
    """Conflicts compared by rule and pair: one that only changes its figures is neither new nor
    gone. The required times are in minutes by system, `targets.NO_LIMIT` where nothing is; the
    promised ones are the targets. A promise that nobody had made before did not come to light, and
    one that nobody makes any more was not overtaken."""
    known, found = set(map(_name, before)), set(map(_name, after))
    late_before, late_after = _late(before), _late(after)

    def is_new(one: Conflict) -> bool:
        v = one.dependency
        came_to_light = (
            one.rule == _CHAIN
            and v in late_before
            and required_after[v] >= required_before[v]
            and promised_before[one.dependent] is not None
        )
        return _name(one) not in known and not came_to_light

    def is_gone(one: Conflict) -> bool:
        v = one.dependency
        overtaken = (
            one.rule == _CHAIN
            and v in late_after
            and required_after[v] <= required_before[v]
            and promised_after[one.dependent] is not None
        )
        return _name(one) not in found and not overtaken

    return tuple(filter(is_new, after)), tuple(filter(is_gone, before))


def _late(conflicts: Iterable[Conflict]) -> set[int]:
    """The systems that are asked for more than they promise or do."""
    return {one.dependency for one in conflicts if one.rule in _OF_TIMES}


def _name(conflict: Conflict) -> tuple[str, int, int]:
    return conflict.rule, conflict.dependent, conflict.dependency
