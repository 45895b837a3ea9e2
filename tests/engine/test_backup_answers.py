"""The backups half of an analysis: the columns of the matrix, and what each system answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from bcp.engine.analysis import analyse
from bcp.engine.estate import Combination, Dependency, Kind, Site, System, TierPolicy
from bcp.engine.loss import LOSES, LossState
from bcp.engine.messages import Joined, Message
from bcp.engine.readiness import ReadinessClass
from tests.engine.backup_cast import (
    DATABASE,
    DAY,
    HOUR,
    LOCKED,
    NIGHTLY,
    TODAY,
    estate_of,
    result_of,
)
from tests.engine.backup_estates import backed_up_estates

WORST = DAY + HOUR + 30


def test_losses_come_by_the_names_and_in_the_order_of_the_columns():
    result = result_of(estate_of(LOCKED))
    assert result.loss_minutes == {
        "system": WORST,
        "site:HQ": WORST,
        "ransomware:14d": 14 * DAY + WORST,
        "stolen_credentials": WORST,
        "everything": WORST,
    }


def test_a_loss_without_a_figure_is_none_and_says_which_kind_of_none():
    total = result_of(estate_of(NIGHTLY))
    assert total.loss_minutes["ransomware:14d"] is None
    assert total.losses["ransomware:14d"].state is LossState.TOTAL
    unknown = result_of(estate_of(replace(LOCKED, retention_minutes=None, locked_minutes=None)))
    assert unknown.losses["ransomware:14d"].state is LossState.UNKNOWN


def test_columns_have_every_dwell_time_that_a_tier_demands_and_the_combinations():
    estate = estate_of(
        combinations=(Combination("Insider", ("stolen_credentials",)), Combination("bad", ("x",))),
        tier_policies=(TierPolicy(1, "one", scenarios=("ransomware:30d", "ransomware:1d", "x")),),
    )
    assert analyse(estate, today=TODAY).scenarios == (
        *("system", "site", "supplier"),
        *("ransomware:1d", "ransomware:14d", "ransomware:30d"),
        *("stolen_credentials", "everything", "Insider"),
    )


def test_the_analysed_scenario_is_a_column_too():
    losses = result_of(estate_of(LOCKED), name="ransomware:20d").loss_minutes
    assert losses["ransomware:20d"] == 20 * DAY + WORST
    assert "site:Vault" not in result_of(estate_of(LOCKED), name="site:Vault").loss_minutes


def test_the_sites_of_a_system_are_its_own_and_those_of_its_data_one_in_each_zone():
    app = System("a", "ERP", site="Annex", rpo_minutes=DAY)
    far = replace(DATABASE, key="f", name="Far DB", site="Vault")
    estate = estate_of(
        LOCKED,
        systems=(DATABASE, app, far),
        dependencies=(Dependency(1, 0), Dependency(1, 2)),
    )
    names = [name for name in result_of(estate, 1).losses if name.startswith("site:")]
    assert names == ["site:Annex", "site:Vault"], "HQ is in the zone of the annex"


def test_the_end_of_a_supplier_concerns_the_supplier_and_what_stands_on_its_data():
    crm = System("c", "CRM", kind=Kind.SUPPLIER, data_gb=5)
    app = System("a", "Portal", site="HQ")
    export = replace(NIGHTLY, system=0, site="HQ")
    estate = estate_of(export, systems=(crm, app), dependencies=(Dependency(1, 0),))
    for index in range(2):
        assert result_of(estate, index).loss_minutes["supplier:CRM"] == WORST


def test_a_process_without_data_has_no_losses_and_needs_no_copies():
    process = System("p", "Sales", kind=Kind.PROCESS, owner="Ada")
    result = result_of(estate_of(systems=(process,)))
    assert result.loss_minutes == {}
    assert result.copies_rule is None
    assert result.own_losses == {}


def test_every_copy_has_its_fate_and_the_reasons_for_it():
    result = result_of(estate_of(NIGHTLY, LOCKED))
    fates = result.own_losses["ransomware:14d"].fates
    assert [(fate.copy, fate.verdict.value) for fate in fates] == [(0, "lost"), (1, "survives")]
    assert all(fate.reasons for fate in fates)


def test_an_analysis_answers_for_every_system_when_asked():
    analysis = analyse(estate_of(LOCKED), "ransomware:14d", today=TODAY)
    (result,) = analysis.backups
    assert result.name == "ERP DB"
    assert result.next_test_due == TODAY
    assert result.readiness.kind is ReadinessClass.NEITHER
    assert [copy.value for copy in result.copies_rule.digits] == ["3", "2", "1", "1_offline", "0"]


def test_systems_of_one_zone_are_told_apart_by_zone_even_if_no_site_is_listed():
    estate = replace(estate_of(LOCKED), sites=())
    assert result_of(estate).loss_minutes["site:HQ"] == WORST
    assert (
        result_of(replace(estate, sites=(Site("HQ", "x"), Site("Vault", "x"))))
        .losses["site:HQ"]
        .state
        is LossState.TOTAL
    )


@settings(max_examples=100, deadline=None)
@given(backed_up_estates())
def test_every_random_estate_is_answered_in_whole_sentences(estate):
    """Nothing in it makes the engine stumble, and every sentence has all its values."""
    analysis = analyse(estate, "ransomware:7min", today=TODAY)
    for result in analysis.backups:
        assert all(loss.state in LOSES for loss in result.losses.values())
        both = (result.readiness.backups == (), result.readiness.plan == ())
        assert (
            result.readiness.kind
            is {
                (True, True): ReadinessClass.BOTH,
                (True, False): ReadinessClass.ONLY_BACKUPS,
                (False, True): ReadinessClass.ONLY_PLAN,
                (False, False): ReadinessClass.NEITHER,
            }[both]
        )
        for sentence in result.readiness.consequence:
            assert "None" not in str(sentence)
    for gap in analysis.gaps:
        assert "None" not in f"{gap.says} {gap.fix}"


def test_a_sentence_inside_a_sentence_is_translated_with_it():
    german = {"after %(what)s": "nach %(what)s", "fire": "Brand", "flood": "Flut"}
    both = Joined((Message("fire"), Message("flood")), " + ")
    message = Message("after %(what)s", {"what": both})
    assert message.said(lambda template: german[template]) == "nach Brand + Flut"
    assert str(message) == "after fire + flood"


@pytest.mark.parametrize("rpo", [WORST, WORST - 1])
def test_a_loss_that_just_meets_the_rpo_is_no_gap(rpo):
    estate = estate_of(LOCKED, systems=(replace(DATABASE, rpo_minutes=rpo),))
    codes = {gap.code for gap in analyse(estate, today=TODAY).gaps}
    assert ("rpo_missed" in codes) == (rpo < WORST)
