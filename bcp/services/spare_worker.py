"""When no worker answers, the web process has its jobs done by a helper of its own, so that the
product can be used while the rest of the house is down."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from bcp.models.jobs import Heartbeat
from bcp.services import jobs

logger = logging.getLogger(__name__)

NAME = jobs.SPARE + socket.gethostname()
_COMMAND = "run_jobs"


def take_care(now: datetime) -> bool:
    """Rescue abandoned jobs, and start a helper if jobs wait and no worker is alive. `True` if a
    worker is alive. Called by pages that show jobs; cheap when there is nothing to do."""
    jobs.rescue(now)
    alive = jobs.worker_is_alive(now)
    if not alive and settings.SPARE_WORKER and jobs.job_waits() and _is_first(now):
        start()
    return alive


def _is_first(now: datetime) -> bool:
    """Of several requests that look at the same time, one starts the helper."""
    quiet = now - jobs.SILENT_AFTER
    if Heartbeat.objects.filter(worker=NAME, seen_at__lt=quiet).update(seen_at=now):
        return True
    try:
        with transaction.atomic():
            Heartbeat.objects.create(worker=NAME, seen_at=now)
    except IntegrityError:
        return False
    return True


def start() -> None:
    """A detached `manage.py run_jobs`, which outlives the request and ends when nothing waits."""
    manage = Path(settings.BASE_DIR) / "manage.py"
    logger.warning("no worker answers: the web process does its jobs itself")
    subprocess.Popen(
        [sys.executable, str(manage), _COMMAND],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        start_new_session=True,
    )
