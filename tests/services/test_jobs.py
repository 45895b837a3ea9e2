"""Jobs: the row is the truth. One worker at a time, none lost, each ended with a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import Celery
from django.utils import timezone
from pytest_django import Settings

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import AuditEvent, Heartbeat, Job
from bcp.services import jobs, plans, spare_worker, work
from bcp.services.jobs import ClaimLost, Held
from tests.conftest import Cast


@pytest.fixture
def job(acme: Cast) -> Job:
    return plans.request_plan(acme.organisation, by=acme.actor(Role.ENGINEER))


def held(job: Job) -> Held:
    claimed = jobs.claim(job.pk)
    assert claimed is not None
    return claimed


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_asked_for_in_the_open(job: Job, acme: Cast) -> None:
    event = AuditEvent.objects.of(acme.organisation).first()
    assert event is not None
    assert (event.action, event.record_type, event.record_id) == ("requested", "job", job.pk)
    assert job.state == "queued"


def test_only_one_of_two_gets_it(job: Job) -> None:
    assert jobs.claim(job.pk) is not None
    assert jobs.claim(job.pk) is None
    assert jobs.claim() is None


def test_the_oldest_waiting_job_comes_first(job: Job, acme: Cast) -> None:
    plans.request_plan(acme.organisation, by=acme.shell)
    claimed = jobs.claim()
    assert claimed is not None
    assert claimed.job_id == job.pk


def test_work_renews_the_lease_and_says_how_far_it_is(job: Job) -> None:
    claim = held(job)
    expire(job)
    assert jobs.report(claim, 3, 9)
    job.refresh_from_db()
    assert (job.done_parts, job.all_parts) == (3, 9)
    assert job.lease_until is not None
    assert job.lease_until > timezone.now()


def test_a_running_job_is_not_rescued_from_a_worker_that_lives(job: Job) -> None:
    held(job)
    assert jobs.rescue(timezone.now()) == 0


def test_an_abandoned_job_waits_again_and_its_old_worker_has_no_say(job: Job) -> None:
    first = held(job)
    expire(job)
    assert jobs.rescue(timezone.now()) == 1
    second = held(job)
    assert second.attempt == first.attempt + 1
    assert not jobs.report(first, 1, 2)
    jobs.fail(first, "the old one speaks")
    with pytest.raises(ClaimLost):
        jobs.finish(first)
    job.refresh_from_db()
    assert (job.state, job.done_parts, job.says) == ("running", 0, "")


def test_a_job_that_loses_three_workers_fails_with_a_sentence(job: Job) -> None:
    for _attempt in range(jobs.MOST_ATTEMPTS):
        held(job)
        expire(job)
        jobs.rescue(timezone.now())
    job.refresh_from_db()
    assert job.state == "failed"
    assert "3 times" in job.says
    assert job.ended_at is not None


def test_a_waiting_job_is_cancelled_at_once(job: Job, acme: Cast) -> None:
    cancelled = jobs.cancel(acme.organisation, job.pk, by=acme.shell)
    assert cancelled.state == "cancelled"
    assert jobs.claim(job.pk) is None
    assert AuditEvent.objects.of(acme.organisation).filter(action="cancelled").count() == 1


def test_a_running_job_is_told_to_stop(job: Job, acme: Cast) -> None:
    claim = held(job)
    jobs.cancel(acme.organisation, job.pk, by=acme.shell)
    assert not jobs.report(claim, 1, 2)
    jobs.settle(claim)
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_what_was_cancelled_while_its_worker_died_is_not_started_again(
    job: Job, acme: Cast
) -> None:
    held(job)
    jobs.cancel(acme.organisation, job.pk, by=acme.shell)
    expire(job)
    jobs.rescue(timezone.now())
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_what_has_ended_cannot_be_cancelled(job: Job, acme: Cast) -> None:
    jobs.finish(held(job))
    with pytest.raises(InvalidInput, match="already ended"):
        jobs.cancel(acme.organisation, job.pk, by=acme.shell)


def test_nobody_cancels_a_job_of_another_organisation(job: Job, rival: Cast) -> None:
    with pytest.raises(Conflict):
        jobs.cancel(rival.organisation, job.pk, by=rival.shell)
    with pytest.raises(NotAllowed):
        jobs.cancel(job.organisation, job.pk, by=rival.actor(Role.ADMINISTRATOR))
    job.refresh_from_db()
    assert job.state == "queued"


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:1/0", "amqp://guest:guest@127.0.0.1:1//"])
@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_costs_nothing_but_time(
    broker: str, acme: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = Celery("x", broker=broker, set_as_current=False)
    sender.conf.broker_transport_options = {"max_retries": 1, "interval_start": 0}
    monkeypatch.setattr(jobs, "current_app", sender)
    asked = plans.request_plan(acme.organisation, by=acme.shell)
    assert Job.objects.get(pk=asked.pk).state == "queued"
    assert jobs.wake(asked.pk) is False


def test_a_job_nobody_heard_of_is_called_out_again(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(jobs, "wake", woken.append)
    now = timezone.now()
    jobs.rescue(now)
    assert woken == []
    jobs.rescue(now + jobs.SILENT_AFTER * 2)
    assert woken == [job.pk]


def test_what_goes_wrong_is_said_without_its_entrails(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_held: Held) -> None:
        raise RuntimeError("SECRET=hunter2")

    monkeypatch.setitem(work._DOES, "render plan", break_down)
    assert work.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "hunter2" not in job.says
    assert job.says.endswith(".")


def test_a_worker_that_beats_is_alive_and_one_that_is_silent_is_not(db: None) -> None:
    now = timezone.now()
    assert not jobs.worker_is_alive(now)
    jobs.beat("w@h", now)
    assert jobs.worker_is_alive(now + jobs.SILENT_AFTER / 2)
    assert not jobs.worker_is_alive(now + jobs.SILENT_AFTER * 2)


def test_workers_of_long_ago_are_forgotten(db: None) -> None:
    now = timezone.now()
    jobs.beat("old@h", now - timedelta(days=3))
    jobs.beat("new@h", now)
    assert list(Heartbeat.objects.values_list("worker", flat=True)) == ["new@h"]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[str]:
    """Every start of the web process' own helper."""
    calls: list[str] = []
    settings.SPARE_WORKER = True
    monkeypatch.setattr(spare_worker, "start", lambda: calls.append("started"))
    return calls


def test_the_web_process_helps_out_once_when_no_worker_answers(
    job: Job, started: list[str]
) -> None:
    now = timezone.now()
    assert spare_worker.take_care(now) is False
    assert spare_worker.take_care(now + timedelta(seconds=1)) is False
    assert started == ["started"]
    spare_worker.take_care(now + jobs.SILENT_AFTER * 2)
    assert started == ["started", "started"]


def test_the_web_process_leaves_a_living_worker_alone(job: Job, started: list[str]) -> None:
    now = timezone.now()
    jobs.beat("w@h", now)
    assert spare_worker.take_care(now) is True
    assert started == []


def test_the_web_process_starts_nothing_when_nothing_waits(acme: Cast, started: list[str]) -> None:
    spare_worker.take_care(timezone.now())
    assert started == []
