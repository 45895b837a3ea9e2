"""Restores that share repositories, lived through with exact fractions of minutes.

Written from rule G2 and "n restores at once get an n-th each"; at every moment everything is
looked at anew. Slow and plain, to hold the engine's event queues against.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

REBUILD, RUN = "rebuild", "run"


@dataclass
class Job:
    """One system: `needs` are (kind, position). `work`: its minutes, `None` if the restore
    decides. `volume`: minutes of reading alone, `None` if it reads nothing."""

    needs: list[tuple[str, int]]
    activation: int
    work: int | None
    repository: str = ""
    volume: Fraction | None = None
    fixed: int = 0
    start: int | None = None
    left: Fraction | None = field(default=None)
    read_at: Fraction | None = None
    restored: int | None = None


def live_through(jobs: list[Job]) -> None:
    """Fill in `start`, `restored` and `read_at` of every job; the needs must have no loop."""
    now = Fraction(0)
    for job in jobs:
        job.left = job.volume
    while any(job.restored is None or _has_to_read(job) for job in jobs):
        while _settle(jobs, now):
            pass
        now = _next_moment(jobs, now)


def _settle(jobs: list[Job], now: Fraction) -> bool:
    """What begins or ends at this moment; whether anything did."""
    for job in jobs:
        ready = all(_back(jobs[v], now) for kind, v in job.needs if kind == REBUILD)
        if job.start is None and ready and now == int(now) and now >= job.activation:
            job.start = int(now)
            return True
        if _reading(job, now) and job.left == 0 and job.read_at is None:
            job.read_at = now
            return True
        if job.restored is None and job.start is not None and now == int(now):
            own = _own_end(job)
            needs_up = all(_back(jobs[v], now) for kind, v in job.needs if kind == RUN)
            if own is not None and now >= own and needs_up:
                job.restored = int(now)
                return True
    return False


def _own_end(job: Job) -> int | None:
    if job.work is not None:
        return job.start + job.work
    return None if job.read_at is None else ceil(job.read_at)


def _back(job: Job, now: Fraction) -> bool:
    return job.restored is not None and job.restored <= now


def _reading(job: Job, now: Fraction) -> bool:
    return _has_to_read(job) and job.start is not None and now >= job.start + job.fixed


def _has_to_read(job: Job) -> bool:
    return job.volume is not None and job.read_at is None


def _next_moment(jobs: list[Job], now: Fraction) -> Fraction:
    """The next whole minute, or the end of a restore before it; readers move on until then."""
    readers: dict[str, list[Job]] = {}
    for job in jobs:
        if _reading(job, now):
            readers.setdefault(job.repository, []).append(job)
    until = Fraction(int(now) + 1)
    for sharing in readers.values():
        for job in sharing:
            until = min(until, now + job.left * len(sharing))
    for sharing in readers.values():
        for job in sharing:
            job.left -= (until - now) / len(sharing)
    return until
