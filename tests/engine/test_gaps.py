"""The gap list names what is missing, whose it is, how bad it is and what fixes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from bcp.engine.acceptance import (
    Acceptance,
    AcceptanceState,
    facts_of,
    identity_of,
    state_of,
)
from bcp.engine.analysis import analyse
from bcp.engine.durations import MINUTES_PER_DAY
from bcp.engine.estate import (
    TIERS,
    Contact,
    Content,
    Copy,
    Dependency,
    EscalationPath,
    EscalationStep,
    Estate,
    Exercise,
    ExerciseType,
    Kind,
    Outcome,
    Procedure,
    Site,
    Strategy,
    System,
    Team,
    TierPolicy,
)
from bcp.engine.results import Gap, Severity
from tests.engine.estates import TODAY, estates_in_scenarios

COMPLETE = System(
    "7",
    "ERP",
    tier=1,
    site="HQ",
    strategy=Strategy.REBUILD,
    rto_minutes=240,
    duration_minutes=60,
    owner="Ada",
    technical_owner="Bo",
)
ADA = Contact("1", "Ada", ("+1",), "+2", "24x7", True, None, TODAY)
BO = Contact("2", "Bo", ("+3",), "+4", "24x7", True, None, TODAY)
SAFE = Copy(
    0,
    "",
    "",
    content=Content.CONFIGURATION,
    interval_minutes=60,
    run_minutes=1,
    lag_minutes=0,
    retention_minutes=60 * MINUTES_PER_DAY,
    locked_minutes=60 * MINUTES_PER_DAY,
    restore_tested_on=TODAY,
    restore_outcome=Outcome.SUCCESS,
)
KEPT = Estate(
    "acme",
    systems=(COMPLETE,),
    sites=(Site("HQ"),),
    contacts=(ADA, BO),
    teams=(Team("Servers", mobilise_day_minutes=0, mobilise_night_minutes=0),),
    paths=(EscalationPath("default", (EscalationStep("Ada"),), is_default=True),),
    detection_minutes=0,
)


def protected(estate: Estate) -> Estate:
    """The estate with nothing to say against its backups, procedures and exercises."""
    everybody = range(len(estate.systems))
    policies = {policy.tier: policy for policy in estate.tier_policies}
    return replace(
        estate,
        copies=tuple(
            replace(SAFE, system=index, key=f"{index}{site}", name=site, medium=site, site=site)
            for index in everybody
            for site in ("Vault", "Cloud")
        ),
        procedures=tuple(Procedure(index, approved=True) for index in everybody),
        exercises=tuple(
            Exercise(index, "talk", ExerciseType.TABLETOP, TODAY, Outcome.SUCCESS)
            for index in everybody
        ),
        tier_policies=tuple(
            replace(
                policies.get(tier, TierPolicy(tier, str(tier))),
                minimum_exercise=ExerciseType.TABLETOP,
            )
            for tier in TIERS
        ),
    )


def gaps_of(estate: Estate, scenario: str = "everything") -> list[Gap]:
    return list(analyse(protected(estate), scenario, today=TODAY).gaps)


def with_system(**changes: object) -> Estate:
    return replace(KEPT, systems=(replace(COMPLETE, **changes),))


def with_contact(**changes: object) -> Estate:
    return replace(KEPT, contacts=(replace(ADA, **changes), BO))


def test_a_well_kept_estate_has_no_gaps():
    assert gaps_of(KEPT) == []


@pytest.mark.parametrize(
    ("estate", "code", "severity", "subject"),
    [
        (with_system(owner=None), "owner_missing", Severity.MEDIUM, ("system", "7")),
        (
            with_system(technical_owner=None),
            "technical_owner_missing",
            Severity.MEDIUM,
            ("system", "7"),
        ),
        (with_system(strategy=None), "strategy_missing", Severity.HIGH, ("system", "7")),
        (with_system(strategy=Strategy.NONE), "strategy_missing", Severity.HIGH, ("system", "7")),
        (with_system(site=None), "site_missing", Severity.MEDIUM, ("system", "7")),
        (with_system(rto_minutes=None), "target_missing", Severity.HIGH, ("system", "7")),
        (with_system(duration_minutes=None), "duration_unknown", Severity.HIGH, ("system", "7")),
        (with_system(rto_minutes=30), "rto_missed", Severity.HIGH, ("system", "7")),
        (with_system(owner="Bo"), "single_point_of_failure", Severity.HIGH, ("system", "7")),
        (with_system(team="Ghosts"), "mobilisation_unknown", Severity.MEDIUM, ("team", "Ghosts")),
        (
            replace(with_system(team="Servers"), teams=(Team("Servers", mobilise_day_minutes=5),)),
            "mobilisation_unknown",
            Severity.MEDIUM,
            ("team", "Servers"),
        ),
        (with_contact(verified_on=None), "stale_contact", Severity.MEDIUM, ("contact", "1")),
        (
            with_contact(verified_on=TODAY - timedelta(days=90)),
            "stale_contact",
            Severity.MEDIUM,
            ("contact", "1"),
        ),
        (
            with_contact(independent_phone=""),
            "no_independent_phone",
            Severity.MEDIUM,
            ("contact", "1"),
        ),
        (
            replace(KEPT, contacts=(ADA, replace(BO, may_declare=False))),
            "single_point_of_failure",
            Severity.HIGH,
            ("contact", "1"),
        ),
        (
            with_contact(coverage="Mo-Fr 08:00-18:00"),
            "no_authority",
            Severity.HIGH,
            ("path", "default"),
        ),
        (
            replace(KEPT, contacts=(ADA, replace(BO, coverage="weekdays"))),
            "bad_coverage",
            Severity.MEDIUM,
            ("contact", "2"),
        ),
        (replace(KEPT, paths=()), "no_default_path", Severity.HIGH, ("organisation", "acme")),
    ],
)
def test_each_gap_is_the_only_one_of_its_estate(estate, code, severity, subject):
    (gap,) = gaps_of(estate)
    assert (gap.code, gap.severity) == (code, severity)
    assert (gap.subject_kind, gap.subject_key) == subject
    assert (gap.system is None) == (gap.subject_kind != "system")
    assert str(gap.says)
    assert str(gap.fix)


def test_a_contact_verified_89_days_ago_is_fresh():
    assert gaps_of(with_contact(verified_on=TODAY - timedelta(days=89))) == []


def test_a_deputy_makes_one_person_not_alone():
    assert gaps_of(with_system(owner="Bo", deputy="Ada")) == []
    (gap,) = gaps_of(with_system(owner="Bo", deputy="Bo"))
    assert gap.code == "single_point_of_failure"


def test_suppliers_and_processes_need_no_site():
    assert gaps_of(with_system(site=None, kind=Kind.SUPPLIER)) == []
    process = gaps_of(with_system(site=None, kind=Kind.PROCESS))
    assert {gap.code for gap in process} == {"impact_missing"}


def test_a_system_without_a_tier_needs_no_target():
    assert gaps_of(with_system(tier=None, rto_minutes=None)) == []


def test_a_missing_target_says_what_the_tier_promises():
    estate = replace(
        with_system(rto_minutes=None), tier_policies=(TierPolicy(1, "critical", rto_minutes=120),)
    )
    (gap,) = gaps_of(estate)
    assert str(gap.fix).endswith("its tier promises 2 h")


def test_the_same_gap_weighs_less_in_a_lower_tier():
    severities = [gaps_of(with_system(tier=tier, strategy=None))[0].severity for tier in (1, 2, 3)]
    assert severities == [Severity.HIGH, Severity.MEDIUM, Severity.LOW]


def test_a_missed_target_names_the_longest_work_on_the_way():
    slow = replace(COMPLETE, key="8", name="SAN", duration_minutes=300, rto_minutes=300)
    estate = replace(
        KEPT,
        systems=(replace(COMPLETE, rto_minutes=355), slow),
        dependencies=(Dependency(0, 1),),
    )
    missed = [gap for gap in gaps_of(estate) if gap.code == "rto_missed"]
    assert [str(gap.says) for gap in missed] == [
        "“ERP” is restored after 6 h; its target is 5 h 55 min, missed by 5 min"
    ]
    assert "the longest work is that of “SAN”, 5 h" in str(missed[0].fix)
    required = [gap for gap in gaps_of(estate) if gap.code == "rto_required_missed"]
    assert [str(gap.says) for gap in required] == [
        "“SAN” is restored after 5 h; “ERP” needs it within 4 h 55 min"
    ]


def test_what_is_needed_before_the_disruption_has_no_time_left():
    slow = replace(COMPLETE, key="8", name="SAN", rto_minutes=None, duration_minutes=60)
    estate = replace(
        KEPT,
        systems=(replace(COMPLETE, rto_minutes=60, duration_minutes=100), slow),
        dependencies=(Dependency(0, 1),),
    )
    (gap,) = [gap for gap in gaps_of(estate) if gap.code == "rto_required_missed"]
    assert str(gap.says) == (
        "“SAN” is restored after 1 h; for “ERP” no time is left for it: the work that follows is "
        "40 min too long by itself"
    )
    assert str(gap.fix).startswith("Shorten the work of “ERP” and of what waits for it")


def test_a_missed_target_says_what_rests_on_a_duration_that_nobody_knows():
    """The time is at least, what is asked of the system below at most, and nobody proposes the
    known part as a target (G8)."""
    slow = replace(COMPLETE, key="8", name="SAN", rto_minutes=None, duration_minutes=300)
    middle = replace(COMPLETE, key="9", name="Grid", rto_minutes=None, duration_minutes=None)
    estate = replace(
        KEPT,
        systems=(replace(COMPLETE, rto_minutes=240, duration_minutes=60), slow, middle),
        dependencies=(Dependency(0, 2), Dependency(2, 1)),
    )
    said = {(gap.code, gap.subject_key): gap for gap in gaps_of(estate)}
    missed = said["rto_missed", "7"]
    assert str(missed.says) == (
        "“ERP” is restored after at least 6 h; its target is 4 h, missed by at least 2 h"
    )
    assert str(missed.fix) == (
        "Find out what is unknown, shorten what it waits for (the longest work that is known is "
        "that of “SAN”, 5 h), or propose a target of more than 6 h"
    )
    assert str(said["rto_required_missed", "8"].says) == (
        "“SAN” is restored after 5 h; “Grid” needs it within at most 3 h"
    )
    assert str(said["conflict_g3", "8"].says) == (
        "for “ERP” to be restored within 4 h, “SAN” must be back within at most 3 h, but it is "
        "back after 5 h"
    )


def test_an_acceptance_ends_when_what_was_accepted_comes_to_rest_on_an_unknown():
    """The known part is the same nine hours as before: what was accepted were nine hours, not at
    least nine."""
    below = replace(COMPLETE, key="8", name="SAN", rto_minutes=None, duration_minutes=0)
    estate = replace(
        KEPT,
        systems=(replace(COMPLETE, rto_minutes=30, duration_minutes=60), below),
        dependencies=(Dependency(0, 1),),
    )
    unknown = replace(estate, systems=(estate.systems[0], replace(below, duration_minutes=None)))
    before, now = (
        next(gap for gap in gaps_of(one) if gap.code == "rto_missed") for one in (estate, unknown)
    )
    accepted = Acceptance(identity_of(before), facts_of(before), TODAY)
    assert state_of(before, accepted, today=TODAY) is AcceptanceState.ACCEPTED
    assert state_of(now, accepted, today=TODAY) is AcceptanceState.CHANGED


def test_what_is_back_just_in_time_is_no_gap():
    below = replace(COMPLETE, key="8", name="SAN", rto_minutes=60)
    above = replace(COMPLETE, rto_minutes=120)
    estate = replace(KEPT, systems=(above, below), dependencies=(Dependency(0, 1),))
    assert gaps_of(estate) == []


def test_a_loop_says_who_waits_for_whom_and_which_note_opens_it():
    other = replace(COMPLETE, key="8", name="AD")
    estate = replace(
        KEPT,
        systems=(COMPLETE, other),
        dependencies=(Dependency(0, 1), Dependency(1, 0)),
    )
    loop = gaps_of(estate)[0]
    assert (loop.code, loop.severity) == ("loop", Severity.HIGH)
    assert "ERP → AD → ERP" in str(loop.says)
    assert "how “ERP” is started without “AD”" in str(loop.fix)


def test_conflicts_are_gaps_of_the_dependency():
    below = replace(COMPLETE, key="8", name="SAN", tier=2, rto_minutes=480)
    estate = replace(KEPT, systems=(COMPLETE, below), dependencies=(Dependency(0, 1),))
    found = {gap.code: gap.subject_key for gap in gaps_of(estate)}
    assert found == {"conflict_g1": "8", "conflict_g4": "8"}


def test_the_worst_gaps_come_first():
    systems = (
        replace(COMPLETE, key="1", name="A", tier=3, rto_minutes=59),
        replace(COMPLETE, key="2", name="B", tier=1, rto_minutes=50),
        replace(COMPLETE, key="3", name="C", tier=1, rto_minutes=10),
        replace(COMPLETE, key="4", name="D", tier=4, owner=None),
    )
    found = [(gap.code, gap.subject_key) for gap in gaps_of(replace(KEPT, systems=systems))]
    assert found == [
        ("rto_missed", "3"),
        ("rto_missed", "2"),
        ("rto_missed", "1"),
        ("owner_missing", "4"),
    ]


@given(estates_in_scenarios())
def test_every_unknown_duration_and_missed_target_is_a_gap(case):
    estate, scenario = case
    analysis = analyse(estate, scenario, today=TODAY)
    found = {(gap.code, gap.system) for gap in analysis.gaps}
    for result in analysis.systems:
        unknown = result.duration_minutes is None
        assert (("duration_unknown", result.index) in found) == unknown
        assert (("rto_missed", result.index) in found) == bool(result.misses_minutes)
    for loop in analysis.loops:
        assert ("loop", loop.open_edges[0][0]) in found
