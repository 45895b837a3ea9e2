"""Backup jobs report of themselves (rule B6): a call to a copy's secret address is taken here.

The address is the copy's key followed by a keyed digest of key and `BackupCopy.report_serial`.
Nothing secret is stored: who has the database, or a backup of it, cannot report; rolling an
address counts the serial up. Addresses made under a former `SECRET_KEY` work for as long as that
stands in `SECRET_KEY_FALLBACKS`.

A report is the one write that neither locks the organisation nor enters its audit chain. Machines
report by the thousand and at all hours: people would wait behind them, and what people did would
drown. The reports are a record of their own, numbered without holes, and a job can say nothing
but that it ran.
"""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from math import ceil
from typing import Any, Self

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import BcpError, InvalidInput
from bcp.models.base import KEY_LENGTH
from bcp.models.copies import BackupCopy
from bcp.models.organisations import Organisation
from bcp.models.reports import CopyReport, CopyStatus, ReportEvent
from bcp.models.systems import StatusChoice, System
from bcp.queries import reports
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import writing

KEPT = 500
"""So many reports of a copy are kept, the latest ones."""
CALLS = 30
WINDOW = timedelta(minutes=1)
"""At most so many `CALLS` of one copy are taken in a window, which begins with its first."""

EVENTS = frozenset(ReportEvent.values)

_STATUS = (
    *("version", "changed_at", "reports", "window_start", "window_reports", "last_start"),
    *("last_success", "last_failure", "last_exit_code", "last_bytes"),
)
"""What a call writes."""

_SALT = "bcp.services.reporting"
_DIGEST_BYTES = 20
_NO_SERIAL = 0
_STALE = -1
"""No status has so many reports: whoever still holds this one writes nothing with it."""


class WrongAddress(BcpError):
    """Whatever is wrong with it: unknown, rolled, of a copy deleted or of a system retired."""


class TooManyCalls(BcpError):
    """Above the limit of one copy; whole seconds until the next call is taken."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(_("This copy reports too often; wait a moment."))
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class Call:
    """What a job said: exit code 0 to 255 and bytes where it named them."""

    event: ReportEvent
    exit_code: int | None = None
    reported_bytes: int | None = None

    @classmethod
    def of(cls, event: str | None, exit_code: int | None, reported_bytes: int | None) -> Self:
        """With no `event` (one of `EVENTS`) the exit code decides, and a bare call is a success.
        Raises `InvalidInput` for what contradicts itself."""
        if event is None:
            event = ReportEvent.FAILURE if exit_code else ReportEvent.SUCCESS
        elif event == ReportEvent.START and (exit_code, reported_bytes) != (None, None):
            raise InvalidInput(_("A start has neither an exit code nor bytes."))
        elif event == ReportEvent.SUCCESS and exit_code:
            raise InvalidInput(_("A success has no exit code but 0."))
        return cls(ReportEvent(event), exit_code, reported_bytes)


def address_of(copy: BackupCopy) -> str:
    """The secret part of the address of a copy: its key, and 32 letters and digits."""
    return copy.pk + _digest(copy.pk, copy.report_serial, settings.SECRET_KEY)


def copy_at(address: str) -> BackupCopy:
    """The copy that reports at `address`, with its `system` and, if it ever reported, `status`, as
    far as `take` needs them.

    Raises `WrongAddress`, after the same work whatever is wrong.
    """
    address = address.encode("utf-8", "replace").decode()
    key, digest = address[:KEY_LENGTH], address[KEY_LENGTH:]
    copy = _read(key)
    serial = copy.report_serial if copy else _NO_SERIAL
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    matches = [constant_time_compare(digest, _digest(key, serial, secret)) for secret in secrets]
    if copy is None or not any(matches) or not may_report(copy):
        raise WrongAddress(_("There is no such page."))
    return copy


def may_report(copy: BackupCopy) -> bool:
    """Whether calls are taken at all: not for a retired system."""
    return copy.system.status != StatusChoice.RETIRED


def take(copy: BackupCopy, call: Call, now: datetime) -> CopyReport:
    """Record a call to the address of `copy` (of `copy_at`) at the moment `now`.

    What an earlier moment says never overwrites what a later one said: clocks of several web
    machines differ. Raises `TooManyCalls` with nothing written, or `WrongAddress` if the copy was
    deleted meanwhile.
    """
    status = getattr(copy, "status", None)
    if status is not None:
        _limit(status, now)  # a job that runs wild is sent away without a write
    try:
        with transaction.atomic():
            if status is None or not _write(copy, status, call, now):
                # The first call, or another one was quicker.
                status = _locked_status(copy, now)
                _limit(status, now)
                _write(copy, status, call, now)
            return _append(copy, status, call, now)
    except IntegrityError as error:
        raise WrongAddress(_("There is no such page.")) from error


def roll(
    organisation: Organisation, key: str, *, seen_version: int | None, by: Actor
) -> BackupCopy:
    """Give a copy a new reporting address; the old one is wrong from then on.

    It has an action of its own in the audit trail, because taking it back would make an address
    valid again that somebody wanted to be dead. Raises `Conflict` and `NotAllowed`.
    """
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        copy = records.locked(ledger, BackupCopy, key)
        records.check_version(copy, seen_version)
        before = {"report_serial": copy.report_serial}
        copy.report_serial += 1
        copy.version += 1
        copy.save(update_fields=["report_serial", "version", "updated_at"])
        ledger.note("rolled", copy, before=before, after={"report_serial": copy.report_serial})
        return copy


def _columns(model: type[Model], *wanted: str) -> tuple[str, ...]:
    """In the order that `Model.from_db` takes them in."""
    columns = (column.attname for column in model._meta.concrete_fields)
    return tuple(name for name in columns if name in wanted)


# All that a call needs to read: every job of every tenant comes by here.
_OF_COPY = _columns(
    BackupCopy,
    *("id", "organisation_id", "system_id", "report_serial"),
    *("interval_minutes", "run_minutes", "last_success"),
)
_OF_SYSTEM = _columns(System, "id", "status")
_OF_STATUS = _columns(CopyStatus, "id", *_STATUS)


@cache
def _statement() -> str:
    """The query of `_read`. It is put together once: that takes longer than running it."""
    columns = (
        *_OF_COPY,
        *(f"system__{name}" for name in _OF_SYSTEM),
        *(f"status__{name}" for name in _OF_STATUS),
    )
    rows = BackupCopy.objects.filter(pk="").order_by().values_list(*columns)
    return str(rows.query.sql_with_params()[0])


def _read(key: str) -> BackupCopy | None:
    """The one read that does not begin with an organisation: the address alone leads to it."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [BackupCopy._meta.pk.get_prep_value(key)])
        row = cursor.fetchone()
    if row is None:
        return None
    values = iter([_aware(value) for value in row])
    copy = BackupCopy.from_db(connection.alias, _OF_COPY, list(islice(values, len(_OF_COPY))))
    copy.system = System.from_db(
        connection.alias, _OF_SYSTEM, list(islice(values, len(_OF_SYSTEM)))
    )
    status = CopyStatus.from_db(connection.alias, _OF_STATUS, list(values))
    if status.pk is not None:
        copy.status = status
    return copy


