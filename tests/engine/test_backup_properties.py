"""Worst losses of random estates against backups lived through minute by minute (B1, B2, B4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.backups import Backups
from bcp.engine.estate import Copy, Estate, Outcome
from bcp.engine.loss import LossState
from bcp.engine.scenario import parse_scenario
from bcp.engine.scenario_on_copies import OWN_FAILURE
from bcp.engine.survival import Verdict
from tests.engine import backup_simulation as simulation
from tests.engine.backup_estates import DWELLS, TODAY, backed_up_estates

often = settings(max_examples=200, deadline=None)

RESTORE_CADENCE_DAYS = 92


def scenarios_of(estate: Estate) -> list[str]:
    return [
        "system",
        *(f"site:{site.name}" for site in estate.sites),
        *(f"supplier:{one.name}" for one in estate.systems if one.kind.value == "supplier"),
        *(f"ransomware:{dwell}min" for dwell in DWELLS),
        "stolen_credentials",
        "everything",
        *(combination.name for combination in estate.combinations),
    ]


@st.composite
def cases(draw) -> tuple[Estate, str]:
    estate = draw(backed_up_estates())
    return estate, draw(st.sampled_from(scenarios_of(estate)))


def engine_loss(backups: Backups, system: int, name: str):
    scenario = OWN_FAILURE if name == "system" else parse_scenario(name, backups.estate)
    return backups.loss(system, scenario)


@dataclass
class Member:
    """A holder of data in a disaster: the copies that people restore from, and the worst age of
    the newest good point among them; `None`: at some moment there is none."""

    copies: list[Copy]
    worst: int | None
    proven: bool


def member(estate: Estate, system: int, strikes: simulation.Disaster) -> Member:
    """Rule B1 read literally: proven copies that survive before all others that do."""
    ages = [
        (copy, age)
        for copy in estate.copies
        if copy.system == system and copy.content.value == "data"
        if (age := simulation.worst_age(estate, copy, strikes)) is not None
    ]
    proven = [(copy, age) for copy, age in ages if is_proven(copy)]
    trusted = proven or ages
    return Member(
        [copy for copy, _ in trusted], min((age for _, age in trusted), default=None), bool(proven)
    )


def is_proven(copy: Copy) -> bool:
    tested = copy.restore_tested_on
    return (
        copy.restore_outcome is Outcome.SUCCESS
        and tested is not None
        and (TODAY - tested).days <= RESTORE_CADENCE_DAYS
    )


def members_lost(estate: Estate, system: int, name: str) -> list[Member]:
    """The data that come back with `system`, as far as the scenario takes them."""
    data = simulation.data_of(estate, system, simulation.holds_data(estate))
    found = []
    for one in sorted(data):
        strikes = simulation.disaster(estate, name, of=one)
        if one in strikes.lost:
            found.append(member(estate, one, strikes))
    return found


@often
@given(cases())
def test_the_worst_moment_is_within_a_minute_of_the_figure_and_never_beyond_it(case):
    estate, name = case
    backups = Backups(estate, today=TODAY)
    for system in range(len(estate.systems)):
        lost = members_lost(estate, system, name)
        if not lost:
            continue
        loss = engine_loss(backups, system, name)
        ages = [one.worst for one in lost]
        if None in ages:
            assert loss.state in (LossState.TOTAL, LossState.UNKNOWN)
            assert loss.loss_minutes is None
        else:
            assert loss.state is LossState.BOUNDED
            # Whole minutes: the worst moment is the last minute before the next point is there.
            assert loss.loss_minutes - 1 == max(ages)
            assert loss.tested == all(one.proven for one in lost)


@often
@given(cases(), st.data())
def test_at_no_moment_is_more_lost_than_the_figure_says(case, data):
    estate, name = case
    backups = Backups(estate, today=TODAY)
    for system in range(len(estate.systems)):
        loss = engine_loss(backups, system, name)
        if loss.state is LossState.BOUNDED:
            assert lived_through(estate, system, name, data) <= loss.loss_minutes


def lived_through(estate: Estate, system: int, name: str, data: st.DataObject) -> int:
    """What is lost at one moment of copies that each have their own rhythm: all that come back
    together go back to the oldest of their newest points."""
    groups = simulation.data_of(estate, system, simulation.holds_data(estate))
    ages = [0]
    for one in sorted(groups):
        strikes = simulation.disaster(estate, name, of=one)
        if one in strikes.lost:
            ages.append(age_at_a_moment(estate, member(estate, one, strikes).copies, strikes, data))
    return max(ages)


def age_at_a_moment(
    estate: Estate, copies: Sequence[Copy], strikes: simulation.Disaster, data: st.DataObject
) -> int:
    at = simulation.settled(copies, strikes.dwell)
    points = []
    for copy in copies:
        phase = data.draw(st.integers(min_value=0, max_value=(copy.interval_minutes or 1) - 1))
        points.append(simulation.newest_point(estate, copy, strikes, at, phase))
    return at - max(point for point in points if point is not None)


@often
@given(cases())
def test_a_copy_that_is_said_to_be_lost_has_a_moment_without_a_good_point(case):
    estate, name = case
    backups = Backups(estate, today=TODAY)
    scenario = OWN_FAILURE if name == "system" else parse_scenario(name, estate)
    for system in range(len(estate.systems)):
        strikes = simulation.disaster(estate, name, of=system)
        for fate in backups.own_loss(system, scenario).fates:
            copy = estate.copies[fate.copy]
            if system in strikes.lost and copy.interval_minutes is not None:
                age = simulation.worst_age(estate, copy, strikes)
                assert (fate.verdict is Verdict.SURVIVES) >= (age is not None)
                if fate.verdict is Verdict.LOST:
                    assert age is None
                if fate.loss_minutes is not None:
                    assert fate.loss_minutes - 1 == age
            assert fate.reasons


@often
@given(backed_up_estates())
def test_groups_of_coupled_data_are_those_of_plain_recursion(estate):
    backups = Backups(estate, today=TODAY)
    holders = simulation.holds_data(estate)
    groups = {frozenset(group) for group in backups.coupling.groups}
    assert groups == {frozenset(group) for group in simulation.coupled(estate, holders)}
    for system in range(len(estate.systems)):
        of = backups.coupling.data_of[system]
        found = {member for group in of for member in backups.coupling.groups[group]}
        assert found == simulation.data_of(estate, system, holders)
