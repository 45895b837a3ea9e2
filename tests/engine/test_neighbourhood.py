"""The part of an estate that the map shows around one system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.engine.estate import Dependency, Estate, NeededTo, System
from bcp.engine.neighbourhood import Direction, neighbourhood
from bcp.engine.rejection import Rejected
from tests.engine.estates import estates

# portal -> erp -> san <- wiki, and erp <- reports
NAMES = ("portal", "erp", "san", "wiki", "reports")
ESTATE = Estate(
    "acme",
    tuple(System(name, name) for name in NAMES),
    (
        Dependency(0, 1),
        Dependency(1, 2, NeededTo.FULL_SERVICE),
        Dependency(3, 2, bootstrap="read-only copy"),
        Dependency(4, 1, NeededTo.RUN),
        Dependency(0, 2),
    ),
)


def test_depth_one_is_the_direct_needs_and_dependents_of_every_kind():
    found = neighbourhood(ESTATE, 1, 1)
    assert list(found.items()) == [(1, 0), (0, 1), (2, 1), (4, 1)]


def test_both_directions_do_not_turn_around_on_the_way():
    """The wiki shares the storage with the ERP but neither needs the other."""
    assert 3 not in neighbourhood(ESTATE, 1, 5)


def test_each_direction_alone():
    assert list(neighbourhood(ESTATE, 1, 2, Direction.NEEDS)) == [1, 2]
    assert neighbourhood(ESTATE, 2, 2, Direction.NEEDED_BY) == {
        2: 0,
        0: 1,
        1: 1,
        3: 1,
        4: 2,
    }


def test_depth_zero_is_the_system_alone():
    assert neighbourhood(ESTATE, 1, 0) == {1: 0}


@pytest.mark.parametrize(("focus", "depth"), [(5, 1), (-1, 1), (0, -1)])
def test_a_focus_or_depth_that_cannot_be_is_refused(focus, depth):
    with pytest.raises(Rejected):
        neighbourhood(ESTATE, focus, depth)


@given(estates(), st.integers(min_value=0, max_value=4), st.data())
def test_distances_are_the_fewest_steps(estate, depth, data):
    focus = data.draw(st.integers(min_value=0, max_value=len(estate.systems) - 1))
    reached = {focus: 0}
    for step in range(1, depth + 1):
        for edge in estate.dependencies:
            if reached.get(edge.dependent) == step - 1:
                reached.setdefault(edge.dependency, step)
    assert neighbourhood(estate, focus, depth, Direction.NEEDS) == reached
