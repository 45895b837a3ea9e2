"""How bad an outage of a certain length is for a business process, in words, by its answers.

The answers are for bands of time. After a time between two bands the harm is at least that of the
band before it, so that is what is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from bcp.engine.impacts import BANDS_MINUTES, Category, Impact, ProcessImpact
from bcp.engine.messages import Message, gettext_noop

_CATEGORIES = {
    Category.FINANCIAL: gettext_noop("Money"),
    Category.OPERATIONS: gettext_noop("Operations"),
    Category.CLIENTS: gettext_noop("Clients"),
    Category.LEGAL: gettext_noop("Law and contracts"),
    Category.REPUTATION: gettext_noop("Reputation"),
}
_LEVELS = (
    gettext_noop("no noticeable harm"),
    gettext_noop("noticeable harm"),
    gettext_noop("serious harm"),
    gettext_noop("intolerable harm"),
    gettext_noop("harm beyond repair"),
)
_AT_LEAST = gettext_noop("at least %(harm)s")
_UNKNOWN = gettext_noop("unknown")


def category_word(category: Category) -> Message:
    return Message(_CATEGORIES[category])


@dataclass(frozen=True, slots=True)
class Harm:
    """One category after the outage: the least and the highest level that the answers allow."""

    category: Category
    least: int
    most: int

    @property
    def label(self) -> Message:
        return category_word(self.category)

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
