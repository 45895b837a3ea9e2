"""A map as text that other programs draw or reckon with: DOT, Mermaid and GraphML.

Names are only ever labels: what connects the parts is a number. Each format has its own way to
write what a name must not say, so that any name comes out of the other program as it went in;
only what cannot stand in a line of a picture (control characters, line breaks) becomes a space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree


@dataclass(frozen=True, slots=True)
class GraphNode:
    """`facts` are named values: text, whole numbers or yes and no; `zone` groups nodes."""

    label: str
    zone: str = ""
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """From `tail`, which needs, to `head`, which is needed: positions of nodes. `line` is solid,
    dashed or dotted."""

    tail: int
    head: int
    line: str = "solid"
    label: str = ""
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)


def _one_line(text: str) -> str:
    """`text` without what no format can hold: control characters, halves of characters."""
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or _can_stand(ord(character))
    )
    return " ".join(kept.split())


def _can_stand(code: int) -> bool:
    is_control = code < 0x20 or 0x7F <= code < 0xA0
    is_half, is_no_character = 0xD800 <= code < 0xE000, code & 0xFFFE == 0xFFFE
    return not (is_control or is_half or is_no_character)


# --- DOT -----------------------------------------------------------------------------------


def dot(nodes: Sequence[GraphNode], edges: Sequence[GraphEdge], title: str) -> str:
    """For Graphviz: zones are clusters."""
    lines = [
        "digraph {",
        f"  graph [label={_dot_text(title)} labelloc=t rankdir=TB fontname=sans]",
        "  node [shape=box fontname=sans]",
        "  edge [fontname=sans]",
    ]
    for number, (zone, members) in enumerate(_by_zone(nodes).items()):
        own = [f"n{node} [label={_dot_text(nodes[node].label)}]" for node in members]
        if zone:
            lines += [
                f"  subgraph cluster_{number} {{",
                f"    graph [label={_dot_text(zone)}]",
                *(f"    {one}" for one in own),
                "  }",
            ]
        else:
            lines += [f"  {one}" for one in own]
    for edge in edges:
        label = f" label={_dot_text(edge.label)}" if edge.label else ""
        lines.append(f"  n{edge.tail} -> n{edge.head} [style={edge.line}{label}]")
    return "\n".join([*lines, "}", ""])


def _by_zone(nodes: Sequence[GraphNode]) -> dict[str, list[int]]:
    zones: dict[str, list[int]] = {}
    for position, node in enumerate(nodes):
        zones.setdefault(node.zone, []).append(position)
    return zones


def _dot_text(text: str) -> str:
    """A quoted string. Graphviz reads backslashes and HTML entities in labels, so both are
    written as what they stand for."""
    escaped = _one_line(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# --- Mermaid -------------------------------------------------------------------------------

_MERMAID_LINES = {"solid": "-->", "dashed": "-.->", "dotted": "-.->"}


def mermaid(nodes: Sequence[GraphNode], edges: Sequence[GraphEdge], title: str) -> str:
    """A flowchart for Markdown pages: zones are subgraphs."""
    lines = [f"%% {_one_line(title)}", "flowchart TB"]
    for number, (zone, members) in enumerate(_by_zone(nodes).items()):
        own = [f"n{node}[{_mermaid_text(nodes[node].label)}]" for node in members]
        if zone:
            lines.append(f"  subgraph z{number}[{_mermaid_text(zone)}]")
            lines += [f"    {one}" for one in own]
            lines.append("  end")
        else:
            lines += [f"  {one}" for one in own]
    for edge in edges:
        label = f"|{_mermaid_text(edge.label)}|" if edge.label else ""
        lines.append(f"  n{edge.tail} {_MERMAID_LINES[edge.line]}{label} n{edge.head}")
    return "\n".join([*lines, ""])


def _mermaid_text(text: str) -> str:
    """Quoted, with every sign that Mermaid or a browser could read as more than a letter written
    by its number."""
    plain = " -_,.()/:"
    return (
        '"'
        + "".join(
            character
            if character.isalnum() or character in plain or ord(character) > 0x2FF
            else f"#{ord(character)};"
            for character in _one_line(text)
        )
        + '"'
    )


# --- GraphML -------------------------------------------------------------------------------

_TYPES: dict[type, str] = {str: "string", int: "long", bool: "boolean"}


def graphml(nodes: Sequence[GraphNode], edges: Sequence[GraphEdge], title: str) -> str:
    """For yEd, Gephi, networkx: every fact is an attribute of its type."""
    root = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    keys: dict[tuple[str, str], str] = {}
    graph = ElementTree.Element("graph", id="map", edgedefault="directed")
    ElementTree.SubElement(graph, "desc").text = _one_line(title)
    for position, node in enumerate(nodes):
        element = ElementTree.SubElement(graph, "node", id=f"n{position}")
        zone = {"zone": node.zone} if node.zone else {}
        _write_facts(root, keys, element, {"label": node.label, **zone, **node.facts})
    for number, edge in enumerate(edges):
        element = ElementTree.SubElement(
            graph, "edge", id=f"e{number}", source=f"n{edge.tail}", target=f"n{edge.head}"
        )
        label = {"label": edge.label} if edge.label else {}
        _write_facts(root, keys, element, {**label, **edge.facts})
    root.append(graph)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _write_facts(
    root: ElementTree.Element,
    keys: dict[tuple[str, str], str],
    element: ElementTree.Element,
    facts: Mapping[str, str | int | bool],
) -> None:
    for name, value in facts.items():
        key = keys.get((element.tag, name))
        if key is None:
            key = keys[element.tag, name] = f"d{len(keys)}"
            ElementTree.SubElement(
                root,
                "key",
                {
                    "id": key,
                    "for": element.tag,
                    "attr.name": name,
                    "attr.type": _TYPES[type(value)],
                },
            )
        text = str(value).lower() if isinstance(value, bool) else _one_line(str(value))
        ElementTree.SubElement(element, "data", key=key).text = text
