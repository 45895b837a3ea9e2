"""The map: where things stand, what is drawn, hostile names, and that it prints."""

from __future__ import annotations

import io
import subprocess
from itertools import pairwise, product
from typing import Any

import pdfplumber
import pytest
import weasyprint

from bcp.documents import map_layout, map_text
from bcp.documents.map_drawing import MOST_NODES, PRINTED_WIDTH
from bcp.documents.map_parts import SMALLEST_TEXT, MapEdge, MapNode
from bcp.engine.estate import NeededTo
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results import Standing
from tests.documents.drawn_maps import (
    HOSTILE,
    SVG,
    drawn,
    nodes,
    offset,
    parsed,
    said,
    texts,
    with_class,
)


def test_tiers_stand_under_each_other_the_most_critical_first() -> None:
    root = parsed(drawn(nodes(3, None, 1, 2)))
    heights = {one.attrib["data-key"]: offset(one)[1] for one in with_class(root, "map-node")}
    assert heights["k2"] < heights["k3"] < heights["k0"] < heights["k1"]
    assert [text for text in texts(root) if "ier" in text] == [
        *("Tier 1", "Tier 2", "Tier 3", "No tier")
    ]


def test_within_a_tier_who_needs_stands_above_what_is_needed() -> None:
    edges = [MapEdge("k0", "k1"), MapEdge("k1", "k2")]
    root = parsed(drawn(nodes(1, 1, 1), edges))
    tops = [offset(one)[1] for one in with_class(root, "map-node")]
    assert tops == sorted(tops)
    assert len(set(tops)) == 3


@pytest.mark.parametrize(("dependent", "dependency"), [("k0", "k1"), ("k1", "k0")])
def test_the_arrow_head_is_at_what_is_needed(dependent: str, dependency: str) -> None:
    root = parsed(drawn(nodes(1, 2), [MapEdge(dependent, dependency)]))
    (arrow,) = with_class(with_class(root, "map-edge")[0], "map-arrow")
    tip_y = float(arrow.attrib["d"][1:].split("L")[0].split(",")[1])
    tops = {one.attrib["data-key"]: offset(one)[1] for one in with_class(root, "map-node")}
    needed = tops[dependency]
    assert needed - 1 <= tip_y <= needed + map_layout.NODE_HEIGHT + 1
    assert "Arrows point from a system to what it needs:" in texts(root)


def test_the_line_says_what_it_is_needed_for() -> None:
    edges = [MapEdge("k0", f"k{n}", purpose) for n, purpose in enumerate(NeededTo, start=1)]
    root = parsed(drawn(nodes(1, 2, 2, 2), edges))
    dashes = [
        with_class(edge, "map-line")[0].get("stroke-dasharray")
        for edge in with_class(root, "map-edge")
    ]
    assert dashes[0] is None
    assert len(set(dashes)) == 3
    for words in ("to rebuild", "to run", "for full service"):
        assert words in texts(root)


def test_bootstrap_edges_and_loops_are_marked_and_explained() -> None:
    looped = [
        MapNode("k0", "A", tier=1, in_loop=True),
        MapNode("k1", "B", tier=1, in_loop=True),
        MapNode("k2", "C", tier=1),
    ]
    edges = [
        MapEdge("k0", "k1", in_loop=True),
        MapEdge("k1", "k0", in_loop=True),
        MapEdge("k1", "k2", bootstrap=True),
    ]
    root = parsed(drawn(looped, edges))
    assert len(with_class(root, "map-bootstrap")) == 2  # the edge and the legend
    assert len(with_class(root, "map-loop")) == 3
    assert "has a bootstrap note, holds nothing up" in texts(root)
    assert "in a loop" in texts(root)


def test_the_legend_names_only_what_is_there() -> None:
    root = parsed(drawn([MapNode("k0", "Alone", standing=Standing.MEETS)]))
    legend = with_class(root, "map-legend")[0]
    assert texts(legend) == ["meets"]
    assert texts(with_class(parsed(drawn([MapNode("k0", "Alone")])), "map-legend")[0]) == []


