"""What stops, degrades or goes on by hand, against a plain reading of the rules (G5, G6, G10)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.blast_radius import affected_by, scenario_of, strike
from bcp.engine.estate import (
    Contact,
    Dependency,
    EscalationPath,
    EscalationStep,
    Estate,
    Kind,
    NeededTo,
    Site,
    System,
)
from bcp.engine.harm import limit_says, onset_of, urgency
from bcp.engine.impacts import BANDS_MINUTES, Category, Impact, ProcessImpact
from bcp.engine.scenario import lost_systems
from bcp.engine.telling import declarers, paths_to_climb, to_be_told, with_nobody
from tests.engine import brute_force
from tests.engine.estates import estates

often = settings(max_examples=80)


def fewest_steps(estate: Estate, lost: set[int]) -> dict[int, int]:
    """Rounds of "whoever needs one that is down is down", counted."""
    steps = dict.fromkeys(lost, 0)
    for number in range(1, len(estate.systems) + 1):
        for edge in brute_force.gating(estate):
            if steps.get(edge.dependency) == number - 1:
                steps.setdefault(edge.dependent, number)
    return steps


@often
@given(estates(largest=10), st.data())
def test_waves_are_the_fewest_steps_to_what_is_lost(estate, data):
    lost = data.draw(st.sets(st.integers(0, len(estate.systems) - 1)))
    radius = strike(estate, lost)
    found = {one: steps for steps, wave in enumerate(radius.waves) for one in wave}
    assert found == fewest_steps(estate, lost)
    assert len(radius.stopped) == len(found)
    assert set(found) - lost == affected_by(estate, lost)
    pairs = {(edge.dependent, edge.dependency) for edge in brute_force.gating(estate)}
    assert set(radius.through) == set(found) - lost
    for system, through in radius.through.items():
        assert (system, through) in pairs
        assert found[through] == found[system] - 1


@often
@given(estates(largest=10), st.data())
def test_what_goes_on_misses_exactly_what_stops(estate, data):
    lost = data.draw(st.sets(st.integers(0, len(estate.systems) - 1)))
    radius = strike(estate, lost)
    stopped = set(fewest_steps(estate, lost))
    by_hand: dict[int, set[int]] = {}
    degraded: dict[int, set[int]] = {}
    for edge in estate.dependencies:
        if edge.dependent not in stopped and edge.dependency in stopped:
            kind = degraded if edge.needed_to is NeededTo.FULL_SERVICE else by_hand
            kind.setdefault(edge.dependent, set()).add(edge.dependency)
            assert edge.bootstrap or edge.needed_to is NeededTo.FULL_SERVICE
    assert {one: set(without) for one, without in radius.by_hand.items()} == by_hand
    assert {one: set(without) for one, without in radius.degraded.items()} == degraded


def test_the_most_critical_of_a_wave_come_first_and_those_without_a_tier_last():
    tiers = (1, None, 3, 1, 2)
    systems = tuple(System(str(at), str(at), tier=tier) for at, tier in enumerate(tiers))
    edges = tuple(Dependency(at, 0) for at in range(1, len(systems)))
    assert strike(Estate("acme", systems, edges), [0]).waves == ((0,), (3, 4, 2, 1))
    wanting = tuple(replace(edge, needed_to=NeededTo.FULL_SERVICE) for edge in edges)
    assert list(strike(Estate("acme", systems, wanting), [0]).degraded) == [3, 4, 2, 1]


def test_a_note_on_what_is_only_wanted_for_full_service_makes_it_no_break_glass_way():
    systems = (System("a", "ERP"), System("b", "Reports"), System("c", "Shop"))
    edges = (
        Dependency(1, 0, NeededTo.FULL_SERVICE, "Read the paper"),
        Dependency(2, 0, NeededTo.RUN, "Orders on paper"),
    )
    radius = strike(Estate("acme", systems, edges), [0])
    assert (radius.by_hand, radius.degraded) == ({2: (0,)}, {1: (0,)})


def test_a_chosen_site_takes_its_zone_and_a_supplier_only_itself():
    systems = (
        System("a", "ERP", site="HQ"),
        System("b", "Archive", site="Annex"),
        System("c", "Payroll Ltd", kind=Kind.SUPPLIER),
        System("d", "Mail", site="Cloud"),
    )
    sites = (Site("HQ", "city"), Site("Annex", "city"), Site("Cloud"))
    estate = Estate("acme", systems, (), sites=sites)
    scenario = scenario_of(estate, [2], ["HQ"])
    assert lost_systems(scenario, estate) == [0, 1, 2]
    assert [part.name for part in scenario.parts] == ["site:HQ", "supplier:Payroll Ltd"]
    assert lost_systems(scenario_of(estate, [3], []), estate) == [3]


def test_a_path_of_sixty_thousand_is_followed():
    count = 60_000
    systems = tuple(System(str(i), str(i)) for i in range(count))
    edges = tuple(Dependency(i, i - 1) for i in range(1, count))
    radius = strike(Estate("acme", systems, edges), [0])
    assert len(radius.waves) == count


def answered(clients: tuple[int | None, ...], others: int | None = 0) -> ProcessImpact:
    """What was said of clients, band by band; of everything else always the same."""
    rest = [
        Impact(one, (others,) * len(BANDS_MINUTES)) for one in Category if one != Category.CLIENTS
    ]
    return ProcessImpact(0, (Impact(Category.CLIENTS, clients), *rest))


def test_harm_begins_where_the_answers_reach_it():
    onset = onset_of(answered((0, 1, 2, 3, 3, 3, 3)))
    assert str(limit_says(onset.serious)) == "after 8 h (Clients)"
    assert str(limit_says(onset.intolerable)) == "after 1 d (Clients)"
    assert str(limit_says(onset.beyond_repair)) == "not within 14 d"


def test_what_nobody_answered_is_unknown_and_never_good():
    onset = onset_of(None)
    assert onset.is_unknown
    assert str(limit_says(onset.serious)) == "unknown"
    late = onset_of(answered((None, None, None, 3, 3, 3, 3)))
    assert str(limit_says(late.intolerable)) == "after 1 d at the latest (Clients)"
    assert not late.is_unknown


def test_the_soonest_hurt_comes_first_and_the_unknown_before_the_harmless():
    soon = onset_of(answered((0, 3, 3, 3, 3, 3, 3)))
    later = onset_of(answered((0, 0, 0, 3, 3, 3, 3)))
    harmless = onset_of(answered((0,) * 7))
    ranked = sorted([harmless, onset_of(None), later, soon], key=urgency)
    assert ranked == [soon, later, onset_of(None), harmless]


PEOPLE = (Contact("1", "Ada", may_declare=True), Contact("2", "Bo"), Contact("3", "Cy"))
PATHS = (
    EscalationPath("main", (EscalationStep("Ada"),), is_default=True),
    EscalationPath("plant", (EscalationStep("Bo"),)),
)


def test_those_who_answer_for_most_are_told_first():
    systems = (
        System("a", "ERP", owner="Ada", technical_owner="Bo", deputy="Cy"),
        System("b", "SAN", owner="Bo", technical_owner="Bo", escalation="plant"),
        System("c", "Mail", deputy="Cy"),
        System("d", "Untouched", owner="Ada"),
    )
    estate = Estate("acme", systems, (), contacts=PEOPLE, paths=PATHS)
    people = to_be_told(estate, [0, 1, 2])
    assert [(one.name, one.systems) for one in people] == [("Bo", 2), ("Cy", 2), ("Ada", 1)]
    assert (people[0].owns, people[0].runs, people[1].deputises) == ((1,), (0, 1), (0, 2))
    assert with_nobody(estate, [0, 1, 2]) == [2]
    climbed = paths_to_climb(estate, [0, 1, 2])
    assert [(one.path.name, one.systems) for one in climbed] == [("main", 2), ("plant", 1)]
    assert [one.name for one in declarers(estate)] == ["Ada"]
