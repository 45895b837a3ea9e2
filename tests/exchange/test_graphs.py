"""Maps for other programs: networkx and Graphviz read back what was written, whatever the names."""

from __future__ import annotations

import html
import io
import json
import re
import subprocess
from xml.etree import ElementTree

import networkx as nx
import pytest

from bcp.exchange.graphs import GraphEdge, GraphNode, dot, graphml, mermaid

HOSTILE = [
    '<script>alert("1")</script>',
    '"]; evil [label="x',
    "back\\slash \\N \\",
    "&lt;b&gt; & &amp;",
    "<b>bold</b>",
    "قاعدة بيانات العملاء",
    "turn\u202eed",
    "👩‍👩‍👧‍👦 顧客",
    "end",
    "#35; `code` |pipe| {brace} %% note",
    "M" * 200,
    "",
]
NODES = [GraphNode(name, zone=HOSTILE[n % 3], facts={"tier": n}) for n, name in enumerate(HOSTILE)]
EDGES = [
    GraphEdge(n, (n + 1) % len(NODES), line, f"label {name}", {"count": n, "bootstrap": n == 2})
    for n, (name, line) in enumerate(zip(HOSTILE, ["solid", "dashed", "dotted"] * 4, strict=True))
]


def run_dot(source: str, output: str) -> str:
    done = subprocess.run(
        ["dot", f"-T{output}"], input=source, capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stderr == ""
    return done.stdout


def test_networkx_reads_every_node_edge_and_fact_back() -> None:
    graph = nx.read_graphml(io.BytesIO(graphml(NODES, EDGES, "Map <&>").encode()))
    assert graph.is_directed()
    assert [graph.nodes[f"n{n}"]["label"] or "" for n in range(len(NODES))] == HOSTILE
    assert [graph.nodes[f"n{n}"]["tier"] for n in range(len(NODES))] == list(range(len(NODES)))
    assert graph.nodes["n1"]["zone"] == HOSTILE[1]
    assert {(int(u[1:]), int(v[1:])) for u, v in graph.edges} == {(e.tail, e.head) for e in EDGES}
    assert graph.edges["n2", "n3"] == {
        "id": "e2",
        "label": f"label {HOSTILE[2]}",
        "count": 2,
        "bootstrap": True,
    }


def test_graphviz_draws_every_name_as_it_is_written() -> None:
    picture = ElementTree.fromstring(run_dot(dot(NODES, EDGES, "Map"), "svg"))
    texts = {
        "".join(one.itertext()).replace("\xa0", " ")
        for one in picture.iter("{http://www.w3.org/2000/svg}text")
    }
    for name in HOSTILE:
        if name:
            assert " ".join(name.split()) in texts


def test_graphviz_finds_the_same_graph() -> None:
    graph = json.loads(run_dot(dot(NODES, EDGES, "Map"), "json"))
    clusters = [one for one in graph["objects"] if one["name"].startswith("cluster")]
    nodes = {one["_gvid"]: one["name"] for one in graph["objects"] if one not in clusters}
    assert sorted(nodes.values()) == sorted(f"n{n}" for n in range(len(NODES)))
    assert len(clusters) == 3
    ends = {(nodes[one["tail"]], nodes[one["head"]]) for one in graph["edges"]}
    assert ends == {(f"n{one.tail}", f"n{one.head}") for one in EDGES}
    assert {one["style"] for one in graph["edges"]} == {"solid", "dashed", "dotted"}


def test_mermaid_names_are_letters_and_numbers_of_signs_and_nothing_else() -> None:
    text = mermaid(NODES, EDGES, "Map")
    lines = text.splitlines()
    assert lines[1] == "flowchart TB"
    labels = {}
    for line in lines[2:]:
        sound = re.fullmatch(
            r'\s*(?:(?:subgraph )?([nz]\d+)\["([^"<>\\`|{}\[\]&]*)"\]'
            r'|n\d+ -\.?-?>(?:\|"[^"<>\\`|{}\[\]&]*"\|)? n\d+|end)',
            line,
        )
        assert sound, line
        if sound[1] and sound[1].startswith("n"):
            labels[sound[1]] = html.unescape(re.sub(r"#(\d+);", r"&#\1;", sound[2]))
    assert [labels[f"n{n}"] for n in range(len(NODES))] == HOSTILE
    assert sum("-->" in line or "-.->" in line for line in lines) == len(EDGES)


@pytest.mark.parametrize("write", [dot, mermaid, graphml])
def test_control_characters_and_line_breaks_become_nothing_or_a_space(write) -> None:
    text = write([GraphNode("a\x00b\nc\r\n\td\x1b\ud800\ufffe")], [], "x\ny")
    assert "ab c d" in text
    assert "x y" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\ud800\ufffe]", text)
    text.encode()


@pytest.mark.parametrize("write", [dot, mermaid, graphml])
def test_an_empty_map_is_a_sound_file(write) -> None:
    text = write([], [], "Nothing")
    if write is dot:
        assert json.loads(run_dot(text, "json"))["directed"]
    elif write is graphml:
        assert len(nx.read_graphml(io.BytesIO(text.encode()))) == 0
    else:
        assert text.endswith("flowchart TB\n")
