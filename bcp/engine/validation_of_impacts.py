"""Whether the answers about business processes make sense."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bcp.engine.durations import LONGEST_MINUTES, format_minutes
from bcp.engine.estate import Estate, Kind
from bcp.engine.impacts import BANDS_MINUTES, LEVELS, Impact, ProcessImpact, contradictions
from bcp.engine.messages import Message
from bcp.engine.rejection import gettext_noop


def problems_of_impacts(estate: Estate) -> Iterator[Message]:
    """Answers of no business process, given twice, impossible levels and figures, harm that heals
    by waiting."""
    count = len(estate.systems)
    for position, times in Counter(one.system for one in estate.impacts).items():
        if not 0 <= position < count:
            says = gettext_noop("an impact names system %(position)s of only %(count)s")
            yield Message(says, {"position": position, "count": count})
        elif times > 1:
            says = gettext_noop("the impact of “%(system)s” is given twice")
            yield Message(says, {"system": estate.systems[position].name})
    for impact in estate.impacts:
        if 0 <= impact.system < count:
            yield from _of_process(estate, impact)


def _of_process(estate: Estate, impact: ProcessImpact) -> Iterator[Message]:
    system = estate.systems[impact.system]
    name = {"system": system.name}
    if system.kind is not Kind.PROCESS:
        yield Message(gettext_noop("“%(system)s” has an impact and is no business process"), name)
    for category, times in Counter(answer.category for answer in impact.answers).items():
        if times > 1:
            says = gettext_noop("the impact of “%(system)s” answers %(category)s twice")
            yield Message(says, name | {"category": category.value})
    whole = [answer for answer in impact.answers if _is_whole(answer)]
    if len(whole) != len(impact.answers):
        yield Message(
            gettext_noop(
                "the impact of “%(system)s” needs a level from 0 to 4, or none, for each of "
                "%(bands)s bands"
            ),
            name | {"bands": len(BANDS_MINUTES)},
        )
    for _category, says_why in contradictions(whole):
        yield Message(gettext_noop("the impact of “%(system)s”: %(why)s"), name | {"why": says_why})
    minutes = impact.work_recovery_minutes
    if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
        yield Message(
            gettext_noop("“%(name)s” has a time of %(minutes)s; allowed are 0 to ten years"),
            {"name": system.name, "minutes": format_minutes(minutes)},
        )
    costs = (impact.cost_per_hour, *(peak.cost_per_hour for peak in impact.peaks))
    if any(cost is not None and cost < 0 for cost in costs):
        yield Message(gettext_noop("an hour of “%(system)s” costs less than nothing"), name)


def _is_whole(answer: Impact) -> bool:
    bands = len(BANDS_MINUTES)
    return (
        len(answer.levels) == bands
        and len(answer.at_most) in (0, bands)
        and {*answer.levels, *answer.at_most} <= {None, *LEVELS}
    )
