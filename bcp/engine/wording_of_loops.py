"""Why a loop lets nothing start, in sentences: one round, step by step (rule G5)."""

from __future__ import annotations

from bcp.engine.estate import Estate, NeededTo
from bcp.engine.loop_openings import OneLoop, Pair
from bcp.engine.messages import Message, gettext_noop

_WAITS = {
    NeededTo.REBUILD: gettext_noop(
        "work on “%(dependent)s” cannot start before “%(dependency)s” is back"
    ),
    NeededTo.RUN: gettext_noop(
        "“%(dependent)s” can be rebuilt, but is not back before “%(dependency)s” is"
    ),
}
_NOTHING_STARTS = gettext_noop(
    "Each waits for the next and the last for the first, so work on none of them can ever start."
)
_NOTHING_IS_BACK = gettext_noop(
    "Each waits for the next and the last for the first, so none of them is ever back."
)


def waits(estate: Estate, one: OneLoop, pair: Pair) -> Message:
    """What a dependency of the loop makes wait."""
    dependent, dependency = pair
    names = {
        "dependent": estate.systems[dependent].name,
        "dependency": estate.systems[dependency].name,
    }
    return Message(_WAITS[one.needed_to(pair)], names)


def explain_round(estate: Estate, one: OneLoop) -> tuple[Message, ...]:
    """Who waits for whom on one concrete round, in its order."""
    return tuple(waits(estate, one, pair) for pair in one.round)


def why_nothing_starts(one: OneLoop) -> Message:
    kinds = {one.needed_to(pair) for pair in one.round}
    return Message(_NOTHING_STARTS if kinds == {NeededTo.REBUILD} else _NOTHING_IS_BACK)
