"""What a backup job's calls leave behind: the record, the limits, the secret address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from bcp.engine.observed import CopyState
from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import BackupCopy, CopyReport, CopyStatus, Organisation
from bcp.models.reports import ReportEvent
from bcp.queries import analysis, history, reports
from bcp.queries import copies as copy_reads
from bcp.services import copies, reporting, systems, undo
from bcp.services.reporting import CALLS, KEPT, WINDOW, Call, TooManyCalls, WrongAddress
from tests.conftest import Cast
from tests.factories import make_copy, make_system

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = 24 * 60
STARTED, DONE, FAILED = (Call(event) for event in ReportEvent)


@pytest.fixture
def nightly(acme: Cast) -> BackupCopy:
    return make_copy(make_system(acme.organisation, "ERP"), "Nightly", interval_minutes=DAY)


def take(copy: BackupCopy, call: Call, now: datetime = NOW) -> CopyReport:
    """As a web process does: from the address alone."""
    return reporting.take(reporting.copy_at(reporting.address_of(copy)), call, now)


def status_of(copy: BackupCopy) -> CopyStatus:
    return CopyStatus.objects.get(copy=copy)


def test_an_address_leads_to_its_copy_and_holds_at_least_128_secret_bits(
    nightly: BackupCopy,
) -> None:
    address = reporting.address_of(nightly)
    assert reporting.copy_at(address) == nightly
    secret = address.removeprefix(nightly.pk)
    assert len(secret) * 5 >= 128
    assert address == address.lower()
    assert address.isalnum()


def test_nothing_in_the_database_tells_an_address(nightly: BackupCopy) -> None:
    secret = reporting.address_of(nightly).removeprefix(nightly.pk)
    take(nightly, DONE)
    for model in (BackupCopy, CopyStatus, CopyReport):
        assert secret not in str(list(model.objects.values()))


def wrong_addresses(nightly: BackupCopy) -> dict[str, str]:
    address = reporting.address_of(nightly)
    other = make_copy(nightly.system, "Weekly")
    last = "a" if address[-1] != "a" else "b"
    return {
        "one letter is wrong": address[:-1] + last,
        "cut short": address[:-1],
        "too long": address + "a",
        "in capitals": address.upper(),
        "no secret": nightly.pk,
        "another copy's secret": other.pk + address.removeprefix(nightly.pk),
        "unknown copy": "0" * 12 + address.removeprefix(nightly.pk),
        "empty": "",
        "no text that a database holds": "\x00\ud800" + address,
    }


def test_no_other_address_leads_anywhere(nightly: BackupCopy) -> None:
    for address in wrong_addresses(nightly).values():
        with pytest.raises(WrongAddress):
            reporting.copy_at(address)


def test_a_wrong_address_costs_the_same_query_and_digest_whatever_is_wrong(
    nightly: BackupCopy,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    digests: list[str] = []
    real = reporting._digest
    monkeypatch.setattr(reporting, "_digest", lambda *named: digests.append("") or real(*named))
    for address in wrong_addresses(nightly).values():
        digests.clear()
        with django_assert_num_queries(1), pytest.raises(WrongAddress):
            reporting.copy_at(address)
        assert len(digests) == 1


def test_rolling_makes_another_address_and_kills_the_old_one(
    acme: Cast, nightly: BackupCopy
) -> None:
    old = reporting.address_of(nightly)
    rolled = reporting.roll(acme.organisation, nightly.pk, seen_version=1, by=acme.actor())
    new = reporting.address_of(rolled)
    assert new[:12] == old[:12]
    assert reporting.copy_at(new) == nightly
    with pytest.raises(WrongAddress):
        reporting.copy_at(old)
    latest = history.of_record(acme.organisation, "backupcopy", nightly.pk).first()
    assert latest is not None
    assert (latest.action, latest.after) == ("rolled", {"report_serial": 2})
    assert new not in str(list(history.events(acme.organisation).values()))


def test_rolling_needs_the_right_to_edit_and_the_latest_version(
    acme: Cast, nightly: BackupCopy
) -> None:
    with pytest.raises(NotAllowed):
        reporting.roll(acme.organisation, nightly.pk, seen_version=1, by=acme.actor(Role.EXECUTIVE))
    with pytest.raises(Conflict):
        reporting.roll(acme.organisation, nightly.pk, seen_version=7, by=acme.actor())
    nightly.refresh_from_db()
    assert nightly.report_serial == 1


def test_a_copy_that_was_deleted_and_brought_back_does_not_revive_a_dead_address(
    acme: Cast, nightly: BackupCopy
) -> None:
    dead = reporting.address_of(nightly)
    rolled = reporting.roll(acme.organisation, nightly.pk, seen_version=1, by=acme.actor())
    take(rolled, DONE)
    copies.delete(acme.organisation, nightly.pk, seen_version=2, by=acme.actor())
    with pytest.raises(WrongAddress):
        reporting.copy_at(reporting.address_of(rolled))
    deletion = history.of_record(acme.organisation, "backupcopy", nightly.pk).first()
    assert deletion is not None
    undo.undo(acme.organisation, deletion, by=acme.actor())
    assert reporting.copy_at(reporting.address_of(rolled)).pk == nightly.pk
    with pytest.raises(WrongAddress):
        reporting.copy_at(dead)


def test_a_retired_systems_copies_do_not_report(acme: Cast, nightly: BackupCopy) -> None:
    address = reporting.address_of(nightly)
    system = nightly.system
    systems.change(
        acme.organisation, system.pk, {"status": "retired"}, seen_version=None, by=acme.actor()
    )
    with pytest.raises(WrongAddress):
        reporting.copy_at(address)


def test_an_address_outlives_a_change_of_the_key_for_as_long_as_the_old_one_is_named(
    nightly: BackupCopy, settings: Settings
) -> None:
    address, former = reporting.address_of(nightly), settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(WrongAddress):
        reporting.copy_at(address)
    settings.SECRET_KEY_FALLBACKS = ["one between", former]
    assert reporting.copy_at(address) == nightly
    assert reporting.address_of(nightly) != address


def test_every_call_is_kept_and_the_status_says_what_they_amount_to(nightly: BackupCopy) -> None:
    take(nightly, STARTED, NOW)
    take(nightly, Call(ReportEvent.SUCCESS, 0, 2048), NOW + MINUTE)
    take(nightly, Call(ReportEvent.FAILURE, 3), NOW + 2 * MINUTE)
    status = status_of(nightly)
    assert (status.last_start, status.last_success, status.last_failure) == (
        *(NOW, NOW + MINUTE, NOW + 2 * MINUTE),
    )
    assert (status.last_exit_code, status.last_bytes, status.reports) == (3, 2048, 3)
    calls = reports.calls(nightly.organisation, nightly.pk)
    assert [(one.number, one.event, one.exit_code, one.reported_bytes) for one in calls] == [
        (3, "failure", 3, None),
        (2, "success", 0, 2048),
        (1, "start", None, None),
    ]


def test_what_contradicts_itself_is_no_call() -> None:
    for event, code, size in (("success", 1, None), ("start", 0, None), ("start", None, 5)):
        with pytest.raises(InvalidInput):
            Call.of(event, code, size)
    assert Call.of(None, None, 7) == Call(ReportEvent.SUCCESS, None, 7)
    assert Call.of(None, 255, None) == Call(ReportEvent.FAILURE, 255)
    assert Call.of("failure", 0, None) == Call(ReportEvent.FAILURE, 0)


def test_an_earlier_moment_never_overwrites_a_later_one(nightly: BackupCopy) -> None:
    """The clocks of two web machines differ; the one that is behind calls second."""
    take(nightly, Call(ReportEvent.SUCCESS, 0, 10), NOW)
    for event in ReportEvent:
        size = None if event == ReportEvent.START else 99
        take(nightly, Call(event, None if event == ReportEvent.START else 9, size), NOW - MINUTE)
    status = status_of(nightly)
    assert (status.last_success, status.last_exit_code, status.last_bytes) == (NOW, 0, 10)
    assert status.last_failure == status.last_start == NOW - MINUTE
    assert reports.state_of(nightly, status, NOW) is CopyState.ON_TIME


def test_of_two_calls_that_read_the_same_status_none_is_lost(nightly: BackupCopy) -> None:
    take(nightly, DONE)
    address = reporting.address_of(nightly)
    both = [reporting.copy_at(address) for _process in range(2)]
    numbers = [reporting.take(copy, FAILED, NOW + MINUTE).number for copy in both]
    assert numbers == [2, 3]
    assert status_of(nightly).reports == status_of(nightly).window_reports + 1 == 3


def test_thirty_calls_a_minute_are_taken_and_not_one_more(nightly: BackupCopy) -> None:
    for second in range(CALLS):
        take(nightly, DONE, NOW + timedelta(seconds=second))
    with pytest.raises(TooManyCalls) as refused:
        take(nightly, DONE, NOW + timedelta(seconds=45.5))
    assert refused.value.retry_after_seconds == 15
    assert (status_of(nightly).reports, CopyReport.objects.count()) == (CALLS, CALLS)
    assert take(nightly, DONE, NOW + WINDOW).number == CALLS + 1


def test_the_limit_is_each_copys_own(nightly: BackupCopy) -> None:
    weekly = make_copy(nightly.system, "Weekly")
    for _call in range(CALLS):
        take(nightly, DONE)
    assert take(weekly, DONE).number == 1


def test_the_latest_reports_are_kept(nightly: BackupCopy) -> None:
    take(nightly, DONE)
    CopyStatus.objects.update(reports=KEPT + 9)
    CopyReport.objects.bulk_create(
        CopyReport(
            organisation=nightly.organisation, copy=nightly, number=number, at=NOW, event="success"
        )
        for number in range(2, KEPT + 10)
    )
    take(nightly, DONE)
    numbers = reports.calls(nightly.organisation, nightly.pk).values_list("number", flat=True)
    assert list(numbers) == list(range(KEPT + 10, 10, -1))


def test_a_call_costs_as_many_queries_however_much_was_reported(
    nightly: BackupCopy, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take(nightly, DONE)
    # The address; a savepoint, the status, the report, the savepoint's end.
    with django_assert_num_queries(5):
        take(nightly, DONE)


def test_a_call_enters_no_audit_chain(acme: Cast, nightly: BackupCopy) -> None:
    before = Organisation.objects.values_list("audit_head", "audit_count").get()
    take(nightly, FAILED)
    assert Organisation.objects.values_list("audit_head", "audit_count").get() == before


def changes(copy: BackupCopy, call: Call, now: datetime) -> bool:
    """Whether the call drops the answers in memory."""
    before = status_of(copy)
    take(copy, call, now)
    after = status_of(copy)
    assert (after.changed_at != before.changed_at) == (after.version != before.version)
    return after.version != before.version


def test_answers_are_dropped_when_what_is_said_of_a_copy_changes_and_only_then(
    nightly: BackupCopy,
) -> None:
    take(nightly, STARTED)
    day = timedelta(days=1)
    assert changes(nightly, DONE, NOW + MINUTE), "the first success"
    assert not changes(nightly, DONE, NOW + day), "on time again"
    assert not changes(nightly, STARTED, NOW + 2 * day)
    assert changes(nightly, FAILED, NOW + 2 * day)
    assert not changes(nightly, FAILED, NOW + 2 * day + MINUTE), "failed again"
    assert changes(nightly, DONE, NOW + 2 * day + 2 * MINUTE)
    assert changes(nightly, DONE, NOW + 9 * day), "after it was late"


def test_a_change_is_seen_although_a_machine_with_a_faster_clock_wrote_before(
    acme: Cast, nightly: BackupCopy
) -> None:
    weekly = make_copy(nightly.system, "Weekly", interval_minutes=7 * DAY)
    for copy in (nightly, weekly):
        take(copy, DONE, NOW)
    take(weekly, FAILED, NOW + 2 * MINUTE)

    def failed() -> set[str]:
        answer = analysis.analysis(acme.organisation, now=NOW + 3 * MINUTE)
        gaps = [gap for gap in answer.gaps if gap.code == "failed_copy"]
        return {copy for copy in ("Nightly", "Weekly") if copy in str(gaps)}

    assert failed() == {"Weekly"}
    take(nightly, FAILED, NOW + MINUTE)
    assert failed() == {"Nightly", "Weekly"}


def test_late_and_failed_copies_are_found_in_one_query(
    acme: Cast, rival: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    erp = make_system(acme.organisation, "ERP")
    made = {
        name: make_copy(erp, name, interval_minutes=60, run_minutes=10)
        for name in ("good", "late", "later", "failed", "silent")
    }
    retired = make_system(acme.organisation, "Old", status="planned")
    foreign = make_system(rival.organisation, "ERP")
    for copy in (make_copy(retired, "late", interval_minutes=1), make_copy(foreign, "late")):
        take(copy, FAILED, NOW)
    take(made["good"], DONE, NOW - 70 * MINUTE)
    take(made["late"], DONE, NOW - 71 * MINUTE)
    take(made["later"], DONE, NOW - 500 * MINUTE)
    take(made["failed"], DONE, NOW - 9 * MINUTE)
    take(made["failed"], FAILED, NOW - 5 * MINUTE)
    with django_assert_num_queries(1):
        found = reports.late_or_failed(acme.organisation, NOW)
    assert [(copy.name, state, overdue, loss) for copy, state, overdue, loss in found] == [
        ("failed", CopyState.FAILED, 0, 9),
        ("later", CopyState.LATE, 430, 500),
        ("late", CopyState.LATE, 1, 71),
    ]


def test_what_somebody_recorded_counts_until_the_job_says_something_later(acme: Cast) -> None:
    copy = make_copy(
        make_system(acme.organisation, "ERP"), "Nightly", interval_minutes=60, last_success=NOW
    )

    def state() -> CopyState:
        [found] = reports.standing(copy_reads.listing(acme.organisation), NOW + MINUTE)
        status = CopyStatus.objects.filter(copy=copy).first()
        assert reports.state_of(copy, status, NOW + MINUTE) is found.state
        return found.state

    assert state() is CopyState.ON_TIME
    take(copy, FAILED, NOW - MINUTE)
    assert state() is CopyState.ON_TIME
    take(copy, FAILED, NOW + MINUTE)
    assert state() is CopyState.FAILED
