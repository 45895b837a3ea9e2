"""Maps as tests read them: names nobody should have, and what is found in a drawing."""

from __future__ import annotations

from xml.etree import ElementTree

from bcp.documents.map_drawing import Drawing, draw
from bcp.documents.map_parts import MapEdge, MapNode

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    '<script>alert("1")</script>',
    "a'; DROP TABLE; --\" ] } {",
    "line\none\r\n\ttwo",
    "nul\x00 bell\x07 escape\x1b",
    "قاعدة بيانات العملاء الرئيسية",
    "turn\u202eed around\u202c",
    "👩‍👩‍👧‍👦 👍🏽 portal",
    "顧客関係管理システム本番環境データベース",
    "e\u0301" * 100,
    "M" * 200,
    "   ",
    "&amp; &lt; ]]>",
]


def drawn(
    nodes: list[MapNode], edges: list[MapEdge] | None = None, max_width: float | None = None
) -> Drawing:
    return draw(nodes, edges or [], title="Map", description="Who needs whom.", max_width=max_width)


def parsed(drawing: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.svg)


def with_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in root.iter() if name in one.get("class", "").split()]


def texts(root: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def said(root: ElementTree.Element) -> str:
    """What a screen reader may find: every title and text."""
    return " | ".join(one.text or "" for one in root.iter() if one.text)


def nodes(*tiers: int | None) -> list[MapNode]:
    return [MapNode(f"k{index}", f"System {index}", tier=t) for index, t in enumerate(tiers)]


def offset(group: ElementTree.Element) -> tuple[float, float]:
    x, y = group.attrib["transform"].removeprefix("translate(").split(")")[0].split()
    return float(x), float(y)
