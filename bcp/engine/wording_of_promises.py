"""Whether a tier keeps its promise (rule G7), in sentences: what decides, what that rests on."""

from __future__ import annotations

from collections.abc import Iterator

from bcp.engine.messages import Message, Minutes, at_least, gettext_noop
from bcp.engine.promise import TierPromise

_UNLIMITED = gettext_noop(
    "Even if people were unlimited, the last of its systems would be back after %(restored)s."
)
_NEVER = gettext_noop("A step takes more people than its team ever has.")
_NO_SOONER = gettext_noop(
    "In no order of work do the people there are have all of its systems back before %(sooner)s."
)
_NOT_ALL_TIERS = gettext_noop(
    "In no order of work do the people there are keep this promise and those of the more critical "
    "tiers."
)
_FOUND = gettext_noop("An order of work was found in which the people there are keep it.")
_FOUND_AS_FAR = gettext_noop(
    "An order of work was found in which the people there are keep it, as far as is known."
)
_NOT_DECIDED = gettext_noop(
    "No order of work was found in which the people there are keep it; nothing proves that there "
    "is none."
)
_SHORT = gettext_noop(
    "“%(team)s” keeps it waiting longest: it has %(work)s of work for one person to do. People "
    "there off hours: %(night)s; by day: %(day)s."
)
_DURATIONS = gettext_noop(
    "Nobody knows how long some of the work takes, or how long it takes until it can begin."
)
_RESTORES = gettext_noop(
    "Restores share a repository: how long each takes depends on the order of work."
)
_GUESSES = gettext_noop("Systems of which the people are not fully recorded: %(count)s.")


def explain_promise(promise: TierPromise) -> Iterator[Message]:
    """Nothing of a tier without systems."""
    if not promise.systems:
        return
    together = promise.together
    yield _decision(promise)
    short = together.shortage
    if short is not None and promise.unlimited_minutes <= promise.promise_minutes:
        yield Message(
            _SHORT,
            {
                "team": short.crew,
                "work": Minutes(short.head_minutes),
                "night": short.night,
                "day": short.day,
            },
        )
    if together.unknown_durations:
        yield Message(_DURATIONS)
    if together.shared_restores:
        yield Message(_RESTORES)
    if together.guesses:
        yield Message(_GUESSES, {"count": len(together.guesses)})


def _decision(promise: TierPromise) -> Message:
    together = promise.together
    sooner, promised = together.no_sooner_minutes, promise.promise_minutes
    if promise.unlimited_minutes > promised:
        restored = at_least(promise.unlimited_minutes, promise.unlimited_at_least)
        return Message(_UNLIMITED, {"restored": restored})
    if sooner is None:
        return Message(_NEVER)
    if together.broken and sooner > promised:
        return Message(_NO_SOONER, {"sooner": Minutes(sooner)})
    if together.broken:
        return Message(_NOT_ALL_TIERS)
    if together.late:
        return Message(_NOT_DECIDED)
    return Message(_FOUND if together.is_certain else _FOUND_AS_FAR)
