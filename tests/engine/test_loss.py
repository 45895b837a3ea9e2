"""The loss of a system from its copies: which decides, and how far it can be believed (B1, B6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bcp.engine.estate import Content, CopyKind, Kind, Outcome, System
from bcp.engine.loss import LossState
from bcp.engine.observed import CopyState, copy_state, observed_loss_minutes, overdue_minutes
from tests.engine.backup_cast import (
    DATABASE,
    DAY,
    HOUR,
    LOCKED,
    NIGHTLY,
    TODAY,
    estate_of,
    loss_in,
    own_loss_in,
)

HOURLY = replace(NIGHTLY, key="h", name="hourly", interval_minutes=HOUR, run_minutes=5)
WORST = DAY + HOUR + 30


def test_the_copy_that_loses_least_decides():
    own = own_loss_in(estate_of(NIGHTLY, HOURLY), "system")
    assert (own.state, own.loss_minutes, own.copy) == (LossState.BOUNDED, HOUR + 35, 1)
    assert own.tested


def test_a_tested_copy_decides_before_an_untested_one_that_would_lose_less():
    untested = replace(HOURLY, restore_tested_on=None, restore_outcome=None)
    own = own_loss_in(estate_of(NIGHTLY, untested), "system")
    assert (own.loss_minutes, own.copy, own.tested) == (WORST, 0, True)


@pytest.mark.parametrize(
    "facts",
    [
        {"restore_tested_on": None, "restore_outcome": None},
        {"restore_tested_on": TODAY - timedelta(days=93)},
        {"restore_outcome": Outcome.PARTIAL},
        {"restore_outcome": Outcome.FAILURE},
        {"restore_outcome": None},
    ],
)
def test_with_no_copy_tested_in_time_the_figure_stands_as_a_rumour(facts):
    own = own_loss_in(estate_of(replace(NIGHTLY, **facts)), "system")
    assert (own.state, own.loss_minutes, own.tested) == (LossState.BOUNDED, WORST, False)


def test_a_test_on_the_last_day_of_the_cadence_counts():
    copy = replace(NIGHTLY, restore_tested_on=TODAY - timedelta(days=92))
    assert own_loss_in(estate_of(copy), "system").tested


def test_only_copies_that_survive_the_scenario_decide():
    here = replace(HOURLY, site="HQ")
    assert own_loss_in(estate_of(NIGHTLY, here), "system").loss_minutes == HOUR + 35
    assert own_loss_in(estate_of(NIGHTLY, here), "site:HQ").loss_minutes == WORST
    assert own_loss_in(estate_of(NIGHTLY, here), "ransomware:14d").state is LossState.TOTAL


def test_no_copy_at_all_is_a_total_loss_and_not_an_unknown_one():
    assert loss_in(estate_of(), "system").state is LossState.TOTAL
    assert loss_in(estate_of(), "system").loss_minutes is None


def test_a_copy_that_may_be_left_makes_the_loss_unknown_but_at_least_so_much():
    own = own_loss_in(estate_of(replace(NIGHTLY, lag_minutes=None)), "system")
    assert (own.state, own.loss_minutes) == (LossState.UNKNOWN, None)
    assert own.at_least_minutes == DAY + HOUR


def test_a_copy_of_unknown_age_does_not_hide_one_of_known_age():
    unknown = replace(HOURLY, lag_minutes=None)
    assert own_loss_in(estate_of(unknown, NIGHTLY), "system").loss_minutes == WORST


def test_a_system_that_the_scenario_spares_loses_nothing():
    assert loss_in(estate_of(NIGHTLY), "site:Vault").state is LossState.UNTOUCHED


def test_a_system_that_holds_data_is_not_saved_by_copies_of_its_configuration():
    copy = replace(NIGHTLY, content=Content.CONFIGURATION)
    assert loss_in(estate_of(copy), "system").state is LossState.TOTAL


@pytest.mark.parametrize("content", [Content.CONFIGURATION, Content.NETWORK, Content.ACCESS])
def test_a_system_that_holds_no_data_needs_copies_of_its_configuration(content):
    switch = System("s", "Core switch", kind=Kind.NETWORK, site="HQ")
    copy = replace(NIGHTLY, content=content)
    assert loss_in(estate_of(copy, systems=(switch,)), "system").loss_minutes == WORST


def test_a_recorded_volume_of_nothing_says_that_a_system_holds_no_data():
    empty = replace(DATABASE, data_gb=0)
    assert loss_in(estate_of(NIGHTLY, systems=(empty,)), "system").state is LossState.TOTAL


@pytest.mark.parametrize("kind", [Kind.PROCESS, Kind.FACILITY])
def test_processes_and_facilities_hold_nothing_to_lose(kind):
    estate = estate_of(systems=(System("p", "Sales", kind=kind),))
    assert loss_in(estate, "everything").state is LossState.NOTHING_HELD


def test_the_dwell_time_is_part_of_the_loss_but_not_held_against_the_rpo():
    loss = loss_in(estate_of(LOCKED), "ransomware:14d")
    assert (loss.loss_minutes, loss.rpo_loss_minutes) == (14 * DAY + WORST, WORST)


NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def test_observed_loss_is_the_time_since_the_last_reported_success():
    assert observed_loss_minutes(replace(NIGHTLY, last_success=ago(90.9)), NOW) == 90
    assert observed_loss_minutes(replace(NIGHTLY, last_success=ago(-5)), NOW) == 0
    assert observed_loss_minutes(NIGHTLY, NOW) is None


def test_time_zones_do_not_make_a_copy_late():
    eastern = datetime.fromisoformat("2026-03-02T06:30:00-05:00")
    assert observed_loss_minutes(replace(NIGHTLY, last_success=eastern), NOW) == 30


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"last_success": ago(DAY + HOUR)}, CopyState.ON_TIME),
        ({"last_success": ago(DAY + HOUR + 1)}, CopyState.LATE),
        ({"last_success": ago(5), "last_failure": ago(10)}, CopyState.ON_TIME),
        ({"last_success": ago(10), "last_failure": ago(5)}, CopyState.FAILED),
        ({"last_failure": ago(5)}, CopyState.FAILED),
        ({}, CopyState.SILENT),
        ({"last_success": ago(5), "interval_minutes": None}, CopyState.UNKNOWN),
    ],
)
def test_a_copy_is_late_once_its_interval_and_the_time_of_a_run_are_over(facts, state):
    assert copy_state(replace(NIGHTLY, **facts), NOW) is state


def test_how_late_a_copy_is_counts_from_when_it_was_due():
    assert overdue_minutes(replace(NIGHTLY, last_success=ago(2 * DAY)), NOW) == DAY - HOUR
    assert overdue_minutes(replace(NIGHTLY, last_success=ago(5)), NOW) == 0
    assert overdue_minutes(NIGHTLY, NOW) is None


def test_a_replica_in_another_zone_decides_when_a_site_is_lost():
    replica = replace(
        NIGHTLY, key="r", name="mirror", kind=CopyKind.REPLICA, interval_minutes=0, run_minutes=0
    )
    assert loss_in(estate_of(NIGHTLY, replica), "site:HQ").loss_minutes == 30
