"""`load_demo`: two firms, with their weaknesses, once."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from bcp.engine.changes import Open, Shorten
from bcp.engine.estate import Kind
from bcp.engine.impacts import derive
from bcp.engine.permissions import Role
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results_of_backups import BackupResult
from bcp.engine.survival import Verdict
from bcp.engine.ways import ways_to_meet
from bcp.models import (
    AuditEvent,
    BackupCopy,
    BackupPolicy,
    Contact,
    Dependency,
    ImpactAssessment,
    Membership,
    Organisation,
    System,
)
from bcp.queries import acceptances, analysis, history, procedures, reports, targets
from bcp.services import demo, exporting, importing, policies, ways
from bcp.services.actor import Actor
from bcp.services.importing import Options
from tests.kept_rows import put_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def debug(settings: Settings) -> None:
    settings.DEBUG = True


@pytest.fixture
def loaded(debug: None) -> Organisation:
    put_back("demo", load)
    return Organisation.objects.get(slug="brightwater")


def load() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def answer_of(organisation: Organisation, name: str) -> BackupResult:
    answer = analysis.analysis(organisation, now=timezone.now())
    return next(one for one in answer.backups if one.name == name)


def test_a_second_time_it_changes_nothing_and_says_so(loaded: Organisation) -> None:
    events = AuditEvent.objects.count()
    out = load()
    assert "Nothing has changed." in out
    assert AuditEvent.objects.count() == events


def test_it_prints_every_login_and_the_password_opens_them(debug: None) -> None:
    out = load()
    for role in ("executive", "director", "engineer", "auditor", "administrator"):
        assert f"{role}@brightwater.example" in out
    assert "password of every login is: demo" in out
    assert Client().login(email="executive@brightwater.example", password="demo")


def test_it_is_refused_where_everybody_could_come_in(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        load()
    assert not Organisation.objects.exists()


def test_the_firm_is_of_believable_size_and_has_its_weaknesses(loaded: Organisation) -> None:
    now = timezone.now()
    answer = analysis.analysis(loaded, now=now)
    systems = System.objects.of(loaded)
    assert 40 <= systems.count() <= 65
    assert {system.kind for system in systems} == set(Kind)
    loops = [{answer.estate.systems[i].name for i in loop.systems} for loop in answer.loops]
    assert loops == [{"Active Directory", "DNS and DHCP", "VM cluster"}]
    missed = [result.name for result in answer.systems if result.misses_minutes]
    assert missed == ["Web shop"]
    assert {gap.path for gap in answer.people_gaps} == {"Leeds plant"}
    assert {gap.code for gap in answer.gaps} >= {"rto_missed", "loop"}
    stale = Contact.objects.of(loaded).filter(verified_on__lt=now.date() - timedelta(days=90))
    assert [contact.name for contact in stale] == ["Fiona Walsh"]
    assert BackupCopy.objects.of(loaded).filter(restore_tests=None).exists()
    assert targets.proposals(loaded).count() == 5
    assert len(targets.approved(loaded)) > 40
    assert history.first_broken(loaded) is None


def test_its_data_of_the_shop_are_too_old_under_ransomware_until_a_locked_copy_is_added(
    loaded: Organisation,
) -> None:
    """One survives, and it is a day old where an hour may be lost."""
    shop = answer_of(loaded, "Shop database")
    fates = shop.own_losses["ransomware:14d"].fates
    assert [fate.verdict for fate in fates].count(Verdict.SURVIVES) == 1
    assert shop.losses["ransomware:14d"].rpo_loss_minutes == (24 + 2 + 2) * 60
    assert "rpo_missed" in {reason.code for reason in shop.readiness.backups}
    vault = BackupPolicy.objects.of(loaded).get(name="Logs to the vault")
    key = System.objects.of(loaded).get(name="Shop database").pk
    policies.assign(loaded, vault.pk, [key], by=Actor.command_line(loaded))
    shop = answer_of(loaded, "Shop database")
    assert shop.losses["ransomware:14d"].rpo_loss_minutes == 35
    assert shop.readiness.kind is ReadinessClass.BOTH


def test_each_class_of_readiness_has_systems_with_believable_reasons(
    loaded: Organisation,
) -> None:
    answer = analysis.analysis(loaded, now=timezone.now())
    classes = {
        kind: {one.name for one in answer.backups if one.readiness.kind is kind}
        for kind in ReadinessClass
    }
    assert classes[ReadinessClass.BOTH] >= {"Active Directory", "Warehouse management"}
    assert classes[ReadinessClass.ONLY_BACKUPS] >= {"ERP", "ERP database"}
    assert classes[ReadinessClass.ONLY_PLAN] >= {"Shop database", "Web shop"}
    assert classes[ReadinessClass.NEITHER] >= {"Recipe database", "Customer portal"}
    reasons = {reason.code for one in answer.backups for reason in one.readiness.plan}
    assert reasons >= {"procedure_missing", "procedure_unapproved", "exercise_never"}


def test_of_its_jobs_one_is_late_one_failed_and_some_never_reported(loaded: Organisation) -> None:
    late = reports.late_or_failed(loaded, timezone.now())
    said = {(one.copy.system.name, one.state.value) for one in late}
    assert said >= {("EDI gateway", "late"), ("HR system", "failed")}
    assert len(said) <= 4


def test_somebody_else_approved_the_procedures_and_one_still_waits(loaded: Organisation) -> None:
    approved, waiting = procedures.current(loaded), procedures.drafts(loaded)
    assert len(approved) > 10
    assert [str(draft.system) for draft in waiting.values()] == ["ERP database"]
    assert all(one.approved_by not in (None, one.author) for one in approved.values())


def test_one_login_belongs_to_both_with_different_roles_and_nobody_else_does(
    loaded: Organisation,
) -> None:
    roles = {
        (membership.organisation.slug, membership.user.email): membership.role
        for membership in Membership.objects.select_related("organisation", "user")
    }
    both = [email for slug, email in roles if slug == "brightwater" and ("kestrel", email) in roles]
    assert both == ["consultant@continuity.example"]
    assert roles["brightwater", both[0]] == Role.AUDITOR.value
    assert roles["kestrel", both[0]] == Role.IT_DIRECTOR.value


def test_executives_answered_for_most_processes_and_some_wait(loaded: Organisation) -> None:
    answer = analysis.analysis(loaded, now=timezone.now())
    named = [system.name for system in answer.estate.systems]
    derived = {named[one.system]: derive(one.answers) for one in answer.estate.impacts}
    processes = {one.name for one in answer.estate.systems if one.kind is Kind.PROCESS}
    assert processes - set(derived) == {"Quality release"}
    assert derived["Product recall"].rto.minutes == 240
    assert derived["Payroll"].rto.may_be_earlier, "somebody did not know"
    [asked] = ImpactAssessment.objects.of(loaded).exclude(asked_of=None)
    assert (asked.process.name, asked.asked_of.role) == ("Production", Role.EXECUTIVE.value)
    confirmed = ImpactAssessment.objects.of(loaded).exclude(confirmed_at=None)
    assert confirmed.count() == 3
    codes = {gap.code for gap in answer.gaps}
    assert codes >= {"impact_missing", "target_looser_than_impact", "mtd_exceeded"}
    assert [loaded.currency, Organisation.objects.get(slug="kestrel").currency] == ["GBP", "EUR"]


def test_it_lives_with_two_gaps_until_a_day(loaded: Organisation) -> None:
    now = timezone.now()
    gaps = analysis.analysis(loaded, now=now).gaps
    standings = acceptances.states(loaded, gaps, now.date())
    accepted = {one.gap.code for one in standings if one.is_accepted}
    assert accepted == {"procedure_missing", "restore_test_failed"}
    untils = {one.acceptance.until for one in standings if one.acceptance}
    assert untils == {now.date() + timedelta(days=180)}


def test_a_recall_takes_nine_hours_until_one_offered_set_of_changes_is_written(
    loaded: Organisation,
) -> None:
    """The story of the targets: what is offered is verified, and holds once it is in the data."""
    now = timezone.now()
    answer = analysis.analysis(loaded, now=now)
    [recall] = [one for one in answer.systems if one.name == "Product recall"]
    assert recall.restored_minutes == 9 * 60
    assert [answer.systems[one].name for one in recall.binding_chain][-3:] == [
        "Batch archive",
        "Batch tracing",
        "Product recall",
    ]
    found = ways_to_meet(answer.estate, recall.index, 240, today=now.date())
    offer = next(one for one in found.offers if len(one.changes) == 2)
    steps: list[ways.Step] = []
    for change in offer.changes:
        if isinstance(change, Open):
            edge = Dependency.objects.of(loaded).get(
                dependent__name=answer.systems[change.dependent].name,
                dependency__name=answer.systems[change.dependency].name,
            )
            steps.append(ways.Bootstrap(edge.pk, "On the spare host in Leeds.", edge.version))
        elif isinstance(change, Shorten):
            key = answer.estate.systems[change.system].key
            steps.append(ways.Estimate(key, change.to_minutes, None))
    key = answer.estate.systems[recall.index].key
    ways.apply(loaded, key, 240, steps, by=Actor.command_line(loaded))
    after = analysis.analysis(loaded, now=now)
    assert after.systems[recall.index].restored_minutes == offer.restored_minutes <= 240


def test_the_templates_are_the_files_of_the_demonstration(loaded: Organisation) -> None:
    """A user who sends the templates back as they are changes nothing but the shifted dates."""
    incoming = importing.from_files({"templates.zip": exporting.template_zip()})
    by = Actor.command_line(loaded)
    plan = importing.preview(loaded, incoming, Options(), by=by)
    assert plan.faults == ()
    fields = {one.field for change in plan.changes for one in change.differences}
    assert fields <= {"verified on", "last success", "last restore test", "done on", "planned on"}
    assert len(incoming.bundle.systems.rows) == System.objects.of(loaded).count()


def test_all_telephone_numbers_and_addresses_are_invented(db: None) -> None:
    """Only numbers and domains that are reserved for stories."""
    for firm in demo.FIRMS:
        bundle = importing.from_folder(demo.FILES / firm.slug).bundle
        for contact in bundle.contacts.rows:
            assert contact.email.endswith(".example")
            for phone in contact.phones:
                assert phone.startswith(("+44 20 7946 0", "+44 7700 900", "+49 30 23125 "))
