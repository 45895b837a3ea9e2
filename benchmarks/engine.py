"""The engine against networkx, in one run: `python -m benchmarks.engine`.

Prints ratios and exits 1 if one that the product promises does not hold. What is compared, and
why it is fair, is in `benchmarks/README.md`. Times are processor seconds of this process, so a
busy machine disturbs them little; the two sides take turns and each keeps its best.
"""

from __future__ import annotations

import gc
import platform
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from random import Random
from unittest.mock import patch

import networkx as nx

from bcp.engine import recovery
from bcp.engine.analysis import analyse
from bcp.engine.blast_counts import blast_counts
from bcp.engine.estate import (
    Contact,
    Dependency,
    EscalationPath,
    EscalationStep,
    Estate,
    NeededTo,
    Site,
    Strategy,
    System,
    Team,
)
from bcp.engine.graph import gating_graph
from bcp.engine.recovery import Recovery, recover
from bcp.engine.results import Analysis, Scenario
from bcp.engine.timeline import binding_chain
from bcp.engine.ways import ways_to_meet

TODAY = date(2026, 3, 2)
EVERYTHING = Scenario("everything", "everything")
LAYERS = 20
EDGES_EACH = 5
SYSTEMS_PER_SIZE = 60_000
"""Each size analyses this many systems in all: sixty estates of 1,000, or one of 60,000."""

SPEED_PROMISED = 3.0
BLAST_PROMISED = 100.0
FLATNESS_PROMISED = 1.5
WAYS_PROMISED = 40.0


def layered(count: int, seed: int = 1) -> Estate:
    """An estate of twenty layers; everybody needs five systems of the three layers below.

    Three in ten edges are `run`; every system has a target, a duration, owners and a site.
    """
    random = Random(seed)
    size = count // LAYERS
    edges = []
    for u in range(size, count):
        top = min(u // size, LAYERS - 1) * size
        for v in random.sample(range(max(0, top - 3 * size), top), EDGES_EACH):
            run = random.random() < 0.3
            edges.append(Dependency(u, v, NeededTo.RUN if run else NeededTo.REBUILD))
    names = [f"system {number}" for number in range(count)]
    random.shuffle(names)
    return estate_of(names, edges, random)


def debian() -> Estate | None:
    """Debian's packages and what each depends on (the first alternative that exists)."""
    try:
        listing = subprocess.run(
            ["apt-cache", "dumpavail"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    needs = dict(_packages(listing))
    place = {name: position for position, name in enumerate(needs)}
    edges = []
    for name, groups in needs.items():
        chosen = {next((place[one] for one in group if one in place), None) for group in groups}
        chosen -= {None, place[name]}
        edges += [Dependency(place[name], v) for v in sorted(chosen)]
    return estate_of(list(needs), edges, Random(1)) if edges else None


def _packages(listing: str) -> Iterator[tuple[str, list[list[str]]]]:
    for record in listing.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in record.split("\n") if ": " in line[:20])
        if "Package" in fields:
            depends = f"{fields.get('Pre-Depends', '')},{fields.get('Depends', '')}"
            groups = [
                [one.split("(")[0].split(":")[0].strip() for one in group.split("|")]
                for group in depends.split(",")
                if group.strip()
            ]
            yield fields["Package"], groups


def estate_of(names: list[str], edges: list[Dependency], random: Random) -> Estate:
    systems = tuple(
        System(
            key=str(position),
            name=name,
            tier=random.randrange(1, 5),
            site="HQ",
            strategy=Strategy.REBUILD,
            rto_minutes=random.choice((None, 240, 480, 1440, 4320)),
            duration_minutes=random.randrange(5, 120),
            owner="Ada",
            technical_owner="Bo",
            team="IT",
        )
        for position, name in enumerate(names)
    )
    return Estate(
        organisation="acme",
        systems=systems,
        dependencies=tuple(edges),
        sites=(Site("HQ"),),
        contacts=(
            Contact("1", "Ada", ("+1",), "+2", "Mo-Fr 08:00-18:00", True, None, TODAY),
            Contact("2", "Bo", ("+1",), "+2", "24x7", True, None, TODAY),
        ),
        teams=(Team("IT", 3, 1, 30, 90),),
        paths=(
            EscalationPath(
                "default", (EscalationStep("Ada", "phone", 15), EscalationStep("Bo")), True
            ),
        ),
        detection_minutes=15,
    )


def whole_analysis(estate: Estate) -> Recovery:
    """From the estate's records to loops, order, times, requirements and the binding chain."""
    found = recover(estate, EVERYTHING)
    last = max(found.order, key=found.timeline.restored.__getitem__)
    binding_chain(found.timeline.predecessor, last)
    return found


def as_networkx(estate: Estate) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(estate.systems)))
    graph.add_edges_from((edge.dependent, edge.dependency) for edge in estate.dependencies)
    return graph


