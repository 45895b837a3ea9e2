"""What a copy survives, and the sentences that say why (rule B2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bcp.engine.estate import Combination, CopyKind, Kind, System
from bcp.engine.survival import Verdict
from tests.engine.backup_cast import DATABASE, DAY, HOUR, LOCKED, NIGHTLY, fate_of, why

SURVIVES, LOST, UNKNOWN = Verdict.SURVIVES, Verdict.LOST, Verdict.UNKNOWN
WORST = DAY + HOUR + 30


def test_the_worst_loss_is_interval_and_run_and_shipping():
    fate = fate_of(NIGHTLY, "system")
    assert (fate.verdict, fate.loss_minutes) == (SURVIVES, WORST)
    assert why(fate) == (
        "newest point at worst 1 d 1 h 30 min old (interval 1 d, run 1 h, shipping 30 min)"
    )


@pytest.mark.parametrize("missing", ["interval_minutes", "run_minutes", "lag_minutes"])
def test_a_part_that_nobody_recorded_leaves_the_loss_unknown(missing):
    fate = fate_of(replace(NIGHTLY, **{missing: None}), "system")
    assert (fate.verdict, fate.loss_minutes) == (SURVIVES, None)
    assert fate.known_minutes == WORST - getattr(NIGHTLY, missing)
    assert "cannot be said: nobody recorded its" in why(fate)


def test_a_site_takes_the_copies_of_its_whole_zone():
    assert fate_of(NIGHTLY, "site:HQ").verdict is SURVIVES
    annex = fate_of(replace(NIGHTLY, site="Annex"), "site:HQ")
    assert (annex.verdict, annex.loss_minutes) == (LOST, None)
    assert why(annex) == "kept at “Annex”, which is lost"


def test_a_copy_of_which_nobody_recorded_the_place_is_not_shown_to_survive_a_site():
    fate = fate_of(replace(NIGHTLY, site=None), "site:HQ")
    assert (fate.verdict, fate.loss_minutes) == (UNKNOWN, None)
    assert fate_of(replace(NIGHTLY, site=None), "system").verdict is SURVIVES


def test_a_tape_beside_production_burns_with_it_although_it_is_offline():
    assert fate_of(replace(NIGHTLY, site="HQ", offline=True), "site:HQ").verdict is LOST


def test_everything_spares_only_places_where_no_system_is():
    assert fate_of(NIGHTLY, "everything").verdict is SURVIVES
    backup_server = System("s", "Backup server", kind=Kind.STORAGE, site="Vault")
    systems = (DATABASE, backup_server)
    assert fate_of(NIGHTLY, "everything", systems=systems).verdict is LOST


def test_the_end_of_a_supplier_takes_what_is_kept_with_it():
    crm = System("crm", "CRM", kind=Kind.SUPPLIER, site="Annex")
    export = replace(NIGHTLY, kind=CopyKind.EXPORT)
    assert fate_of(export, "supplier:CRM", systems=(crm,)).verdict is SURVIVES
    assert fate_of(replace(export, site="HQ"), "supplier:CRM", systems=(crm,)).verdict is LOST
    homeless = replace(crm, site=None)
    assert fate_of(export, "supplier:CRM", systems=(homeless,)).verdict is SURVIVES
    with_it = replace(export, site="CRM")
    assert fate_of(with_it, "supplier:CRM", systems=(homeless,)).verdict is LOST


@pytest.mark.parametrize(
    ("site", "home", "verdict"),
    [
        ("HQ", "HQ", LOST),
        ("Annex", "HQ", LOST),
        (None, "HQ", LOST),
        ("Vault", "HQ", SURVIVES),
        ("Vault", None, UNKNOWN),
        (None, None, LOST),
    ],
)
def test_a_snapshot_dies_with_the_storage_of_production(site, home, verdict):
    snapshot = replace(NIGHTLY, kind=CopyKind.SNAPSHOT, site=site)
    systems = (replace(DATABASE, site=home),)
    assert fate_of(snapshot, "system", systems=systems).verdict is verdict


def test_a_locked_snapshot_survives_an_attack_that_leaves_the_storage_in_place():
    snapshot = replace(LOCKED, kind=CopyKind.SNAPSHOT, site="HQ")
    assert fate_of(snapshot, "ransomware:14d").verdict is SURVIVES
    assert fate_of(snapshot, "system").verdict is LOST


def test_a_replica_stands_in_for_a_machine_or_a_site_and_never_for_corruption():
    replica = replace(LOCKED, kind=CopyKind.REPLICA, interval_minutes=0, run_minutes=0)
    assert fate_of(replica, "system").loss_minutes == 30
    assert fate_of(replica, "site:HQ").verdict is SURVIVES
    for attack in ("ransomware:14d", "ransomware:0", "stolen_credentials"):
        fate = fate_of(replace(replica, offline=True, separate_credentials=True), attack)
        assert fate.verdict is LOST
        assert why(fate) == "a replica repeats at once whatever is done to production"


def test_ransomware_deletes_what_is_neither_locked_nor_offline():
    fate = fate_of(replace(NIGHTLY, separate_credentials=True), "ransomware:14d")
    assert (fate.verdict, why(fate)) == (
        LOST,
        "neither locked nor offline: the attacker deletes it",
    )


def test_a_lock_longer_than_the_dwell_time_saves_the_newest_clean_point():
    fate = fate_of(LOCKED, "ransomware:14d")
    assert (fate.verdict, fate.loss_minutes) == (SURVIVES, 14 * DAY + WORST)
    assert why(fate) == (
        "locked 35 d, dwell 14 d: nobody can delete what is needed; "
        "kept 35 d, dwell 14 d: older points than the attacker are there; "
        "newest clean point at worst 15 d 1 h 30 min old (dwell 14 d, interval 1 d, run 1 h, "
        "shipping 30 min)"
    )


def test_an_offline_copy_is_out_of_an_attackers_reach():
    tape = replace(NIGHTLY, offline=True)
    assert fate_of(tape, "ransomware:14d").loss_minutes == 14 * DAY + WORST
    assert fate_of(tape, "stolen_credentials").loss_minutes == WORST


@pytest.mark.parametrize("field", ["locked_minutes", "retention_minutes"])
@pytest.mark.parametrize(
    ("minutes", "verdict"), [(15 * DAY - 1, LOST), (15 * DAY, SURVIVES), (14 * DAY, LOST)]
)
def test_lock_and_retention_must_last_for_dwell_time_and_interval(field, minutes, verdict):
    fate = fate_of(replace(LOCKED, **{field: minutes}), "ransomware:14d")
    assert fate.verdict is verdict
    if verdict is LOST:
        assert "the newest clean point may have been there for 15 d" in why(fate)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"offline": None}, "nobody recorded whether it is offline, so it may be deleted"),
        (
            {"offline": None, "locked_minutes": None},
            "nobody recorded whether it is offline, locked, so it may be deleted",
        ),
        ({"locked_minutes": None}, "nobody recorded whether it is locked"),
        ({"offline": True, "retention_minutes": None}, "nobody recorded how long it is kept"),
        ({"locked_minutes": 35 * DAY, "interval_minutes": None}, "so the lock may be too short"),
        ({"offline": True, "interval_minutes": None}, "nobody recorded its interval, so no point"),
    ],
)
def test_what_nobody_recorded_is_never_taken_to_be_good(facts, says):
    fate = fate_of(replace(NIGHTLY, **facts), "ransomware:14d")
    assert (fate.verdict, fate.loss_minutes) == (UNKNOWN, None)
    assert says in why(fate)


def test_a_long_enough_lock_says_that_a_copy_is_kept():
    fate = fate_of(replace(LOCKED, retention_minutes=None), "ransomware:14d")
    assert fate.verdict is SURVIVES
    assert "the lock keeps it for 35 d" in why(fate)


def test_stolen_credentials_open_what_they_open_unless_it_is_locked_or_offline():
    fate = fate_of(NIGHTLY, "stolen_credentials")
    assert fate.verdict is LOST
    assert why(fate).startswith("no separate credentials, neither locked nor offline")
    for facts in (
        {"separate_credentials": True},
        {"offline": True},
        {"locked_minutes": DAY},
    ):
        assert fate_of(replace(NIGHTLY, **facts), "stolen_credentials").loss_minutes == WORST
    assert fate_of(replace(NIGHTLY, locked_minutes=DAY - 1), "stolen_credentials").verdict is LOST
    unsaid = replace(NIGHTLY, separate_credentials=None)
    assert fate_of(unsaid, "stolen_credentials").verdict is UNKNOWN


def test_a_copy_that_is_deleted_before_the_next_is_made_leaves_moments_without_any():
    fate = fate_of(replace(NIGHTLY, retention_minutes=DAY - 1), "system")
    assert fate.verdict is LOST
    assert "at times there is no point at all" in why(fate)
    assert fate_of(replace(NIGHTLY, retention_minutes=None), "system").verdict is SURVIVES


def test_in_a_combination_a_copy_must_survive_every_part_and_the_longest_dwell_counts():
    both = Combination("both", ("site:HQ", "ransomware:3d", "ransomware:14d"))

    def fate(copy):
        return fate_of(copy, "both", combinations=(both,))

    assert fate(LOCKED).loss_minutes == 14 * DAY + WORST
    assert fate(replace(LOCKED, site="Annex")).verdict is LOST
    assert fate(NIGHTLY).verdict is LOST
    assert fate(replace(LOCKED, locked_minutes=10 * DAY)).verdict is LOST


def test_every_reason_that_removes_a_copy_is_said():
    both = Combination("both", ("site:HQ", "ransomware:14d"))
    copy = replace(NIGHTLY, site="HQ", retention_minutes=DAY)
    assert len(fate_of(copy, "both", combinations=(both,)).reasons) == 3
