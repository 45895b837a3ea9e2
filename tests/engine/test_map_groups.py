"""An estate in groups: everybody in one, every dependency counted once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.estate import Dependency, Estate, Kind, Site, System
from bcp.engine.map_groups import (
    Between,
    Group,
    Grouping,
    Groups,
    best_grouping,
    grouped,
    members_of,
    strongest,
)
from bcp.engine.map_views import MOST_NODES
from tests.engine.estates import estates

SYSTEMS = (
    System("a", "A", tier=1, site="HQ", kind=Kind.PROCESS, owner="Ada", team="Web"),
    System("b", "B", tier=1, site="Annex", owner="Ada"),
    System("c", "C", site="Cloud", team="Web"),
    System("d", "D"),
)
ESTATE = Estate(
    "acme",
    SYSTEMS,
    (Dependency(0, 1), Dependency(0, 2), Dependency(1, 2), Dependency(2, 3), Dependency(3, 1)),
    sites=(Site("HQ", "city"), Site("Annex", "city"), Site("Cloud")),
)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (Grouping.TIER, {"1": (0, 1), "": (2, 3)}),
        (Grouping.SITE, {"Annex": (1,), "Cloud": (2,), "HQ": (0,), "": (3,)}),
        (Grouping.ZONE, {"Cloud": (2,), "city": (0, 1), "": (3,)}),
        (Grouping.KIND, {"application": (1, 2, 3), "business process": (0,)}),
        (Grouping.OWNER, {"Ada": (0, 1), "": (2, 3)}),
        (Grouping.TEAM, {"Web": (0, 2), "": (1, 3)}),
    ],
)
def test_who_belongs_together(by, expected):
    found = grouped(ESTATE, by)
    assert [(group.name, group.systems) for group in found.groups] == list(expected.items())
    for name, systems in expected.items():
        assert members_of(ESTATE, by, name) == systems
    assert members_of(ESTATE, by, "nowhere") == ()


def test_dependencies_are_counted_between_groups_and_inside():
    found = grouped(ESTATE, Grouping.TIER)
    assert [group.inside for group in found.groups] == [1, 1]
    assert [(one.dependent, one.dependency, one.count) for one in found.between] == [
        (0, 1, 2),
        (1, 0, 1),
    ]


def test_of_what_runs_between_many_groups_the_strongest_is_kept_and_of_each_at_least_one():
    def count(one, other):
        return 1 if 0 in (one, other) else 10 + one + other

    groups = Groups(
        tuple(Group(f"G{number}", (number,), 0) for number in range(40)),
        tuple(
            Between(one, other, count(one, other))
            for one in range(40)
            for other in range(40)
            if one != other
        ),
    )
    kept = strongest(groups)
    assert len(kept) == 40 + 24
    assert list(kept) == [one for one in groups.between if one in set(kept)]
    assert {end for one in kept for end in (one.dependent, one.dependency)} == set(range(40))
    assert sum(0 in (one.dependent, one.dependency) for one in kept) == 1
    assert Between(38, 39, 87) in kept


def test_little_between_groups_is_kept_whole():
    found = grouped(ESTATE, Grouping.SITE)
    assert strongest(found) == found.between


@settings(max_examples=50)
@given(estates(), st.sampled_from(Grouping))
def test_every_system_is_in_one_group_and_every_dependency_is_counted_once(estate, by):
    found = grouped(estate, by)
    inside = [system for group in found.groups for system in group.systems]
    assert sorted(inside) == list(range(len(estate.systems)))
    counted = sum(group.inside for group in found.groups)
    counted += sum(one.count for one in found.between)
    assert counted == len(estate.dependencies)
    group_of = {one: n for n, group in enumerate(found.groups) for one in group.systems}
    for one in found.between:
        assert one.count == sum(
            (group_of[edge.dependent], group_of[edge.dependency]) == (one.dependent, one.dependency)
            for edge in estate.dependencies
        )


def test_of_more_groups_than_can_be_read_the_largest_are_kept():
    """Owner n has n systems: the ones with the fewest are left out."""
    systems = [
        System(f"{owner}-{n}", f"{owner}-{n}", owner=f"owner {owner:03}")
        for owner in range(1, MOST_NODES + 4)
        for n in range(owner)
    ]
    found = grouped(Estate("acme", tuple(systems)), Grouping.OWNER)
    assert len(found.groups) == MOST_NODES
    assert (found.left_out, found.systems_left_out) == (3, 1 + 2 + 3)
    assert found.groups[0].name == "owner 004"


@settings(max_examples=50)
@given(estates(), st.data())
def test_a_part_is_grouped_as_if_the_rest_were_not_there(estate, data):
    everybody = list(range(len(estate.systems)))
    within = data.draw(st.lists(st.sampled_from(everybody), unique=True))
    by = data.draw(st.sampled_from(Grouping))
    found = grouped(estate, by, within)
    assert sorted(one for group in found.groups for one in group.systems) == sorted(within)
    inside = sum(
        edge.dependent in within and edge.dependency in within for edge in estate.dependencies
    )
    counted = sum(group.inside for group in found.groups) + sum(one.count for one in found.between)
    assert counted == inside


def test_a_part_is_told_apart_by_few_groups_if_it_can_be():
    systems = [
        System(f"k{n}", f"s{n}", tier=1, site=f"site {n}", owner=f"owner {n % 3}")
        for n in range(MOST_NODES + 1)
    ]
    estate = Estate("acme", tuple(systems))
    everybody = range(len(systems))
    assert best_grouping(estate, everybody) is Grouping.OWNER
    assert best_grouping(estate, range(MOST_NODES)) is Grouping.OWNER
    assert best_grouping(estate, range(24)) is Grouping.SITE
    assert best_grouping(estate, [0]) is None
    alone = Estate("acme", tuple(System(s.key, s.name, site=s.site) for s in systems))
    assert best_grouping(alone, range(MOST_NODES)) is Grouping.SITE
    assert best_grouping(alone, everybody) is Grouping.SITE
