"""Data that come back as of one moment, and the pair that decides how old it is (rule B4)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bcp.engine.backups import Backups
from bcp.engine.estate import Dependency, Kind, NeededTo, System
from bcp.engine.loss import LossState
from tests.engine.backup_cast import (
    DATABASE,
    DAY,
    HOUR,
    LOCKED,
    NIGHTLY,
    TODAY,
    estate_of,
    loss_in,
)

APP = System("app", "ERP", site="HQ", rpo_minutes=DAY)
DOCUMENTS = replace(DATABASE, key="docs", name="Documents")
WEEKLY = replace(NIGHTLY, system=2, key="w", name="weekly", interval_minutes=7 * DAY)
NIGHTLY_OF_DB = replace(NIGHTLY, system=1)
SYSTEMS = (APP, DATABASE, DOCUMENTS)
ON_BOTH = (Dependency(0, 1), Dependency(0, 2, NeededTo.RUN))
WORST_NIGHTLY, WORST_WEEKLY = DAY + HOUR + 30, 7 * DAY + HOUR + 30


def groups(*edges: Dependency, systems=SYSTEMS) -> list[set[str]]:
    estate = estate_of(systems=systems, dependencies=edges)
    coupling = Backups(estate, today=TODAY).coupling
    return [{systems[member].name for member in group} for group in coupling.groups]


def test_stores_that_nothing_needs_together_come_back_each_on_its_own():
    assert groups() == [{"ERP DB"}, {"Documents"}]
    assert groups(Dependency(0, 1)) == [{"ERP DB"}, {"Documents"}]


def test_stores_that_one_application_needs_share_a_moment():
    assert groups(*ON_BOTH) == [{"ERP DB", "Documents"}]


def test_a_store_that_needs_another_shares_its_moment():
    assert groups(Dependency(1, 2)) == [{"ERP DB", "Documents"}]


def test_what_is_needed_only_for_full_service_does_not_couple():
    assert groups(Dependency(0, 1), Dependency(0, 2, NeededTo.FULL_SERVICE)) == [
        {"ERP DB"},
        {"Documents"},
    ]


def test_a_bootstrap_note_starts_a_system_but_does_not_make_data_agree():
    assert groups(Dependency(0, 1), Dependency(0, 2, bootstrap="paper")) == [
        {"ERP DB", "Documents"}
    ]


def test_services_without_data_pass_the_coupling_on():
    service = System("s", "Search service", site="HQ")
    edges = (Dependency(0, 1), Dependency(0, 3), Dependency(3, 2))
    assert groups(*edges, systems=(*SYSTEMS, service)) == [{"ERP DB", "Documents"}]


def test_the_backup_server_that_a_store_waits_for_shares_no_moment_with_it():
    server = System("b", "Backup server", site="HQ", data_gb=Decimal(200))
    edges = (Dependency(1, 3), Dependency(2, 3))
    assert groups(*edges, systems=(*SYSTEMS, server)) == [
        {"ERP DB"},
        {"Documents"},
        {"Backup server"},
    ]


def test_sharing_a_service_that_stands_on_no_data_couples_nothing():
    other, mail = System("o", "Shop"), System("m", "Mail relay")
    edges = (Dependency(0, 1), Dependency(3, 2), Dependency(0, 4), Dependency(3, 4))
    assert groups(*edges, systems=(*SYSTEMS, other, mail)) == [{"ERP DB"}, {"Documents"}]


def test_a_common_directory_or_process_does_not_couple_the_estate():
    directory = System("ad", "Directory", kind=Kind.IDENTITY, data_gb=5)
    process = System("p", "Order to cash", kind=Kind.PROCESS)
    edges = (Dependency(1, 3), Dependency(2, 3), Dependency(4, 1), Dependency(4, 2))
    assert groups(*edges, systems=(*SYSTEMS, directory, process)) == [
        {"ERP DB"},
        {"Documents"},
        {"Directory"},
    ]


def test_what_is_coupled_with_the_same_store_is_coupled():
    third = replace(DATABASE, key="3", name="Archive")
    other = System("o", "Shop")
    edges = (*ON_BOTH, Dependency(4, 2), Dependency(4, 3))
    assert groups(*edges, systems=(*SYSTEMS, third, other)) == [{"ERP DB", "Documents", "Archive"}]


def test_coupled_stores_go_back_to_the_oldest_of_their_newest_points():
    estate = estate_of(NIGHTLY_OF_DB, WEEKLY, systems=SYSTEMS, dependencies=ON_BOTH)
    for system in range(3):
        loss = loss_in(estate, "system", system)
        assert loss.loss_minutes == WORST_WEEKLY
        assert (loss.newest, loss.system) == (1, 2), "the pair that decides"
        assert [one.loss_minutes for one in loss.shared] == [WORST_NIGHTLY, WORST_WEEKLY]


def test_uncoupled_stores_keep_their_own_loss():
    estate = estate_of(NIGHTLY_OF_DB, WEEKLY, systems=SYSTEMS)
    assert loss_in(estate, "system", 1).loss_minutes == WORST_NIGHTLY
    assert loss_in(estate, "system", 2).loss_minutes == WORST_WEEKLY
    assert loss_in(estate, "system", 1).newest is None


def test_a_store_that_is_spared_has_to_follow_the_others_back():
    elsewhere = replace(DOCUMENTS, site="Vault")
    systems = (APP, DATABASE, elsewhere)
    copy = replace(NIGHTLY_OF_DB, site="Vault")
    estate = estate_of(copy, WEEKLY, systems=systems, dependencies=ON_BOTH)
    loss = loss_in(estate, "site:HQ", 2)
    assert (loss.loss_minutes, loss.newest, loss.system) == (WORST_NIGHTLY, 2, 1)


def test_an_application_that_is_lost_without_its_data_loses_none():
    systems = (APP, replace(DATABASE, site="Vault"))
    estate = estate_of(NIGHTLY_OF_DB, systems=systems, dependencies=(Dependency(0, 1),))
    loss = loss_in(estate, "site:HQ", 0)
    assert (loss.state, loss.loss_minutes) == (LossState.BOUNDED, 0)


def test_the_loss_of_an_application_or_a_process_is_that_of_its_data():
    process = System("p", "Order to cash", kind=Kind.PROCESS)
    systems = (APP, DATABASE, process)
    estate = estate_of(
        NIGHTLY_OF_DB, systems=systems, dependencies=(Dependency(0, 1), Dependency(2, 0))
    )
    for system in range(3):
        assert loss_in(estate, "system", system).loss_minutes == WORST_NIGHTLY
        assert loss_in(estate, "ransomware:14d", system).state is LossState.TOTAL


def test_a_process_loses_as_much_as_the_worst_of_its_uncoupled_data():
    process = System("p", "Order to cash", kind=Kind.PROCESS)
    systems = (process, DATABASE, DOCUMENTS)
    edges = (Dependency(0, 1), Dependency(0, 2))
    estate = estate_of(NIGHTLY_OF_DB, WEEKLY, systems=systems, dependencies=edges)
    assert loss_in(estate, "system", 0).loss_minutes == WORST_WEEKLY
    assert loss_in(estate, "system", 1).loss_minutes == WORST_NIGHTLY


def test_one_store_without_a_copy_makes_the_loss_of_all_total():
    estate = estate_of(NIGHTLY_OF_DB, systems=SYSTEMS, dependencies=ON_BOTH)
    loss = loss_in(estate, "system", 1)
    assert (loss.state, loss.system) == (LossState.TOTAL, 2)


def test_one_untested_copy_makes_the_shared_figure_a_rumour():
    untested = replace(WEEKLY, restore_tested_on=None)
    estate = estate_of(NIGHTLY_OF_DB, untested, systems=SYSTEMS, dependencies=ON_BOTH)
    assert not loss_in(estate, "system", 1).tested


@pytest.mark.parametrize(("kept", "stranded"), [(WORST_WEEKLY, ()), (WORST_WEEKLY - 1, (1,))])
def test_a_store_that_keeps_no_points_so_old_cannot_follow(kept, stranded):
    short = replace(NIGHTLY_OF_DB, retention_minutes=kept)
    estate = estate_of(short, WEEKLY, systems=SYSTEMS, dependencies=ON_BOTH)
    assert loss_in(estate, "system", 0).stranded == stranded


def test_any_surviving_copy_that_reaches_back_is_enough_to_follow():
    short = replace(NIGHTLY_OF_DB, retention_minutes=2 * DAY)
    long = replace(LOCKED, system=1, interval_minutes=10 * DAY)
    estate = estate_of(short, long, WEEKLY, systems=SYSTEMS, dependencies=ON_BOTH)
    assert loss_in(estate, "system", 0).stranded == ()
