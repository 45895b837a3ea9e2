"""Jobs that really report at the same time, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event

import pytest
from django.db import connection

from bcp.engine.permissions import Capability
from bcp.models import BackupCopy, CopyReport, CopyStatus
from bcp.models.reports import ReportEvent
from bcp.services import copies, reporting
from bcp.services.ledger import writing
from bcp.services.reporting import CALLS, Call, TooManyCalls
from tests.conftest import Cast, make_cast
from tests.factories import make_copy, make_system
from tests.services.at_once import WRITERS, at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DONE = Call(ReportEvent.SUCCESS)
EACH = 12


@pytest.fixture
def acme(transactional_db: None) -> Cast:
    return make_cast("acme", "Acme Foods")


@pytest.fixture
def nightly(acme: Cast) -> BackupCopy:
    return make_copy(make_system(acme.organisation, "ERP"), "Nightly")


def take(address: str, call: Call, now: datetime) -> CopyReport:
    return reporting.take(reporting.copy_at(address), call, now)


def test_no_report_is_lost_and_the_numbers_have_no_holes(
    nightly: BackupCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each writer's clock is one of its own; the latest moment stays."""
    monkeypatch.setattr(reporting, "CALLS", WRITERS * EACH)
    address = reporting.address_of(nightly)

    def report(writer: int) -> Callable[[], None]:
        def many() -> None:
            for turn in range(EACH):
                take(address, DONE, NOW + timedelta(seconds=turn * WRITERS + writer))

        return many

    assert at_once([report(writer) for writer in range(WRITERS)]) == [None] * WRITERS
    count = WRITERS * EACH
    status = CopyStatus.objects.get()
    assert status.reports == count
    assert status.last_success == NOW + timedelta(seconds=count - 1)
    numbers = CopyReport.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, count + 1))


def test_of_many_first_reports_at_once_all_are_taken(nightly: BackupCopy) -> None:
    address = reporting.address_of(nightly)
    answers = at_once([partial(take, address, DONE, NOW)] * WRITERS)
    assert sorted(answer.number for answer in answers) == list(range(1, WRITERS + 1))
    assert CopyStatus.objects.count() == 1


def test_the_limit_holds_to_the_call_however_many_knock_at_once(nightly: BackupCopy) -> None:
    address = reporting.address_of(nightly)

    def knock() -> int:
        refused = 0
        for turn in range(EACH):
            try:
                take(address, DONE, NOW + timedelta(seconds=turn))
            except TooManyCalls:
                refused += 1
        return refused

    refused = sum(at_once([knock] * WRITERS))
    assert refused == WRITERS * EACH - CALLS
    assert (CopyStatus.objects.get().reports, CopyReport.objects.count()) == (CALLS, CALLS)


def test_a_report_does_not_wait_for_who_edits_the_organisation(
    acme: Cast, nightly: BackupCopy
) -> None:
    """An import may hold the organisation's lock for a minute. SQLite has one writer at a time,
    so there the two only take turns."""
    address = reporting.address_of(nightly)
    begun, reported = Event(), Event()
    if connection.vendor == "sqlite":
        for event in (begun, reported):
            event.set()

    def edit() -> bool:
        with writing(acme.organisation, by=acme.shell, needs=Capability.EDIT_ESTATE):
            begun.set()
            return reported.wait(timeout=20)

    def report() -> int:
        assert begun.wait(timeout=20)
        number = take(address, DONE, NOW).number
        reported.set()
        return number

    assert at_once([edit, report]) == [True, 1]


def test_a_copy_deleted_while_it_reports_leaves_nothing_behind(
    acme: Cast, nightly: BackupCopy
) -> None:
    """Whoever comes second is told: the job that its address is wrong, or the editor to try
    again."""
    address = reporting.address_of(nightly)
    take(address, DONE, NOW)
    delete = partial(
        copies.delete, acme.organisation, nightly.pk, seen_version=None, by=acme.actor()
    )
    reporters = [partial(take, address, DONE, NOW)] * (WRITERS - 1)
    deleted, *_taken = at_once([delete, *reporters])
    if deleted is not None:
        delete()
    assert (CopyStatus.objects.count(), CopyReport.objects.count()) == (0, 0)
