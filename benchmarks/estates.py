"""Large estates as folders of CSV files, always the same for the same seed.

    python -m benchmarks.estates FOLDER [--systems 2000] [--dependencies 8000] [--seed 1]

The systems lie in layers, from buildings up to business processes, and need systems of the layers
below, mostly of the next one; each has a person, a site, a target and an estimate.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

LAYERS = (
    ("facility", 0.02),
    ("network", 0.08),
    ("storage", 0.06),
    ("compute", 0.12),
    ("identity", 0.02),
    ("data store", 0.2),
    ("application", 0.4),
    ("business process", 0.1),
)
SITES = 12
CONTACTS = 60
TEAMS = 8


def write_estate(
    folder: Path, *, systems: int = 2000, dependencies: int = 8000, seed: int = 1
) -> None:
    """Write the files of an estate into `folder`. There are as many dependencies as asked for,
    as long as the layers have room for them."""
    dice = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    layers = _layers(systems)
    _write(folder, "sites", ("name", "zone"), _sites())
    _write(folder, "contacts", ("name", "phones", "coverage", "may_declare"), _contacts())
    _write(folder, "teams", ("name", "members", "heads_day", "mobilise_night"), _teams(dice))
    _write(
        folder,
        "escalation",
        ("path", "position", "contact", "wait", "default"),
        [
            ("Emergency", position, f"Person {position:02}", "10 min", "yes")
            for position in (1, 2, 3)
        ],
    )
    _write(
        folder,
        "systems",
        ("name", "kind", "tier", "owner", "team", "site", "strategy", "rto", "recovery"),
        (_system(dice, layer, name) for layer, names in enumerate(layers) for name in names),
    )
    _write(
        folder,
        "dependencies",
        ("dependent", "dependency", "needed_to"),
        _dependencies(dice, layers, dependencies),
    )


def _write(
    folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _layers(systems: int) -> list[list[str]]:
    """Names by layer; the shares are rounded, so that the applications take the rest."""
    sizes = [max(1, round(systems * share)) for _kind, share in LAYERS]
    sizes[-2] += systems - sum(sizes)
    return [
        [f"{kind} {number:05}" for number in range(1, size + 1)]
        for (kind, _share), size in zip(LAYERS, sizes, strict=True)
    ]


def _sites() -> list[tuple[str, str]]:
    return [(f"Site {number:02}", f"Zone {(number + 1) // 2:02}") for number in range(1, SITES + 1)]


def _contacts() -> list[tuple[str, str, str, str]]:
    return [
        (f"Person {number:02}", f"+44 20 7946 {number:04}", "24x7", "yes" if number < 3 else "no")
        for number in range(1, CONTACTS + 1)
    ]


def _teams(dice: random.Random) -> list[tuple[str, str, int, str]]:
    people = [contact[0] for contact in _contacts()]
    return [
        (f"Team {number}", "; ".join(dice.sample(people, 6)), 4, "1h")
        for number in range(1, TEAMS + 1)
    ]


def _system(dice: random.Random, layer: int, name: str) -> tuple[object, ...]:
    return (
        name,
        LAYERS[layer][0],
        dice.randint(1, 4),
        f"Person {dice.randint(1, CONTACTS):02}",
        f"Team {dice.randint(1, TEAMS)}",
        f"Site {dice.randint(1, SITES):02}",
        dice.choice(("restore", "rebuild", "warm")),
        f"{dice.randint(2, 10) * (layer + 1)}h",
        f"{dice.choice((15, 30, 45, 60, 90, 120, 240))} min",
    )


def _dependencies(
    dice: random.Random, layers: list[list[str]], count: int
) -> list[tuple[str, str, str]]:
    upper = [(layer, name) for layer, names in enumerate(layers) if layer for name in names]
    edges: dict[tuple[str, str], str] = {}
    for _attempt in range(count * 20):
        if len(edges) == count:
            break
        layer, dependent = dice.choice(upper)
        below = layer - 1 if dice.random() < 0.7 else dice.randrange(layer)
        needed_to = dice.choices(("rebuild", "run", "full service"), (6, 3, 1))[0]
        edges.setdefault((dependent, dice.choice(layers[below])), needed_to)
    return [
        (dependent, dependency, needed_to) for (dependent, dependency), needed_to in edges.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a large estate as CSV files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--systems", type=int, default=2000)
    parser.add_argument("--dependencies", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    write_estate(
        chosen.folder,
        systems=chosen.systems,
        dependencies=chosen.dependencies,
        seed=chosen.seed,
    )


if __name__ == "__main__":
    main()
