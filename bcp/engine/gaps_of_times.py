"""Gaps of times: what is back later than its own target, or than what stands on it needs (G2)."""

from __future__ import annotations

from collections.abc import Iterator

from bcp.engine.messages import Message, Minutes, at_least, at_most, gettext_noop
from bcp.engine.recovery import Recovery
from bcp.engine.results import Gap
from bcp.engine.severity import by_tier
from bcp.engine.timeline import NOBODY

_MISSED_SAYS = gettext_noop(
    "“%(system)s” is restored after %(restored)s; its target is %(rto)s, missed by %(missed)s"
)
_MISSED_FIX = gettext_noop(
    "Shorten what it waits for (the longest work is that of “%(longest)s”, %(duration)s), or "
    "propose a target of %(restored)s or more"
)
_MISSED_FIX_UNSURE = gettext_noop(
    "Find out what is unknown, shorten what it waits for (the longest work that is known is that "
    "of “%(longest)s”, %(duration)s), or propose a target of more than %(restored)s"
)
_REQUIRED_SAYS = gettext_noop(
    "“%(system)s” is restored after %(restored)s; “%(dependent)s” needs it within %(required)s"
)
_NO_TIME_SAYS = gettext_noop(
    "“%(system)s” is restored after %(restored)s; for “%(dependent)s” no time is left for it: the "
    "work that follows is %(over)s too long by itself"
)
_NO_TIME_FIX = gettext_noop(
    "Shorten the work of “%(dependent)s” and of what waits for it, or make “%(dependent)s” able to "
    "start without it"
)
_REQUIRED_FIX = gettext_noop(
    "Shorten what it waits for (the longest work is that of “%(longest)s”, %(duration)s), or make "
    "“%(dependent)s” able to start without it"
)


def time_gaps(recovery: Recovery) -> Iterator[Gap]:
    """One gap per system that is late: by its own target where it has one, else by who needs it."""
    timeline, wanted = recovery.timeline, recovery.wanted
    slowest = _slowest_on_chain(recovery)
    for index in timeline.sequence:
        restored = timeline.restored[index]
        if restored <= wanted.latest[index]:
            continue
        if restored > wanted.own[index]:
            yield _own_target_missed(recovery, index, slowest[index])
        elif (decided_by := wanted.required_by(index)) is not None:
            yield _required_time_missed(recovery, index, decided_by, slowest[index])


def _own_target_missed(recovery: Recovery, index: int, longest: int) -> Gap:
    system = recovery.estate.systems[index]
    restored, unsure = recovery.timeline.restored[index], recovery.at_least[index]
    return Gap.of_system(
        index,
        system,
        "rto_missed",
        by_tier(system, up_to_high=2, up_to_medium=3),
        Message(
            _MISSED_SAYS,
            {
                "system": system.name,
                "restored": at_least(restored, unsure),
                "rto": Minutes(system.rto_minutes),
                "missed": at_least(restored - recovery.wanted.own[index], unsure),
            },
        ),
        Message(
            _MISSED_FIX_UNSURE if unsure else _MISSED_FIX,
            {
                "longest": recovery.estate.systems[longest].name,
                "duration": Minutes(recovery.work.minutes[longest]),
                "restored": Minutes(restored),
            },
        ),
    )


def _required_time_missed(recovery: Recovery, index: int, decided_by: int, longest: int) -> Gap:
    systems, wanted = recovery.estate.systems, recovery.wanted
    system, dependent = systems[index], systems[decided_by]
    required, at_the_most = wanted.required[index], wanted.at_most[index]
    no_time = required < 0
    return Gap.of_system(
        index,
        system,
        "rto_required_missed",
        by_tier(dependent, up_to_high=1, up_to_medium=2),
        Message(
            _NO_TIME_SAYS if no_time else _REQUIRED_SAYS,
            {
                "system": system.name,
                "restored": at_least(recovery.timeline.restored[index], recovery.at_least[index]),
                "dependent": dependent.name,
                **(
                    {"over": at_least(-required, at_the_most)}
                    if no_time
                    else {"required": at_most(required, at_the_most)}
                ),
            },
        ),
        Message(
            _NO_TIME_FIX if no_time else _REQUIRED_FIX,
            {
                "longest": systems[longest].name,
                "duration": Minutes(recovery.work.minutes[longest]),
                "dependent": dependent.name,
            },
        ),
    )


def _slowest_on_chain(recovery: Recovery) -> list[int]:
    """Per system, whose work is the longest on its binding chain, without walking any chain."""
    minutes, predecessor = recovery.work.minutes, recovery.timeline.predecessor
    slowest = list(range(len(minutes)))
    for index in recovery.timeline.sequence:
        before = predecessor[index]
        if before != NOBODY and minutes[slowest[before]] > minutes[index]:
            slowest[index] = slowest[before]
    return slowest
