"""Real workers in processes of their own, killed for real: on SQLite as a single machine runs them,
on PostgreSQL with each broker."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from django.utils import timezone

from bcp.models import Heartbeat
from bcp.services import jobs
from tests.deadline import until

BROKERS = {
    "filesystem": "",
    "redis": "redis://127.0.0.1:6379/5",
    "rabbitmq": "amqp://guest:guest@127.0.0.1:5672//",
}
_PORTS = {"redis": 6379, "rabbitmq": 5672}
# Who grows out of SQLite runs a broker as well; the embedded default has neither server.
_TRIED = ["filesystem"] if connection.vendor == "sqlite" else sorted(_PORTS)


def database_url() -> str:
    """The test database, as another process reaches it."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    port = values["PORT"] or 5432
    return f"postgres://{values['USER']}{password}@{values['HOST']}:{port}/{values['NAME']}"


@dataclass
class Worker:
    """One celery worker with all of its processes."""

    environment: dict[str, str]
    options: tuple[str, ...]
    log: Path
    process: subprocess.Popen[bytes] = field(init=False)
    name: str = field(default_factory=lambda: f"w{secrets.token_hex(4)}@test")

    def start(self) -> None:
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "bcp.config.celery", "worker"),
                    *("-n", self.name, "--concurrency", "1", "--loglevel", "INFO"),
                    *quiet,
                    *self.options,
                ],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(self.is_alive, f"{self.name} beats; it says: {self.tail()}")

    def is_alive(self) -> bool:
        assert self.process.poll() is None, self.tail()
        return Heartbeat.objects.filter(worker=self.name).exists()

    def kill(self) -> None:
        """The whole group at once, as a power cut does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def tail(self) -> str:
        return self.log.read_text("utf-8", "replace")[-2000:] if self.log.exists() else ""


@dataclass
class House:
    """A broker and the workers that were hired."""

    broker: str
    folder: Path
    queue: str
    workers: list[Worker] = field(default_factory=list)

    def hire(self, *options: str) -> Worker:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "STATE_DIR": str(self.folder),
            "CELERY_QUEUE": self.queue,
            "CELERY_BROKER_URL": self.broker,
            "DJANGO_SETTINGS_MODULE": "bcp.config.settings",
        }
        worker = Worker(environment, options, self.folder / f"log{len(self.workers)}.txt")
        self.workers.append(worker)
        worker.start()
        return worker

    def sender(self) -> Celery:
        """What the web process uses to wake workers, set to this broker."""
        app = Celery("sender", broker=self.broker or "filesystem://localhost", set_as_current=False)
        app.conf.task_default_queue = self.queue
        if not self.broker:
            queue = self.folder / "queue"
            for name in ("messages", "control"):
                (queue / name).mkdir(parents=True, exist_ok=True)
            app.conf.broker_transport_options = {
                "data_folder_in": str(queue / "messages"),
                "data_folder_out": str(queue / "messages"),
                "control_folder": str(queue / "control"),
            }
        return app


def _reachable(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False


@pytest.fixture(params=_TRIED)
def house(
    request: pytest.FixtureRequest,
    transactional_db: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[House]:
    """Each broker in turn; without its server the test is skipped, but never in CI."""
    port = _PORTS.get(request.param)
    if port and not _reachable(port):
        assert not os.environ.get("CI"), f"CI must have {request.param} on port {port}"
        pytest.skip(f"no {request.param} on 127.0.0.1:{port}")
    made = House(BROKERS[request.param], tmp_path, f"bcp-test-{secrets.token_hex(6)}")
    sender = made.sender()
    monkeypatch.setattr(jobs, "current_app", sender)
    yield made
    for worker in made.workers:
        worker.kill()
    if made.broker:
        with sender.connection_for_write() as link:
            link.default_channel.queue_delete(made.queue)


@pytest.fixture
def time_passes() -> Callable[[], None]:
    """Let every lease run out now instead of in a minute."""

    def passes() -> None:
        past = timezone.now() - jobs.LEASE
        jobs.Job.objects.filter(state="running").update(lease_until=past)

    return passes
