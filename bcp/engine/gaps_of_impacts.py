"""Gaps between what executives answered about business processes and what was approved for them:
answers that are missing, targets looser than the harm allows, and no time left for the backlog.

They are gaps of the records: there whatever is lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from bcp.engine.estate import Estate, Kind, System
from bcp.engine.impacts import Derived, Limit, ProcessImpact, derive, over_mtd_minutes
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.results import Gap
from bcp.engine.severity import by_tier
from bcp.engine.wording_of_impacts import band_words, happens

_NOBODY_SAYS = gettext_noop(
    "nobody has said what it does to the business if “%(system)s” is down, so nobody knows how "
    "soon it must be back"
)
_OPEN_SAYS = gettext_noop(
    "what was answered about “%(system)s” does not say yet how soon it must be back"
)
_AT_MOST_SAYS = gettext_noop(
    "“%(system)s” must be back within %(time)s by what was answered; answers that are missing "
    "could make it sooner"
)
_ANSWER = gettext_noop("Answer the questions about its downtime, or ask somebody who can")
_LOOSER_SAYS = gettext_noop(
    "“%(system)s” may be down for %(promised)s by its target, but after %(time)s %(happens)s"
)
_LOOSER_FIX = gettext_noop("Propose a target of %(time)s or less, or correct the answer")
_MTD_LOOSER_SAYS = gettext_noop(
    "the MTD of “%(system)s” is %(promised)s, but after %(time)s %(happens)s"
)
_MTD_LOOSER_FIX = gettext_noop("Propose an MTD of %(time)s or less, or correct the answer")
_BACKLOG_SAYS = gettext_noop(
    "“%(system)s” may be down for %(rto)s and then takes %(backlog)s to work off the backlog: "
    "%(over)s more than the %(mtd)s after which the harm is beyond repair"
)
_TOO_LONG_SAYS = gettext_noop(
    "“%(system)s” may be down for %(rto)s by its target: at least %(over)s more than the %(mtd)s "
    "after which the harm is beyond repair; how long the backlog takes nobody knows"
)
_BACKLOG_FIX = gettext_noop(
    "Propose a target of %(latest)s or less, or find a way to work off the backlog sooner"
)
_TOO_LONG_FIX = gettext_noop(
    "Propose a target of %(latest)s or less, and say how long the backlog takes"
)
_NO_TIME_FIX = gettext_noop(
    "The backlog alone takes that long or longer: find a way to work it off sooner"
)


def impact_gaps(estate: Estate) -> Iterator[Gap]:
    """Rules T1 and T2 for each business process."""
    answered = {impact.system: impact for impact in estate.impacts}
    for index, system in enumerate(estate.systems):
        if system.kind is not Kind.PROCESS:
            continue
        impact = answered.get(index, ProcessImpact(index))
        derived = derive(impact.answers)
        yield from _missing(index, system, impact, derived.rto)
        yield from _looser(index, system, derived)
        yield from _too_late(index, system, impact, derived)


def _missing(index: int, system: System, impact: ProcessImpact, rto: Limit) -> Iterator[Gap]:
    if not rto.may_be_earlier:
        return
    severity = by_tier(system, up_to_high=1, up_to_medium=2)
    values: dict[str, object] = {"system": system.name}
    if rto.minutes is not None:
        severity = by_tier(system, up_to_high=0, up_to_medium=0)
        says = Message(_AT_MOST_SAYS, values | {"time": band_words(rto.minutes)})
    else:
        says = Message(_OPEN_SAYS if impact.answers else _NOBODY_SAYS, values)
    yield Gap.of_system(index, system, "impact_missing", severity, says, Message(_ANSWER))


def _looser(index: int, system: System, derived: Derived) -> Iterator[Gap]:
    """An approved figure is later than the answers allow, which can only become stricter."""
    for case, own, limit, says, fix in (
        ("", system.rto_minutes, derived.rto, _LOOSER_SAYS, _LOOSER_FIX),
        ("mtd", system.mtd_minutes, derived.mtd, _MTD_LOOSER_SAYS, _MTD_LOOSER_FIX),
    ):
        if own is None or limit.minutes is None or own <= limit.minutes:
            continue
        if limit.category is None or limit.level is None:
            continue
        time = band_words(limit.minutes)
        values = {
            "system": system.name,
            "promised": Minutes(own),
            "time": time,
            "happens": happens(limit.category, limit.level),
        }
        yield Gap.of_system(
            index,
            system,
            "target_looser_than_impact",
            by_tier(system, up_to_high=1, up_to_medium=3),
            Message(says, values),
            Message(fix, {"time": time}),
            case,
        )


def _too_late(index: int, system: System, impact: ProcessImpact, derived: Derived) -> Iterator[Gap]:
    """Rule T2 for the targets that count: the approved MTD, or else the derived one."""
    mtd = derived.mtd.minutes if system.mtd_minutes is None else system.mtd_minutes
    over = over_mtd_minutes(system.rto_minutes, impact.work_recovery_minutes, mtd)
    if mtd is None or not over:
        return
    backlog = impact.work_recovery_minutes
    latest = mtd - (backlog or 0)
    values = {
        "system": system.name,
        "rto": Minutes(system.rto_minutes),
        "backlog": Minutes(backlog),
        "over": Minutes(over),
        "mtd": Minutes(mtd),
    }
    fix = Message(_TOO_LONG_FIX if backlog is None else _BACKLOG_FIX, {"latest": Minutes(latest)})
    yield Gap.of_system(
        index,
        system,
        "mtd_exceeded",
        by_tier(system, up_to_high=2, up_to_medium=3),
        Message(_TOO_LONG_SAYS if backlog is None else _BACKLOG_SAYS, values),
        Message(_NO_TIME_FIX) if latest <= 0 else fix,
    )
