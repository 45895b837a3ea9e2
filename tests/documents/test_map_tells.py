"""What a map tells at a glance: zones, the critical chain, flags, groups, and a legend."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations, permutations
from xml.etree import ElementTree

import pdfplumber
import pytest
import weasyprint
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from bcp.documents import map_layout, map_text
from bcp.documents.map_drawing import PRINTED_WIDTH, draw
from bcp.documents.map_layout import NODE_HEIGHT, NODE_WIDTH
from bcp.documents.map_parts import MapEdge, MapNode
from bcp.documents.map_sheets import whole_map_pdf
from bcp.engine.estate import NeededTo
from bcp.engine.results import Standing
from tests.documents.drawn_maps import (
    HOSTILE,
    SVG,
    drawn,
    offset,
    parsed,
    said,
    texts,
    with_class,
)

PAIR = [MapNode("k0", "ERP", tier=1), MapNode("k1", "SAN", tier=1)]
LEGEND = {
    "one zone: lost together": {"zone": "HQ"},
    "critical chain: decides the time": {"on_chain": True},
    "no owner": {"no_owner": True},
    "facts may be out of date": {"stale": "Ada not verified for 90 days"},
    "in a loop": {"in_loop": True},
    "this system": {"is_focus": True},
    "continues on sheet 2": {"continues_on": (2,)},
}


def frames(root: ElementTree.Element) -> dict[str, tuple[float, float, float, float]]:
    found = {}
    for zone in with_class(root, "map-zone"):
        left, top = offset(zone)
        frame = zone.find(f"{SVG}rect")
        assert frame is not None
        right, bottom = left + float(frame.attrib["width"]), top + float(frame.attrib["height"])
        found[zone.findtext(f"{SVG}title") or ""] = (left, top, right, bottom)
    return found


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([1, 2, 3, None]), st.sampled_from(["", "HQ", "Annex", "Cloud"])),
        min_size=1,
        max_size=18,
    ),
    st.lists(st.tuples(st.integers(0, 17), st.integers(0, 17)), max_size=24),
)
def test_a_zone_holds_its_systems_and_nobody_elses(
    systems: list[tuple[int | None, str]], pairs: list[tuple[int, int]]
) -> None:
    nodes = [MapNode(f"k{n}", f"S{n}", tier=t, zone=z) for n, (t, z) in enumerate(systems)]
    edges = [MapEdge(f"k{u}", f"k{v}") for u, v in dict.fromkeys(pairs) if u != v]
    root = parsed(drawn(nodes, edges))
    zones = frames(root)
    assert set(zones) == {zone for _tier, zone in systems if zone}
    for one, other in combinations(zones.values(), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for box, node in zip(with_class(root, "map-node"), nodes, strict=True):
        x, y = offset(box)
        for name, (left, top, right, bottom) in zones.items():
            apart = (
                x >= right
                or x + map_layout.NODE_WIDTH <= left
                or y >= bottom
                or y + map_layout.NODE_HEIGHT <= top
            )
            inside = left <= x <= right - map_layout.NODE_WIDTH and top <= y <= bottom
            assert inside if node.zone == name else apart


def test_zones_do_not_change_the_rows_of_the_tiers() -> None:
    nodes = [MapNode(f"k{n}", f"S{n}", tier=n % 3 + 1, zone="AB"[n % 2]) for n in range(12)]
    root = parsed(drawn(nodes, [MapEdge("k0", "k5"), MapEdge("k7", "k2")]))
    tops = [offset(one)[1] for one in with_class(root, "map-node")]
    by_tier = [{tops[n] for n in range(12) if n % 3 == tier} for tier in range(3)]
    assert max(by_tier[0]) < min(by_tier[1]) <= max(by_tier[1]) < min(by_tier[2])


def test_where_paper_has_no_room_for_zones_the_systems_still_fit() -> None:
    nodes = [MapNode(f"k{n}", f"S{n}", tier=n // 8 + 1, zone=f"zone {n % 8}") for n in range(16)]
    assert len(frames(parsed(drawn(nodes)))) == 8
    drawing = drawn(nodes, [], max_width=PRINTED_WIDTH)
    assert drawing.width <= PRINTED_WIDTH
    assert frames(parsed(drawing)) == {}
    assert "one zone: lost together" not in texts(parsed(drawing))
    key = texts(with_class(parsed(drawing), "map-legend")[0])
    assert {f"zone {number}" for number in range(8)} <= set(key)


def lettered(nodes: list[MapNode]) -> dict[str, str]:
    """The letters on the boxes, by the names of their systems."""
    boxes = with_class(parsed(drawn(nodes)), "map-node")
    marks = {texts(box)[0]: with_class(box, "map-zone-letter") for box in boxes}
    return {name: texts(found[0])[0] for name, found in marks.items() if found}


def test_zones_past_those_that_can_be_framed_have_a_letter_that_the_key_explains() -> None:
    nodes = [MapNode(f"k{n}", f"S{n}", tier=1, zone=f"zone {n % 10}") for n in range(18)]
    nodes += [MapNode("k18", "Nowhere", tier=1)]
    root = parsed(drawn(nodes))
    assert len(frames(root)) == 8
    assert lettered(nodes) == {"S8": "A", "S9": "B"}
    key = texts(with_class(root, "map-legend")[0])
    assert key[key.index("Lost together, without a frame:") + 1 :] == ["A", "zone 8", "B", "zone 9"]
    assert lettered(nodes[:8]) == {}
    assert "Lost together, without a frame:" not in texts(parsed(drawn(nodes[:8])))


def test_of_very_many_zones_without_a_frame_the_key_says_how_many_it_does_not_name() -> None:
    nodes = [MapNode(f"k{n}", f"S{n}", tier=1, zone=f"zone {n:02}") for n in range(40)]
    letters = lettered(nodes)
    assert len(set(letters.values())) == len(letters) == 32
    assert letters["S34"] == "AA"
    assert "20 more zones have letters; their systems name them" in texts(parsed(drawn(nodes)))
    assert "zone \u2068zone 39\u2069" in said(parsed(drawn(nodes)))


@pytest.mark.parametrize("word", LEGEND)
def test_the_legend_names_what_is_there_and_nothing_else(word: str) -> None:
    marked = [replace(PAIR[0], **LEGEND[word]), PAIR[1]]
    assert word in texts(parsed(drawn(marked, [MapEdge("k0", "k1")])))
    plain = texts(parsed(drawn(PAIR, [MapEdge("k0", "k1")])))
    assert not set(LEGEND) & set(plain)


def test_what_a_mark_means_is_also_said_of_the_system() -> None:
    node = replace(PAIR[0], no_owner=True, stale="last test out of date", on_chain=True)
    (one, _other) = with_class(parsed(drawn([node, PAIR[1]])), "map-node")
    for words in ("no owner", "last test out of date", "on the critical chain"):
        assert words in said(one)


def test_the_critical_chain_is_thicker_and_other_edges_are_not() -> None:
    nodes = [*PAIR, MapNode("k2", "DNS")]
    edges = [MapEdge("k0", "k1", NeededTo.RUN, on_chain=True), MapEdge("k0", "k2", NeededTo.RUN)]
    root = parsed(drawn(nodes, edges))
    lines = [with_class(edge, "map-line")[0] for edge in with_class(root, "map-edge")]
    widths = [float(line.attrib["stroke-width"]) for line in lines]
    assert widths[0] > widths[1]
    assert lines[0].get("stroke-dasharray") == lines[1].get("stroke-dasharray")
    assert lines[0].attrib["stroke"] != lines[1].attrib["stroke"]


def test_a_bootstrap_note_is_said_of_its_edge() -> None:
    (edge,) = with_class(parsed(drawn(PAIR, [MapEdge("k0", "k1", bootstrap=True)])), "map-edge")
    assert "has a bootstrap note, holds nothing up" in said(edge)


def test_groups_that_need_each_other_stand_in_rows_with_counts_on_their_arrows() -> None:
    nodes = [MapNode(f"g{n}", f"Group {n}", note="12 systems") for n in range(4)]
    edges = [
        MapEdge("g0", "g1", None, count=40),
        MapEdge("g1", "g0", None, count=2),
        MapEdge("g1", "g2", None, count=30),
        MapEdge("g2", "g3", None, count=7),
        MapEdge("g3", "g0", None, count=1),
    ]
    root = parsed(drawn(nodes, edges))
    tops = [offset(one)[1] for one in with_class(root, "map-node")]
    assert len(set(tops)) == 4
    assert tops[0] < tops[1]
    counts = [one.text for one in with_class(root, "map-count")]
    assert sorted(counts[: len(edges)]) == ["1", "2", "30", "40", "7"]
    assert "12 systems" in texts(root)
    assert "Group 0\u2069 needs \u2068Group 1\u2069: 40 dependencies" in said(root)
    assert "No tier" not in texts(root)
    assert "to rebuild" not in texts(root)


def test_the_numbers_of_arrows_there_and_back_do_not_cover_each_other() -> None:
    groups = [MapNode("a", "A"), MapNode("b", "B")]
    edges = [MapEdge("a", "b", None, count=290), MapEdge("b", "a", None, count=315)]
    there, back, _legend = with_class(parsed(drawn(groups, edges)), "map-count")
    assert abs(float(there.attrib["y"]) - float(back.attrib["y"])) >= 14


def test_no_number_stands_under_a_box_or_on_another_number() -> None:
    """Four groups that all need each other, as tiers do."""
    groups = [MapNode(f"g{n}", f"Group {n}", tier=n + 1) for n in range(4)]
    edges = [
        MapEdge(one.key, other.key, None, count=3000 + 7 * place)
        for place, (one, other) in enumerate(permutations(groups, 2))
    ]
    root = parsed(drawn(groups, edges))
    corners = [offset(box) for box in with_class(root, "map-node")]
    taken = [(x, y, x + NODE_WIDTH, y + NODE_HEIGHT) for x, y in corners]
    plates = [with_class(one, "map-plate")[0] for one in with_class(root, "map-label")]
    assert len(plates) == len(edges)
    for plate in plates:
        x, y, width, height = (float(plate.attrib[one]) for one in ("x", "y", "width", "height"))
        for left, top, right, bottom in taken:
            assert x >= right or x + width <= left or y >= bottom or y + height <= top
        taken.append((x, y, x + width, y + height))


def test_the_arrow_between_groups_that_stands_for_most_is_the_thickest() -> None:
    groups = [MapNode(f"g{n}", f"Group {n}") for n in range(3)]
    edges = [MapEdge("g0", "g1", None, count=90), MapEdge("g0", "g2", None, count=3)]
    many, few = with_class(parsed(drawn(groups, edges)), "map-edge")
    widths = [float(with_class(one, "map-line")[0].attrib["stroke-width"]) for one in (many, few)]
    assert widths[0] > 2 * widths[1] > 0


def test_what_is_only_proposed_is_dotted_and_says_so_and_counts_for_nothing_else() -> None:
    edges = [
        MapEdge("k0", "k1", NeededTo.RUN),
        MapEdge("k1", "k0", NeededTo.FULL_SERVICE, proposed=True),
    ]
    root = parsed(drawn(PAIR, edges))
    (proposal,) = with_class(root, "map-proposed")[:1]
    assert "needs \u2068ERP\u2069: for full service; proposed, waits for review" in said(proposal)
    line = with_class(proposal, "map-line")[0].attrib["stroke-dasharray"]
    recorded = with_class(with_class(root, "map-edge")[0], "map-line")[0]
    assert line != recorded.attrib["stroke-dasharray"]
    assert not with_class(proposal, "map-arrow")
    assert texts(with_class(root, "map-label")[0]) == ["proposed"]
    key = texts(with_class(root, "map-legend")[0])
    assert "proposed: waits for review" in key
    assert "for full service" not in key
    assert "proposed: waits for review" not in texts(parsed(drawn(PAIR, edges[:1])))


def test_what_is_left_out_is_written_into_the_picture_however_small_it_is() -> None:
    note = "96 weaker arrows are not drawn: they stand for 31578 of the 45812 dependencies"
    drawing = draw(PAIR, [], title="Map", description="", notes=[note])
    key = with_class(parsed(drawing), "map-legend")[0]
    assert " ".join(texts(key)) == note
    assert len(texts(key)) > 1
    assert max(map(map_text.width, texts(key))) * 11 * 0.95 <= drawing.width


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_of_a_zone_gives_sound_xml(name: str) -> None:
    node = MapNode("k0", "ERP", zone=name, stale=name, note=name)
    root = parsed(drawn([node, PAIR[1]]))
    assert not {one.tag for one in root.iter()} & {f"{SVG}script", f"{SVG}foreignObject"}
    for line in with_class(root, "map-zone-name"):
        assert len(line.text or "") <= 40 or "\u0301" in (line.text or "")


def test_standings_are_told_apart_in_grey() -> None:
    """Each mark as grey dots: no two look alike."""
    pictures = set()
    for standing in Standing:
        drawing = draw(
            [MapNode("k0", "A", standing=standing)], [], title="", description="", max_width=None
        )
        with pdfplumber.open(io.BytesIO(whole_map_pdf(drawing))) as document:
            image: Image.Image = document.pages[0].to_image(resolution=144).original
        # Only the row of the mark and its word, without the colour of the frame.
        cut = image.crop((image.width // 3, image.height // 4, image.width * 2 // 3, 120))
        pictures.add(ImageOps.grayscale(cut).tobytes())
    assert len(pictures) == len(Standing)


def test_everything_is_printed_in_a_readable_size() -> None:
    nodes = [
        MapNode(
            f"k{n}",
            f"Sys{n}",
            tier=n % 3 + 1,
            zone=f"Zone {n % 2}",
            standing=Standing.MEETS,
            no_owner=n == 1,
            stale="old" if n == 2 else "",
            on_chain=n < 3,
            continues_on=(2, 3),
        )
        for n in range(9)
    ]
    drawing = drawn(nodes, [MapEdge("k0", "k1", on_chain=True)], max_width=PRINTED_WIDTH)
    page = "<style>@page{size:A4;margin:20mm} svg{width:100%;height:auto}</style>" + drawing.svg
    with pdfplumber.open(io.BytesIO(weasyprint.HTML(string=page).write_pdf())) as document:
        (sheet,) = document.pages
        sizes = {round(char["size"], 1) for char in sheet.chars if char["upright"]}
        printed = sheet.extract_text().replace(" ", "")
    assert min(sizes) >= 6.5
    for word in ("no owner", "facts may be out of date", "lost together", "continues on sheet 2"):
        assert word.replace(" ", "") in printed
