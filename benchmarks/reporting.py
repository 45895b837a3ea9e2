"""Calls of backup jobs over HTTP on PostgreSQL: `python -m benchmarks.reporting`.

Starts a web server as in production on a database of its own, lets a separate process call the
addresses of 200 copies, every call on a new connection as jobs do, and prints what was achieved
and how long calls took. The other side, in the same run on the same server, is a view that answers
"OK" and touches nothing: the most that this server, machine and load could do. Exits 1 if the
promised rate is not reached without a single error. What is compared, and why it is fair, is in
`benchmarks/README.md`.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from importlib.metadata import version
from pathlib import Path
from statistics import quantiles

import psycopg

COPIES = 200
MORE_COPIES = 1000
"""For the run as fast as it goes: one copy may call thirty times a minute."""
SECONDS = 20
CALLS_A_SECOND = 200
"""Promised by the product, and what the paced run calls for, with a tenth in reserve."""
RESERVE = 1.1
CLIENTS = 32
WORKERS, THREADS = 2, 8
ADMIN = os.environ.get("POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
PLAIN = "/plain"

# Run by the server's own Python in the benchmark's database: copies that have reported before, and
# their addresses. A copy's first call ever makes its status row and costs more.
FURNISH = f"""
import json
from datetime import timedelta
from django.utils import timezone
from bcp.models import BackupCopy, System
from bcp.services import organisations, reporting
organisation = organisations.create("benchmark", "Benchmark")
system = System.objects.create(organisation=organisation, name="System")
copies = BackupCopy.objects.bulk_create(
    BackupCopy(organisation=organisation, system=system, name=f"Copy {{number}}",
               interval_minutes=1440) for number in range({COPIES + MORE_COPIES}))
first, before = reporting.Call.of("success", 0, 1), timezone.now() - timedelta(hours=1)
for copy in copies:
    reporting.take(copy, first, before)
print(json.dumps(["/report/" + reporting.address_of(copy) for copy in copies]))
"""
COUNT = """
from django.db.models import F
from bcp.models import CopyReport, CopyStatus
numbers = CopyReport.objects.order_by("copy_id", "number").values_list("copy_id", "number")
runs = {}
for copy, number in numbers:
    assert number == runs.get(copy, 0) + 1, "a hole"
    runs[copy] = number
assert runs == dict(CopyStatus.objects.values_list("copy_id", "reports"))
print(sum(runs.values()))
"""
APPLICATION = f"""
from bcp.config.wsgi import application  # sets Django up
from bcp.config import urls
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

@csrf_exempt
def plain(request):
    return HttpResponse("OK\\n", "text/plain")

urls.urlpatterns.insert(0, path({PLAIN.removeprefix("/")!r}, plain))
"""


@contextmanager
def installation() -> Iterator[dict[str, str]]:
    """An environment with a migrated PostgreSQL database, which goes at the end."""
    name = f"bcp_benchmark_{secrets.token_hex(4)}"
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        with tempfile.TemporaryDirectory(prefix="bcp-benchmark-") as folder:
            (Path(folder) / "benchmark_wsgi.py").write_text(APPLICATION)
            environment = {
                **os.environ,
                "DATABASE_URL": f"{ADMIN.rsplit('/', 1)[0]}/{name}",
                "DEBUG": "off",
                "SECRET_KEY": secrets.token_urlsafe(64),
                "ALLOWED_HOSTS": "127.0.0.1",
                "BEHIND_TLS_PROXY": "on",
                "STATE_DIR": folder,
                "PYTHONPATH": os.pathsep.join((str(Path.cwd()), folder)),
                "DJANGO_SETTINGS_MODULE": "bcp.config.settings",
            }
            manage(environment, "migrate", "--verbosity", "0")
            yield environment
    finally:
        with psycopg.connect(ADMIN, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(environment: dict[str, str], *command: str) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@contextmanager
def server(environment: dict[str, str]) -> Iterator[int]:
    """Gunicorn with the workers and threads of a small machine; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "benchmark_wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "warning"]
    process = subprocess.Popen(command, env=environment)
    try:
        deadline = time.monotonic() + 120
        while status_of(port) != 200:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the server did not start")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def status_of(port: int, path: str = PLAIN) -> int:
    """As `call`; 0 where there is no answer."""
    try:
        return call(port, path)
    except OSError:
        return 0


