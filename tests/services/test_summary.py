"""The executive summary is printed like a plan: numbered, frozen, audited, and known to be stale as
soon as something that it says is no longer so."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.documents import snapshot
from bcp.documents.snapshot import Snapshot
from bcp.engine.permissions import Role
from bcp.models import AuditEvent, PlanVersion, System
from bcp.queries import analysis
from bcp.queries import plans as plan_reads
from bcp.services import jobs, plans, systems, targets, work
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_acceptance,
    make_dependency,
    make_plan_version,
    make_system,
    make_target,
)


@pytest.fixture
def payroll(acme: Cast) -> System:
    """A process that is promised within an hour and waits two for its storage."""
    process = make_system(
        acme.organisation, "Payroll", kind="business process", tier=1, recovery_minutes=0
    )
    storage = make_system(acme.organisation, "SAN", kind="storage", tier=1, recovery_minutes=120)
    make_dependency(process, storage)
    make_target(process, acme.user(Role.EXECUTIVE), rto=60, rpo=60)
    return process


def printed(cast: Cast) -> PlanVersion:
    job = plans.request_plan(cast.organisation, is_summary=True, by=cast.actor(Role.ENGINEER))
    assert work.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.says
    return PlanVersion.objects.get(job=job)


def composed(cast: Cast) -> Snapshot:
    return plans.compose(
        cast.organisation,
        scenario="everything",
        system_key=None,
        issue=1,
        now=timezone.now(),
        made_by="",
        is_summary=True,
    )


def kept(cast: Cast) -> PlanVersion:
    """An issue of the summary that says what is so now, without the seconds of printing it."""
    version = make_plan_version(cast.organisation)
    frozen = composed(cast)
    PlanVersion.objects.filter(pk=version.pk).update(snapshot=frozen)
    version.refresh_from_db()
    return version


def test_it_becomes_an_issue_of_two_pages_that_carry_its_data(acme: Cast, payroll: System) -> None:
    version = printed(acme)
    assert (version.title, version.issue, version.file.pages) == ("Executive summary", 1, 2)
    reader = pypdf.PdfReader(io.BytesIO(bytes(version.file.content)))
    assert reader.attachments["summary.json"] == [snapshot.canonical(version.snapshot)]
    event = AuditEvent.objects.of(acme.organisation).get(record_type="planversion")
    assert event.after is not None
    assert event.after["fingerprint"] == version.fingerprint
    assert list(plan_reads.summaries(acme.organisation)) == [version]


def test_a_plan_is_none(acme: Cast, payroll: System) -> None:
    make_plan_version(acme.organisation)
    assert not plan_reads.summaries(acme.organisation).exists()


def test_its_figures_are_those_that_scripts_get(
    acme: Cast, payroll: System, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("analyse", "acme", "--format", "json")
    answered = {one["name"]: one for one in json.loads(capsys.readouterr().out)["systems"]}
    (process,) = composed(acme)["processes"]
    same = (
        *("restored_minutes", "at_least", "rto_minutes", "rpo_minutes", "standing"),
        *("misses_minutes", "unknown_count"),
    )
    assert {name: process[name] for name in same} == {
        name: answered["Payroll"][name] for name in same
    }


def test_it_is_current_until_something_that_it_says_changes(acme: Cast, payroll: System) -> None:
    version = kept(acme)
    assert plans.standing(acme.organisation, version).is_current
    systems.change(
        acme.organisation,
        payroll.pk,
        {"description": "Pays people."},
        seen_version=payroll.version,
        by=acme.shell,
    )
    assert plans.standing(acme.organisation, version).is_current
    targets.propose(
        acme.organisation,
        payroll.pk,
        rto_minutes=240,
        rpo_minutes=60,
        reason="It can wait.",
        by=acme.actor(Role.IT_DIRECTOR),
    )
    standing = plans.standing(acme.organisation, version)
    assert set(standing.changed) == {"processes", "decisions"}
    assert standing.since is not None
    assert {plans.SECTIONS[one] for one in standing.changed}


def test_an_accepted_gap_is_told_with_who_and_why(acme: Cast, payroll: System) -> None:
    before = composed(acme)
    make_acceptance(payroll, acme.user(Role.EXECUTIVE), code="rto_missed", reason="Too dear.")
    now = composed(acme)
    (accepted,) = now["accepted"]
    assert (accepted["why"], accepted["by"]) == ("Too dear.", "Executive Of Acme Foods")
    assert snapshot.changed_sections(before, now, ("open_gaps", "accepted", "totals")) == [
        *("open_gaps", "accepted"),
    ]


def test_the_command_prints_it(acme: Cast, payroll: System, tmp_path: Path) -> None:
    target = tmp_path / "summary.pdf"
    call_command("render_plan", "acme", "--summary", "--out", str(target))
    assert len(pypdf.PdfReader(target).pages) == 2
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("render_plan", "acme", "--summary", "--system", "SAN", "--out", str(target))


def test_a_job_of_before_there_were_summaries_still_prints_its_sheet(
    acme: Cast, payroll: System
) -> None:
    job = plans.request_plan(acme.organisation, system_key=payroll.pk, by=acme.shell)
    assert "summary" not in job.parameters
    held = jobs.claim(job.pk)
    assert held is not None
    assert plans.perform(held).title == "System sheet: Payroll"


def test_nothing_of_another_organisation_is_in_it(acme: Cast, rival: Cast, payroll: System) -> None:
    theirs = make_system(rival.organisation, f"{CANARY} process", kind="business process", tier=1)
    make_acceptance(theirs, rival.user(Role.EXECUTIVE), reason=CANARY)
    assert CANARY not in json.dumps(composed(acme))


def test_more_processes_cost_no_more_queries(acme: Cast, payroll: System) -> None:
    def counted() -> int:
        now = timezone.now()
        analysis.analysis(acme.organisation, now=now)
        with CaptureQueriesContext(connection) as queries:
            composed(acme)
        return len(queries)

    def grow(count: int) -> None:
        rows: list[dict[str, Any]] = [
            {"name": f"Process {count} {one}", "kind": "business process", "tier": 1}
            for one in range(count)
        ]
        for row in rows:
            make_acceptance(make_system(acme.organisation, **row), acme.user(Role.EXECUTIVE))

    grow(1)
    few = counted()
    grow(6)
    assert counted() == few
