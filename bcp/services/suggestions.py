"""Answering suggestions: proposing the dependency that one names, or dismissing it for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models.organisations import Organisation
from bcp.models.proposed_dependencies import ProposedDependency
from bcp.models.suggestions import SuggestionDismissal
from bcp.models.systems import System
from bcp.queries import suggestions as reads
from bcp.queries.suggestions import Answer, Asked
from bcp.services import proposed_dependencies, records
from bcp.services.actor import Actor
from bcp.services.ledger import facts_of, writing
from bcp.services.proposed_dependencies import Suggested

_BATCH = 500

Seen = tuple[str, str]
"""The identity of a suggestion and its facts as they were looked at (`engine.suggestions`)."""


def propose(
    organisation: Organisation, seen: Seen, *, by: Actor, now: datetime
) -> ProposedDependency:
    """Propose the dependency that one suggestion names; see `propose_many`."""
    (made,) = propose_many(organisation, [seen], by=by, now=now)
    return made


def propose_many(
    organisation: Organisation, seen: Sequence[Seen], *, by: Actor, now: datetime
) -> list[ProposedDependency]:
    """Propose the dependencies that suggestions name, each for its reason: all or none. Raises
    `Conflict` if nothing suggests one of them any more, and `InvalidInput` if one names none."""
    answer = reads.asked(organisation, now=now)
    wanted = []
    for one in _as_seen(answer, seen):
        suggestion = one.suggestion
        if suggestion.system is None or suggestion.dependency is None:
            raise InvalidInput(_("This suggestion names no dependency that could be proposed."))
        wanted.append((suggestion.system, suggestion.dependency, suggestion))
    keys = {answer.estate.systems[at].key for ends in wanted for at in ends[:2]}
    systems = System.objects.of(organisation).in_bulk(keys)
    return proposed_dependencies.suggest_many(
        organisation,
        [
            Suggested(
                systems[answer.estate.systems[system].key],
                systems[answer.estate.systems[dependency].key],
                suggestion.needed_to.value,
                suggestion.says.said(_),
            )
            for system, dependency, suggestion in wanted
        ],
        by=by,
    )


def dismiss_many(
    organisation: Organisation, seen: Sequence[Seen], reason: str, *, by: Actor, now: datetime
) -> list[SuggestionDismissal]:
    """Dismiss all of the suggestions, or none, until what they rest on changes. Raises
    `InvalidInput` without a reason, and `Conflict` if one of them is not as it was seen."""
    with writing(organisation, by=by, needs=Capability.REVIEW_DEPENDENCIES) as ledger:
        if by.user is None:
            raise NotAllowed(_("Suggestions are dismissed by a person."))
        if not reason.strip():
            fault = _("Say why, so that others understand why nobody is asked again.")
            raise InvalidInput(fault, {"reason": [fault]})
        found = _as_seen(reads.asked(ledger.organisation, now=now), seen)
        rows = [
            SuggestionDismissal(
                organisation=ledger.organisation,
                suggestion=one.suggestion.identity,
                facts=one.suggestion.facts,
                says=one.suggestion.says.said(_),
                reason=reason,
                dismissed_by=by.user,
                dismissed_at=ledger.now,
            )
            for one in found
        ]
        for row in rows:
            records.validate_part(row)
        SuggestionDismissal.objects.bulk_create(rows, batch_size=_BATCH)
        for row in rows:
            ledger.note("created", row, after=facts_of(row))
        return rows


def ask_again(organisation: Organisation, key: str, *, by: Actor) -> None:
    """Take a dismissal back. Raises `Conflict` if somebody has done so already."""
    with writing(organisation, by=by, needs=Capability.REVIEW_DEPENDENCIES) as ledger:
        row = records.locked(ledger, SuggestionDismissal, key)
        records.delete(ledger, row, seen_version=None)


def _as_seen(answer: Answer, seen: Sequence[Seen]) -> list[Asked]:
    now = {
        (one.suggestion.identity, one.suggestion.facts): one
        for one in answer.rows
        if one.dismissal is None
    }
    wanted = list(dict.fromkeys(seen))
    if any(one not in now for one in wanted):
        raise Conflict(
            _("Nothing was done: what it rests on has changed, or somebody else has answered it.")
        )
    return [now[one] for one in wanted]
