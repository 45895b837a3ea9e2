"""Whether what is recorded of a system may no longer be true: its people and its last test.

People are not verified for too long (rule E4), or the last test that qualified is out of date,
by its age or by a change since (rule X4). A system that was never tested is not stale: its
readiness says so already.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bcp.engine.estate import Estate
from bcp.engine.gaps_of_people import STALE_AFTER_DAYS
from bcp.engine.messages import Message, gettext_noop
from bcp.engine.results import Analysis


def unverified_people(estate: Estate, today: date) -> frozenset[str]:
    """The names of contacts that nobody verified within `STALE_AFTER_DAYS` before `today`."""
    limit = today - timedelta(days=STALE_AFTER_DAYS)
    return frozenset(
        one.name for one in estate.contacts if one.verified_on is None or one.verified_on <= limit
    )


def doubts(answer: Analysis, system: int, unverified: frozenset[str]) -> Iterator[Message]:
    """Why the facts of the system at that position may be out of date; nothing if they are not.

    `unverified` comes from `unverified_people`, once for all systems.
    """
    record = answer.estate.systems[system]
    people = dict.fromkeys((record.owner, record.technical_owner))
    for person in people:
        if person in unverified:
            yield Message(
                gettext_noop("%(person)s not verified for %(days)s days"),
                {"person": person, "days": STALE_AFTER_DAYS},
            )
    proof = answer.proofs[system]
    if proof.last is not None and not proof.in_date:
        yield Message(
            gettext_noop("changed since the last test")
            if proof.changed
            else gettext_noop("last test out of date")
        )
