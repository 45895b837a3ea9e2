"""One estate in one scenario, worked out: the numbers behind an analysis, as plain lists.

Everything with a time in it is here: loops, effects, activation, timeline, requirements and the
restore order. Sentences, conflicts and gaps are made from it by other modules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bcp.engine.activation import activations
from bcp.engine.backups import Backups
from bcp.engine.effects import Effect, Scenario
from bcp.engine.estate import Estate
from bcp.engine.graph import Graph, dependents_of_all, gating_graph
from bcp.engine.loops import find_loops
from bcp.engine.order import restore_order
from bcp.engine.recovery_durations import Durations
from bcp.engine.restore import shared_minutes
from bcp.engine.results import Activation, Loop, PeopleGap
from bcp.engine.scenario import effects, lost_systems
from bcp.engine.targets import Requirements, requirements
from bcp.engine.timeline import NO_WORK, Timeline, Work, forward


@dataclass(frozen=True, slots=True)
class Recovery:
    """Per system where it says so; everything else is about the whole.

    `graph` has the offered edges opened (G5) and no edge to what the scenario leaves untouched.
    `durations` says where each system's minutes in `work` come from (G9). `at_least` flags
    systems whose restored time rests on an unknown (G8): a duration, an activation, or the start
    by hand of a system that is down and waits in a loop. `path_activations` has an entry for
    every path and for whatever name a system gives as its path.
    """

    estate: Estate
    scenario: Scenario
    graph: Graph
    loops: tuple[Loop, ...]
    effects: list[Effect]
    activation: Activation
    path_activations: dict[str, Activation]
    people_gaps: tuple[PeopleGap, ...]
    durations: Durations
    work: Work
    timeline: Timeline
    at_least: bytearray
    wanted: Requirements
    order: tuple[int, ...]


def recover(estate: Estate, scenario: Scenario, backups: Backups | None = None) -> Recovery:
    """Rules T3, G2–G5 and G8–G10 for one scenario. Raises `Rejected` for impossible edges.

    `backups` knows what tests, procedures and copies say of durations; without it they are as
    typed in.
    """
    graph = gating_graph(estate)
    lost = lost_systems(scenario, estate)
    effect = effects(graph, lost)
    touched: Sequence[int] = range(len(effect))
    if Effect.UNTOUCHED in effect:
        touched = [s for s, what in enumerate(effect) if what is not Effect.UNTOUCHED]
    usual, by_path, people_gaps = activations(estate, _lost_carriers(estate, touched))
    durations = Durations(estate, scenario, effect, backups)
    work = _work(estate, effect, usual, by_path, durations)
    loops: tuple[Loop, ...] = ()
    if len(touched) < len(estate.systems):
        loops = find_loops(graph)
        graph = graph.upwards_from(touched)  # what is up already neither waits nor is waited for
    timeline = forward(graph, touched, work)
    if len(timeline.sequence) < len(touched):
        loops = loops or find_loops(graph)
        graph = graph.without(edge for loop in loops for edge in loop.open_edges)
        timeline = forward(graph, touched, work)
    if durations.share(lambda reads: shared_minutes(graph, touched, work, reads)):
        work = _work(estate, effect, usual, by_path, durations)
        timeline = forward(graph, touched, work)
    wanted = requirements(
        graph,
        timeline.sequence,
        [system.rto_minutes for system in estate.systems],
        work.minutes,
        work.unknown,
    )
    return Recovery(
        estate=estate,
        scenario=scenario,
        graph=graph,
        loops=loops,
        effects=effect,
        activation=usual,
        path_activations=by_path,
        people_gaps=people_gaps,
        durations=durations,
        work=work,
        timeline=timeline,
        at_least=dependents_of_all(graph, [*work.rests_on_unknown, *_by_hand(loops, effect)]),
        wanted=wanted,
        order=restore_order(graph, touched, wanted.latest, estate.systems),
    )


def _by_hand(loops: tuple[Loop, ...], effect: list[Effect]) -> list[int]:
    """Systems that are down, not lost, and begin an opened loop: they need something that is not
    back, and nobody has written how they start without it, let alone how long that takes."""
    return [
        dependent
        for loop in loops
        for dependent, dependency in loop.open_edges
        if effect[dependent] is Effect.DOWN and effect[dependency] is not Effect.UNTOUCHED
    ]


def _lost_carriers(estate: Estate, touched: Sequence[int]) -> set[str]:
    """The names of the touched systems that carry a channel of some escalation path."""
    carriers = {step.channel_system for path in estate.paths for step in path.steps} - {None}
    if not carriers:
        return set()
    return {name for s in touched if (name := estate.systems[s].name) in carriers}


def _work(
    estate: Estate,
    effect: list[Effect],
    usual: Activation,
    by_path: dict[str, Activation],
    durations: Durations,
) -> Work:
    minutes, before = [0] * len(effect), [0] * len(effect)
    better = durations.differing()
    unknown, rests_on_unknown = [], []
    for position, system in enumerate(estate.systems):
        if effect[position] is not Effect.LOST:
            before[position] = NO_WORK if effect[position] is Effect.DOWN else 0
            continue
        escalation = system.escalation
        wait = usual if escalation is None else by_path[escalation]
        before[position] = wait.total_minutes
        duration = better[position].minutes if position in better else system.duration_minutes
        if duration is not None:
            minutes[position] = duration
        else:
            unknown.append(position)
        if duration is None or wait.at_least:
            rests_on_unknown.append(position)
    return Work(minutes, before, rests_on_unknown, unknown)
