"""Ways to meet a target, kept by the content of the estate that they were searched in.

The search takes as long as a few analyses; a summary asks for several at every visit. The key is
the organisation and everything that recovery times rest on, so an answer is never stale and never
another tenant's. What backup jobs report changes no recovery time.
"""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import replace
from datetime import date

from django.core.cache import cache

from bcp.engine.estate import Estate
from bcp.engine.results import Analysis
from bcp.engine.ways import Ways, ways_to_meet
from bcp.models.organisations import Organisation

_KEPT_SECONDS = 60 * 60


class KnownWays:
    """Searches in the estate of one analysis, each search once. `key` names the organisation and
    the content that is searched."""

    def __init__(self, organisation: Organisation, answer: Analysis, *, today: date) -> None:
        self._answer, self._today = answer, today
        content = (_silent(answer.estate), answer.scenario.name, today)
        self.key = f"ways:{organisation.pk}:{hashlib.sha256(pickle.dumps(content)).hexdigest()}"

    def to_meet(self, system: int, rto_minutes: int) -> Ways:
        """`engine.ways.ways_to_meet` for the system at that position of the estate."""
        key = f"{self.key}:{system}:{rto_minutes}"
        found = cache.get(key)
        if not isinstance(found, Ways):
            found = ways_to_meet(
                self._answer.estate,
                system,
                rto_minutes,
                today=self._today,
                scenario=self._answer.scenario.name,
            )
            cache.set(key, found, _KEPT_SECONDS)
        return found


def _silent(estate: Estate) -> Estate:
    """The estate without what backup jobs reported."""
    copies = (replace(one, last_success=None, last_failure=None) for one in estate.copies)
    return replace(estate, copies=tuple(copies))
