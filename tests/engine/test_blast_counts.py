"""Who is affected when a system is lost."""

from __future__ import annotations

from hypothesis import given, settings

from bcp.engine.blast_counts import blast_counts
from bcp.engine.blast_radius import affected_by
from bcp.engine.estate import Dependency, Estate, System
from tests.engine import brute_force
from tests.engine.estates import estates

often = settings(max_examples=100)


@often
@given(estates(largest=12))
def test_counts_are_those_of_a_search_per_system(estate):
    expected = [len(brute_force.affected(estate, i)) for i in range(len(estate.systems))]
    assert blast_counts(estate) == expected


def test_counts_of_thousands_agree_with_a_search_for_some_of_them():
    count = 9_000
    edges = [
        Dependency(u, v)
        for u in range(1, count)
        for v in {u * 7919 % u if u % 5 else u - 1, u * u % 104729 % u}
    ]
    estate = Estate("acme", tuple(System(str(i), str(i)) for i in range(count)), tuple(edges))
    counts = blast_counts(estate)
    for index in range(0, count, 450):
        assert counts[index] == len(affected_by(estate, [index]))


@often
@given(estates())
def test_those_affected_by_two_losses_are_those_of_either(estate):
    last = len(estate.systems) - 1
    expected = brute_force.affected(estate, 0) | brute_force.affected(estate, last)
    assert affected_by(estate, [0, last]) == expected - {0, last}


def test_a_path_of_sixty_thousand_is_counted():
    count = 60_000
    estate = Estate(
        "acme",
        tuple(System(str(i), str(i)) for i in range(count)),
        tuple(Dependency(i, i - 1) for i in range(1, count)),
    )
    assert blast_counts(estate) == list(range(count - 1, -1, -1))


def test_all_members_of_a_ring_take_each_other_down():
    count = 10_000
    estate = Estate(
        "acme",
        tuple(System(str(i), str(i)) for i in range(count)),
        tuple(Dependency(i, (i + 1) % count) for i in range(count)),
    )
    assert blast_counts(estate) == [count - 1] * count
