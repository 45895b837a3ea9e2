"""The engine's answer for an organisation, kept until anything that it rests on changes.

Every write of a person adds to the organisation's audit chain, and every report of a backup job
that changes what is said of a copy moves `CopyStatus.changed_at` and counts the status's version up
(two machines may change two copies in the opposite order of their clocks, which the latest moment
alone would not show); so organisation + last audited digest + moment + count names the content: a
change is seen at once, by every process, no tenant can meet another's answer, and a database that
was put back to an older state is not answered for from memory. What `queries.estate` does not read
leaves the answer as it is: whoever saves a view of a map need not wait for the next one.

Copies become late by the passing of time alone: answers last five minutes at most. What was read
from the database is kept apart from what follows from it, so that another scenario and the next
five minutes read nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from django.db.models import Max, Sum

from bcp.engine.analysis import analyse
from bcp.engine.estate import Estate
from bcp.engine.results import Analysis
from bcp.models.audit import AuditEvent
from bcp.models.organisations import Organisation
from bcp.models.reports import CopyStatus
from bcp.queries import estate

_LASTING = timedelta(minutes=5)
_BESIDE_THE_ESTATE = (
    *("savedview", "suggestiondismissal", "proposeddependency", "gapacceptance"),
    *("planversion", "job", "membership", "invitation", "apitoken"),
)
"""Kinds of record that no estate is read from. Whatever is not named here makes a new answer."""
_Content = tuple[int, str | None, datetime | None, int | None]
Key = TypeVar("Key")
Value = TypeVar("Value")


class _Recent(Generic[Key, Value]):
    """The values that were asked for last, at most `most` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def value(self, key: Key, make: Callable[[], Value]) -> Value:
        """That of `key`, made if it is not there; nobody waits for another's making."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return made


_estates: _Recent[_Content, Estate] = _Recent(8)
_answers: _Recent[tuple[_Content, str, datetime], Analysis] = _Recent(16)


def analysis(
    organisation: Organisation, scenario: str = "everything", *, now: datetime
) -> Analysis:
    """The answer at the moment `now`, which is in the organisation's time zone; what it says of
    late copies may be up to five minutes old. Raises `engine.scenario.UnknownScenario` for a
    scenario that this estate does not have."""
    content = _content(organisation)

    def made() -> Analysis:
        known = _estates.value(content, lambda: estate.load(organisation))
        return analyse(known, scenario, today=now.date(), now=now)

    return _answers.value((content, scenario, _rounded(now)), made)


def _content(organisation: Organisation) -> _Content:
    """What names everything that the engine is told of the organisation at this moment."""
    events = AuditEvent.objects.of(organisation).exclude(record_type__in=_BESIDE_THE_ESTATE)
    last = events.order_by("-sequence").values_list("digest", flat=True).first()
    reported = CopyStatus.objects.of(organisation).aggregate(
        last=Max("changed_at"), changes=Sum("version")
    )
    return organisation.pk, last, reported["last"], reported["changes"]


def _rounded(now: datetime) -> datetime:
    """The start of the stretch of `_LASTING` that holds `now`; stretches start at midnight, so
    that a new day is a new answer."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (now - midnight) // _LASTING * _LASTING
