"""Attempts that really start at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from bcp.errors import BcpError

WRITERS = 8


def at_once(attempts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all attempts in threads that start together; each one's answer, or what it raised."""
    ready = Barrier(len(attempts))

    def run(attempt: Callable[[], Any]) -> Any:
        try:
            ready.wait()
            return attempt()
        except BcpError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def raised(answers: list[Any], kind: type[BcpError]) -> int:
    return sum(isinstance(answer, kind) for answer in answers)
