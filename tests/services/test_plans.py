"""Plans: what is printed is frozen, numbered, audited, and compared with what is so now."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from bcp.documents import snapshot
from bcp.engine.permissions import Role
from bcp.errors import InvalidInput
from bcp.models import AuditEvent, Job, PlanFile, PlanVersion, System
from bcp.services import contacts, jobs, members, plans, systems, work
from tests.conftest import Cast
from tests.factories import (
    make_acceptance,
    make_contact,
    make_copy,
    make_dependency,
    make_path,
    make_plan_version,
    make_site,
    make_system,
    make_target,
    make_team,
)


@pytest.fixture
def estate(acme: Cast) -> Cast:
    """Two systems, one contact, one copy."""
    site = make_site(acme.organisation, "Nord", zone="river")
    ada = make_contact(
        acme.organisation, "Ada Kern", phones=["+49 40 1"], may_declare=True, coverage="24x7"
    )
    team = make_team(acme.organisation, "Platform", ada, heads_day=2)
    make_path(acme.organisation, "Ladder", is_default=True)
    erp = make_system(acme.organisation, "ERP", tier=1, owner=ada, site=site, recovery_minutes=60)
    san = make_system(acme.organisation, "SAN", tier=1, team=team, recovery_minutes=30)
    make_dependency(erp, san)
    make_target(erp, acme.user(Role.EXECUTIVE), rto=240, rpo=60)
    make_copy(erp, "Nightly", interval_minutes=60, run_minutes=5, lag_minutes=0)
    return acme


def printed(cast: Cast, **what: str) -> PlanVersion:
    job = plans.request_plan(cast.organisation, by=cast.actor(Role.ENGINEER), **what)
    assert work.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.says
    return PlanVersion.objects.get(job=job)


def cast_system(cast: Cast, name: str) -> System:
    return System.objects.of(cast.organisation).get(name=name)


def text_of(version: PlanVersion) -> str:
    reader = pypdf.PdfReader(io.BytesIO(bytes(version.file.content)))
    return " ".join(page.extract_text() for page in reader.pages)


def test_a_plan_that_is_asked_for_becomes_an_issue_with_a_file(estate: Cast) -> None:
    """Rules P1 and P4: the row and the attachment are the same JSON, byte by byte."""
    version = printed(estate)
    assert version.issue == 1
    assert version.scenario == "everything"
    assert version.fingerprint == snapshot.fingerprint(version.snapshot)
    assert version.review_on == plans.months_later(version.effective_on, 6)
    reader = pypdf.PdfReader(io.BytesIO(bytes(version.file.content)))
    assert version.file.pages == len(reader.pages)
    assert reader.attachments["plan.json"] == [snapshot.canonical(version.snapshot)]
    event = AuditEvent.objects.of(estate.organisation).get(record_type="planversion")
    assert event.after is not None
    assert event.after["fingerprint"] == version.fingerprint
    assert event.actor == estate.user(Role.ENGINEER)


def test_issues_are_counted_per_organisation(acme: Cast, rival: Cast) -> None:
    make_plan_version(acme.organisation)
    for cast, next_issue in ((acme, 2), (rival, 1)):
        held = jobs.claim(plans.request_plan(cast.organisation, by=cast.shell).pk)
        assert held is not None
        assert plans._reserve_issue(held, cast.organisation) == next_issue


def test_two_open_prints_never_get_the_same_number(estate: Cast) -> None:
    asked = [plans.request_plan(estate.organisation, by=estate.shell) for _one in range(2)]
    held = [jobs.claim(job.pk) for job in asked]
    numbers = [plans._reserve_issue(one, estate.organisation) for one in held if one]
    assert numbers == [1, 2]
    assert held[0] is not None
    assert plans._reserve_issue(held[0], estate.organisation) == 1


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 6, 15), 36, date(2029, 6, 15)),
    ],
)
def test_months_are_counted_as_on_a_calendar(day: date, months: int, later: date) -> None:
    assert plans.months_later(day, months) == later


def test_a_scenario_that_does_not_exist_is_refused_at_once(estate: Cast) -> None:
    with pytest.raises(InvalidInput, match="Nord"):
        plans.request_plan(estate.organisation, scenario="site:Süd", by=estate.shell)
    with pytest.raises(InvalidInput):
        plans.request_plan(estate.organisation, system_key="nobody", by=estate.shell)
    assert not Job.objects.exists()


def test_a_sheet_of_another_organisations_system_is_refused(estate: Cast, rival: Cast) -> None:
    foreign = make_system(rival.organisation, "Theirs")
    with pytest.raises(InvalidInput):
        plans.request_plan(estate.organisation, system_key=foreign.pk, by=estate.shell)


def test_a_system_that_is_deleted_before_the_print_fails_it_with_a_sentence(estate: Cast) -> None:
    alone = make_system(estate.organisation, "Alone")
    job = plans.request_plan(estate.organisation, system_key=alone.pk, by=estate.shell)
    systems.delete(estate.organisation, alone.pk, seen_version=None, by=estate.shell)
    work.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.says) == ("failed", "There is no such live system.")


def test_who_has_left_the_organisation_gets_no_plan(estate: Cast) -> None:
    job = plans.request_plan(estate.organisation, by=estate.actor(Role.ENGINEER))
    membership = estate.members[Role.ENGINEER]
    members.remove(estate.organisation, membership.pk, seen_version=None, by=estate.shell)
    work.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "no longer belongs" in job.says
    assert not PlanVersion.objects.exists()


def test_a_new_version_says_what_is_so(estate: Cast) -> None:
    version = make_plan_version(estate.organisation)
    standing = plans.standing(estate.organisation, version)
    assert standing.is_current
    assert standing.since is None


def test_a_changed_fact_makes_it_stale_section_by_section(estate: Cast) -> None:
    version = make_plan_version(estate.organisation)
    ada = contacts.Contact.objects.of(estate.organisation).get()
    contacts.change(
        estate.organisation, ada.pk, {"title": "Chief"}, seen_version=None, by=estate.shell
    )
    standing = plans.standing(estate.organisation, version)
    assert standing.changed == ("contacts",)
    assert standing.since is not None
    assert standing.since > version.created_at


def test_a_gap_that_was_accepted_since_makes_it_stale_and_stands_in_the_next(
    estate: Cast,
) -> None:
    version = make_plan_version(estate.organisation)
    san = cast_system(estate, "SAN")
    made = make_acceptance(san, estate.user(Role.EXECUTIVE), reason="It is sold")
    assert plans.standing(estate.organisation, version).changed == ("problems",)
    newer = make_plan_version(estate.organisation)
    (risk,) = [gap["accepted"] for gap in newer.snapshot["problems"]["gaps"] if gap["accepted"]]
    assert risk == {
        "by": str(made.accepted_by),
        "until": made.until.isoformat(),
        "why": "It is sold",
    }


def test_time_alone_makes_no_plan_stale(estate: Cast) -> None:
    """A contact that ages is a gap for the next plan, not an untruth in this one."""
    version = make_plan_version(estate.organisation)
    PlanVersion.objects.filter(pk=version.pk).update(created_at=F("created_at") - timedelta(200))
    assert plans.standing(estate.organisation, version).is_current


def test_a_plan_for_a_site_that_is_gone_is_stale_throughout(estate: Cast) -> None:
    version = make_plan_version(estate.organisation)
    version.scenario = "site:Süd"
    assert set(plans.standing(estate.organisation, version).changed) == set(snapshot.SECTIONS)


def test_a_damaged_file_is_not_handed_out(estate: Cast) -> None:
    version = make_plan_version(estate.organisation)
    assert plans.pdf_of(estate.organisation, version).startswith(b"%PDF")
    PlanFile.objects.update(content=b"%PDF-1.7 something else")
    with pytest.raises(plans.DamagedFile):
        plans.pdf_of(estate.organisation, version)


def test_a_file_is_only_handed_out_in_its_own_organisation(estate: Cast, rival: Cast) -> None:
    version = make_plan_version(estate.organisation)
    with pytest.raises(plans.DamagedFile):
        plans.pdf_of(rival.organisation, version)


def test_the_command_prints_a_sheet_by_name_without_worker_or_broker(
    estate: Cast, tmp_path: Path
) -> None:
    target = tmp_path / "erp.pdf"
    call_command("render_plan", "acme", "--system", "erp", "--out", str(target))
    version = PlanVersion.objects.get()
    assert target.read_bytes() == bytes(version.file.content)
    assert "Sheet 2" in text_of(version)
    assert [path.name for path in tmp_path.iterdir()] == ["erp.pdf"]
    assert Job.objects.get().state == "done"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nobody", "--out", "x.pdf"], "no organisation 'nobody'"),
        (["acme", "--system", "Nix", "--out", "x.pdf"], "no system 'Nix'"),
        (["acme", "--scenario", "site:Nix", "--out", "x.pdf"], "there is no site named"),
        (["acme", "--scenario", "flood", "--out", "x.pdf"], "is not a scenario"),
        (["acme", "--out", "/nowhere/at/all/x.pdf"], "no folder"),
    ],
)
def test_the_command_says_what_is_wrong(
    estate: Cast, arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=says):
        call_command("render_plan", *arguments)
    assert not list(tmp_path.iterdir())


def test_run_jobs_does_what_waits_and_ends(
    estate: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    system = make_system(estate.organisation, "Alone")
    plans.request_plan(estate.organisation, system_key=system.pk, by=estate.shell)
    assert work.run_waiting() == 1
    assert PlanVersion.objects.count() == 1
    assert work.run_waiting() == 0
