"""When each system is back: the forward pass over the gating graph (rules G2, G4, G8, G10).

Plain lists, one entry per system; nothing here makes an object per system. Times are whole
minutes from the disruption. Inside a loop the caller has opened the offered edges, so that the
pass always meets an order (rule G5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bcp.engine.graph import Graph, closure
from bcp.engine.results import Effect

NOBODY = -1
"""Stands where a predecessor would: nothing before it decided."""

SHOWN_UNKNOWNS = 20
_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Work:
    """What each system adds of its own in a scenario.

    `minutes`: its recovery work, unknown counting 0; a system that is only down has none.
    `activation_minutes`: before its work may start; 0 for a system that is only down.
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

    `predecessor` is the need that decides the restored time, `NOBODY` if the activation does.
    """

    start: list[int]
    restored: list[int]
    wave: list[int]
    predecessor: list[int]
    at_least: bytearray


def forward(
    graph: Graph, touched: Sequence[int], effects: Sequence[Effect], work: Work
) -> Timeline:
    """Rule G2 over `touched`, which comes dependencies first; every other system stays at 0.

    Rule G4's wave: one more than the highest among the `rebuild` needs, no lower than any of
    the `run` needs. What the scenario does not touch is up already and not in `graph`.
    """
    count = len(graph)
    start, restored, wave = [0] * count, [0] * count, [0] * count
    predecessor = [NOBODY] * count
    restored_of, wave_of = restored.__getitem__, wave.__getitem__
    minutes, activation, run = work.minutes, work.activation_minutes, graph.run
    for system, needs in zip(touched, map(graph.rebuild.__getitem__, touched), strict=True):
        begin = activation[system]
        level = 1
        if needs:
            last = max(needs, key=restored_of)
            if restored[last] > begin:
                begin = restored[last]
                predecessor[system] = last
            level = 1 + max(map(wave_of, needs))
        done = begin + minutes[system]
        needs = run[system]
        if needs:
            last = max(needs, key=restored_of)
            if restored[last] > done:
                done = restored[last]
                predecessor[system] = last
            highest = max(map(wave_of, needs))
            if highest > level:
                level = highest
        start[system] = begin
        restored[system] = done
        wave[system] = level
    _name_what_holds_the_down(graph, touched, effects, restored, predecessor)
    at_least = closure(graph.dependents, work.rests_on_unknown)
    return Timeline(start, restored, wave, predecessor, at_least)


def _name_what_holds_the_down(
    graph: Graph,
    touched: Sequence[int],
    effects: Sequence[Effect],
    restored: list[int],
    predecessor: list[int],
) -> None:
    """A system that is only down always waits for another, even if that is back at once."""
    for system in touched:
        if effects[system] is Effect.DOWN and predecessor[system] == NOBODY:
            same = (n for n in graph.needs(system) if restored[n] == restored[system])
            predecessor[system] = next(same, NOBODY)


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


def unknowns_below(graph: Graph, touched: Sequence[int], unknown: Sequence[int]) -> Unknowns:
    """Rule G8: the unknown durations in each system's sum, its own included.

    `touched` comes dependencies first. Sets are bits of big integers, a few thousand unknowns
    at a time, so that memory stays at a few hundred bytes per system however many there are.
    """
    counts = [0] * len(graph)
    first: list[tuple[int, ...]] = [()] * len(graph)
    for offset in range(0, len(unknown), _CHUNK):
        chunk = unknown[offset : offset + _CHUNK]
        below = [0] * len(graph)
        for bit, system in enumerate(chunk):
            below[system] = 1 << bit
        for system in touched:
            bits = below[system]
            for need in graph.rebuild[system]:
                bits |= below[need]
            for need in graph.run[system]:
                bits |= below[need]
            if bits:
                below[system] = bits
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
