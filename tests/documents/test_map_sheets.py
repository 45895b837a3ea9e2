"""The map on paper: every system once, text large enough, references between the sheets."""

from __future__ import annotations

import io
import re

import pdfplumber
import pytest

from bcp.documents.map_drawing import MOST_NODES
from bcp.documents.map_parts import MapEdge, MapNode
from bcp.documents.map_sheets import PAPERS, SMALLEST_POINTS, map_pdf
from bcp.engine.estate import NeededTo
from tests.documents.drawn_maps import HOSTILE

POINTS_PER_MM = 72 / 25.4


def estate(count: int) -> tuple[list[MapNode], list[MapEdge]]:
    """Systems in clusters of ten, each cluster needing the first of the one before."""
    nodes = [
        MapNode(f"k{n}", f"Sys{n:03}", tier=n % 4 + 1, zone=f"Zone {n // 40}") for n in range(count)
    ]
    edges = [MapEdge(f"k{n}", f"k{n // 10 * 10}") for n in range(count) if n % 10]
    edges += [MapEdge(f"k{n}", f"k{n - 10}") for n in range(10, count, 10)]
    return nodes, edges


def printed(count: int, paper: str) -> list[tuple[pdfplumber.page.Page, str]]:
    nodes, edges = estate(count)
    pdf = map_pdf(nodes, edges, title="Everything", footer="As of today", paper=paper)
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [(page, page.extract_text()) for page in document.pages]


@pytest.mark.parametrize("paper", PAPERS)
def test_pages_have_the_size_of_the_paper_and_text_that_can_be_read(paper: str) -> None:
    pages = printed(30, paper)
    for page, _text in pages:
        assert page.width == pytest.approx(PAPERS[paper][0] * POINTS_PER_MM, abs=1)
        assert page.height == pytest.approx(PAPERS[paper][1] * POINTS_PER_MM, abs=1)
        sizes = {char["size"] for char in page.chars if char["upright"]}
        assert min(sizes) >= SMALLEST_POINTS - 0.01


def test_a_small_map_is_one_sheet() -> None:
    ((_page, text),) = printed(8, "a4")
    assert "sheet" not in text
    assert "As of today" in text


def test_a_tall_map_is_printed_upright_rather_than_on_two_sheets() -> None:
    nodes = [MapNode(f"k{n}", f"Sys{n:03}", tier=1) for n in range(10)]
    edges = [MapEdge(f"k{n}", f"k{n + 1}") for n in range(9)]
    pdf = map_pdf(nodes, edges, title="Chain", footer="", paper="letter")
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        (page,) = document.pages
        assert page.height > page.width
        assert "Sys000" in page.extract_text()
        assert "Sys009" in page.extract_text()


def test_larger_paper_takes_fewer_sheets() -> None:
    assert len(printed(60, "a3")) < len(printed(60, "a4"))


def test_a_large_map_is_divided_with_every_system_on_one_sheet_and_references() -> None:
    pages = [text for _page, text in printed(MOST_NODES, "a4")]
    drawn = [text for text in pages if re.search(r"sheet \d+ of \d+", text)]
    total = max(int(said) for said in re.findall(r"sheet 1 of (\d+)", pages[0]))
    assert len(drawn) == total > 1
    home = {}
    for number, text in enumerate(drawn, start=1):
        for name in re.findall(r"Sys\d{3}", text):
            assert name not in home
            home[name] = number
    assert len(home) == MOST_NODES
    listed = " ".join(" ".join(pages[total:]).split())
    references = re.findall(r"(Sys\d{3}) \(sheet (\d+)\) needs (Sys\d{3}) \(sheet (\d+)\)", listed)
    _nodes, edges = estate(MOST_NODES)
    crossing = {
        (above, below)
        for above, below in (
            (f"Sys{int(edge.dependent[1:]):03}", f"Sys{int(edge.dependency[1:]):03}")
            for edge in edges
        )
        if home[above] != home[below]
    }
    assert 0 < len(crossing) < len(edges) / 3
    assert {(above, below) for above, _own, below, _other in references} == crossing
    for above, own, below, other in references:
        assert (home[above], home[below]) == (int(own), int(other))


def test_a_reference_to_another_sheet_says_what_its_line_would_say() -> None:
    """Two stars, too large for one sheet together, joined by what each line can be."""
    nodes = [MapNode(f"{star}{n}", f"{star}{n:02}") for star in "AB" for n in range(30)]
    edges = [MapEdge(f"{star}{n}", f"{star}0") for star in "AB" for n in range(1, 30)]
    edges += [
        MapEdge("A1", "B1", NeededTo.RUN),
        MapEdge("A2", "B2", bootstrap=True),
        MapEdge("A3", "B3", NeededTo.FULL_SERVICE, proposed=True),
    ]
    pdf = map_pdf(nodes, edges, title="Map", footer="", paper="a4")
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        text = " ".join((document.pages[-1].extract_text(layout=False) or "").split())
    for words in (
        r"A01 \(sheet \d\) needs B01 \(sheet \d\): to run",
        r"A02 \(sheet \d\) needs B02 \(sheet \d\): to rebuild; has a bootstrap",
        r"A03 \(sheet \d\) needs B03 \(sheet \d\): for full service; proposed",
    ):
        assert re.search(words, text), text


@pytest.mark.parametrize("name", [HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[-1]])
def test_any_name_is_printed_as_text(name: str) -> None:
    nodes = [MapNode("k0", name, zone=name), MapNode("k1", "SAN")]
    footer = f'{name}\\" }} @page {{ size: A5'
    pdf = map_pdf(nodes, [MapEdge("k0", "k1")], title=name, footer=footer, paper="a4")
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        (page,) = document.pages
        assert page.width == pytest.approx(PAPERS["a4"][0] * POINTS_PER_MM, abs=1)
        text = " ".join((page.extract_text() or "").split())
    heading = " ".join(name.split())
    assert heading[:12] in text
    assert "A5" in text
    assert "1 / 1" in text
