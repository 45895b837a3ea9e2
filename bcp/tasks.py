"""Celery: one task that does a job by its key, and a worker's pulse."""

from __future__ import annotations

from typing import Any

from celery import bootsteps, current_app, shared_task

from bcp.services import jobs, pulse, work


@shared_task(name=jobs.TASK)
def run_job(job_id: str) -> None:
    """A message may come twice or late: only a job that still waits is done."""
    work.run(job_id)


class PulseStep(bootsteps.StartStopStep):
    """Starts and ends with the worker, after its pool, so that no thread is forked."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._pulse = pulse.Pulse(worker.hostname)

    def start(self, parent: Any) -> None:
        self._pulse.start()

    def stop(self, parent: Any) -> None:
        self._pulse.stop()


current_app.steps["worker"].add(PulseStep)
