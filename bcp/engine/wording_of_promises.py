"""Whether a tier keeps its promise (rule G7), in sentences: what decides, what that rests on."""

from __future__ import annotations

from collections.abc import Iterator

from bcp.engine.messages import Message, Minutes, at_least, gettext_noop
from bcp.engine.promise import TierPromise

_WITH_EVERYBODY = gettext_noop(
    "Even with as many people as it takes, the last of its systems is back after %(restored)s."
)
_NEVER = gettext_noop("It takes more people at once than there ever are.")
_NO_SOONER = gettext_noop(
    "In no order of work do the people there are have all of its systems back before %(sooner)s."
)
_NOT_ALL_TIERS = gettext_noop(
    "In no order of work do the people there are keep this promise and those of the more critical "
    "tiers."
)
_FOUND = gettext_noop(
    "In the order of work that was found, the people there are have all of its systems back after "
    "%(restored)s."
)
_NOT_DECIDED = gettext_noop(
    "In the best order of work that was found, the last of its systems is back after %(restored)s. "
    "That no order is faster than %(sooner)s is all that is certain."
)
_NONE_FOUND = gettext_noop(
    "No order of work was found in which all of its systems come back. That none is faster than "
    "%(sooner)s is all that is certain."
)
_SHORT = gettext_noop(
    "“%(team)s” decides: it has %(work)s of work for one person to do. People there off hours: "
    "%(night)s; by day: %(day)s."
)
_DURATIONS = gettext_noop("How long some of the work takes, nobody knows.")
_GUESSES = gettext_noop(
    "Systems whose people are not fully recorded, which count with as few as possible: %(count)s."
)


def explain_promise(promise: TierPromise) -> Iterator[Message]:
    """Nothing of a tier without systems."""
    if not promise.systems:
        return
    yield _decision(promise)
    short = promise.together.shortage
    if short is not None:
        yield Message(
            _SHORT,
            {
                "team": short.crew,
                "work": Minutes(short.head_minutes),
                "night": short.night,
                "day": short.day,
            },
        )
    if promise.together.unknown_durations:
        yield Message(_DURATIONS)
    if promise.together.guesses:
        yield Message(_GUESSES, {"count": len(promise.together.guesses)})


def _decision(promise: TierPromise) -> Message:
    together = promise.together
    sooner, promised = together.no_sooner_minutes, promise.promise_minutes
    if promise.restored_minutes > promised:
        restored = at_least(promise.restored_minutes, promise.at_least)
        return Message(_WITH_EVERYBODY, {"restored": restored})
    if sooner is None:
        return Message(_NEVER)
    if together.broken and sooner > promised:
        return Message(_NO_SOONER, {"sooner": Minutes(sooner)})
    if together.broken:
        return Message(_NOT_ALL_TIERS)
    restored = at_least(together.restored_minutes, together.at_least)
    if not together.late:
        return Message(_FOUND, {"restored": restored})
    if together.restored_minutes is None:
        return Message(_NONE_FOUND, {"sooner": Minutes(sooner)})
    return Message(_NOT_DECIDED, {"restored": restored, "sooner": Minutes(sooner)})