def test_every_readiness_class_has_its_own_word_and_shape() -> None:
    seen = set()
    for kind in ReadinessClass:
        root = parsed(drawn([MapNode("k0", "ERP", standing=Standing.MEETS, readiness=kind)]))
        node, _sample = with_class(root, "map-class")
        assert len(texts(with_class(root, "map-legend")[0])) == 2  # the standing and this class
        halves = [one.get("d", "whole") for one in with_class(node, "map-class-half")]
        seen.add((texts(node)[0], *halves))
    assert len(seen) == len(ReadinessClass)
    assert not with_class(parsed(drawn([MapNode("k0", "Alone")])), "map-class")


def test_every_standing_has_its_own_word_shape_and_colour() -> None:
    root = parsed(drawn([MapNode(s.value, s.value.title(), standing=s) for s in Standing]))
    looks = set()
    for node, standing in zip(with_class(root, "map-node"), Standing, strict=True):
        assert standing.value in texts(node)
        (mark,) = with_class(node, "map-mark")
        looks.add((mark.tag, mark.get("fill") != "none"))
        assert with_class(node, "map-box")[0].attrib["stroke"] in (
            mark.get("fill"),
            mark.get("stroke"),
        )
    assert len(looks) == 4


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_gives_sound_xml_that_fits_its_box(name: str) -> None:
    node = MapNode("k0", name, kind=name, site=name, standing=Standing.MISSES, href="/x?a=1&b=2")
    root = parsed(drawn([node, MapNode("k1", "B")], [MapEdge("k0", "k1")]))
    (box,) = [one for one in with_class(root, "map-node") if one.attrib["data-key"] == "k0"]
    names = with_class(box, "map-name")
    assert 1 <= len(names) <= 2
    for line in names:
        assert line.text
        assert len(line.text) <= 40 or "\u0301" in line.text
        assert list(line) == []
    assert not {one.tag for one in root.iter()} & {f"{SVG}script", f"{SVG}foreignObject"}


def test_a_long_name_is_cut_with_an_ellipsis_and_stands_whole_in_the_title() -> None:
    name = "Enterprise resource planning for the subsidiaries in the north"
    root = parsed(drawn([MapNode("k0", name)]))
    (node,) = with_class(root, "map-node")
    assert texts(node)[-1].endswith("…")
    assert name in said(node)


@pytest.mark.parametrize("name", HOSTILE)
def test_wrapped_lines_are_within_their_width(name: str) -> None:
    for line in map_text.wrap(name, 9.5, 2):
        assert 0 < map_text.width(line) <= 9.5


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("ts-admin-order-service", ["ts-admin-order-", "service"]),
        ("mail.example.internal", ["mail.example.", "internal"]),
        ("Donaudampfschifffahrt", ["Donaudampfsch", "ifffahrt"]),
        ("-" * 24, ["-" * 22, "--"]),
    ],
)
def test_a_word_that_is_too_long_is_broken_after_a_mark_if_it_has_one(
    name: str, lines: list[str]
) -> None:
    assert map_text.wrap(name, 8.1, 2) == lines


def test_names_cannot_turn_the_direction_of_the_text_around_them() -> None:
    assert map_text.clean("a\u202eb\u2066c\u200fd") == "abcd"
    assert map_text.isolated("שלום") == "\u2068שלום\u2069"


def test_a_broken_word_keeps_its_accents_and_joined_emoji() -> None:
    lines = map_text.wrap("👩‍👩‍👧‍👦" * 12, 5, 2)
    for line in lines:
        assert not line.startswith("\u200d")
        assert not line.rstrip("…").endswith("\u200d")


def test_nodes_are_links_where_there_is_a_page_and_plain_in_print() -> None:
    linked = parsed(drawn([MapNode("k0", "A", href="/o/acme/systems/k0/")]))
    assert [one.attrib["href"] for one in linked.iter(f"{SVG}a")] == ["/o/acme/systems/k0/"]
    assert linked.attrib["role"] == "group"
    printed = parsed(drawn([MapNode("k0", "A")]))
    assert list(printed.iter(f"{SVG}a")) == []
    assert printed.attrib["role"] == "img"
    assert printed.attrib["aria-label"] == "Map"
    assert printed.findtext(f"{SVG}desc") == "Who needs whom."


def test_only_literal_attributes_carry_the_look() -> None:
    """The PDF renderer knows no style sheet, variable or filter inside a picture."""
    svg = drawn(nodes(1, 2), [MapEdge("k0", "k1")]).svg
    for word in ("style=", "<style", "var(", "filter", "foreignObject", "paint-order", "marker"):
        assert word not in svg