def networkx_part(graph: nx.DiGraph) -> int:
    """Loops, condensation, levels and the longest path of a graph that is already built."""
    loops = [loop for loop in nx.strongly_connected_components(graph) if len(loop) > 1]
    condensed = nx.condensation(graph)
    levels = list(nx.topological_generations(condensed))
    return len(loops) + len(levels) + nx.dag_longest_path_length(condensed)


def networkx_blast(graph: nx.DiGraph) -> list[int]:
    return [len(nx.ancestors(graph, system)) for system in graph]


def seconds(call: Callable[[], object], times: int = 1) -> float:
    """Processor seconds of one call; short ones are repeated `times` in a row."""
    gc.collect()
    started = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - started) / times


def best_of_turns(*sides: Callable[[], object], times: int, turns: int = 7) -> list[float]:
    """Processor seconds of each side at its best."""
    rounds = [[seconds(side, times) for side in sides] for _ in range(turns)]
    return [min(column) for column in zip(*rounds, strict=True)]


def peak_bytes(call: Callable[[], object]) -> int:
    """What the call allocates at its peak, its result included (a run of its own: it is slow)."""
    gc.collect()
    tracemalloc.start()
    kept = call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return peak


def verdict(holds: bool) -> str:
    return "holds" if holds else "DOES NOT HOLD"


