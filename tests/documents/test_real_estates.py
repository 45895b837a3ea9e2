"""The plan of a real public system, where its dependency list is at hand: nothing is missed, and
the printed order breaks no dependency. Another one goes all the way from CSV to plan in
`tests/commands/test_real_inputs.py`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bcp.documents import snapshot as snapshots
from bcp.documents.anchors import anchor
from bcp.documents.edges import gates
from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Estate, System
from tests.documents.conftest import printed_book
from tests.documents.plan_estate import printed
from tests.documents.plan_surroundings import TODAY, surroundings

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def test_every_system_has_its_sheet_after_those_it_waits_for() -> None:
    source = DATA / "train-ticket.csv"
    if not source.exists():
        pytest.skip("the real inputs in ../shared are not here")
    with source.open(newline="") as file:
        edges = [(row["dependent"], row["depends_on"]) for row in csv.DictReader(file)]
    names = sorted({end for edge in edges for end in edge})
    place = {one: index for index, one in enumerate(names)}
    estate = Estate(
        "Real",
        tuple(System(f"{place[one]:012d}", one, duration_minutes=10) for one in names),
        tuple(Dependency(place[one], place[other]) for one, other in edges),
    )
    answer = analyse(estate, today=TODAY)
    frozen = snapshots.build(answer, surroundings(systems={}, copies=[]), printed())
    book = printed_book(frozen)

    in_loop = {one for loop in frozen["problems"]["loops"] for one in loop["systems"]}
    sheets = {one["name"]: one["sheet"] for one in frozen["systems"]}
    assert set(sheets) == set(names)
    for edge in frozen["dependencies"]:
        if gates(edge) and not {edge[0], edge[1]} <= in_loop:
            assert sheets[edge[1]] < sheets[edge[0]], f"{edge[0]} comes before {edge[1]}"
    for one in frozen["systems"]:
        page = book.page_of(anchor(one))
        assert f"Sheet {one['sheet']}" in book.flow(page)
        assert one["name"] in book.flow(page)
