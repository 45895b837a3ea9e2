"""Confirmed dependencies: what asks for another look, against a plain comparison."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bcp.engine.estate import Dependency, Estate, NeededTo, Review, System
from bcp.engine.reviews import (
    Need,
    ReviewState,
    difference,
    doubts_of,
    facts_of,
    needs_of,
    states_of,
)
from tests.engine.estates import TODAY

ERP, DATABASE, DNS = 0, 1, 2
SYSTEMS = (System("erp", "ERP"), System("db", "Database"), System("dns", "DNS"))
EDGES = (Dependency(ERP, DATABASE), Dependency(ERP, DNS, NeededTo.RUN, "Use the hosts file"))


def confirmed(days_ago: int = 0) -> Estate:
    """The ERP's needs, confirmed some days ago."""
    estate = Estate("acme", SYSTEMS, EDGES)
    facts = facts_of(needs_of(estate, [ERP])[ERP])
    return replace(estate, reviews=(Review(ERP, facts, TODAY - timedelta(days=days_ago)),))


def state(estate: Estate) -> ReviewState:
    return states_of(estate, [ERP], today=TODAY)[ERP]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, ReviewState.CURRENT), (179, ReviewState.CURRENT), (180, ReviewState.OVERDUE)],
)
def test_a_confirmation_lasts_half_a_year(days, expected):
    assert state(confirmed(days)) is expected


def test_what_nobody_confirmed_is_so_for_ever():
    assert state(Estate("acme", SYSTEMS, EDGES)) is ReviewState.NEVER


@pytest.mark.parametrize(
    "edges",
    [
        EDGES[:1],
        (),
        (*EDGES, Dependency(ERP, ERP)),
        (replace(EDGES[0], needed_to=NeededTo.RUN), EDGES[1]),
        (EDGES[0], replace(EDGES[1], bootstrap="")),
        (EDGES[0], replace(EDGES[1], bootstrap="Use the other file")),
    ],
)
def test_a_need_that_went_came_or_changed_asks_for_another_look(edges):
    assert state(replace(confirmed(500), dependencies=edges)) is ReviewState.CHANGED


def test_names_order_and_the_needs_of_others_change_nothing():
    estate = confirmed()
    renamed = tuple(replace(one, name=f"{one.name} 2") for one in SYSTEMS)
    edges = (*reversed(EDGES), Dependency(DATABASE, DNS))
    assert state(replace(estate, systems=renamed, dependencies=edges)) is ReviewState.CURRENT


def test_a_map_flags_nothing_before_the_first_confirmation_and_then_what_is_open():
    nobody = Estate("acme", SYSTEMS, EDGES)
    assert doubts_of(nobody, ReviewState.NEVER) == ()
    begun = confirmed()
    assert doubts_of(begun, ReviewState.CURRENT) == ()
    said = {one: str(doubts_of(begun, one)[0]) for one in ReviewState if one != "current"}
    assert said[ReviewState.OVERDUE] == "dependencies not confirmed for 180 days"
    assert len(set(said.values())) == 3


NEEDS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.sampled_from([one.value for one in NeededTo]), st.sampled_from(["", "n1", "n2"])),
)


def needs(found: dict[str, tuple[str, str]]) -> tuple[Need, ...]:
    return tuple(Need(key, key.upper(), *purpose) for key, purpose in found.items())


@hypothesis_settings(max_examples=150)
@given(NEEDS, NEEDS)
def test_differences_are_those_of_two_plain_tables(then, now):
    found = difference(needs(then), needs(now))
    assert {one.key for one in found.came} == now.keys() - then.keys()
    assert {one.key for one in found.went} == then.keys() - now.keys()
    both = {key for key in then.keys() & now.keys() if then[key] != now[key]}
    assert {one.now.key for one in found.altered} == both
    assert bool(found) == (then != now)
    assert (facts_of(needs(then)) == facts_of(needs(now))) == (then == now)