def compare_speed() -> bool:
    print(
        "\nOur whole analysis against networkx's part of it (loops, condensation, levels, longest"
    )
    print("path), in ms: both from the records, building the graph; both with the graph built; and")
    print("ours from the records against networkx with its graph built, which is what is promised")
    print(f"{'':<35}{'from records':>23}{'graph built':>23}{'ours from records':>19}")
    print(
        f"{'estate':<18}{'systems':>8}{'edges':>9}{'ours':>8}{'nx':>8}{'ratio':>7}"
        f"{'ours':>8}{'nx':>8}{'ratio':>7}{'ratio':>12}{'peak':>10}"
    )
    cases = [(f"layered {count}", layered(count)) for count in (1_000, 10_000, 60_000)]
    packages = debian()
    if packages is None:
        print("Debian's package graph: left out, there is no apt-cache here")
    else:
        cases.append(("Debian packages", packages))
    all_hold = True
    for name, estate in cases:
        ours, theirs, ours_built, theirs_built = best_of_turns(
            *sides(estate), times=max(1, 10_000 // len(estate.systems))
        )
        peak = peak_bytes(lambda estate=estate: whole_analysis(estate))
        promised = theirs_built / ours
        holds = promised >= SPEED_PROMISED
        all_hold &= holds
        print(
            f"{name:<18}{len(estate.systems):>8}{len(estate.dependencies):>9}"
            f"{ours * 1e3:>8.1f}{theirs * 1e3:>8.0f}{theirs / ours:>6.1f}×"
            f"{ours_built * 1e3:>8.1f}{theirs_built * 1e3:>8.0f}{theirs_built / ours_built:>6.1f}×"
            f"{promised:>11.1f}×{peak / 2**20:>7.1f} MB  {verdict(holds)}"
            f" (at least {SPEED_PROMISED:g}×)"
        )
    return all_hold


def sides(estate: Estate) -> tuple[Callable[[], object], ...]:
    """Ours and networkx's from the records, then both with the graph already built."""
    graph, own_graph = as_networkx(estate), gating_graph(estate)

    def ours_with_graph_built() -> Recovery:
        with patch.object(recovery, "gating_graph", lambda estate: own_graph):
            return whole_analysis(estate)

    return (
        lambda: whole_analysis(estate),
        lambda: networkx_part(as_networkx(estate)),
        ours_with_graph_built,
        lambda: networkx_part(graph),
    )


def compare_sizes() -> bool:
    print("\nProcessor time per system and edge, the same number of systems in all at every size")
    batches = {
        count: [layered(count, seed) for seed in range(SYSTEMS_PER_SIZE // count)]
        for count in (1_000, 10_000, 60_000)
    }
    best = dict.fromkeys(batches, float("inf"))
    for _ in range(5):
        for count, estates in batches.items():
            parts = sum(len(e.systems) + len(e.dependencies) for e in estates)
            spent = sum(seconds(lambda e=estate: whole_analysis(e)) for estate in estates)
            best[count] = min(best[count], spent / parts)
    for count, spent in best.items():
        print(f"{count:>8} systems a time{spent * 1e6:>8.3f} µs")
    spread = max(best.values()) / min(best.values())
    holds = spread <= FLATNESS_PROMISED
    print(f"largest / smallest {spread:.2f}×  {verdict(holds)} (at most {FLATNESS_PROMISED:g}×)")
    return holds


def compare_blast() -> bool:
    print("\nEverybody's blast radius, layered 10,000")
    estate = layered(10_000)
    graph = as_networkx(estate)
    ours = min(seconds(lambda: blast_counts(estate)) for _ in range(3))
    answers: list[list[int]] = []
    theirs = seconds(lambda: answers.append(networkx_blast(graph)))
    same = answers == [blast_counts(estate)]
    holds = same and theirs / ours >= BLAST_PROMISED
    print(
        f"ours {ours * 1e3:.0f} ms, networkx {theirs:.1f} s, {theirs / ours:.0f}×, "
        f"counts {'equal' if same else 'DIFFER'}  {verdict(holds)} (at least {BLAST_PROMISED:g}×)"
    )
    return holds


def everyday() -> Estate:
    """2,000 systems, 8,000 dependencies."""
    estate = layered(2_000)
    return replace(estate, dependencies=estate.dependencies[:8_000])


def compare_ways() -> bool:
    print("\nWays to bring back sooner what is back last (2,000 systems, 8,000 dependencies),")
    print("against one analysis with every system's result made")
    estate = everyday()
    results = list(analyse(estate, today=TODAY).systems)
    last = max(results, key=lambda one: one.restored_minutes)
    holds = True
    for share in (0.9, 0.7, 0.5):
        wanted = int(last.restored_minutes * share)
        search = partial(ways_to_meet, estate, last.index, wanted, today=TODAY)
        plain, ways = best_of_turns(
            lambda: list(analyse(estate, today=TODAY).systems), search, times=1, turns=3
        )
        found = search()
        in_time = ways / plain <= WAYS_PROMISED
        holds &= in_time
        said = "everything tried" if found.exhausted else "stopped at its bound"
        print(
            f"in {share:.0%} of its time: {len(found.offers)} offers, {said}, "
            f"{ways * 1e3:.0f} ms, {ways / plain:.1f} analyses  {verdict(in_time)} "
            f"(at most {WAYS_PROMISED:g})"
        )
    return holds


def show_everyday() -> None:
    print(
        "\nWith conflicts, gaps and every system's result made (2,000 systems, 8,000 dependencies)"
    )
    estate = everyday()
    spent = min(seconds(lambda: read(analyse(estate, today=TODAY))) for _ in range(3))
    bare = replace(estate, systems=tuple(System(s.key, s.name, tier=1) for s in estate.systems))
    gaps = len(analyse(bare, today=TODAY).gaps)
    poor = min(seconds(lambda: read(analyse(bare, today=TODAY))) for _ in range(3))
    print(f"well kept {spent * 1e3:.0f} ms; nothing filled in, {gaps} gaps, {poor * 1e3:.0f} ms")


def read(answer: Analysis) -> tuple[int, int]:
    """Everything that is made when somebody looks at it."""
    return len(list(answer.systems)), len(answer.gaps)


def main() -> int:
    print(f"{platform.platform()}, Python {platform.python_version()}, networkx {nx.__version__}")
    holds = [compare_speed(), compare_sizes(), compare_blast(), compare_ways()]
    show_everyday()
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
