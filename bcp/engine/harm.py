"""How bad an outage of a certain length is for a business process, and after how long it hurts, by
the answers of its executives (rule T1).

The answers are for bands of time. After a time between two bands the harm is at least that of the
band before it, so that is what is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from bcp.engine.impacts import (
    BANDS_MINUTES,
    BEYOND_REPAIR,
    INTOLERABLE,
    Category,
    Impact,
    Limit,
    ProcessImpact,
    limit_at,
)
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.wording_of_impacts import CATEGORY_WORDS

SERIOUS = 2

_LEVELS = (
    gettext_noop("no noticeable harm"),
    gettext_noop("noticeable harm"),
    gettext_noop("serious harm"),
    gettext_noop("intolerable harm"),
    gettext_noop("harm beyond repair"),
)
_AT_LEAST = gettext_noop("at least %(harm)s")
_UNKNOWN = gettext_noop("unknown")
_AFTER = gettext_noop("after %(time)s (%(category)s)")
_AT_MOST = gettext_noop("after %(time)s at the latest (%(category)s)")
_NEVER = gettext_noop("not within %(time)s")


@dataclass(frozen=True, slots=True)
class Harm:
    """One category after the outage: the least and the highest level that the answers allow."""

    category: Category
    least: int
    most: int

    @property
    def label(self) -> Message:
        return Message(CATEGORY_WORDS[self.category])

    @property
    def says(self) -> Message:
        if self.least == self.most:
            return Message(_LEVELS[self.least])
        if self.least:
            return Message(_AT_LEAST, {"harm": Message(_LEVELS[self.least])})
        return Message(_UNKNOWN)


def harm_after(impact: ProcessImpact, minutes: int) -> tuple[Harm, ...]:
    """What an outage of so many minutes does in each category that somebody answered; empty
    before the first band, of which nobody was asked."""
    bands = [band for band, start in enumerate(BANDS_MINUTES) if start <= minutes]
    if not bands:
        return ()
    given = {answer.category: answer for answer in impact.answers}
    return tuple(_harm(given[one], bands[-1]) for one in Category if one in given)


def _harm(answer: Impact, band: int) -> Harm:
    return Harm(answer.category, answer.surely(band), answer.at_worst(band))


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
    values = {"time": Minutes(limit.minutes), "category": Message(CATEGORY_WORDS[limit.category])}
    return Message(_AT_MOST if limit.may_be_earlier else _AFTER, values)
