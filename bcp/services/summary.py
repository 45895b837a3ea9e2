"""The executive summary of an organisation: what it rests on, frozen for print or in words for
the page. Both are made from the same facts by the same words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bcp.documents import summary, summary_words
from bcp.documents.snapshot import Print, Snapshot
from bcp.documents.summary import Decided
from bcp.documents.summary_text import Room
from bcp.engine.results import Analysis
from bcp.models.organisations import Organisation
from bcp.queries import acceptances, plans, targets
from bcp.queries.ways import KnownWays

ON_SCREEN = Room()


def frozen(
    organisation: Organisation, answer: Analysis, printed: Print, *, now: datetime
) -> Snapshot:
    """Everything that the printed summary will say. `answer` is that of the loss of everything,
    `now` is in the organisation's time zone."""
    told = {**plans.printed_organisation(organisation), "currency": organisation.currency}
    decided = _decided(organisation, answer, now)
    search = KnownWays(organisation, answer, today=now.date()).to_meet
    return summary.build(answer, told, decided, printed, search)


def page(organisation: Organisation, answer: Analysis, *, now: datetime) -> dict[str, Any]:
    """What the page says (`summary_words.shown`)."""
    decided = _decided(organisation, answer, now)
    search = KnownWays(organisation, answer, today=now.date()).to_meet
    sections = summary.facts_of(answer, decided, search)
    return summary_words.shown(sections, organisation.currency, ON_SCREEN)


def _decided(organisation: Organisation, answer: Analysis, now: datetime) -> Decided:
    live = {system.key for system in answer.estate.systems}
    return Decided(
        acceptances.in_force(organisation, answer, now=now),
        [
            {"system": row.system_id, "rto_minutes": row.rto_minutes}
            for row in targets.proposals(organisation)
            if row.system_id in live
        ],
    )
