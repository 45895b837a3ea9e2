"""3-2-1-1-0, digit by digit, with what is missing and what would add it (rule B3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bcp.engine.estate import Content, CopyKind, Kind, Outcome, System
from bcp.engine.three_two_one import CopiesRule, Digit
from tests.engine.backup_cast import DATABASE, LOCKED, NIGHTLY, TODAY, estate_of, result_of

ALL = dict.fromkeys(Digit, True)


def rule_of(*copies, system: System = DATABASE) -> CopiesRule:
    rule = result_of(estate_of(*copies, systems=(system,))).copies_rule
    assert rule is not None
    return rule


def missing(rule: CopiesRule) -> dict[Digit, str]:
    return {one.digit: str(one.says) for one in rule.missing}


def test_two_copies_on_two_media_one_off_site_one_locked_and_tested_have_every_digit():
    rule = rule_of(replace(NIGHTLY, site="HQ"), LOCKED)
    assert rule.digits == ALL
    assert rule.holds
    assert [digit.value for digit in rule.digits] == ["3", "2", "1", "1_offline", "0"]


def test_without_copies_every_digit_is_missing_and_says_what_would_add_it():
    rule = rule_of()
    assert rule.digits == dict.fromkeys(Digit, False)
    assert missing(rule)[Digit.COPIES].startswith("1 of the 3 copies")
    assert all(str(one.fix) for one in rule.missing)


def test_production_counts_as_one_of_three_copies():
    rule = rule_of(LOCKED)
    assert rule.digits[Digit.COPIES] is False
    fix = next(one.fix for one in rule.missing if one.digit is Digit.COPIES)
    assert str(fix).startswith("Add 1 more")


def test_two_copies_on_one_medium_lack_the_second():
    rule = rule_of(NIGHTLY, replace(LOCKED, medium=" Disk"))
    assert missing(rule) == {
        Digit.MEDIA: "all copies with a recorded medium are on “disk”; 2 are needed"
    }


def test_an_unrecorded_medium_is_said_and_not_counted():
    assert rule_of(replace(NIGHTLY, medium="")).digits[Digit.MEDIA] is None
    assert rule_of(NIGHTLY, replace(LOCKED, medium="")).digits[Digit.MEDIA] is False


@pytest.mark.parametrize(
    ("home", "site", "there"),
    [
        ("HQ", "Vault", True),
        ("HQ", "Annex", False),
        ("HQ", "HQ", False),
        ("HQ", None, None),
        (None, "Vault", None),
    ],
)
def test_off_site_is_another_zone_than_production(home, site, there):
    rule = rule_of(replace(LOCKED, site=site), system=replace(DATABASE, site=home))
    assert rule.digits[Digit.OFF_SITE] is there


def test_offline_or_locked_is_one_digit():
    assert rule_of(NIGHTLY).digits[Digit.OFFLINE] is False
    assert rule_of(replace(NIGHTLY, offline=True)).digits[Digit.OFFLINE] is True
    assert rule_of(replace(NIGHTLY, locked_minutes=None)).digits[Digit.OFFLINE] is None


def test_zero_errors_needs_a_test_in_time_and_none_that_failed():
    assert rule_of(NIGHTLY).digits[Digit.ERRORS] is True
    old = replace(NIGHTLY, restore_tested_on=TODAY - timedelta(days=100))
    assert rule_of(old).digits[Digit.ERRORS] is False
    assert rule_of(old, LOCKED).digits[Digit.ERRORS] is True
    failed = replace(old, restore_outcome=Outcome.FAILURE)
    rule = rule_of(failed, LOCKED)
    assert missing(rule) == {Digit.ERRORS: "the last restore test of “nightly” had errors"}


def test_a_replica_counts_off_site_but_never_as_offline_or_tested():
    replica = replace(LOCKED, kind=CopyKind.REPLICA, offline=True)
    rule = rule_of(replica)
    assert rule.digits[Digit.OFF_SITE] is True
    assert rule.digits[Digit.OFFLINE] is False
    assert rule.digits[Digit.ERRORS] is False


def test_a_snapshot_beside_production_is_no_copy_of_its_own():
    snapshot = replace(NIGHTLY, kind=CopyKind.SNAPSHOT, medium="array", site="HQ")
    assert rule_of(snapshot, LOCKED).digits[Digit.COPIES] is False
    away = replace(snapshot, site="Vault")
    assert rule_of(away, LOCKED).digits[Digit.COPIES] is True


def test_only_copies_of_what_the_system_needs_count():
    configuration = replace(NIGHTLY, content=Content.CONFIGURATION)
    assert rule_of(configuration, LOCKED).digits[Digit.COPIES] is False


def test_a_system_that_needs_no_copies_has_no_digits():
    process = System("p", "Sales", kind=Kind.PROCESS)
    assert result_of(estate_of(systems=(process,))).copies_rule is None
