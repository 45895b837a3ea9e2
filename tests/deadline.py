"""Waiting for something that happens elsewhere: as short as possible, and never for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

_POLL_SECONDS = 0.05


def until(look: Callable[[], Found], what: str, seconds: float = 60) -> Found:
    """The first true answer of `look`; fails with `what` if there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited {seconds} s in vain until {what}"
        threading.Event().wait(_POLL_SECONDS)
    return found