def call(port: int, path: str) -> int:
    """The status of one call on a connection of its own, as a proxy hands it over."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        connection.request("POST", path, headers=headers)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def drive(port: int, paths: Sequence[str], rate: float) -> dict[str, float]:
    """Call `paths` in turn for `SECONDS`; with a `rate` at that pace, with 0 as fast as answers
    come. Milliseconds count from when a call was due, so that a stall is not hidden."""
    start = time.perf_counter() + 0.1
    turns = iter(range(10**9))
    lock = threading.Lock()
    took: list[float] = []
    errors = 0

    def client() -> None:
        nonlocal errors
        while True:
            with lock:
                turn = next(turns)
            due = start + turn / rate if rate else max(start, time.perf_counter())
            if due >= start + SECONDS or time.perf_counter() > start + 2 * SECONDS:
                return
            time.sleep(max(0.0, due - time.perf_counter()))
            status = status_of(port, paths[turn % len(paths)])
            with lock:
                took.append((time.perf_counter() - due) * 1000)
                errors += status != 200

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    seconds = time.perf_counter() - start
    cuts = quantiles(took, n=100)
    return {
        "calls": len(took),
        "rate": len(took) / seconds,
        "p50": cuts[49],
        "p95": cuts[94],
        "p99": cuts[98],
        "errors": errors,
    }


def driven(port: int, paths: Sequence[str], rate: float) -> dict[str, float]:
    """`drive` in a process of its own, so that it shares nothing with this one."""
    return json.loads(
        subprocess.run(
            [sys.executable, "-m", "benchmarks.reporting", "drive", str(port), str(rate)],
            input=json.dumps(list(paths)),
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )


def show(what: str, got: dict[str, float]) -> None:
    print(
        f"{what:<34}{got['rate']:>8.0f}/s{got['p50']:>9.1f}{got['p95']:>9.1f}{got['p99']:>9.1f}"
        f"{got['errors']:>8.0f}"
    )


def main() -> int:
    packages = ("django", "gunicorn", "psycopg")
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in packages))
    with installation() as environment:
        with psycopg.connect(ADMIN) as admin:
            print("PostgreSQL", *admin.execute("SHOW server_version").fetchone())
        addresses = json.loads(manage(environment, "shell", "--no-imports", "-c", FURNISH))
        print(f"{COPIES} copies, {WORKERS} workers × {THREADS} threads, {CLIENTS} clients")
        head = f"{SECONDS} seconds each"
        print(f"\n{head:<34}{'achieved':>10}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'errors':>8}")
        with server(environment) as port:
            paced = driven(port, addresses[:COPIES], CALLS_A_SECOND * RESERVE)
            show("reports, 220 calls a second asked", paced)
            fastest = driven(port, addresses[COPIES:], 0)
            show("reports, as fast as answered", fastest)
            plain = driven(port, [PLAIN], 0)
            show("a view that does nothing, as fast", plain)
        kept = int(manage(environment, "shell", "--no-imports", "-c", COUNT))
    taken = COPIES + MORE_COPIES
    taken += paced["calls"] - paced["errors"] + fastest["calls"] - fastest["errors"]
    print(f"\nreports per call of the empty view: {fastest['rate'] / plain['rate']:.2f}")
    print(f"answered with OK: {taken:.0f}; in the database, numbered without holes: {kept}")
    holds = paced["rate"] >= CALLS_A_SECOND and not paced["errors"] and kept == taken
    print(f"promised: {CALLS_A_SECOND} calls a second: {'holds' if holds else 'BROKEN'}")
    return 0 if holds else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["drive"]:
        print(json.dumps(drive(int(sys.argv[2]), json.load(sys.stdin), float(sys.argv[3]))))
    else:
        sys.exit(main())
