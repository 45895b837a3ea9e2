"""The engine's answer for an organisation, kept until anything in the organisation changes.

Every write ends with a new head of the organisation's audit chain, so organisation + head names
the content: a change is seen at once, by every process, no tenant can meet another's answer, and
a database that was put back to an older state is not answered for from memory.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from threading import Lock

from bcp.engine.analysis import analyse
from bcp.engine.results import Analysis
from bcp.models.organisations import Organisation
from bcp.queries import estate

_KEPT = 16
_answers: OrderedDict[tuple[int, str, str, date], Analysis] = OrderedDict()
_lock = Lock()


def analysis(organisation: Organisation, scenario: str = "everything", *, today: date) -> Analysis:
    """Raises `engine.scenario.UnknownScenario` for a scenario that this estate does not have."""
    head = Organisation.objects.values_list("audit_head", flat=True).get(pk=organisation.pk)
    key = (organisation.pk, head, scenario, today)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    answer = analyse(estate.load(organisation), scenario, today=today)
    with _lock:
        _answers[key] = answer
        while len(_answers) > _KEPT:
            _answers.popitem(last=False)
    return answer
