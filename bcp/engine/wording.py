"""Answers in sentences: why a system is back when it is, in the order in which things happen."""

from __future__ import annotations

from collections.abc import Iterator

from bcp.engine.estate import DurationSource
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.results import Activation, Analysis, Effect, SystemResult

_ACTIVATION = gettext_noop(
    "Activation takes %(total)s: detection %(detect)s, reaching someone who may declare "
    "%(authority)s, mobilising %(mobilise)s."
)
_ACTIVATION_AT_LEAST = gettext_noop(
    "Activation takes at least %(total)s: detection %(detect)s, reaching someone who may declare "
    "%(authority)s, mobilising %(mobilise)s."
)
_WORK_BY_SOURCE = {
    DurationSource.TEST: gettext_noop(
        "“%(system)s” takes %(duration)s (measured in a test) and is restored at %(restored)s."
    ),
    DurationSource.PROCEDURE: gettext_noop(
        "“%(system)s” takes %(duration)s (sum of its procedure) and is restored at %(restored)s."
    ),
    DurationSource.RESTORE: gettext_noop(
        "“%(system)s” takes %(duration)s (restore volume by throughput) and is restored at "
        "%(restored)s."
    ),
    DurationSource.ESTIMATE: gettext_noop(
        "“%(system)s” takes %(duration)s (estimate) and is restored at %(restored)s."
    ),
    DurationSource.CONTRACT: gettext_noop(
        "“%(system)s” takes %(duration)s (supplier contract) and is restored at %(restored)s."
    ),
}
_WORK = gettext_noop("“%(system)s” takes %(duration)s and is restored at %(restored)s.")
_WORK_UNKNOWN = gettext_noop(
    "Nobody knows how long “%(system)s” takes; counted as nothing, it is restored at "
    "%(restored)s at the earliest."
)
_WAITS_TO_RUN = gettext_noop(
    "“%(system)s” itself is ready at %(ready)s, but cannot run before “%(need)s”; it is restored "
    "at %(restored)s."
)
_READY_UNKNOWN_WAITS_TO_RUN = gettext_noop(
    "Nobody knows how long “%(system)s” takes, and it cannot run before “%(need)s”; it is "
    "restored at %(restored)s at the earliest."
)
_DOWN = gettext_noop("“%(system)s” is not lost itself; it is back with “%(need)s” at %(restored)s.")
_BACK_AT_ONCE = gettext_noop("“%(system)s” is not lost itself and is back at once.")
_STARTED_BY_HAND = gettext_noop(
    "“%(system)s” is not lost itself, but waits in a loop; nobody has written how it is started "
    "without what it needs, or how long that takes."
)
_UNTOUCHED = gettext_noop("“%(system)s” is not touched by this scenario.")
_IN_LOOP = gettext_noop("A loop is on this way: it holds only once the loop is opened as offered.")
_AT_LEAST = gettext_noop(
    "So “%(system)s” is back after at least %(restored)s. Unknown durations that this rests on: "
    "%(count)s (%(names)s)."
)
_AT_LEAST_ACTIVATION = gettext_noop(
    "So “%(system)s” is back after at least %(restored)s: the time to activate is not fully known."
)
_AT_LEAST_BY_HAND = gettext_noop(
    "So “%(system)s” is back after at least %(restored)s: nobody knows how long it takes to open "
    "the loop."
)
_UNKNOWN_BY_HAND = gettext_noop(
    "So nobody knows when “%(system)s” is back: it depends on how the loop is opened."
)
_SO = gettext_noop("So “%(system)s” is back after %(restored)s.")
_AND_SO_ON = gettext_noop("Systems in between, each waiting for the one before: %(count)s.")
_NAMES_SHOWN = 5
_LINKS_SHOWN = 20
"""At either end of a chain; nobody reads ten thousand sentences."""


