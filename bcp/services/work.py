"""Doing the jobs: claim one, do it, and tell how it ended, whatever happens on the way."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.utils.translation import gettext as _

from bcp.documents.press import PrintStopped
from bcp.errors import BcpError
from bcp.models.jobs import Job, JobKind
from bcp.services import jobs, plans
from bcp.services.jobs import ClaimLost, Held

logger = logging.getLogger(__name__)

_DOES: dict[str, Callable[[Held], object]] = {JobKind.RENDER_PLAN.value: plans.perform}


def run(job_id: str) -> bool:
    """Do one job if it still waits; `False` if somebody else has it or it has ended."""
    held = jobs.claim(job_id)
    if held is not None:
        _do(held)
    return held is not None


def run_waiting() -> int:
    """Do every job that waits, the oldest first; how many."""
    count = 0
    while held := jobs.claim():
        _do(held)
        count += 1
    return count


def _do(held: Held) -> None:
    kind = Job.objects.values_list("kind", flat=True).get(pk=held.job_id)
    try:
        _DOES[kind](held)
    except (PrintStopped, ClaimLost):
        jobs.settle(held)
    except BcpError as error:
        jobs.fail(held, str(error))
    except DatabaseError:
        # The row cannot be trusted to take a verdict now; the lease runs out and it is tried again.
        raise
    except Exception:
        logger.exception("job %s failed", held.job_id)
        jobs.fail(held, _("Something went wrong; the log of this machine says what."))
