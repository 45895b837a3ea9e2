"""After how long an outage of a business process hurts, by the answers of its executives (T1)."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.engine.harm import category_word
from bcp.engine.impacts import (
    BANDS_MINUTES,
    BEYOND_REPAIR,
    INTOLERABLE,
    Limit,
    ProcessImpact,
    limit_at,
)
from bcp.engine.messages import Message, Minutes, gettext_noop

SERIOUS = 2

_AFTER = gettext_noop("after %(time)s (%(category)s)")
_AT_MOST = gettext_noop("after %(time)s at the latest (%(category)s)")
_UNKNOWN = gettext_noop("unknown")
_NEVER = gettext_noop("not within %(time)s")


@dataclass(frozen=True, slots=True)
class Onset:
    """When the harm of one outage first is serious, intolerable, and beyond repair. A process of
    which nobody answered anything may be hurt at any time: all three are unknown."""

    serious: Limit
    intolerable: Limit
    beyond_repair: Limit

    @property
    def is_unknown(self) -> bool:
        """Nothing certain can be said of any of the three."""
        limits = (self.serious, self.intolerable, self.beyond_repair)
        return all(one.minutes is None and one.may_be_earlier for one in limits)


def onset_of(impact: ProcessImpact | None) -> Onset:
    answers = impact.answers if impact else ()
    return Onset(
        limit_at(answers, SERIOUS),
        limit_at(answers, INTOLERABLE),
        limit_at(answers, BEYOND_REPAIR),
    )


def urgency(onset: Onset) -> tuple[bool, int, int]:
    """A key that puts first what is intolerable soonest, then what is serious soonest; what
    nobody knows comes before what is known not to be intolerable."""
    never = BANDS_MINUTES[-1] * 2
    intolerable, serious = onset.intolerable, onset.serious
    return (
        intolerable.minutes is None and not intolerable.may_be_earlier,
        never if intolerable.minutes is None else intolerable.minutes,
        never if serious.minutes is None else serious.minutes,
    )


def limit_says(limit: Limit) -> Message:
    """ "after 8 h (Clients)", "unknown", "not within 2 weeks"."""
    if limit.minutes is None or limit.category is None:
        if limit.may_be_earlier:
            return Message(_UNKNOWN)
        return Message(_NEVER, {"time": Minutes(BANDS_MINUTES[-1])})
    values = {"time": Minutes(limit.minutes), "category": category_word(limit.category)}
    return Message(_AT_MOST if limit.may_be_earlier else _AFTER, values)
