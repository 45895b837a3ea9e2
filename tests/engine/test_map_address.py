"""The address of a map: one way to write each view, and a clear refusal of everything else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.engine.map_address import (
    DEPTHS,
    LONGEST,
    OF_A_SYSTEM,
    Address,
    BadAddress,
    Show,
    read,
)
from bcp.engine.map_groups import Grouping
from bcp.engine.neighbourhood import Direction

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    show = draw(st.sampled_from(Show))
    if show is not Show.ALL and draw(st.booleans()):
        return Address(show)  # the choice of something of that kind
    if show is Show.AROUND:
        way, depth = draw(st.sampled_from(Direction)), draw(st.sampled_from(DEPTHS))
        return Address(show, focus=draw(WORDS), way=way, depth=depth)
    if show in OF_A_SYSTEM:
        return Address(show, focus=draw(WORDS))
    if show is Show.LOOP:
        return Address(show, loop=draw(WORDS))
    if show is Show.SCENARIO:
        return Address(show, scenario=draw(WORDS))
    by = draw(st.none() | st.sampled_from(Grouping))
    every_arrow = draw(st.booleans())
    if show is Show.ALL:
        return Address(show, by=by, every_arrow=every_arrow)
    groups = st.tuples(st.sampled_from(Grouping), st.just("") | WORDS)
    within = draw(st.lists(groups, min_size=1, max_size=len(Grouping), unique=True))
    return Address(show, within=tuple(within), by=by, every_arrow=every_arrow)


@given(addresses())
def test_what_is_written_is_read_back(address: Address) -> None:
    assert read(address.query) == address
    assert read(address.query).query == address.query


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("", ""),
        ("utm_source=mail", ""),
        ("focus=k1&depth=1&way=&show=around", "focus=k1"),
        ("depth=3&focus=k1&way=needs", "focus=k1&way=needs&depth=3"),
        ("show=ground&focus=k1&depth=3", "focus=k1&show=ground"),
        ("by=site&in=tier:1", "in=tier%3A1&by=site"),
        ("in=tier:1&in=tier:1&in=site:A%20B", "in=tier%3A1&in=site%3AA+B"),
        ("in=owner:", "in=owner%3A"),
        ("arrows=all&by=owner", "by=owner&arrows=all"),
        ("focus=k1&arrows=all", "focus=k1"),
        ("scenario=site:HQ&depth=2", "scenario=site%3AHQ"),
        ("focus=k1&focus=k2", "focus=k2"),
        ("show=loop", "show=loop"),
    ],
)
def test_what_goes_without_saying_is_not_written(query: str, written: str) -> None:
    assert read(query).query == written


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("show=hairball", "“show=hairball” is not known; allowed: around, ground, chain, part"),
        ("focus=k1&show=loop", "allowed: around, ground, chain"),
        ("by=owner&arrows=few", "“arrows=few” is not known; allowed: all"),
        ("loop=k1&show=ground", "“show=ground” is not known; allowed: loop"),
        ("focus=k1&way=sideways", "“way=sideways” is not known; allowed: needs, needed-by"),
        ("focus=k1&depth=4", "“depth=4” is not known; allowed: 1, 2, 3"),
        ("focus=k1&depth=%C2%B2", "“depth=²” is not known"),
        ("by=colour", "“by=colour” is not known; allowed: tier, site, zone, kind, owner, team"),
        ("in=HQ", "“in=HQ” is not known; allowed: tier:…, site:…"),
        ("in=colour:red", "“in=colour:red” is not known"),
        ("focus=k1&loop=k2", "several views at once: focus, loop; keep one"),
        ("focus=" + "k" * LONGEST, "longer than 4000 characters"),
        ("&".join(f"in=site:{one}" for one in range(9)), "names 9 groups; at most 6"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is_allowed(query: str, says: str) -> None:
    with pytest.raises(BadAddress, match=re.escape(says)):
        read(query)


def test_a_kind_without_a_subject_asks_for_a_choice() -> None:
    for show in Show:
        assert Address(show).is_choice is (show is not Show.ALL)
