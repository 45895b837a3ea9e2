"""Prints a snapshot in a process of its own, with limits on its time and memory.

What is printed was typed by people; whatever it does to the layout (a table without end, markup
nested too deep) ends with that process and is told in a sentence. The child dies with its parent:
it watches the pipe that the parent holds.
"""

from __future__ import annotations

import json
import logging
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from bcp.documents.rendered import Rendered
from bcp.documents.snapshot import Snapshot, canonical
from bcp.errors import BcpError

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2]
CHILD = "bcp.documents.press_child"
_TICK_SECONDS = 1.0


class PrintFailed(BcpError):
    """The plan could not be printed; the message says why and what to do."""


class PrintStopped(BcpError):
    """Somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one print may take: seconds on the clock, seconds of processor time, bytes of memory.
    2,000 systems stay well below."""

    seconds: int = 4 * 3600
    processor_seconds: int = 2 * 3600
    memory_bytes: int = 4 * 1024**3


Tick = Callable[[int, int], bool]
"""Called about once a second with the parts done and all parts; `False` stops the print."""


def _carry_on(_done: int, _everything: int) -> bool:
    return True


def print_snapshot(
    snapshot: Snapshot, tick: Tick = _carry_on, *, limits: Limits | None = None
) -> Rendered:
    """The printed plan. Raises `PrintStopped` when `tick` says so, else `PrintFailed`."""
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="bcp-print-") as folder:
        source, target = Path(folder) / "plan.json", Path(folder) / "plan.pdf"
        source.write_bytes(canonical(snapshot))
        log = Path(folder) / "errors.txt"
        figures = [str(limits.processor_seconds), str(limits.memory_bytes)]
        with log.open("wb") as errors:
            child = subprocess.Popen(
                [sys.executable, "-m", CHILD, str(source), str(target), *figures],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                bufsize=0,
                cwd=PROJECT,
            )
        with child:
            try:
                end = _watch(child, tick, time.monotonic() + limits.seconds)
            finally:
                child.kill()
        if end.pages is None:
            if not end.says:
                logger.error("printing ended with %s: %s", child.returncode, _tail(log))
            raise PrintFailed(end.says or _crashed(child.returncode))
        return Rendered(target.read_bytes(), end.pages)


@dataclass(frozen=True, slots=True)
class _End:
    """How a child ended: with so many pages, or with what it says went wrong."""

    pages: int | None
    says: str = ""


def _watch(child: subprocess.Popen[bytes], tick: Tick, deadline: float) -> _End:
    """Pass progress on until the child says how it ended, or simply ends."""
    output = child.stdout
    if output is None:
        raise PrintFailed(_("The print could not be started."))
    done, everything = 0, 0
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            line = output.readline() if selector.select(_TICK_SECONDS) else None
            if line == b"":
                child.wait()
                return _End(None)
            message = json.loads(line) if line else {}
            if "pages" in message or "failed" in message:
                return _End(message.get("pages"), message.get("failed", ""))
            done, everything = message.get("progress", (done, everything))
            if not tick(done, everything):
                raise PrintStopped(_("Somebody stopped it."))
            if time.monotonic() > deadline:
                raise PrintFailed(_("Printing took too long and was ended."))


def _crashed(code: int | None) -> str:
    if code == -signal.SIGXCPU:
        return _("Printing took too much processor time and was ended.")
    if code == -signal.SIGKILL:
        return _("Printing was ended by the machine, probably for want of memory.")
    return _("Printing ended without a word; the log of this machine says more.")


def _tail(log: Path, size: int = 2000) -> str:
    return log.read_text("utf-8", "replace")[-size:]