def _aware(value: Any) -> Any:
    """SQLite keeps moments without their zone, which is UTC."""
    naive = isinstance(value, datetime) and value.tzinfo is None
    return value.replace(tzinfo=UTC) if naive else value


def _digest(key: str, serial: int, secret: str) -> str:
    code = salted_hmac(_SALT, f"{key}:{serial}", secret=secret, algorithm="sha256")
    return b32encode(code.digest()[:_DIGEST_BYTES]).decode().lower()


def _locked_status(copy: BackupCopy, now: datetime) -> CopyStatus:
    """The copy's status, locked; of two first reports at once the second waits and finds it."""
    locked = CopyStatus.objects.select_for_update().filter(copy_id=copy.pk)
    status = locked.first()
    if status is None:
        new = CopyStatus(organisation_id=copy.organisation_id, copy_id=copy.pk, changed_at=now)
        CopyStatus.objects.bulk_create([new], ignore_conflicts=True)
        status = locked.get()
    return status


def _limit(status: CopyStatus, now: datetime) -> None:
    if status.window_start is None:
        return
    left = status.window_start + WINDOW - now
    if left > timedelta(0) and status.window_reports >= CALLS:
        raise TooManyCalls(ceil(left.total_seconds()))


def _write(copy: BackupCopy, status: CopyStatus, call: Call, now: datetime) -> bool:
    """Write what the call amounts to; whether that worked. It does not if the status was written
    since it was read, for which the number of its reports stands."""
    unwritten = CopyStatus.objects.filter(pk=status.pk, reports=status.reports)
    read = {name: getattr(status, name) for name in _STATUS}
    before = reports.state_of(copy, status, now)
    if status.window_start is None or now - status.window_start >= WINDOW:
        status.window_start, status.window_reports = now, 0
    status.window_reports += 1
    status.reports += 1
    _say(status, call, now)
    if reports.state_of(copy, status, now) is not before:
        # Answers in memory are known by the latest moment and the number of changes.
        status.changed_at = max(status.changed_at, now)
        status.version += 1
    changed = {name: value for name in _STATUS if (value := getattr(status, name)) != read[name]}
    if unwritten.update(updated_at=now, **changed):
        return True
    status.reports = _STALE
    return False


def _append(copy: BackupCopy, status: CopyStatus, call: Call, now: datetime) -> CopyReport:
    report = CopyReport(
        organisation_id=copy.organisation_id,
        copy_id=copy.pk,
        number=status.reports,
        at=now,
        event=call.event,
        exit_code=call.exit_code,
        reported_bytes=call.reported_bytes,
    )
    report.save(force_insert=True)
    if report.number > KEPT:
        CopyReport.objects.filter(copy_id=copy.pk, number__lte=report.number - KEPT).delete()
    return report


def _say(status: CopyStatus, call: Call, now: datetime) -> None:
    """Write into the status what the call says, as far as nothing later is known."""
    if call.event == ReportEvent.START:
        status.last_start = _later(status.last_start, now)
        return
    if _is_latest(now, status.last_success, status.last_failure):
        status.last_exit_code = call.exit_code
    if call.event == ReportEvent.FAILURE:
        status.last_failure = _later(status.last_failure, now)
        return
    if _is_latest(now, status.last_success):
        status.last_bytes = call.reported_bytes
    status.last_success = _later(status.last_success, now)


def _is_latest(now: datetime, *known: datetime | None) -> bool:
    return all(moment is None or moment <= now for moment in known)


def _later(known: datetime | None, now: datetime) -> datetime:
    return now if known is None else max(known, now)
