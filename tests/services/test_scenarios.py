"""Own scenarios: several losses under one name, and which tiers must withstand them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import AuditEvent, ScenarioCombination
from bcp.queries.analysis import analysis
from bcp.services import scenarios, sites, systems
from bcp.services.scenarios import PartValues
from tests.conftest import Cast
from tests.factories import make_copy, make_scenario, make_site, make_system, make_target

DAY = 1440
ATTACK = PartValues("ransomware", dwell_minutes=14 * DAY)
THEFT = PartValues("stolen_credentials")


def refused(*parts: PartValues, cast: Cast, name: str = "Both at once") -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        scenarios.create(cast.organisation, {"name": name}, parts=parts, by=cast.actor())
    return [message for messages in caught.value.fields.values() for message in messages]


def test_a_scenario_is_written_with_its_parts_and_both_are_audited(acme: Cast) -> None:
    hq = make_site(acme.organisation, "HQ")
    made = scenarios.create(
        acme.organisation,
        {"name": "Fire in an attack", "tiers": [2, 1, 2]},
        parts=[PartValues("site", site=hq), ATTACK],
        by=acme.actor(),
    )
    assert [part.scenario for part in made.parts.all()] == ["site:HQ", "ransomware:14d"]
    assert made.tiers == [1, 2]
    event = AuditEvent.objects.filter(record_id=made.pk).latest("sequence")
    assert [part["kind"] for part in event.after["parts"]] == ["site", "ransomware"]


def test_it_is_a_column_of_the_matrix_and_its_tiers_must_withstand_it(acme: Cast) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1, kind="data store")
    make_system(acme.organisation, "Wiki", tier=3, kind="data store")
    make_target(erp, acme.user(Role.EXECUTIVE), rpo=60)
    make_scenario(acme.organisation, "Fire and theft", tiers=[1])
    found = analysis(acme.organisation, now=timezone.now())
    assert found.scenarios[-1] == "Fire and theft"
    demanded = {row[-1].index: row[-1].demanded for row in found.matrix}
    assert demanded == {0: True, 1: False}
    assert analysis(acme.organisation, "fire and THEFT", now=timezone.now()).scenario.parts


@pytest.mark.parametrize("name", ["everything", "Ransomware:3d", "site:HQ", "System", " supplier "])
def test_a_name_that_reads_like_a_built_in_scenario_is_refused(acme: Cast, name: str) -> None:
    assert "built-in" in refused(ATTACK, THEFT, cast=acme, name=name)[0]


def test_it_takes_two_different_parts(acme: Cast) -> None:
    assert "at least 2" in refused(ATTACK, cast=acme)[0]
    assert refused(ATTACK, ATTACK, cast=acme) == ["Part 2: “ransomware:14d” is there already."]
    assert not ScenarioCombination.objects.exists()


def test_a_part_says_what_is_missing_and_a_supplier_must_be_one(acme: Cast) -> None:
    erp = make_system(acme.organisation, "ERP")
    assert refused(PartValues("site"), THEFT, cast=acme) == [
        "Part 1: Choose the site that is lost."
    ]
    assert "14d" in refused(PartValues("ransomware"), THEFT, cast=acme)[0]
    assert refused(PartValues("supplier", system=erp), THEFT, cast=acme) == [
        "Part 1: “ERP” is not a supplier."
    ]


def test_a_part_of_another_organisation_does_not_exist(acme: Cast, rival: Cast) -> None:
    foreign = make_site(rival.organisation, "Elsewhere")
    assert refused(PartValues("site", site=foreign), THEFT, cast=acme) == [
        "Part 1: There is no such record."
    ]


def test_changing_the_parts_counts_as_an_edit_and_the_same_parts_do_not(acme: Cast) -> None:
    made = make_scenario(acme.organisation, "Both", ATTACK, THEFT)
    same = scenarios.change(
        acme.organisation, made.pk, {}, parts=[ATTACK, THEFT], seen_version=1, by=acme.actor()
    )
    assert same.version == 1
    everything = PartValues("everything")
    changed = scenarios.change(
        acme.organisation, made.pk, {}, parts=[ATTACK, everything], seen_version=1, by=acme.actor()
    )
    assert changed.version == 2
    with pytest.raises(Conflict):
        scenarios.change(
            acme.organisation, made.pk, {"name": "Mine"}, seen_version=1, by=acme.actor()
        )


def test_what_a_scenario_loses_cannot_be_deleted_and_says_who_needs_it(acme: Cast) -> None:
    hq = make_site(acme.organisation, "HQ")
    bank = make_system(acme.organisation, "Bank", kind="supplier")
    parts = PartValues("site", site=hq), PartValues("supplier", system=bank)
    made = make_scenario(acme.organisation, "Quiet Monday", *parts)
    with pytest.raises(InvalidInput, match="Quiet Monday"):
        sites.delete(acme.organisation, hq.pk, seen_version=None, by=acme.actor())
    with pytest.raises(InvalidInput, match="Quiet Monday"):
        systems.delete(acme.organisation, bank.pk, seen_version=None, by=acme.actor())
    scenarios.delete(acme.organisation, made.pk, seen_version=1, by=acme.actor())
    sites.delete(acme.organisation, hq.pk, seen_version=None, by=acme.actor())


def test_an_auditor_writes_no_scenario(acme: Cast) -> None:
    with pytest.raises(NotAllowed):
        scenarios.create(
            acme.organisation, {"name": "Both"}, parts=[ATTACK, THEFT], by=acme.actor(Role.AUDITOR)
        )


def test_a_locked_copy_changes_cell_and_class_in_the_next_answer(acme: Cast) -> None:
    """The acceptance of the issue, at the level of services."""
    erp = make_system(acme.organisation, "ERP DB", tier=1, kind="data store")
    make_target(erp, acme.user(Role.EXECUTIVE), rpo=2 * DAY)
    nightly = {
        "site": make_site(acme.organisation, "Vault"),
        "interval_minutes": DAY,
        "run_minutes": 60,
        "lag_minutes": 0,
        "retention_minutes": 35 * DAY,
        "offline": False,
    }
    make_copy(erp, "open", **nightly, locked_minutes=0, separate_credentials=False)

    def under_attack() -> tuple[str | None, set[str]]:
        found = analysis(acme.organisation, now=timezone.now())
        cell = next(cell for cell in found.matrix[0] if cell.column == "ransomware:14d")
        reasons = found.backups[0].readiness.backups
        return cell.standing, {one.loss.scenario.name for one in reasons if one.loss}

    standing, missed = under_attack()
    assert standing == "misses"
    assert "ransomware:14d" in missed
    make_copy(erp, "locked", **nightly, locked_minutes=35 * DAY, separate_credentials=True)
    standing, missed = under_attack()
    assert standing == "at risk"  # nobody restored it yet
    assert "ransomware:14d" not in missed
