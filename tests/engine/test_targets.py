"""Promises that contradict each other, and what is required of the systems below (G1, G3, G4)."""

from __future__ import annotations

from hypothesis import given, settings

from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Estate, NeededTo, System
from bcp.engine.results import Analysis, Standing
from tests.engine import brute_force
from tests.engine.estates import TODAY, estates_in_scenarios, with_authority


def analysis_of(systems: list[System], edges: list[Dependency]) -> Analysis:
    return analyse(Estate("acme", tuple(systems), tuple(edges), detection_minutes=0), today=TODAY)


def of_rule(analysis: Analysis, rule: str) -> set[tuple[int, int]]:
    return {(c.dependent, c.dependency) for c in analysis.conflicts if c.rule == rule}


@settings(max_examples=100)
@given(estates_in_scenarios())
def test_pairwise_and_tier_conflicts_are_all_the_edges_that_contradict(case):
    estate, scenario = case
    analysis = analyse(estate, scenario, today=TODAY)
    pairs, tiers = set(), set()
    for edge in brute_force.gating(estate):
        above, below = estate.systems[edge.dependent], estate.systems[edge.dependency]
        pair = edge.dependent, edge.dependency
        both_promise = None not in (above.rto_minutes, below.rto_minutes)
        if both_promise and below.rto_minutes > above.rto_minutes:
            pairs.add(pair)
        if None not in (above.tier, below.tier) and above.tier < below.tier:
            tiers.add(pair)
    assert of_rule(analysis, "G1") == pairs
    assert of_rule(analysis, "G4") == tiers
    assert len(analysis.conflicts) == len(
        {(c.rule, c.dependent, c.dependency) for c in analysis.conflicts}
    )


@settings(max_examples=100)
@given(estates_in_scenarios())
def test_chain_conflicts_are_the_unmet_requirements_that_no_pair_shows(case):
    estate, scenario = case
    analysis = analyse(estate, scenario, today=TODAY)
    pairs = of_rule(analysis, "G1")
    expected = set()
    for result in analysis.systems:
        required, own = result.required_rto_minutes, result.rto_minutes
        if required is None or (result.required_by, result.index) in pairs:
            continue
        if required < (result.restored_minutes if own is None else own):
            expected.add(result.index)
    chains = of_rule(analysis, "G3")
    assert {dependency for _, dependency in chains} == expected
    assert len(chains) == len(expected)
    for promise, _ in chains:
        holder = analysis.systems[promise]
        assert holder.rto_minutes is not None
        assert holder.latest_minutes == holder.rto_minutes


def test_a_dependency_may_not_promise_later_than_its_dependent():
    systems = [System("1", "ERP", rto_minutes=240), System("2", "SAN", rto_minutes=480)]
    analysis = analysis_of(systems, [Dependency(0, 1, NeededTo.RUN)])
    (conflict,) = analysis.conflicts
    assert (conflict.rule, conflict.dependent, conflict.dependency) == ("G1", 0, 1)
    assert str(conflict.says) == (
        "“ERP” is to be restored within 4 h and needs “SAN”, which may take 8 h"
    )


def test_a_chain_breaks_promises_that_hold_pair_by_pair():
    """SAN 2 h ≤ database 3 h ≤ ERP 4 h; but the work between leaves SAN 30 minutes."""
    systems = [
        System("1", "ERP", rto_minutes=240, duration_minutes=120),
        System("2", "Database", rto_minutes=180, duration_minutes=90),
        System("3", "SAN", rto_minutes=120, duration_minutes=10),
    ]
    analysis = analysis_of(systems, [Dependency(0, 1), Dependency(1, 2)])
    assert of_rule(analysis, "G1") == set()
    assert of_rule(analysis, "G3") == {(0, 1), (0, 2)}
    san = analysis.systems[2]
    assert (san.required_rto_minutes, san.required_by, san.slack_minutes) == (30, 1, 20)
    assert [str(c.says) for c in analysis.conflicts if c.dependency == 2] == [
        "for “ERP” to be restored within 4 h, “SAN” must be back within 30 min, "
        "but its target allows 2 h"
    ]


def test_a_system_without_a_target_conflicts_when_it_is_back_too_late():
    systems = [
        System("1", "ERP", rto_minutes=60, duration_minutes=30),
        System("2", "SAN", duration_minutes=45),
    ]
    analysis = analysis_of(systems, [Dependency(0, 1)])
    assert of_rule(analysis, "G3") == {(0, 1)}
    assert "but it is back after at least 45 min" in str(analysis.conflicts[0].says)
    known = with_authority(Estate("acme", tuple(systems), (Dependency(0, 1),)))
    (conflict,) = analyse(known, today=TODAY).conflicts
    assert "but it is back after 45 min" in str(conflict.says)


