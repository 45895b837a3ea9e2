"""Plans take copies, procedures and exercises from the records: what is frozen, what is left out,
and what makes an issue stale."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.documents.snapshot import Snapshot
from bcp.engine.permissions import Role
from bcp.models import BackupCopy, System
from bcp.models.reports import CopyStatus
from bcp.queries import plans as plan_reads
from bcp.services import plans
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_copy,
    make_exercise,
    make_plan_version,
    make_procedure,
    make_scenario,
    make_system,
    make_target,
)


@pytest.fixture
def store(acme: Cast) -> System:
    """A data store with a copy and an approved procedure."""
    system = make_system(acme.organisation, "Ledger", tier=2, kind="data store")
    make_target(system, acme.user(Role.EXECUTIVE), rto=240, rpo=120)
    make_copy(system, "Hourly", interval_minutes=60, run_minutes=5, lag_minutes=0)
    make_procedure(system, 30, approved_by=acme.user(Role.IT_DIRECTOR), instruction="Mount it.")
    return system


def composed(cast: Cast, scenario: str = "everything") -> Snapshot:
    return plans.compose(
        cast.organisation,
        scenario=scenario,
        system_key=None,
        issue=1,
        now=timezone.now(),
        made_by="",
    )


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = rows
    return row


def test_the_approved_steps_are_frozen_and_a_drafts_are_not(acme: Cast, store: System) -> None:
    make_procedure(store, 10, instruction=CANARY)
    frozen = only(composed(acme)["procedures"])
    assert [one["instruction"] for one in frozen["steps"]] == ["Mount it."]
    assert frozen["has_draft"]
    assert CANARY not in str(composed(acme))


def test_a_success_that_a_job_reports_makes_no_plan_stale(acme: Cast, store: System) -> None:
    version = make_plan_version(acme.organisation)
    copy = BackupCopy.objects.get(system=store)
    now = timezone.now()
    CopyStatus.objects.create(
        organisation=acme.organisation, copy=copy, last_success=now, changed_at=now
    )
    assert plans.standing(acme.organisation, version).is_current


def test_a_new_exercise_makes_the_programme_stale(acme: Cast, store: System) -> None:
    version = make_plan_version(acme.organisation)
    make_exercise(store, name="Spring", planned_on=date(2030, 4, 1))
    assert plans.standing(acme.organisation, version).changed == ("exercises",)


def test_a_scenario_of_ones_own_is_a_column_and_can_be_printed(acme: Cast, store: System) -> None:
    make_scenario(acme.organisation, "Insider", tiers=[2])
    frozen = composed(acme, "Insider")
    assert frozen["print"]["title"] == "Continuity plan: Insider"
    assert only(frozen["scenarios"]["own"])["parts"] == ["ransomware:14d", "stolen_credentials"]
    losses = {one["scenario"]: one for one in only(frozen["backups"])["losses"]}
    assert losses["Insider"]["demanded"]


def test_more_records_cost_no_more_queries(acme: Cast, store: System) -> None:
    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            plan_reads.surroundings(acme.organisation)
        return len(queries)

    make_exercise(store, name="First", done_on=date(2026, 1, 2))
    make_scenario(acme.organisation, "First")
    before = counted()
    for number in range(5):
        other = make_system(acme.organisation, f"Other {number}")
        make_copy(other, "Nightly")
        make_procedure(other, 5, 10, approved_by=acme.user(Role.IT_DIRECTOR))
        make_exercise(other, store, name=f"Test {number}", done_on=date(2026, 2, 3))
        make_scenario(acme.organisation, f"Own {number}")
    assert counted() == before
