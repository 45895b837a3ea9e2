"""Long work. The row in the database is the truth; the broker only wakes a worker.

A worker holds a job by a lease that it keeps renewing; `attempts` tells its claim from a later
one, so a worker that was thought dead can no longer change anything. Whoever looks (a worker's
pulse, a page that polls) may rescue what a dead worker left. These functions serve all
organisations at once and hand nothing from one to another; only `queue` and `cancel` are asked
for by people, and are audited.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.models.jobs import Heartbeat, Job, JobKind, JobState
from bcp.models.organisations import Organisation
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, writing

logger = logging.getLogger(__name__)

TASK = "bcp.run_job"
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
SILENT_AFTER = timedelta(seconds=30)
"""A worker that was not seen for so long is taken to be down."""
SPARE = "spare:"
"""Prefix of a helper that the web process started because no worker was there."""
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A claim on a job: which one, and by which attempt."""

    job_id: str
    attempt: int

    @property
    def rows(self) -> QuerySet[Job]:
        """The job's row as long as the claim holds; otherwise nothing."""
        return Job.objects.filter(pk=self.job_id, state=JobState.RUNNING, attempts=self.attempt)


class ClaimLost(Exception):
    """The job was cancelled, or taken to be abandoned and given to somebody else."""


def queue(ledger: Ledger, kind: JobKind, parameters: Mapping[str, Any]) -> Job:
    """A new job; a worker is woken when the transaction has ended."""
    job = _create(ledger, kind, parameters)
    transaction.on_commit(partial(wake, job.pk))
    return job


def begin(ledger: Ledger, kind: JobKind, parameters: Mapping[str, Any]) -> Held:
    """A new job that the caller does itself, at once."""
    running = {
        "state": JobState.RUNNING.value,
        "attempts": 1,
        "started_at": ledger.now,
        "lease_until": ledger.now + LEASE,
    }
    return Held(_create(ledger, kind, parameters, **running).pk, 1)


def _create(ledger: Ledger, kind: JobKind, parameters: Mapping[str, Any], **values: Any) -> Job:
    job = Job.objects.create(
        organisation=ledger.organisation,
        kind=kind.value,
        parameters=dict(parameters),
        requested_by=ledger.by.user,
        requested_via=ledger.by.via,
        **values,
    )
    ledger.note("requested", job, after={"kind": kind.value, **parameters})
    return job


def wake(job_id: str) -> bool:
    """Tell the workers that a job waits; `False` if the broker cannot be reached, in which case
    the job simply waits for the next one who looks."""
    try:
        current_app.send_task(TASK, args=[job_id], retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("job %s waits: the broker cannot be reached (%s)", job_id, error)
        return False
    return True


def claim(job_id: str | None = None, *, now: datetime | None = None) -> Held | None:
    """Take one waiting job, the oldest if none is named. Of several claimants exactly one gets
    it, whatever the database."""
    now = now or timezone.now()
    waiting = Job.objects.filter(state=JobState.QUEUED).order_by("created_at")
    if job_id is not None:
        waiting = waiting.filter(pk=job_id)
    for key, attempts in list(waiting.values_list("pk", "attempts")[:20]):
        taken = Job.objects.filter(pk=key, state=JobState.QUEUED, attempts=attempts).update(
            state=JobState.RUNNING,
            attempts=attempts + 1,
            started_at=now,
            lease_until=now + LEASE,
            done_parts=0,
            all_parts=0,
            says="",
            updated_at=now,
        )
        if taken:
            return Held(key, attempts + 1)
    return None


def report(held: Held, done: int, everything: int) -> bool:
    """Renew the lease and say how far it is; `False` if the work is to stop."""
    now = timezone.now()
    return bool(
        held.rows.filter(cancel_requested=False).update(
            done_parts=done, all_parts=everything, lease_until=now + LEASE, updated_at=now
        )
    )


def finish(held: Held) -> None:
    """Mark it done, in the transaction that writes its result. Raises `ClaimLost`."""
    now = timezone.now()
    done = held.rows.filter(cancel_requested=False).update(
        state=JobState.DONE,
        done_parts=F("all_parts"),
        ended_at=now,
        lease_until=None,
        updated_at=now,
    )
    if not done:
        raise ClaimLost(held.job_id)


def fail(held: Held, says: str) -> None:
    """Mark it failed, with a sentence that tells the person who asked what to do."""
    now = timezone.now()
    held.rows.update(
        state=JobState.FAILED, says=says[:1000], ended_at=now, lease_until=None, updated_at=now
    )


def settle(held: Held) -> None:
    """After work was stopped: mark it cancelled if that was why. A lost claim is not ours."""
    now = timezone.now()
    held.rows.filter(cancel_requested=True).update(**_cancelled(now))


def cancel(organisation: Organisation, key: str, *, by: Actor) -> Job:
    """Stop a job: at once if it waits, within seconds if it runs. Raises `InvalidInput` if it
    has ended."""
    with writing(organisation, by=by, needs=Capability.RENDER_PLAN) as ledger:
        job = records.locked(ledger, Job, key)
        rows = Job.objects.of(organisation).filter(pk=job.pk)
        stopped = rows.filter(state=JobState.QUEUED).update(**_cancelled(ledger.now))
        asked = rows.filter(state=JobState.RUNNING).update(
            cancel_requested=True, updated_at=ledger.now
        )
        if not stopped and not asked:
            raise InvalidInput(_("This has already ended."))
        ledger.note("cancelled", job)
    job.refresh_from_db()
    return job


def _cancelled(now: datetime) -> dict[str, Any]:
    return {
        "state": JobState.CANCELLED,
        "cancel_requested": True,
        "ended_at": now,
        "lease_until": None,
        "updated_at": now,
    }


def rescue(now: datetime) -> int:
    """Put back what dead workers hold, end what cannot be saved, and wake somebody for what has
    waited long; how many jobs were put back."""
    expired = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now)
    expired.filter(cancel_requested=True).update(**_cancelled(now))
    expired.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=JobState.FAILED,
        says=_("The machine that worked on this was lost %(count)s times; please ask again.")
        % {"count": MOST_ATTEMPTS},
        ended_at=now,
        lease_until=None,
        updated_at=now,
    )
    saved = expired.update(
        state=JobState.QUEUED,
        lease_until=None,
        says=_("The worker was lost; it starts again."),
        # Long ago, so that the next lines wake somebody for it.
        updated_at=F("created_at"),
    )
    unheard = Job.objects.filter(
        Q(updated_at__lt=now - SILENT_AFTER) | Q(updated_at=F("created_at"), attempts__gt=0),
        state=JobState.QUEUED,
    )
    for key in list(unheard.values_list("pk", flat=True)[:50]):
        Job.objects.filter(pk=key, state=JobState.QUEUED).update(updated_at=now)
        wake(key)
    return saved


def beat(worker: str, now: datetime) -> None:
    """Say that a worker is alive."""
    Heartbeat.objects.update_or_create(worker=worker[:200], defaults={"seen_at": now})
    Heartbeat.objects.filter(seen_at__lt=now - _FORGOTTEN_AFTER).delete()


def worker_is_alive(now: datetime) -> bool:
    """Whether a real worker, not a spare one, was seen lately."""
    lately = Heartbeat.objects.filter(seen_at__gte=now - SILENT_AFTER)
    return lately.exclude(worker__startswith=SPARE).exists()


def job_waits() -> bool:
    return Job.objects.filter(state=JobState.QUEUED).exists()