def test_a_requirement_may_be_before_the_disruption():
    systems = [System("1", "ERP", rto_minutes=60, duration_minutes=90), System("2", "SAN")]
    san = analysis_of(systems, [Dependency(0, 1)]).systems[1]
    assert san.required_rto_minutes == -30
    assert san.slack_minutes == -30


def test_meeting_the_own_target_but_not_what_is_required_is_a_risk():
    systems = [
        System("1", "ERP", rto_minutes=60, duration_minutes=30),
        System("2", "SAN", rto_minutes=50, duration_minutes=45),
    ]
    estate = Estate("acme", tuple(systems), (Dependency(0, 1),), detection_minutes=0)
    firm = analyse(with_authority(estate), today=TODAY)
    assert firm.systems[1].standing is Standing.AT_RISK
    assert firm.systems[0].standing is Standing.MISSES


def test_a_target_of_zero_is_a_target():
    systems = [System("1", "ERP", rto_minutes=0), System("2", "SAN", rto_minutes=5)]
    analysis = analysis_of(systems, [Dependency(0, 1)])
    assert of_rule(analysis, "G1") == {(0, 1)}
    assert analysis.systems[1].required_rto_minutes == 0


def test_edges_that_do_not_gate_contradict_nothing():
    systems = [
        System("1", "ERP", tier=1, rto_minutes=60),
        System("2", "SAN", tier=4, rto_minutes=600),
    ]
    edges = [
        Dependency(0, 1, NeededTo.FULL_SERVICE),
        Dependency(0, 1, NeededTo.REBUILD, bootstrap="restore from tape without it"),
    ]
    analysis = analysis_of(systems, edges)
    assert analysis.conflicts == ()
    assert analysis.systems[1].required_rto_minutes is None


def test_an_unknown_duration_makes_what_it_asks_for_at_most():
    systems = [
        System("1", "Portal", rto_minutes=600, duration_minutes=None),
        System("2", "ERP", duration_minutes=30),
        System("3", "SAN", duration_minutes=10),
        System("4", "Mail", duration_minutes=10),
    ]
    edges = [Dependency(0, 1), Dependency(1, 2), Dependency(0, 3, NeededTo.RUN)]
    results = analysis_of(systems, edges).systems
    assert [result.required_at_most for result in results] == [False, True, True, False]
    assert [result.required_rto_minutes for result in results] == [None, 600, 570, 600]


def test_what_is_too_long_before_the_disruption_is_at_least_so_if_work_in_between_is_unknown():
    systems = (
        System(key="a", name="Shop", rto_minutes=60, duration_minutes=240),
        System(key="b", name="Grid"),
        System(key="c", name="Database", duration_minutes=10),
    )
    estate = with_authority(Estate("Acme", systems, (Dependency(0, 1), Dependency(1, 2))))
    says = {c.dependency: str(c.says) for c in analyse(estate, today=TODAY).conflicts}
    assert "the work that follows it is 3 h too long" in says[1]
    assert "the work that follows it is at least 3 h too long" in says[2]


def test_an_unknown_duration_of_which_nothing_is_asked_makes_no_requirement_at_most():
    """The report takes nobody knows how long, but nobody asks when it is back."""
    systems = [
        System("1", "Report", duration_minutes=None),
        System("2", "ERP", rto_minutes=600, duration_minutes=30),
        System("3", "SAN", duration_minutes=10),
    ]
    san = analysis_of(systems, [Dependency(0, 2), Dependency(1, 2)]).systems[2]
    assert (san.required_rto_minutes, san.required_at_most) == (570, False)


def test_of_two_promises_that_ask_the_same_the_nearer_one_is_named():
    """The ERP promises itself just what the shop above leaves it."""
    systems = [
        System("1", "Shop", rto_minutes=100, duration_minutes=40),
        System("2", "ERP", rto_minutes=60, duration_minutes=30),
        System("3", "SAN", rto_minutes=50, duration_minutes=10),
    ]
    analysis = analysis_of(systems, [Dependency(0, 1), Dependency(1, 2)])
    assert of_rule(analysis, "G3") == {(1, 2)}


def test_a_requirement_before_the_disruption_is_said_to_be_impossible() -> None:
    systems = (
        System(key="a", name="Shop", tier=1, rto_minutes=60, duration_minutes=240),
        System(key="b", name="Database", tier=1, rto_minutes=30, duration_minutes=10),
    )
    estate = with_authority(Estate("Acme", systems, (Dependency(0, 1),)))
    says = [str(conflict.says) for conflict in analyse(estate, today=TODAY).conflicts]
    assert says == [
        "“Shop” cannot be restored within 1 h even if “Database” never failed: "
        "the work that follows it is 3 h too long"
    ]
