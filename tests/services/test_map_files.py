"""Files of a map that would keep a reader waiting are refused with a way on."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from bcp.documents.map_parts import MapEdge, MapNode
from bcp.services.map import Scene
from bcp.services.map_files import MOST_ARROWS, Format, TooManyArrows, written


def tangle(groups: int) -> Scene:
    nodes = tuple(MapNode(f"g{n}", f"Group {n}") for n in range(groups))
    edges = tuple(
        MapEdge(one.key, other.key, None, count=2)
        for one in nodes
        for other in nodes
        if one != other
    )
    return Scene(nodes, edges)


def file_of(scene: Scene, file_format: Format) -> bytes:
    return written(scene, file_format, title="Map", paper="a4", today=date(2026, 11, 23))


@pytest.mark.parametrize("file_format", [Format.PDF, Format.PNG])
def test_a_picture_of_too_many_arrows_names_both_numbers_and_what_to_do(
    file_format: Format,
) -> None:
    scene = tangle(26)
    assert len(scene.edges) == 650
    with pytest.raises(TooManyArrows) as refused:
        file_of(scene, file_format)
    assert "650 arrows" in str(refused.value)
    assert f"can have {MOST_ARROWS}" in str(refused.value)
    assert "Choose SVG, or show less" in str(refused.value)


@pytest.mark.parametrize("file_format", [Format.SVG, Format.GRAPHML])
def test_the_other_files_take_any_number_of_arrows(file_format: Format) -> None:
    ElementTree.fromstring(file_of(tangle(26), file_format))
