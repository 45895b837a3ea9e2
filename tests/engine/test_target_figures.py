"""What somebody looks at before deciding: figures, their cost, and what is kept of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.decision_basis import basis, changed_since
from bcp.engine.downtime_cost import downtime_cost, processes_on
from bcp.engine.estate import Copy, Dependency, Estate, Kind, NeededTo, System, TierPolicy
from bcp.engine.frozen_figures import MOST_NAMED, differences, frozen
from bcp.engine.harm import harm_after
from bcp.engine.impacts import BANDS_MINUTES, Category, Impact, Peak, ProcessImpact
from bcp.engine.proposal import Target, consequences
from bcp.engine.target_figures import TargetFigures, figures_of, looser_than_tier
from tests.engine.estates import TODAY, estates, with_authority

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def orders(**changed: object) -> Estate:
    """A process that waits nine hours: a database of six, an application of two, its own hour."""
    systems = (
        System("db", "Database", Kind.DATA_STORE, tier=1, duration_minutes=360, rto_minutes=480),
        System("erp", "ERP", tier=1, duration_minutes=120),
        System("orders", "Orders", Kind.PROCESS, tier=1, duration_minutes=60, rto_minutes=600),
        System("dunning", "Dunning", Kind.PROCESS, tier=3, duration_minutes=0),
    )
    answered = ProcessImpact(
        2,
        answers=(
            Impact(Category.CLIENTS, (0, 1, 3, 3, 4, 4, 4)),
            Impact(Category.LEGAL, (None,) * 7),
        ),
        cost_per_hour=Decimal(600),
        peaks=(Peak("Christmas", "December", Decimal(1200)), Peak("Easter")),
        work_recovery_minutes=180,
        confirmed_on=date(2026, 1, 5),
    )
    edges = (Dependency(1, 0), Dependency(2, 1), Dependency(3, 1))
    tiers = (TierPolicy(1, "Critical", rto_minutes=240, rpo_minutes=60),)
    estate = Estate("acme", systems, edges, tier_policies=tiers, impacts=(answered,))
    return replace(with_authority(estate), **changed)


def figures(estate: Estate, key: str, target: Target) -> TargetFigures:
    targets = {key: target}
    before = analyse(estate, today=TODAY)
    return figures_of(consequences(before, targets, today=TODAY), targets)[key]


def test_the_figures_of_four_hours_for_a_chain_of_nine():
    found = figures(orders(), "orders", Target(240, 60, 300))
    assert [(link.system, link.minutes, link.restored_minutes) for link in found.chain] == [
        (0, 360, 360),
        (1, 120, 480),
        (2, 60, 540),
    ]
    assert found.misses_minutes == 300
    assert found.approved == Target(600, None, None)
    assert (found.derived.rto.minutes, found.derived.rto.may_be_earlier) == (480, True)
    assert found.over_mtd_minutes == 240 + 180 - 300
    assert not found.looser_than_impact
    assert found.looser_than_tier == ()


@pytest.mark.parametrize(
    ("rto", "looser"), [(None, False), (0, False), (480, False), (481, True), (10**6, True)]
)
def test_a_target_is_looser_than_the_impact_from_the_first_minute_after(rto, looser):
    found = figures(orders(), "orders", Target(rto, None, None))
    assert found.looser_than_impact is looser


@pytest.mark.parametrize(
    ("target", "tier", "looser"),
    [
        (Target(240, 60, None), TierPolicy(1, "A", 240, 60), ()),
        (Target(241, 61, None), TierPolicy(1, "A", 240, 60), ("rto", "rpo")),
        (Target(None, 61, None), TierPolicy(1, "A", 240, 60), ("rpo",)),
        (Target(9999, 9999, None), TierPolicy(1, "A"), ()),
        (Target(9999, 9999, None), None, ()),
        (Target(1, 1, None), TierPolicy(1, "A", 0, 0), ("rto", "rpo")),
    ],
)
def test_looser_than_the_tier_is_only_what_it_promises_tighter(target, tier, looser):
    assert looser_than_tier(target, tier) == looser


def test_the_cost_names_every_process_that_stands_still_and_leaves_the_unknown_out_of_the_sum():
    cost = figures(orders(), "erp", Target(120, None, None)).cost
    assert [one.process for one in cost.processes] == [2, 3]
    assert (cost.achievable, cost.target, cost.unknown) == (Decimal(4800), Decimal(1200), 1)
    assert cost.saved == Decimal(3600)
    [of_orders, of_dunning] = cost.processes
    assert [(one.name, one.achievable, one.target) for one in of_orders.peaks] == [
        ("Christmas", Decimal(9600), Decimal(2400)),
        ("Easter", None, None),
    ]
    assert of_orders.confirmed_on == date(2026, 1, 5)
    assert (of_dunning.per_hour, of_dunning.achievable) == (None, None)


def test_without_any_known_hour_the_cost_is_unknown_and_not_nothing():
    cost = downtime_cost(orders(impacts=()), 2, achievable_minutes=540, target_minutes=240)
    assert (cost.achievable, cost.target, cost.saved, cost.unknown) == (None, None, None, 1)


def test_a_proposal_without_an_rto_has_no_cost_at_the_target():
    cost = figures(orders(), "orders", Target(None, 60, None)).cost
    assert (cost.achievable, cost.target, cost.saved) == (Decimal(5400), None, None)


@settings(max_examples=60)
@given(estates())
def test_the_processes_on_a_system_are_those_that_reach_it_over_edges_that_gate(estate):
    kinds = [Kind.PROCESS if at % 2 else Kind.DATA_STORE for at in range(len(estate.systems))]
    systems = tuple(
        replace(one, kind=kind) for one, kind in zip(estate.systems, kinds, strict=True)
    )
    estate = replace(estate, systems=systems)
    gating = {
        (edge.dependent, edge.dependency)
        for edge in estate.dependencies
        if edge.needed_to is not NeededTo.FULL_SERVICE and not edge.bootstrap
    }
    reaches = {(at, at) for at in range(len(systems))} | gating
    for _step in systems:
        reaches |= {(u, w) for u, v in reaches for x, w in gating if x == v}
    for at in range(len(systems)):
        expected = [one for one in range(len(systems)) if one % 2 and (one, at) in reaches]
        assert processes_on(estate, at) == expected


def test_harm_between_two_bands_is_that_of_the_band_before():
    [impact] = orders().impacts
    said = {
        minutes: [str(one.says) for one in harm_after(impact, minutes)]
        for minutes in (59, 60, 479, 480, 10**7)
    }
    assert said == {
        59: [],
        60: ["no noticeable harm", "unknown"],
        479: ["noticeable harm", "unknown"],
        480: ["intolerable harm", "unknown"],
        10**7: ["harm beyond repair", "unknown"],
    }
    bounded = Impact(Category.CLIENTS, (None,) * 7, (4,) * 7, (3,) * 7)
    [harm] = harm_after(ProcessImpact(0, (bounded,)), BANDS_MINUTES[0])
    assert str(harm.says) == "at least intolerable harm"


def test_frozen_figures_are_plain_json_and_say_what_was_said():
    kept = frozen(figures(orders(), "orders", Target(240, 60, 300)), audit_count=7, at=AT)
    assert json.loads(json.dumps(kept)) == kept
    assert (kept["audit_count"], kept["at"], kept["together"]) == (7, AT.isoformat(), 1)
    assert (kept["restored_minutes"], kept["at_least"], kept["unknown_count"]) == (540, False, 0)
    assert [link["name"] for link in kept["chain"]] == ["Database", "ERP", "Orders"]
    assert kept["approved_before"]["rto_minutes"] == 600
    assert kept["derived"]["rto"] == {"minutes": 480, "may_be_earlier": True}
    assert kept["tier"] == {"tier": 1, "rto_minutes": 240, "rpo_minutes": 60}
    assert kept["over_mtd_minutes"] == 120
    assert kept["cost"] == {
        "achievable": "5400.00",
        "target": "2400.00",
        "processes": 1,
        "unknown": 0,
    }
    assert [one["name"] for one in kept["demands"]["first"]] == ["Database", "ERP"]
    assert kept["appeared"]["count"] == len(kept["appeared"]["first"]) > 0


def test_only_the_first_are_kept_by_name_and_all_are_counted():
    count = MOST_NAMED + 5
    systems = (
        *(System(str(at), f"Server {at}", duration_minutes=60) for at in range(count)),
        System("app", "App", duration_minutes=60),
    )
    edges = tuple(Dependency(count, at) for at in range(count))
    estate = with_authority(Estate("acme", systems, edges))
    kept = frozen(figures(estate, "app", Target(90, None, None)), audit_count=0, at=AT)
    for entries in (kept["demands"], kept["appeared"]):
        assert (entries["count"], len(entries["first"])) == (count, MOST_NAMED)


def test_of_many_approved_together_only_their_own_figures_are_kept():
    targets = {"orders": Target(240, None, None), "db": Target(60, None, None)}
    before = analyse(orders(), today=TODAY)
    found = figures_of(consequences(before, targets, today=TODAY), targets)
    kept = frozen(found["db"], audit_count=0, at=AT, together=2)
    assert kept["required_minutes"] == 60
    assert kept["required_by"] == "ERP"
    assert "demands" not in kept
    assert "cost" not in kept


def test_a_system_that_takes_no_part_is_kept_as_that():
    before = analyse(orders(), today=TODAY)
    targets = {"retired": Target(1, None, None)}
    assert figures_of(consequences(before, targets, today=TODAY), targets) == {}
    assert frozen(None, audit_count=3, at=AT)["takes_part"] is False
    seen = basis(None, proposed=targets["retired"], reason="")
    assert seen == basis(None, proposed=targets["retired"], reason="")
    assert seen != basis(None, proposed=targets["retired"], reason="new")


def slower(estate: Estate, at: int, minutes: int | None) -> Estate:
    systems = list(estate.systems)
    systems[at] = replace(systems[at], duration_minutes=minutes)
    return replace(estate, systems=tuple(systems))


def test_what_has_changed_since_is_said_figure_by_figure():
    target = Target(240, 60, 300)
    then = figures(orders(), "orders", target)
    kept = frozen(then, audit_count=0, at=AT)
    assert differences(kept, then) == []
    now = figures(slower(orders(), 0, 420), "orders", target)
    found = {str(one.what): (str(one.before), str(one.now)) for one in differences(kept, now)}
    assert found == {"Achievable": ("9 h", "10 h")}
    unknown = figures(slower(orders(), 0, None), "orders", target)
    found = {str(one.what): (str(one.before), str(one.now)) for one in differences(kept, unknown)}
    assert found["Achievable"] == ("9 h", "at least 3 h")
    assert found["How it would stand"] == ("misses", "unknown")
    assert differences(None, now) == differences(kept, None) == []


def test_an_answer_that_nobody_can_give_is_unknown_and_not_nothing():
    """All categories were answered with never; then somebody takes one answer back (T1)."""
    target = Target(240, 60, 300)
    never = tuple(Impact(category, (0,) * 7) for category in Category)
    taken_back = (*never[:-1], Impact(never[-1].category, (None,) * 7))
    told = [
        figures(orders(impacts=(replace(orders().impacts[0], answers=answers),)), "orders", target)
        for answers in (never, taken_back)
    ]
    kept = frozen(told[0], audit_count=0, at=AT)
    found = {str(one.what): (str(one.before), str(one.now)) for one in differences(kept, told[1])}
    assert found == {"RTO by business impact": ("nothing", "unknown")}


def test_of_a_long_chain_the_end_is_kept_which_decides_when_the_system_itself_is_back():
    long = tuple(System(f"s{place}", f"S{place}", duration_minutes=1) for place in range(60))
    edges = tuple(Dependency(place, place - 1) for place in range(1, 60))
    estate = with_authority(Estate("acme", long, edges))
    kept = frozen(figures(estate, "s59", Target(30, None, None)), audit_count=0, at=AT)
    assert kept["chain_count"] == 60
    assert len(kept["chain"]) < 60
    assert kept["chain"][-1] == {"name": "S59", "minutes": 1, "restored_minutes": 60}


def test_the_basis_changes_with_a_peak_and_with_a_demand_that_comes_to_rest_on_an_unknown():
    target = Target(240, 60, 300)

    def seen(estate: Estate) -> str:
        return basis(figures(estate, "orders", target), proposed=target, reason="")

    dearer = replace(orders().impacts[0], peaks=(Peak("Christmas", "December", Decimal(1300)),))
    assert [str(one) for one in changed_since(seen(orders()), seen(orders(impacts=(dearer,))))] == [
        "the cost of an outage"
    ]
    # What the system itself takes is 0 or unknown: the same figures, and one is "at most".
    systems = list(orders().systems)
    systems[2] = replace(systems[2], rto_minutes=None)
    unasked = orders(systems=tuple(systems))
    at_once, unknown = slower(unasked, 2, 0), slower(unasked, 2, None)
    told = [figures(one, "orders", target).demands for one in (at_once, unknown)]
    assert [[one.now_minutes for one in demands] for demands in told] == [[120, 240], [120, 240]]
    assert [[one.now_at_most for one in demands] for demands in told] == [[False] * 2, [True] * 2]
    said = [str(one) for one in changed_since(seen(at_once), seen(unknown))]
    assert any(one.startswith("what it asks of other systems") for one in said)


def test_a_changed_basis_names_the_figure_before_and_now():
    target = Target(240, 60, 300)

    def seen(estate: Estate, reason: str = "") -> str:
        return basis(figures(estate, "orders", target), proposed=target, reason=reason)

    first = seen(orders())
    said = [str(one) for one in changed_since(first, seen(slower(orders(), 0, 420)))]
    assert "the achievable time: was 9 h, now 10 h" in said
    assert "what it asks of other systems" in said
    below = (*orders().systems, System("san", "SAN", duration_minutes=1))
    wider = orders(systems=below, dependencies=(*orders().dependencies, Dependency(0, 4)))
    said = [str(one) for one in changed_since(first, seen(wider))]
    assert "what it asks of other systems: was 2 systems, now 3 systems" in said
    assert (
        "the contradictions that appear or disappear: was 1 new and 0 gone, now 2 new and 0 gone"
        in said
    )
    faster = slower(slower(orders(), 0, 60), 1, 60)
    said = [str(one) for one in changed_since(first, seen(faster))]
    assert "how it would stand: was misses, now meets" in said
    assert [str(one) for one in changed_since(first, seen(orders(), "new"))] == [
        "the proposal itself"
    ]
    dearer = (replace(orders().impacts[0], cost_per_hour=Decimal(601)),)
    assert [str(one) for one in changed_since(first, seen(orders(impacts=dearer)))] == [
        "the cost of an outage"
    ]


def test_another_loss_of_work_is_another_basis():
    target = Target(None, 60, None)

    def seen(interval: int) -> str:
        copy = Copy(0, "hourly", "Hourly", interval_minutes=interval, run_minutes=9, lag_minutes=1)
        tiers = (TierPolicy(1, "Critical", scenarios=("system",)),)
        found = figures(orders(copies=(copy,), tier_policies=tiers), "db", target)
        assert found.worst_loss is not None
        assert found.worst_loss.rpo_loss_minutes == interval + 10
        return basis(found, proposed=target, reason="")

    assert seen(60) == seen(60)
    said = [str(one) for one in changed_since(seen(60), seen(120))]
    assert said == ["how much work would be lost"]


@settings(max_examples=80)
@given(estates(), st.data())
def test_the_basis_is_the_same_exactly_as_long_as_what_it_shows_is(estate, data):
    """Against the figures themselves: one recovery duration or target is another."""
    at = data.draw(st.integers(0, len(estate.systems) - 1))
    other = data.draw(st.integers(0, len(estate.systems) - 1))
    change = data.draw(
        st.sampled_from(
            (
                {"duration_minutes": 7},
                {"duration_minutes": None},
                {"rto_minutes": 30},
                {"owner": "somebody"},
            )
        )
    )
    systems = list(estate.systems)
    systems[other] = replace(systems[other], **change)
    key, target = estate.systems[at].key, Target(data.draw(st.integers(0, 900)), None, None)
    one, two = (
        figures(estate, key, target),
        figures(replace(estate, systems=tuple(systems)), key, target),
    )
    same = basis(one, proposed=target, reason="") == basis(two, proposed=target, reason="")
    assert same == (_shown(one) == _shown(two))
    assert (
        changed_since(
            basis(one, proposed=target, reason=""), basis(two, proposed=target, reason="")
        )
        == []
    ) is same


def _shown(found: TargetFigures) -> object:
    result = found.result
    conflicts = [
        sorted(str(one.says) for one in side) for side in (found.appeared, found.disappeared)
    ]
    loss = found.worst_loss
    return (
        (found.approved, found.chain and [(one.system, one.minutes) for one in found.chain]),
        (result.restored_minutes, result.at_least),
        (result.required_rto_minutes, result.required_at_most),
        (found.standing_before, found.standing_after),
        (found.demands, found.turns, conflicts),
        (loss and (loss.state, loss.rpo_loss_minutes)),
    )


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_from_outside_breaks_the_comparison(one, other):
    assert (changed_since(one, other) == []) is (one == other)
    for message in changed_since(one, other):
        assert str(message)