def test_boxes_never_overlap() -> None:
    count = 40
    edges = [
        MapEdge(f"k{n}", f"k{m}") for n, m in product(range(count), range(count)) if n * m % 17 == 5
    ]
    estate = nodes(*(n % 4 + 1 for n in range(count)))
    for width in (None, PRINTED_WIDTH):
        root = parsed(drawn(estate, edges, max_width=width))
        places = sorted(offset(one)[::-1] for one in with_class(root, "map-node"))
        for (y, x), (next_y, next_x) in pairwise(places):
            assert next_y - y >= map_layout.NODE_HEIGHT or next_x - x >= map_layout.NODE_WIDTH


def test_a_printed_map_keeps_to_its_width() -> None:
    estate = nodes(*(n % 3 + 1 for n in range(30)))
    edges = [MapEdge(f"k{n}", f"k{(n * 7 + 3) % 30}") for n in range(30)]
    drawing = drawn(estate, edges, max_width=PRINTED_WIDTH)
    assert drawing.width <= PRINTED_WIDTH
    assert SMALLEST_TEXT * 482 / drawing.width >= 6.5


def test_the_same_map_is_drawn_the_same() -> None:
    edges = [MapEdge("k0", "k1"), MapEdge("k2", "k1")]
    assert drawn(nodes(1, 2, 1), edges).svg == drawn(nodes(1, 2, 1), edges).svg


def test_more_than_can_be_read_is_refused() -> None:
    assert drawn(nodes(*[1] * MOST_NODES)).svg
    with pytest.raises(ValueError, match="121 nodes"):
        drawn(nodes(*[1] * (MOST_NODES + 1)))


def test_an_edge_that_leaves_the_map_is_left_out() -> None:
    root = parsed(drawn(nodes(1), [MapEdge("k0", "elsewhere"), MapEdge("elsewhere", "k0")]))
    assert with_class(root, "map-edge") == []


def test_nothing_but_numbers_reaches_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    run = subprocess.run

    def watched(*args: Any, **options: Any) -> Any:
        seen.append(options["input"].decode())
        return run(*args, **options)

    monkeypatch.setattr(map_layout.subprocess, "run", watched)
    drawn([MapNode("kay", '"]; evil'), MapNode("jay", "<b>")], [MapEdge("kay", "jay")])
    (source,) = seen
    assert "evil" not in source
    assert "kay" not in source
    assert "jay" not in source


@pytest.mark.parametrize(
    "fault",
    [FileNotFoundError("no dot here"), subprocess.TimeoutExpired("dot", 5), "nonsense", ""],
    ids=["missing", "late", "nonsense", "silent"],
)
def test_without_graphviz_a_plain_grid_holds_every_node_and_edge(
    fault: Exception | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **options: Any) -> Any:
        if isinstance(fault, Exception):
            raise fault
        return subprocess.CompletedProcess(args, 0, fault.encode(), b"")

    monkeypatch.setattr(map_layout.subprocess, "run", broken)
    drawing = drawn(nodes(1, 1, 2), [MapEdge("k0", "k1"), MapEdge("k1", "k0"), MapEdge("k0", "k2")])
    root = parsed(drawing)
    assert drawing.plain
    assert len(with_class(root, "map-node")) == 3
    assert len(with_class(root, "map-edge")) == 3


def test_the_printed_map_is_text_of_a_readable_size() -> None:
    estate = [
        MapNode(f"k{n}", HOSTILE[n] if n < 4 else f"Sys{n}", tier=n % 3 + 1, standing=standing)
        for n, standing in enumerate([*Standing] * 3)
    ]
    edges = [MapEdge(f"k{n}", f"k{(n + 5) % 12}", bootstrap=n == 2) for n in range(12)]
    drawing = drawn(estate, edges, max_width=PRINTED_WIDTH)
    page = "<style>@page{size:A4;margin:20mm} svg{width:100%;height:auto}</style>" + drawing.svg
    pdf = weasyprint.HTML(string=page).write_pdf()
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        (sheet,) = document.pages
        # What runs up the edge (the tiers) is measured across, which says nothing.
        sizes = {round(char["size"], 1) for char in sheet.chars if char["upright"]}
        printed = sheet.extract_text().replace(" ", "")
    assert min(sizes) >= 6.5
    for word in ("Sys7", "misses", "at risk", "unknown", "Arrows point"):
        assert word.replace(" ", "") in printed
