"""Ransomware, stolen credentials and the organisation's own combinations as scenarios (G10)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bcp.engine.analysis import analyse
from bcp.engine.durations import MINUTES_PER_DAY, compact_minutes, parse_minutes
from bcp.engine.estate import Combination, Dependency, Estate, Kind, Site, System
from bcp.engine.results import Effect
from bcp.engine.scenario import UnknownScenario, lost_systems, parse_scenario
from bcp.engine.words import scenario_words
from tests.engine.estates import TODAY

KINDS = tuple(System(str(number), kind.value, kind=kind) for number, kind in enumerate(Kind))
ESTATE = Estate(
    "acme",
    systems=(*KINDS, System("x", "ERP", site="HQ")),
    sites=(Site("HQ"),),
    combinations=(
        Combination("Fire while attacked", ("site:HQ", "ransomware:2w", "ransomware:36h")),
        Combination("Insider", ("stolen_credentials",)),
    ),
)
SPARED = {"business process", "facility", "supplier"}


def lost(name: str) -> set[str]:
    scenario = parse_scenario(name, ESTATE)
    return {ESTATE.systems[index].name for index in lost_systems(scenario, ESTATE)}


@pytest.mark.parametrize(
    ("text", "name", "dwell"),
    [
        ("ransomware:14d", "ransomware:14d", 14 * MINUTES_PER_DAY),
        ("Ransomware: 2 weeks", "ransomware:14d", 14 * MINUTES_PER_DAY),
        ("ransomware:36h", "ransomware:1d12h", 36 * 60),
        ("ransomware:0", "ransomware:0min", 0),
    ],
)
def test_ransomware_is_named_by_the_time_the_attacker_was_inside(text, name, dwell):
    scenario = parse_scenario(text, ESTATE)
    assert (scenario.name, scenario.dwell_minutes) == (name, dwell)
    assert parse_scenario(scenario.name, ESTATE) == scenario


@pytest.mark.parametrize("text", ["ransomware", "ransomware:", "ransomware:soon", "ransomware:-1"])
def test_ransomware_without_a_time_says_how_to_write_it(text):
    with pytest.raises(UnknownScenario, match="as in ransomware:14d"):
        parse_scenario(text, ESTATE)


@pytest.mark.parametrize("minutes", [0, 1, 60, 90, 1440, 14 * 1440, 1501])
def test_a_compact_time_reads_back_as_itself(minutes):
    assert " " not in compact_minutes(minutes)
    assert parse_minutes(compact_minutes(minutes)) == minutes


@pytest.mark.parametrize("name", ["ransomware:14d", "stolen_credentials", "insider"])
def test_attacks_lose_whatever_runs_software(name):
    assert lost(name) == {system.name for system in ESTATE.systems} - SPARED


def test_a_process_is_down_with_what_it_needs_and_has_no_work_of_its_own():
    process = System("p", "Sales", kind=Kind.PROCESS, duration_minutes=500)
    app = System("a", "Shop", duration_minutes=30)
    estate = Estate("acme", (process, app), (Dependency(0, 1),), detection_minutes=0)
    sales, shop = analyse(estate, "ransomware:14d", today=TODAY).systems
    assert (sales.effect, shop.effect) == (Effect.DOWN, Effect.LOST)
    assert sales.restored_minutes == shop.restored_minutes == 30


def test_a_combination_loses_what_any_part_loses_and_keeps_its_spelling():
    scenario = parse_scenario("fire while ATTACKED", ESTATE)
    assert scenario.name == "Fire while attacked"
    assert lost(scenario.name) == lost("site:HQ") | lost("ransomware:14d")
    assert scenario.dwell_minutes == 14 * MINUTES_PER_DAY, "the longest of several"


def test_a_combination_cannot_hide_a_built_in_scenario():
    estate = replace(ESTATE, combinations=(Combination("everything", ("site:HQ",)),))
    assert parse_scenario("everything", estate).parts == ()


@pytest.mark.parametrize("part", ["flood", "Insider", "site:Moon", "ransomware"])
def test_a_part_that_is_no_scenario_is_refused(part):
    estate = replace(ESTATE, combinations=(*ESTATE.combinations, Combination("bad", (part,))))
    with pytest.raises(UnknownScenario):
        parse_scenario("bad", estate)


def test_an_unknown_name_lists_the_combinations():
    with pytest.raises(UnknownScenario, match="Fire while attacked, Insider"):
        parse_scenario("flood", ESTATE)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("site:HQ", "the loss of the site “HQ”"),
        ("ransomware:14d", "ransomware that was inside for 14 d"),
        ("stolen_credentials", "the theft of administrator credentials"),
        ("everything", "the loss of everything"),
        ("system:ERP", "the loss of “ERP”"),
        ("supplier:supplier", "the end of the supplier “supplier”"),
        ("Insider", "the scenario “Insider”"),
    ],
)
def test_every_scenario_can_stand_in_a_sentence(name, says):
    assert str(scenario_words(parse_scenario(name, ESTATE))) == says


def test_the_analysis_of_an_attack_names_it():
    assert analyse(ESTATE, "ransomware:2w", today=TODAY).scenario.name == "ransomware:14d"
