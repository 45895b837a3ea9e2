"""Jobs are done by real workers, survive their death, and stop when asked."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from bcp.models import Job, PlanVersion
from bcp.services import jobs, plans
from tests.conftest import Cast
from tests.deadline import until
from tests.factories import make_dependency, make_system
from tests.workers.conftest import House

Passes = Callable[[], None]


@pytest.fixture
def estate(house: House, acme: Cast) -> Cast:
    """Enough systems that a print takes several seconds."""
    systems = [
        make_system(acme.organisation, f"System {number}", tier=1, recovery_minutes=30)
        for number in range(12)
    ]
    for one, other in pairwise(systems):
        make_dependency(one, other)
    return acme


def state_of(job: Job) -> str:
    return str(Job.objects.values_list("state", flat=True).get(pk=job.pk))


def ended(job: Job) -> bool:
    return state_of(job) in {"done", "failed", "cancelled"}


def half_way(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, state="running", done_parts__gte=1).exists()


@pytest.mark.parametrize("pool", ["prefork", "solo"])
def test_a_woken_worker_does_the_job(house: House, estate: Cast, pool: str) -> None:
    house.hire("--pool", pool)
    system = make_system(estate.organisation, "Alone")
    job = plans.request_plan(estate.organisation, system_key=system.pk, by=estate.shell)
    until(lambda: ended(job), "the job ended")
    assert state_of(job) == "done", Job.objects.get(pk=job.pk).says
    version = PlanVersion.objects.get(job=job)
    assert plans.pdf_of(estate.organisation, version).startswith(b"%PDF-")


def test_a_second_worker_finishes_what_a_killed_one_left(
    house: House, estate: Cast, time_passes: Passes
) -> None:
    first = house.hire()
    job = plans.request_plan(estate.organisation, by=estate.shell)
    until(lambda: half_way(job), "the first worker was half way")
    first.kill()
    assert state_of(job) == "running"
    time_passes()
    house.hire()
    until(lambda: ended(job), "the second worker ended the job", seconds=120)
    assert state_of(job) == "done"
    assert PlanVersion.objects.filter(organisation=estate.organisation).count() == 1
    assert Job.objects.get(pk=job.pk).attempts == 2


def test_a_running_job_stops_when_asked(house: House, estate: Cast) -> None:
    house.hire()
    job = plans.request_plan(estate.organisation, by=estate.shell)
    until(lambda: half_way(job), "the job was half way")
    jobs.cancel(estate.organisation, job.pk, by=estate.shell)
    until(lambda: ended(job), "the job ended")
    assert state_of(job) == "cancelled"
    assert not PlanVersion.objects.filter(organisation=estate.organisation).exists()


def test_two_workers_do_every_job_once(house: House, acme: Cast) -> None:
    system = make_system(acme.organisation, "Alone")
    house.hire()
    house.hire()
    asked = [
        plans.request_plan(acme.organisation, system_key=system.pk, by=acme.shell)
        for _number in range(4)
    ]
    until(lambda: all(ended(job) for job in asked), "all jobs ended", seconds=120)
    assert [state_of(job) for job in asked] == ["done"] * 4
    issues = PlanVersion.objects.filter(organisation=acme.organisation)
    assert sorted(issues.values_list("issue", flat=True)) == [1, 2, 3, 4]
