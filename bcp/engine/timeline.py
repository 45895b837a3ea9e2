"""When each system is back: the forward pass over the gating graph (rules G2, G4, G8, G10).

Plain lists, one entry per system; nothing here makes an object per system. Times are whole
minutes from the disruption. Inside a loop the caller has opened the offered edges, so that the
pass always meets an order (rule G5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bcp.engine.graph import Graph

NOBODY = -1
"""Stands where a predecessor would: nothing before it decided."""

NO_WORK = -1
"""Stands where the activation would of a system that is only down: earlier than any need is
back, so that a need decides even if it is back at once."""

SHOWN_UNKNOWNS = 20
_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Work:
    """What each system adds of its own in a scenario.

    `minutes`: its recovery work, unknown counting 0; a system that is only down has none.
    `activation_minutes`: before its work may start; `NO_WORK` for a system that is only down.
    `rests_on_unknown`: its own duration or its activation is not fully known.
    `unknown`: systems whose own duration nobody knows, ascending.
    """

    minutes: list[int]
    activation_minutes: list[int]
    rests_on_unknown: list[int]
    unknown: list[int]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Start, restored and wave per system; 0 for an untouched one.

    `sequence` has the systems that could be restored, needs first; a loop holds up the rest,
    whose figures mean nothing. `predecessor` is the need that decides the restored time,
    `NOBODY` if the activation does.
    """

    sequence: list[int]
    start: list[int]
    restored: list[int]
    wave: list[int]
    predecessor: list[int]


def forward(graph: Graph, touched: Sequence[int], work: Work) -> Timeline:
    """Rule G2 over `touched`; `graph` has no edge to any other system, which stay at 0.

    Whoever is restored tells those who wait for it. Rule G4's wave comes along: one more than
    the highest among the `rebuild` needs, no lower than any of the `run` needs.
    """
    count = len(graph)
    # Indexed by edge: for u's rebuild needs at [u] and for its run needs at [~u], when the last
    # of those told is back, which that is, and the highest wave among them.
    back = work.activation_minutes + [NO_WORK] * count
    last_back = [NOBODY] * (2 * count)
    highest = [0] * (2 * count)
    restored, wave = [0] * count, [0] * count
    edges, minutes = graph.edges, work.minutes
    waits_for = graph.waits_for.copy()
    sequence = [system for system in touched if not waits_for[system]]
    for system in sequence:  # grows while it is read: a queue without the cost of one
        done = back[system] + minutes[system]
        if back[~system] > done:
            done = back[~system]
            last_back[system] = last_back[~system]
        level = highest[system] + 1
        if highest[~system] > level:
            level = highest[~system]
        restored[system], wave[system] = done, level
        for edge in edges[system]:
            if done > back[edge]:
                back[edge] = done
                last_back[edge] = system
            if level > highest[edge]:
                highest[edge] = level
            dependent = edge if edge >= 0 else ~edge
            waits_for[dependent] = still = waits_for[dependent] - 1
            if not still:
                sequence.append(dependent)
    start = _at_once_at_the_earliest(back[:count])
    restored = _at_once_at_the_earliest(restored)
    return Timeline(sequence, start, restored, wave, last_back[:count])


def _at_once_at_the_earliest(times: list[int]) -> list[int]:
    """A system that is only down and whose needs were all opened (G5) is back at once."""
    return [max(0, minute) for minute in times] if NO_WORK in times else times


def binding_chain(predecessor: Sequence[int], system: int) -> tuple[int, ...]:
    """The systems that attain the restored time, deepest first, ending with `system` (G2)."""
    chain = []
    while system != NOBODY:
        chain.append(system)
        system = predecessor[system]
    return tuple(reversed(chain))


@dataclass(frozen=True, slots=True)
class Unknowns:
    """Per system: on how many unknown durations its restored time rests, and the first few."""

    counts: list[int]
    first: list[tuple[int, ...]]


def unknowns_below(graph: Graph, sequence: Sequence[int], unknown: Sequence[int]) -> Unknowns:
    """Rule G8: the unknown durations in each system's sum, its own included.

    `sequence` has needs first. Sets are bits of big integers, a few thousand unknowns at a
    time, so that memory stays at a few hundred bytes per system however many there are.
    """
    counts = [0] * len(graph)
    first: list[tuple[int, ...]] = [()] * len(graph)
    for offset in range(0, len(unknown), _CHUNK):
        chunk = unknown[offset : offset + _CHUNK]
        below = [0] * len(graph)
        for bit, system in enumerate(chunk):
            below[system] = 1 << bit
        for system in sequence:
            bits = below[system]
            if not bits:
                continue
            for dependent in graph.dependents(system):
                below[dependent] |= bits
            counts[system] += bits.bit_count()
            missing = SHOWN_UNKNOWNS - len(first[system])
            if missing:
                first[system] += _lowest(bits, missing, chunk)
    return Unknowns(counts, first)


def _lowest(bits: int, wanted: int, names: Sequence[int]) -> tuple[int, ...]:
    lowest: list[int] = []
    while bits and len(lowest) < wanted:
        bit = bits & -bits
        lowest.append(names[bit.bit_length() - 1])
        bits ^= bit
    return tuple(lowest)
