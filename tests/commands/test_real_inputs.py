"""Dependency lists of real public systems, from import to the printed plan: an order that breaks
one edge, or a plan that misses one system, is a failure."""

from __future__ import annotations

import csv
import json
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from bcp.documents.anchors import anchor
from bcp.documents.edges import gates
from bcp.models import PlanVersion
from tests.documents.conftest import Book

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
NAMES = ["train-ticket", "otel-demo"]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real inputs in ../shared are not here"),
]


def edges_of(name: str) -> list[tuple[str, str]]:
    with (DATA / f"{name}.csv").open(newline="") as file:
        return [(row["dependent"], row["depends_on"]) for row in csv.DictReader(file)]


@pytest.fixture(params=NAMES)
def imported(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    name: str = request.param
    shutil.copy(DATA / f"{name}.csv", tmp_path / "dependencies.csv")
    call_command(
        *("import_org", name, str(tmp_path), "--create", name, "--add-missing"),
        stdout=StringIO(),
        stderr=StringIO(),
    )
    return name


def analysed(name: str) -> dict[str, Any]:
    out = StringIO()
    call_command("analyse", name, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def test_the_order_breaks_no_edge_but_those_it_names(imported: str) -> None:
    edges, answer = edges_of(imported), analysed(imported)
    order = [system["name"] for system in answer["systems"]]
    assert sorted(order) == sorted({end for edge in edges for end in edge})
    position = {name: number for number, name in enumerate(order)}
    systems = {system["name"]: system for system in answer["systems"]}
    opened = {tuple(edge) for loop in answer["loops"] for edge in loop["open"]}
    in_one_loop = [set(loop["systems"]) for loop in answer["loops"]]
    assert all(any(set(edge) <= loop for loop in in_one_loop) for edge in opened)
    kept = [edge for edge in edges if edge not in opened]
    assert len(kept) == len(edges) - len(opened)
    for dependent, dependency in kept:
        assert position[dependency] < position[dependent]
        assert systems[dependency]["wave"] < systems[dependent]["wave"]
        assert systems[dependency]["restored_minutes"] <= systems[dependent]["start_minutes"]


@pytest.mark.parametrize("imported", ["otel-demo"], indirect=True)
def test_in_print_every_system_has_its_sheet_after_those_it_waits_for(
    imported: str, tmp_path: Path
) -> None:
    target = tmp_path / "plan.pdf"
    call_command("render_plan", imported, "--out", str(target), stdout=StringIO())
    frozen = PlanVersion.objects.get().snapshot
    book = Book(frozen, target.read_bytes())

    in_loop = {one for loop in frozen["problems"]["loops"] for one in loop["systems"]}
    sheets = {one["name"]: one["sheet"] for one in frozen["systems"]}
    assert set(sheets) == {end for edge in edges_of(imported) for end in edge}
    for edge in frozen["dependencies"]:
        if gates(edge) and not {edge[0], edge[1]} <= in_loop:
            assert sheets[edge[1]] < sheets[edge[0]], f"{edge[0]} comes before {edge[1]}"
    for one in frozen["systems"]:
        page = book.page_of(anchor(one))
        assert f"Sheet {one['sheet']}" in book.flow(page)
        assert one["name"] in book.flow(page)
