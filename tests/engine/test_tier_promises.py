"""What a tier promises holds only if all of its systems are back in time, together with the people
there are (rules G7, S1)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.estate import (
    Copy,
    Dependency,
    Estate,
    Exercise,
    ExerciseType,
    Kind,
    NeededTo,
    Outcome,
    Procedure,
    Step,
    Strategy,
    System,
    Team,
    TierPolicy,
)
from bcp.engine.promise import Guess, Shortage, TierPromise
from bcp.engine.standing import Standing
from tests.engine.estates import TODAY, estates, with_authority
from tests.engine.people_simulation import HOUR, HOURS

DATABASE = System("db", "Database", tier=2, duration_minutes=120, team="Servers")
SHOP = System("shop", "Shop", tier=1, duration_minutes=60, team="Servers")
TILL = System("till", "Till", tier=1, duration_minutes=30, team="Servers")
ONE = Team("Servers", 5, 1, 0, 0)
MANY = Team("Servers", 5, 5, 0, 0)


def steps(place: int, *minutes: int, team: str | None = None, heads: int | None = 1) -> Procedure:
    return Procedure(place, tuple(Step(one, team=team, heads=heads) for one in minutes))


WRITTEN = (steps(0, 60), steps(1, 120), steps(2, 30))


def promised(*systems: System, minutes: int, **facts) -> TierPromise:
    estate = Estate(
        "acme",
        systems,
        tier_policies=(TierPolicy(1, "Critical", rto_minutes=minutes),),
        **{"teams": (MANY,), "procedures": WRITTEN[: len(systems)], **facts},
    )
    (found,) = analyse(with_authority(estate), today=TODAY).tier_promises
    return found


def test_one_late_system_breaks_the_promise_of_all():
    needs = (Dependency(0, 1),)
    found = promised(SHOP, DATABASE, TILL, dependencies=needs, minutes=179)
    assert (found.standing, found.together.late, found.systems) == (Standing.MISSES, (0,), (0, 2))
    assert found.unlimited_minutes == found.together.found_minutes == 180
    kept = promised(SHOP, DATABASE, TILL, dependencies=needs, minutes=180)
    assert (kept.standing, kept.together.late) == (Standing.MEETS, ())
    assert kept.together.shortage is None


def test_an_unknown_below_one_of_them_leaves_the_promise_open():
    unknown = replace(DATABASE, duration_minutes=None)
    facts = {"dependencies": (Dependency(0, 1),), "procedures": (WRITTEN[0], WRITTEN[2])}
    found = promised(SHOP, unknown, TILL, minutes=90, **facts)
    assert (found.standing, found.unlimited_at_least, found.unlimited_minutes) == (
        Standing.UNKNOWN,
        True,
        60,
    )
    assert promised(SHOP, unknown, TILL, minutes=59, **facts).standing is Standing.MISSES


def test_a_tier_without_systems_or_without_a_promise():
    assert promised(DATABASE, minutes=60).systems == ()
    estate = Estate("acme", (SHOP,), tier_policies=(TierPolicy(1, "Critical"),))
    assert not analyse(estate, today=TODAY).tier_promises


def test_one_person_cannot_be_at_two_systems_at_once():
    found = promised(SHOP, replace(DATABASE, tier=1), TILL, teams=(ONE,), minutes=209)
    assert (found.unlimited_minutes, found.together.found_minutes) == (120, 210)
    assert (found.standing, found.together.no_sooner_minutes) == (Standing.MISSES, 210)
    assert found.together.shortage == Shortage("Servers", 5, 1, 210)
    kept = promised(SHOP, replace(DATABASE, tier=1), TILL, teams=(ONE,), minutes=210)
    assert kept.standing is Standing.MEETS


def test_a_step_for_two_waits_until_monday_for_the_second():
    two = (steps(0, 60, heads=2),)
    found = promised(SHOP, teams=(ONE,), procedures=two, minutes=24 * HOUR)
    assert found.standing is Standing.MISSES
    assert found.together.no_sooner_minutes == found.together.found_minutes == 63 * HOUR
    assert found.together.shortage == Shortage("Servers", 5, 1, 120)
    in_three_days = promised(SHOP, teams=(ONE,), procedures=two, minutes=72 * HOUR)
    assert in_three_days.standing is Standing.MEETS


def test_a_step_for_more_than_there_ever_are_is_never_done():
    found = promised(SHOP, procedures=(steps(0, 60, heads=6),), minutes=10_000)
    assert found.together.found_minutes is found.together.no_sooner_minutes is None
    assert (found.standing, found.together.late) == (Standing.MISSES, (0,))


def test_what_less_critical_tiers_wait_for_comes_later():
    wiki = replace(DATABASE, key="wiki", name="Wiki", tier=4)
    found = promised(SHOP, wiki, TILL, teams=(ONE,), minutes=90)
    assert (found.standing, found.together.found_minutes) == (Standing.MEETS, 90)


def test_a_tier_has_to_leave_the_more_critical_its_people():
    policies = (TierPolicy(2, "Important", rto_minutes=150), TierPolicy(1, "Critical", 90))
    estate = Estate(
        "acme",
        (SHOP, DATABASE, TILL),
        teams=(ONE,),
        procedures=WRITTEN,
        tier_policies=policies,
    )
    first, second = analyse(with_authority(estate), today=TODAY).tier_promises
    assert (first.tier, first.standing) == (1, Standing.MEETS)
    assert (second.tier, second.standing) == (2, Standing.MISSES)
    assert (second.together.no_sooner_minutes, second.together.found_minutes) == (120, 210)


def worked_on(*works: tuple[str, int], heads: int = 1) -> dict:
    """Systems of tier 1, each with one step: whose work it is, and for how many hours."""
    places = range(len(works))
    return {
        "systems": [System(str(i), f"s{i}", tier=1, team=works[i][0]) for i in places],
        "procedures": tuple(steps(i, works[i][1] * HOUR, heads=heads) for i in places),
        "teams": (ONE, replace(ONE, name="Network")),
    }


def judged(facts: dict, *, hours: int, **more) -> TierPromise:
    facts = {**facts, **more}
    return promised(*facts.pop("systems"), minutes=hours * HOUR, **facts)


def test_what_follows_the_work_of_the_people_who_are_short_counts():
    """Two servers in turn, two hours each, and three hours of the network after either."""
    facts = worked_on(("Servers", 2), ("Servers", 2), ("Network", 3))
    needs = (Dependency(2, 0), Dependency(2, 1))
    found = judged(facts, hours=6, dependencies=needs)
    assert (found.standing, found.together.no_sooner_minutes) == (Standing.MISSES, 7 * HOUR)
    assert judged(facts, hours=7, dependencies=needs).standing is Standing.MEETS


def test_steps_that_take_more_than_half_of_the_team_come_one_after_the_other():
    facts = worked_on(("Servers", 1), ("Servers", 1), heads=2)
    three = (Team("Servers", 3, 3, 0, 0),)
    found = judged(facts, hours=1, teams=three)
    assert (found.standing, found.together.no_sooner_minutes) == (Standing.MISSES, 2 * HOUR)
    kept = judged(facts, hours=2, teams=three)
    assert (kept.standing, kept.together.found_minutes) == (Standing.MEETS, 2 * HOUR)
    two = (Team("Servers", 2, 2, 0, 0),)
    side_by_side = judged(worked_on(("Servers", 1), ("Servers", 1)), hours=1, teams=two)
    assert side_by_side.standing is Standing.MEETS


def test_people_may_wait_for_what_is_more_urgent():
    """Five hours could begin at once; better is what can begin after one and has five to follow."""
    facts = worked_on(("Servers", 5), ("Network", 1), ("Servers", 1), ("Network", 5))
    needs = (Dependency(2, 1), Dependency(3, 2))
    found = judged(facts, hours=7, dependencies=needs)
    assert (found.standing, found.together.no_sooner_minutes) == (Standing.MEETS, 7 * HOUR)
    nothing_follows = worked_on(("Servers", 5), ("Network", 1), ("Servers", 1))
    found = judged(nothing_follows, hours=5, dependencies=needs[:1])
    assert (found.standing, found.together.no_sooner_minutes) == (Standing.MISSES, 6 * HOUR)


def test_other_orders_are_tried_if_the_first_comes_too_late():
    """By latest finish the server that waits for the network would come before the longer one."""
    facts = worked_on(("Network", 1), ("Servers", 1), ("Servers", 2), ("Network", 1))
    found = judged(facts, hours=3, dependencies=(Dependency(1, 0),))
    assert (found.standing, found.together.found_minutes) == (Standing.MEETS, 3 * HOUR)


def test_the_order_of_what_one_late_system_needs_is_tried_as_well():
    """Both servers are due at the same time; the network only goes on after the second of them."""
    facts = worked_on(("Servers", 3), ("Servers", 1), ("Network", 1))
    second = Procedure(1, (*steps(1, 60).steps, *steps(1, 180, team="Network").steps))
    facts["procedures"] = (facts["procedures"][0], second, facts["procedures"][2])
    found = judged(facts, hours=5, dependencies=(Dependency(2, 0), Dependency(2, 1)))
    assert (found.standing, found.together.found_minutes) == (Standing.MEETS, 5 * HOUR)


def test_what_is_needed_to_run_is_waited_for_at_the_end():
    facts = worked_on(("Servers", 1), ("Network", 3))
    found = judged(facts, hours=3, dependencies=(Dependency(0, 1, NeededTo.RUN),))
    assert (found.standing, found.together.found_minutes) == (Standing.MEETS, 3 * HOUR)


def test_the_unknown_of_a_more_critical_tier_leaves_the_less_critical_open():
    facts = {
        "teams": (MANY,),
        "procedures": (WRITTEN[1],),
        "tier_policies": (TierPolicy(1, "Critical", 600), TierPolicy(2, "Important", 600)),
    }
    estate = Estate("acme", (replace(SHOP, duration_minutes=None), DATABASE), **facts)
    _, second = analyse(with_authority(estate), today=TODAY).tier_promises
    assert (second.standing, second.unlimited_at_least) == (Standing.UNKNOWN, False)
    assert second.together.unknown_durations


def test_no_tier_gets_its_people_from_a_more_critical_one_that_needs_them_in_time():
    policies = (TierPolicy(1, "Critical", 200), TierPolicy(2, "Important", 130))
    estate = Estate(
        "acme", (SHOP, DATABASE, TILL), teams=(ONE,), procedures=WRITTEN, tier_policies=policies
    )
    first, second = analyse(with_authority(estate), today=TODAY).tier_promises
    assert (first.standing, first.together.found_minutes) == (Standing.MEETS, 90)
    assert (second.standing, second.together.found_minutes) == (Standing.MISSES, 210)
    assert (second.together.late, second.together.no_sooner_minutes) == ((1,), 120)


def test_a_tier_that_holds_is_not_given_up_for_one_that_is_late_anyway():
    """Tier 1 is lost; what would bring it back sooner would take tier 2 or tier 3 out of time."""
    names = ("long", "short", "two", "wire", "three")
    tiers, teams = (1, 1, 2, None, 3), ("C", "C", "A", None, "A")
    estate = Estate(
        "acme",
        tuple(
            System(
                name,
                name,
                tier=tier,
                kind=Kind.SUPPLIER if team is None else Kind.APPLICATION,
                team=team,
                duration_minutes=60,
            )
            for name, tier, team in zip(names, tiers, teams, strict=True)
        ),
        (Dependency(2, 3),),
        teams=(Team("A", 1, 1, 0, 0), Team("C", 1, 1, 0, 0)),
        procedures=(steps(0, 300), steps(1, 60), steps(2, 60), steps(4, 300)),
        tier_policies=(TierPolicy(1, "1", 30), TierPolicy(2, "2", 354), TierPolicy(3, "3", 360)),
    )
    first, second, third = analyse(with_authority(estate), today=TODAY).tier_promises
    assert (first.standing, second.standing) == (Standing.MISSES, Standing.MEETS)
    assert third.standing is not Standing.MEETS


def test_restores_from_one_repository_are_proven_late_only_if_they_are_one_by_one():
    """An hour each alone; side by side two."""
    stores = [
        replace(
            SHOP,
            key=str(i),
            name=f"s{i}",
            kind=Kind.DATA_STORE,
            strategy=Strategy.RESTORE,
            data_gb=Decimal(360),
            duration_minutes=None,
        )
        for i in range(2)
    ]
    copies = tuple(
        Copy(
            i,
            str(i),
            f"c{i}",
            repository="vault",
            restore_mb_s=Decimal(100),
            interval_minutes=60,
            offline=True,
        )
        for i in range(2)
    )
    facts = {"copies": copies, "teams": (ONE,), "procedures": ()}
    found = promised(*stores, minutes=130, **facts)
    assert (found.unlimited_minutes, found.together.no_sooner_minutes) == (120, 120)
    assert (found.standing, found.together.shared_restores) == (Standing.UNKNOWN, True)
    assert promised(*stores, minutes=119, **facts).standing is Standing.MISSES
    by_many = promised(*stores, minutes=100, **{**facts, "teams": (MANY,)})
    assert (by_many.standing, by_many.together.no_sooner_minutes) == (Standing.MISSES, 60)
    alone = promised(stores[0], minutes=130, **{**facts, "copies": copies[:1]})
    assert not alone.together.shared_restores


def test_work_is_put_down_in_the_evening_and_gone_on_with_in_the_morning():
    by_day = (replace(ONE, heads_day=3, heads_night=0),)
    found = promised(SHOP, teams=by_day, procedures=(steps(0, 720),), minutes=100 * HOUR)
    monday = 62 * HOUR
    assert found.together.found_minutes == found.together.no_sooner_minutes == monday + 26 * HOUR
    assert found.standing is Standing.MEETS


def test_who_is_left_at_night_works_while_what_takes_more_is_put_down():
    """Two people work from Monday 08:00 on, with a night between; one is there on Monday at 19:00,
    when the supplier is back, and after an hour of hers another supplier takes thirty."""
    estate = Estate(
        "acme",
        (
            replace(SHOP, name="long"),
            System("wire", "wire", kind=Kind.SUPPLIER, duration_minutes=73 * HOUR),
            replace(SHOP, key="hour", name="short", tier=None),
            System("end", "then", tier=2, kind=Kind.SUPPLIER, duration_minutes=30 * HOUR),
        ),
        (Dependency(2, 1), Dependency(3, 2)),
        teams=(replace(ONE, heads_day=2),),
        procedures=(steps(0, 12 * HOUR, heads=2), steps(2, HOUR)),
        tier_policies=(TierPolicy(1, "1", 88 * HOUR), TierPolicy(2, "2", 104 * HOUR)),
    )
    first, second = analyse(with_authority(estate), today=TODAY).tier_promises
    assert (first.standing, first.together.found_minutes) == (Standing.MEETS, 88 * HOUR)
    assert (second.standing, second.together.found_minutes) == (Standing.MEETS, 104 * HOUR)


def test_what_is_not_done_in_eight_weeks_is_not_proven_late():
    long = (steps(0, 60 * 24 * HOUR),)
    found = promised(SHOP, teams=(ONE,), procedures=long, minutes=70 * 24 * HOUR)
    assert (found.standing, found.together.found_minutes) == (Standing.UNKNOWN, None)
    assert found.together.no_sooner_minutes == HOURS * HOUR
    assert promised(SHOP, teams=(ONE,), procedures=long, minutes=HOUR).standing is Standing.MISSES


def test_the_team_that_is_waited_for_is_named_and_not_the_one_that_waits():
    teams = (Team("Network", 9, 9, 0, 0), replace(ONE, heads_day=1, heads_night=0))
    facts = worked_on(("Servers", 1), ("Network", 1))
    found = judged(facts, hours=24, teams=teams, dependencies=(Dependency(1, 0),))
    assert found.together.shortage == Shortage("Servers", 1, 0, 60)


def test_nobody_knows_who_how_many_and_how_many_there_are():
    known = promised(SHOP, minutes=600)
    assert (known.standing, known.together.guesses) == (Standing.MEETS, {})
    for guess, facts in (
        (Guess.HOW_MANY, {"procedures": ()}),
        (Guess.HOW_MANY, {"procedures": (steps(0, 60, heads=None),)}),
        (Guess.WHO, {"procedures": (steps(0, 60, team="Gone"),)}),
        (Guess.HOW_MANY_THERE_ARE, {"teams": (replace(ONE, heads_night=None),)}),
    ):
        found = promised(SHOP, minutes=600, **facts)
        assert (found.standing, found.together.guesses) == (Standing.UNKNOWN, {0: {guess}}), facts


def test_suppliers_need_nobody_of_ours():
    for supplier in (
        replace(SHOP, kind=Kind.SUPPLIER, team=None),
        replace(SHOP, strategy=Strategy.SUPPLIER, team=None),
    ):
        found = promised(supplier, procedures=(), minutes=60)
        assert (found.standing, found.together.guesses) == (Standing.MEETS, {})


def test_the_time_of_a_test_is_spread_over_the_steps():
    """Three equal steps of a procedure that took 100 minutes; the one in the middle is for two."""
    drill = Exercise(0, "Drill", ExerciseType.FULL, TODAY, Outcome.SUCCESS, 100, 0)
    procedure = Procedure(0, tuple(Step(40, team="Servers", heads=n) for n in (1, 2, 1)))
    facts = {"exercises": (drill,), "procedures": (procedure,), "teams": (ONE,)}
    found = promised(replace(SHOP, rto_minutes=600, rpo_minutes=60), minutes=5000, **facts)
    assert found.unlimited_minutes == 100
    assert found.together.shortage == Shortage("Servers", 5, 1, 133)
    assert found.together.found_minutes == 62 * HOUR + 67


@given(estates(), st.lists(st.none() | st.integers(0, 2000), min_size=4, max_size=4))
def test_a_system_that_is_late_by_itself_breaks_the_promise(estate, promises):
    policies = tuple(
        TierPolicy(tier, f"Tier {tier}", rto_minutes=minutes)
        for tier, minutes in enumerate(promises, 1)
    )
    answer = analyse(replace(estate, tier_policies=policies), today=TODAY)
    found = {one.tier: one for one in answer.tier_promises}
    assert set(found) == {tier for tier, minutes in enumerate(promises, 1) if minutes is not None}
    for tier, one in found.items():
        members = [i for i, system in enumerate(estate.systems) if system.tier == tier]
        own = [answer.systems[index] for index in members]
        late = {result.index for result in own if result.restored_minutes > one.promise_minutes}
        assert set(one.systems) == set(members)
        assert set(one.together.late) >= late
        if late:
            assert one.standing is Standing.MISSES
        elif any(result.at_least for result in own):
            assert one.standing is not Standing.MEETS
