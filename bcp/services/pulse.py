"""The pulse of a worker: says that it is alive, and rescues what others left behind."""

from __future__ import annotations

import logging
import threading

from django.db import Error, close_old_connections, connection
from django.utils import timezone

from bcp.services import jobs

logger = logging.getLogger(__name__)

SECONDS = 10.0


class Pulse:
    """Beats in a thread of its own, so that long work does not look like death."""

    def __init__(self, worker: str, seconds: float = SECONDS) -> None:
        self._worker = worker
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while True:
            self._beat()
            if self._stop.wait(self._seconds):
                connection.close()
                return

    def _beat(self) -> None:
        close_old_connections()
        now = timezone.now()
        try:
            jobs.beat(self._worker, now)
            # A spare worker has come to help out, not to hand work on.
            if not self._worker.startswith(jobs.SPARE):
                jobs.rescue(now)
        except Error as error:
            # The database may be away for a moment; the next beat tries again.
            logger.warning("no heartbeat: %s", error)
