"""Scenario names, and what each loses (rule G10)."""

from __future__ import annotations

import pytest

from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Estate, Kind, NeededTo, Site, System
from bcp.engine.results import Effect, Scenario
from bcp.engine.scenario import UnknownScenario, parse_scenario
from tests.engine.estates import TODAY, with_authority

ESTATE = with_authority(
    Estate(
        "acme",
        systems=(
            System("1", "ERP", site="HQ", duration_minutes=60),
            System("2", "SAN", site="Annex", duration_minutes=30),
            System("3", "Mail", Kind.SUPPLIER, duration_minutes=120),
            System("4", "Portal", site="Cloud", duration_minutes=15),
            System("5", "Wiki", site="Cloud", duration_minutes=5),
            System("6", "Bench", site="Lab", duration_minutes=5),
        ),
        dependencies=(
            Dependency(0, 1),
            Dependency(3, 0, NeededTo.RUN),
            Dependency(0, 2, bootstrap="orders by fax"),
            Dependency(4, 2, NeededTo.FULL_SERVICE),
        ),
        sites=(Site("HQ", "city"), Site("Annex", "city"), Site("Cloud"), Site("Lab")),
    )
)
LOST, DOWN, UNTOUCHED = Effect.LOST, Effect.DOWN, Effect.UNTOUCHED


def effects_of(scenario: str) -> list[Effect]:
    return [result.effect for result in analyse(ESTATE, scenario, today=TODAY).systems]


def test_everything_loses_everything():
    assert effects_of("everything") == [LOST] * 6


def test_a_site_takes_its_whole_zone_with_it():
    assert effects_of("site:HQ") == [LOST, LOST, UNTOUCHED, DOWN, UNTOUCHED, UNTOUCHED]


def test_a_site_without_a_zone_is_lost_alone():
    assert effects_of("site:Cloud") == [UNTOUCHED] * 3 + [LOST, LOST, UNTOUCHED]


def test_a_lost_supplier_takes_down_only_those_it_gates():
    """A bootstrap note stands in, and full service only degrades."""
    assert effects_of("supplier:Mail") == [
        UNTOUCHED,
        UNTOUCHED,
        LOST,
        UNTOUCHED,
        UNTOUCHED,
        UNTOUCHED,
    ]


def test_a_lost_system_takes_down_whoever_needs_it_through_others():
    assert effects_of("system:SAN") == [DOWN, LOST, UNTOUCHED, DOWN, UNTOUCHED, UNTOUCHED]


def test_what_is_only_down_has_no_work_and_is_back_with_its_need():
    analysis = analyse(ESTATE, "system:SAN", today=TODAY)
    erp, san, mail, portal, *_ = analysis.systems
    assert (san.start_minutes, san.restored_minutes) == (0, 30)
    assert (erp.start_minutes, erp.restored_minutes) == (30, 30)
    assert (portal.start_minutes, portal.restored_minutes) == (0, 30)
    assert portal.binding_chain == (1, 0, 3)
    assert (mail.restored_minutes, mail.wave, mail.start_minutes) == (0, None, None)
    assert analysis.order == (1, 0, 3)
    assert [san.wave, erp.wave, portal.wave] == [1, 2, 2]
    assert analysis.restored_minutes == 30


def test_what_is_only_down_waits_for_its_need_even_if_that_is_back_at_once():
    estate = with_authority(
        Estate(
            "acme",
            (System("1", "ERP"), System("2", "SAN", duration_minutes=0), System("3", "Mail")),
            (Dependency(0, 1), Dependency(2, 1, NeededTo.RUN)),
        )
    )
    erp, _, mail = analyse(estate, "system:SAN", today=TODAY).systems
    assert (erp.start_minutes, erp.restored_minutes, erp.binding_chain) == (0, 0, (1, 0))
    assert (mail.start_minutes, mail.restored_minutes, mail.binding_chain) == (0, 0, (1, 2))


def test_a_need_that_is_up_already_is_not_waited_for():
    erp = analyse(ESTATE, "system:ERP", today=TODAY).systems[0]
    assert (erp.start_minutes, erp.restored_minutes, erp.wave) == (0, 60, 1)


@pytest.mark.parametrize(
    ("text", "scenario"),
    [
        ("everything", Scenario("everything", "everything")),
        (" Everything ", Scenario("everything", "everything")),
        ("site:hq", Scenario("site:HQ", "site", "HQ")),
        ("SITE: Annex", Scenario("site:Annex", "site", "Annex")),
        ("supplier:mail", Scenario("supplier:Mail", "supplier", "Mail")),
        ("system:Wiki", Scenario("system:Wiki", "system", "Wiki")),
    ],
)
def test_names_are_read_without_regard_to_case(text, scenario):
    assert parse_scenario(text, ESTATE) == scenario


def test_an_exact_name_wins_over_one_in_another_case():
    estate = Estate("acme", (System("1", "ldap"), System("2", "LDAP")))
    assert parse_scenario("system:LDAP", estate).subject == "LDAP"
    assert parse_scenario("system:ldap", estate).subject == "ldap"


@pytest.mark.parametrize("text", ["", "fire", "everything:HQ", "flood:14d", "HQ", ":"])
def test_an_unknown_kind_lists_the_kinds(text):
    with pytest.raises(UnknownScenario, match="everything, site:NAME"):
        parse_scenario(text, ESTATE)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("site:Moon", "Annex, Cloud, HQ, Lab"),
        ("supplier:ERP", "Mail"),
        ("system:", "Bench, ERP, Mail"),
    ],
)
def test_an_unknown_name_lists_the_names(text, allowed):
    with pytest.raises(UnknownScenario, match=allowed):
        parse_scenario(text, ESTATE)


def test_the_list_of_names_is_cut_short():
    estate = Estate("acme", tuple(System(str(i), f"system {i:03}") for i in range(500)))
    with pytest.raises(UnknownScenario, match="…") as refused:
        parse_scenario("system:none", estate)
    assert len(str(refused.value)) < 400
