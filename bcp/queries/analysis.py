"""The engine's answer for an organisation, kept until anything in the organisation changes.

Every write of a person ends with a new head of the organisation's audit chain, and every report
of a backup job that changes what is said of a copy moves `CopyStatus.changed_at` and counts the
status's version up (two machines may change two copies in the opposite order of their clocks, which
the latest moment alone would not show); so organisation + head + moment + count names the content:
a change is seen at once, by every process, no tenant can meet another's answer, and a database
that was put back to an older state is not answered for from memory. Copies become late by the
passing of time alone: answers last five minutes at most.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from django.db.models import Max, Sum

from bcp.engine.analysis import analyse
from bcp.engine.results import Analysis
from bcp.models.organisations import Organisation
from bcp.models.reports import CopyStatus
from bcp.queries import estate

_KEPT = 16
_LASTING = timedelta(minutes=5)
_Key = tuple[int, str, datetime | None, int | None, str, datetime]
_answers: OrderedDict[_Key, Analysis] = OrderedDict()
_lock = Lock()


def analysis(
    organisation: Organisation, scenario: str = "everything", *, now: datetime
) -> Analysis:
    """The answer at the moment `now`, which is in the organisation's time zone; what it says of
    late copies may be up to five minutes old. Raises `engine.scenario.UnknownScenario` for a
    scenario that this estate does not have."""
    head = Organisation.objects.values_list("audit_head", flat=True).get(pk=organisation.pk)
    reported = CopyStatus.objects.of(organisation).aggregate(
        last=Max("changed_at"), changes=Sum("version")
    )
    key = (organisation.pk, head, reported["last"], reported["changes"], scenario, _rounded(now))
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    answer = analyse(estate.load(organisation), scenario, today=now.date(), now=now)
    with _lock:
        _answers[key] = answer
        while len(_answers) > _KEPT:
            _answers.popitem(last=False)
    return answer


def _rounded(now: datetime) -> datetime:
    """The start of the stretch of `_LASTING` that holds `now`; stretches start at midnight, so
    that a new day is a new answer."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (now - midnight) // _LASTING * _LASTING
