"""Accepting gaps: somebody in authority lives with one, for a reason and until a day.

An acceptance is bound to what its author looked at. If the gap says something else by the time of
the write, or somebody else has accepted it meanwhile, nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bcp.engine.acceptance import facts_of, identity_of, latest_end, subject_of
from bcp.engine.permissions import Capability
from bcp.engine.results import Gap
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models.acceptances import GapAcceptance
from bcp.models.organisations import Organisation
from bcp.queries import acceptances
from bcp.queries.acceptances import GapStanding
from bcp.queries.analysis import analysis
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, writing
from bcp.services.ledger import facts_of as facts_of_row

_BATCH = 500
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A gap as its acceptor looked at it: its identity and facts (`engine.acceptance`), and the
    key of the acceptance that it had then; `None` if it had none."""

    gap: str
    facts: str
    acceptance: str | None = None


def accept(
    organisation: Organisation,
    identity: str,
    reason: str,
    until: date | None,
    *,
    seen_facts: str,
    seen_acceptance: str | None = None,
    by: Actor,
    now: datetime,
) -> GapAcceptance:
    """Accept one gap, or renew its acceptance; see `accept_many`."""
    seen = Seen(identity, seen_facts, seen_acceptance)
    (made,) = accept_many(organisation, [seen], reason, until, by=by, now=now)
    return made


def accept_many(
    organisation: Organisation,
    gaps: Sequence[Seen],
    reason: str,
    until: date | None,
    *,
    by: Actor,
    now: datetime,
) -> list[GapAcceptance]:
    """Accept all of the gaps or none, up to and including the day `until`; an acceptance that was
    seen is replaced. `now` is the aware moment of the decision.

    Raises `InvalidInput` at `reason` and `until`, and `Conflict` if a gap is not what was seen any
    more: it is none, says something else, or somebody has accepted it since.
    """
    with writing(organisation, by=by, needs=Capability.ACCEPT_GAP) as ledger:
        if by.user is None:
            raise NotAllowed(_("A gap is accepted by a person, not by the command line."))
        local = now.astimezone(ZoneInfo(ledger.organisation.time_zone))
        _check_terms(reason, until, local.date())
        terms = {
            "reason": reason,
            "until": until,
            "accepted_by": by.user,
            "accepted_at": ledger.now,
        }
        answer = analysis(ledger.organisation, now=local)
        standings = {
            identity_of(one.gap): one
            for one in acceptances.states(ledger.organisation, answer.gaps, local.date())
        }
        wanted = {one.gap: one for one in gaps}
        _check_seen(wanted.values(), standings)
        chosen = [standings[identity] for identity in wanted]
        replaced = [one.acceptance for one in chosen if one.acceptance is not None]
        ending = _ending(ledger, _("Replaced by a newer acceptance."))
        records.change_many(ledger, replaced, ending)
        name = subject_of(answer.estate)
        return _write(ledger, [_content(one.gap, name(one.gap)) for one in chosen], terms)


def take_back(
    organisation: Organisation, key: str, reason: str, *, seen_version: int | None, by: Actor
) -> GapAcceptance:
    """End an acceptance before its day: the gap is open again. Raises `InvalidInput` without a
    reason, and `Conflict` if it has ended already."""
    with writing(organisation, by=by, needs=Capability.ACCEPT_GAP) as ledger:
        row = records.locked(ledger, GapAcceptance, key)
        if row.ended_at is not None:
            raise Conflict(_("This acceptance has ended already."), current=facts_of_row(row))
        records.check_version(row, seen_version)
        if not reason.strip():
            fault = _("Say why, so that others understand what has changed.")
            raise InvalidInput(fault, {"reason": [fault]})
        return records.change(ledger, row, _ending(ledger, reason), seen_version=None)


def _check_terms(reason: str, until: date | None, today: date) -> None:
    faults: dict[str, list[str]] = {}
    if not reason.strip():
        faults["reason"] = [_("Say why it is accepted: whoever asks later reads this.")]
    if until is None:
        faults["until"] = [_("Choose the last day on which it is accepted.")]
    elif not today <= until <= latest_end(today):
        faults["until"] = [
            _("Choose a day from %(first)s to %(last)s: nothing is accepted for ever.")
            % {"first": date_format(today), "last": date_format(latest_end(today))}
        ]
    if faults:
        raise InvalidInput(next(iter(faults.values()))[0], faults)


def _check_seen(wanted: Iterable[Seen], standings: Mapping[str, GapStanding]) -> None:
    """Raises `Conflict`, naming what is not as it was seen."""
    faults = [fault for one in wanted if (fault := _changed(one, standings.get(one.gap)))]
    if faults:
        more = len(faults) - _NAMED
        named = [*faults[:_NAMED], *([_("… and %(count)s more.") % {"count": more}] * (more > 0))]
        raise Conflict(
            _("Nothing was accepted: what you looked at has changed since.")
            + "".join(f" {fault}" for fault in named)
        )


def _changed(seen: Seen, now: GapStanding | None) -> str:
    """How a gap is not what was seen any more; empty if it is."""
    if now is None:
        return _("One of them is no longer a gap.")
    accepted = now.acceptance
    if accepted is not None and accepted.pk != seen.acceptance:
        return _("%(who)s accepted this until %(until)s: “%(says)s”.") % {
            "who": accepted.accepted_by,
            "until": date_format(accepted.until),
            "says": accepted.says,
        }
    if accepted is None and seen.acceptance is not None:
        return _("Its acceptance was taken back: “%(says)s”.") % {"says": _said(now.gap)}
    if facts_of(now.gap) != seen.facts:
        return _("The gap now says: “%(says)s”.") % {"says": _said(now.gap)}
    return ""


def _ending(ledger: Ledger, reason: str) -> dict[str, Any]:
    return {"ended_by": ledger.by.user, "ended_at": ledger.now, "ended_reason": reason}


def _content(gap: Gap, subject: str) -> dict[str, Any]:
    return {
        "gap": identity_of(gap),
        "code": gap.code,
        "subject_kind": gap.subject_kind,
        "subject_key": gap.subject_key,
        "subject": subject,
        "severity": gap.severity.value,
        "says": _said(gap),
        "facts": facts_of(gap),
    }


def _write(
    ledger: Ledger, contents: Iterable[dict[str, Any]], terms: dict[str, Any]
) -> list[GapAcceptance]:
    rows = [
        GapAcceptance(organisation=ledger.organisation, **content, **terms) for content in contents
    ]
    for row in rows:
        records.validate_part(row)
    GapAcceptance.objects.bulk_create(rows, batch_size=_BATCH)
    for row in rows:
        ledger.note("created", row, after=facts_of_row(row))
    return rows


def _said(gap: Gap) -> str:
    return gap.says.said(_)
