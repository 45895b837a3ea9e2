"""How the page of a copy says what its job reported, and how the job is taught to report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bcp.queries import reports
from bcp.services import reporting

CALLS_SHOWN = 20

_CURL = "curl -fsS -m 10 --retry 5 -o /dev/null"
_RESTIC = """\
log=$(mktemp)
restic backup --json /srv/data > "$log"; code=$?
bytes=$(sed -n 's/.*"total_bytes_processed":\\([0-9]*\\).*/\\1/p' "$log"); rm "$log"
{curl} "{url}/$code?bytes=$bytes\""""
_BORG = """\
borg create --stats ::'{{now}}' /srv/data; code=$?
{curl} {url}/$code"""
_VEEAM = """\
$session = (Get-VBRJob -Name 'NAME OF THE JOB').FindLastSession()
$tasks = @(Get-VBRTaskSession -Session $session)
$end = if ($tasks -and $tasks.Status -notcontains 'Failed') {{ 'success' }} else {{ 'failure' }}
Invoke-RestMethod -Method Post -TimeoutSec 10 -Uri "{url}/$end\""""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Lines to paste into a backup job, ready to run but for its own names."""

    title: str | Promise
    lines: str
    note: str | Promise = ""


def panel(record: Any, now: datetime, request: HttpRequest, *, may_edit: bool) -> dict[str, Any]:
    """What `copies/_reporting.html` shows of a row of `copies.listing`. The secret address is in
    it only for who may edit."""
    status = getattr(record, "status", None)
    calls = list(reports.calls(record.organisation, record.pk)[:CALLS_SHOWN])
    said = {
        "observed": reports.standing([record], now)[0],
        "next_due": reports.next_due(record),
        "promised_minutes": reports.promised_loss_minutes(record),
        "status": status,
        "running": status is not None and is_running(status),
        "by_hand": status is None or status.last_success != record.succeeded_at,
        "calls": calls,
        "retired": not reporting.may_report(record),
        "kept": min(status.reports, reporting.KEPT) if status else 0,
    }
    if may_edit and not said["retired"]:
        url = request.build_absolute_uri(reverse("report", args=[reporting.address_of(record)]))
        said |= {"url": url, "recipes": list(recipes(url))}
    return said


def is_running(status: Any) -> bool:
    """A run has begun, and none has ended since."""
    ended = [moment for moment in (status.last_success, status.last_failure) if moment]
    return status.last_start is not None and all(end < status.last_start for end in ended)


def recipes(url: str) -> Iterator[Recipe]:
    yield Recipe(
        _("After any job: its exit code"),
        f"/usr/local/bin/backup.sh; {_CURL} {url}/$?",
        _("0 is a success, everything else a failure."),
    )
    yield Recipe(
        _("From cron, with a word at the start"),
        f"0 2 * * * {_CURL} {url}/start; /usr/local/bin/backup.sh; {_CURL} {url}/$?",
        _("A start alone is no success: a job that hangs becomes late."),
    )
    yield Recipe(
        _("restic, with the bytes it read"),
        _RESTIC.format(curl=_CURL, url=url),
        _("Code 3, a copy that is not whole, counts as a failure."),
    )
    yield Recipe(
        _("borg"),
        _BORG.format(curl=_CURL, url=url),
        _(
            "Code 1 is borg’s warning, such as a file that changed while it was read, and counts as"
            " a failure. To let it pass, put [ $code -eq 1 ] && code=0 between the lines."
        ),
    )
    yield Recipe(
        _("Veeam: PowerShell script after the job"),
        _VEEAM.format(url=url),
        _("Job settings → Storage → Advanced → Scripts → Run the following script after the job."),
    )
