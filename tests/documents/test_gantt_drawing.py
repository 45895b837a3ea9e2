"""The chart of the recovery order: bars, targets, unknowns, hostile names, and that it prints."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pdfplumber
import pytest
import weasyprint

from bcp.documents.gantt_drawing import Bar, draw
from bcp.engine.results import Standing

_STYLE = "<style>@page{size:A4;margin:20mm} body{margin:0} svg{width:100%;height:auto}</style>"


def drawn(*bars: Bar, activation: int = 30) -> ElementTree.Element:
    svg = draw(bars, activation, title="Order", description="Bars.")
    return ElementTree.fromstring(svg)


def with_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in root.iter() if name in one.get("class", "").split()]


def extent(rect: ElementTree.Element) -> tuple[float, float]:
    x = float(rect.attrib["x"])
    return x, x + float(rect.attrib["width"])


def test_bars_follow_each_other_on_one_scale() -> None:
    first, second = (
        Bar("SAN", "Wave 1", start=30, work_end=90, restored=90),
        Bar("ERP", "Wave 2", start=90, work_end=150, restored=150),
    )
    one, two = with_class(drawn(first, second), "gantt-bar")
    start, end = extent(with_class(one, "gantt-work")[0])
    next_start, next_end = extent(with_class(two, "gantt-work")[0])
    assert start < end == pytest.approx(next_start, abs=0.2)
    assert next_end - next_start == pytest.approx(end - start, abs=0.2)


def test_waiting_to_run_is_told_from_work() -> None:
    root = drawn(Bar("Shop", "Wave 1", start=30, work_end=60, restored=120))
    (bar,) = with_class(root, "gantt-bar")
    assert (
        extent(with_class(bar, "gantt-waiting")[0])[1] > extent(with_class(bar, "gantt-work")[0])[1]
    )
    assert "waits to run" in "".join(root.itertext())


def test_work_of_unknown_length_is_dashed_and_explained() -> None:
    root = drawn(Bar("Vault", "Wave 1", start=30, work_end=30, restored=30, unknown=True))
    (bar,) = with_class(root, "gantt-bar")
    assert with_class(bar, "gantt-work") == []
    assert with_class(bar, "gantt-unknown")[0].attrib["stroke-dasharray"]
    assert "duration unknown" in "".join(root.itertext())


def test_a_missed_target_is_marked_and_a_far_one_is_an_arrow_at_the_edge() -> None:
    root = drawn(
        Bar("Late", "Wave 1", 30, 90, 90, rto=60, standing=Standing.MISSES),
        Bar("Easy", "Wave 1", 30, 60, 60, rto=99999, standing=Standing.MEETS),
    )
    late, easy = with_class(root, "gantt-bar")
    assert with_class(late, "gantt-missed")
    assert not with_class(easy, "gantt-missed")
    assert with_class(easy, "gantt-rto")[0].attrib["d"].endswith("Z")
    assert "misses" in "".join(late.itertext())


def test_the_legend_names_only_what_is_there() -> None:
    plain = "".join(drawn(Bar("A", "Wave 1", 0, 60, 60), activation=0).itertext())
    for word in ("activation", "waits to run", "duration unknown", "target (RTO)"):
        assert word not in plain


@pytest.mark.parametrize("name", ["<b>&\"'", "nul\x00", "W" * 200, "قاعدة", "👩‍👩‍👧‍👦", "", "]]>"])
def test_any_name_gives_sound_xml(name: str) -> None:
    root = drawn(Bar(name, name, 0, 60, 60, href='/x?a=1&b="2"'))
    assert len(with_class(root, "gantt-bar")) == 1
    assert len(with_class(root, "map-name")[0].text or "") <= 40


def test_nothing_lost_at_once_and_a_single_moment_are_drawn() -> None:
    assert with_class(drawn(), "gantt-bar") == []
    assert len(with_class(drawn(Bar("A", "Wave 1", 0, 0, 0), activation=0), "gantt-bar")) == 1


def test_ten_years_still_have_a_readable_axis() -> None:
    root = drawn(Bar("A", "Wave 1", 0, 5_270_400, 5_270_400))
    assert 2 <= len(with_class(root, "gantt-grid")) <= 12


def test_it_prints() -> None:
    svg = draw([Bar("SAN", "Wave 1", 30, 90, 90)], 30, title="Order", description="Bars.")
    pdf = weasyprint.HTML(string=_STYLE + svg).write_pdf()
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        (page,) = document.pages
        assert "SAN" in page.extract_text()
        assert min(char["size"] for char in page.chars) >= 6.5
