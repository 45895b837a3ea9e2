"""A print runs in a process of its own, with limits, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bcp.documents import press, snapshot
from bcp.documents.press import Limits, PrintFailed, PrintStopped
from tests.deadline import until
from tests.documents.plan_estate import analysed, plan, printed
from tests.documents.plan_surroundings import surroundings

SHEET = "key000000005"


def sheet() -> snapshot.Snapshot:
    return snapshot.build(analysed(), surroundings(), printed(), system_key=SHEET)


def children(parent: int) -> set[int]:
    """The processes of the press that `parent` has started and that are alive, by their number.
    Others may print on this machine at the same time."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_bytes()
                status = (folder / "status").read_text()
            except OSError:
                continue
            if press.CHILD.encode() in command and f"\nPPid:\t{parent}\n" in status:
                found.add(int(folder.name))
    return found


def is_alive(process: int) -> bool:
    try:
        return bool((Path("/proc") / str(process) / "cmdline").read_bytes())
    except OSError:
        return False


def test_it_prints_and_tells_how_far_it_is() -> None:
    seen: list[tuple[int, int]] = []

    def tick(done: int, everything: int) -> bool:
        seen.append((done, everything))
        return True

    rendered = press.print_snapshot(sheet(), tick)
    assert rendered.pdf.startswith(b"%PDF-1.7")
    assert rendered.pages == 3
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] > 0


def test_it_stops_when_told_to_and_leaves_no_process() -> None:
    with pytest.raises(PrintStopped):
        press.print_snapshot(plan(), lambda done, everything: done == 0)
    assert not children(os.getpid())


def test_too_little_memory_is_told_in_a_sentence() -> None:
    with pytest.raises(PrintFailed) as refused:
        press.print_snapshot(plan(), limits=Limits(memory_bytes=200 * 1024**2))
    assert str(refused.value).endswith(".")


def test_too_little_time_is_told_in_a_sentence() -> None:
    with pytest.raises(PrintFailed, match="too long"):
        press.print_snapshot(plan(), limits=Limits(seconds=0))


def test_a_killed_child_is_told_in_a_sentence() -> None:
    def shoot(done: int, everything: int) -> bool:
        for child in children(os.getpid()):
            os.kill(child, signal.SIGKILL)
        return True

    with pytest.raises(PrintFailed, match="ended"):
        press.print_snapshot(plan(), shoot)


def test_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            """
            import django
            django.setup()
            from bcp.documents import press
            from tests.documents.plan_estate import plan
            press.print_snapshot(plan())
            """
        )
    )
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        cwd=press.PROJECT,
        env={**os.environ, "PYTHONPATH": str(press.PROJECT)},
    )
    try:
        until(lambda: children(parent.pid), "a child was started")
        [child] = children(parent.pid)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    until(lambda: not is_alive(child), "the child ended")