def explain_chain(analysis: Analysis, index: int) -> tuple[Message, ...]:
    """The binding chain of one system in sentences, first what happens first (rules G2, G8)."""
    result = analysis.systems[index]
    if result.effect is Effect.UNTOUCHED:
        return (Message(_UNTOUCHED, {"system": result.name}),)
    members = result.binding_chain
    sentences: list[Message] = []
    if analysis.systems[members[0]].effect is Effect.LOST:
        sentences.append(explain_activation(activation_of(analysis, members[0])))
    if len(members) <= 2 * _LINKS_SHOWN:
        sentences += _links(analysis, members, 0, len(members))
    else:
        left_out = len(members) - 2 * _LINKS_SHOWN
        sentences += _links(analysis, members, 0, _LINKS_SHOWN)
        sentences.append(Message(_AND_SO_ON, {"count": left_out}))
        sentences += _links(analysis, members, len(members) - _LINKS_SHOWN, len(members))
    loops = {system for loop in analysis.loops for system in loop.systems}
    if not loops.isdisjoint(members):
        sentences.append(Message(_IN_LOOP))
    sentences.append(_conclusion(analysis, result))
    return tuple(sentences)


def activation_of(analysis: Analysis, index: int) -> Activation:
    """The activation that a system's recovery work waits for: its own path's, or the default's."""
    escalation = analysis.estate.systems[index].escalation
    return analysis.activation if escalation is None else analysis.path_activations[escalation]


def explain_activation(activation: Activation) -> Message:
    """The minutes before any recovery work, and what they are made of (rule T3)."""
    return Message(
        _ACTIVATION_AT_LEAST if activation.at_least else _ACTIVATION,
        {
            "total": Minutes(activation.total_minutes),
            "detect": Minutes(activation.detect_minutes),
            "authority": Minutes(activation.authority_minutes),
            "mobilise": Minutes(activation.mobilise_minutes),
        },
    )


def _links(analysis: Analysis, members: tuple[int, ...], first: int, end: int) -> Iterator[Message]:
    before = analysis.systems[members[first - 1]] if first else None
    for member in members[first:end]:
        link = analysis.systems[member]
        yield _link(link, before)
        before = link


def _link(link: SystemResult, before: SystemResult | None) -> Message:
    values: dict[str, object] = {
        "system": link.name,
        "restored": Minutes(link.restored_minutes),
        "duration": Minutes(link.duration_minutes),
    }
    if before is not None:
        values["need"] = before.name
    if link.effect is Effect.DOWN:
        if before is None:
            return Message(_STARTED_BY_HAND if link.at_least else _BACK_AT_ONCE, values)
        return Message(_DOWN, values)
    ready = (link.start_minutes or 0) + (link.duration_minutes or 0)
    if before is not None and link.restored_minutes > ready:
        values["ready"] = Minutes(ready)
        unknown = link.duration_minutes is None
        return Message(_READY_UNKNOWN_WAITS_TO_RUN if unknown else _WAITS_TO_RUN, values)
    if link.duration_minutes is None:
        return Message(_WORK_UNKNOWN, values)
    template = _WORK_BY_SOURCE[link.duration_source] if link.duration_source else _WORK
    return Message(template, values)


def _conclusion(analysis: Analysis, result: SystemResult) -> Message:
    values: dict[str, object] = {
        "system": result.name,
        "restored": Minutes(result.restored_minutes),
    }
    if not result.at_least:
        return Message(_SO, values)
    if not result.unknown_count:
        activations = (analysis.activation, *analysis.path_activations.values())
        if any(one.at_least for one in activations):
            return Message(_AT_LEAST_ACTIVATION, values)
        return Message(_AT_LEAST_BY_HAND if result.restored_minutes else _UNKNOWN_BY_HAND, values)
    names = [analysis.estate.systems[i].name for i in result.unknown_durations[:_NAMES_SHOWN]]
    if result.unknown_count > len(names):
        names.append("…")
    return Message(_AT_LEAST, {**values, "count": result.unknown_count, "names": ", ".join(names)})
