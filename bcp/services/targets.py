"""Proposing and deciding recovery targets. The figures of a row are never changed.

Whoever proposes or approves has looked at what the target asks for; those figures are frozen with
the row. An approval names the figures that its approver saw (`basis`): if anything that they rest
on is different by then, nothing is approved and the approver is told what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bcp.engine import decision_basis, frozen_figures
from bcp.engine.analysis import analyse
from bcp.engine.durations import format_minutes
from bcp.engine.estate import TierPolicy
from bcp.engine.permissions import Capability
from bcp.engine.proposal import Target
from bcp.engine.results import Analysis
from bcp.engine.target_figures import TargetFigures, looser_than_tier
from bcp.engine.texts import is_blank
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.models.targets import RecoveryTarget, TargetState
from bcp.queries import estate, organisations, target_figures
from bcp.queries.analysis import analysis
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Facts, Ledger, facts_of, writing


@dataclass(frozen=True, slots=True)
class Seen:
    """A proposal as its approver saw it: the version of the row, and the `basis` that the page
    showed. `basis` is `None` only for a door that shows no figures, which has nothing to hold
    the approval against: the machine's own commands."""

    key: str
    version: int | None
    basis: str | None


def propose(
    organisation: Organisation,
    system_key: str,
    *,
    rto_minutes: int | None,
    rpo_minutes: int | None,
    mtd_minutes: int | None = None,
    reason: str = "",
    by: Actor,
) -> RecoveryTarget:
    """A new proposal; it takes the place of an open one of the same system. Raises `InvalidInput`,
    also for one that is looser than its tier promises and does not say why."""
    with writing(organisation, by=by, needs=Capability.PROPOSE_TARGET) as ledger:
        system = records.locked(ledger, System, system_key)
        return add_proposal(ledger, system, rto_minutes, rpo_minutes, mtd_minutes, reason)


def add_proposal(
    ledger: Ledger,
    system: System,
    rto_minutes: int | None,
    rpo_minutes: int | None,
    mtd_minutes: int | None,
    reason: str,
) -> RecoveryTarget:
    """The proposal itself, inside a write that is already open."""
    if rto_minutes is None and rpo_minutes is None and mtd_minutes is None:
        raise InvalidInput(_("A proposal needs at least one figure: RTO, RPO or MTD."))
    if rto_minutes is not None and mtd_minutes is not None and rto_minutes > mtd_minutes:
        fault = _("The RTO must not be longer than the MTD.")
        raise InvalidInput(fault, {"rto_minutes": [fault]})
    target = Target(rto_minutes, rpo_minutes, mtd_minutes)
    if is_blank(reason):
        _need_no_reason(ledger.organisation, system, target)
    shown = target_figures.of_one(_answer(ledger), system.pk, target, today=ledger.today)
    frozen = _frozen(ledger, shown)
    open_ones = RecoveryTarget.objects.of(ledger.organisation).filter(
        system=system, state=TargetState.PROPOSED
    )
    replaced = list(records.with_names(open_ones))
    decide(ledger, replaced, TargetState.WITHDRAWN, _("Replaced by a newer proposal."))
    return records.create(
        ledger,
        RecoveryTarget,
        {
            "system": system,
            "rto_minutes": rto_minutes,
            "rpo_minutes": rpo_minutes,
            "mtd_minutes": mtd_minutes,
            "reason": reason,
            "proposed_by": ledger.by.user,
            "proposed_on": frozen,
        },
    )


def _need_no_reason(organisation: Organisation, system: System, target: Target) -> None:
    """Raise `InvalidInput` if the target is looser than its tier: that takes a reason."""
    tier = promises(organisation).get(system.tier) if system.tier else None
    if tier is None:
        return
    faults = [tier_fault(name, target, tier) for name in looser_than_tier(target, tier)]
    if faults:
        raise InvalidInput(faults[0], {"reason": faults})


def promises(organisation: Organisation) -> dict[int, TierPolicy]:
    """What each tier promises, by its number."""
    return {
        row.tier: TierPolicy(row.tier, row.name, row.rto_minutes, row.rpo_minutes)
        for row in organisations.tiers(organisation)
    }


def tier_fault(name: str, target: Target, tier: TierPolicy) -> str:
    """Why a target that is looser than its tier needs a reason; `name` is "rto" or "rpo"."""
    figures = {
        "rto": (target.rto_minutes, tier.rto_minutes),
        "rpo": (target.rpo_minutes, tier.rpo_minutes),
    }
    wanted, promised = figures[name]
    return _(
        "Tier %(tier)s promises an %(figure)s of %(promised)s; %(wanted)s is looser, so say why."
    ) % {
        "tier": tier.tier,
        "figure": name.upper(),
        "promised": format_minutes(promised),
        "wanted": format_minutes(wanted),
    }


def basis(
    organisation: Organisation, proposals: Iterable[RecoveryTarget], *, now: datetime
) -> dict[str, str]:
    """What each proposal is shown with, by its key, for `Seen.basis`; `now` is in the
    organisation's time zone. One analysis a proposal."""
    answer = analysis(organisation, now=now)
    shown = target_figures.of_each(answer, proposals, today=now.date())
    return {one.pk: basis_of(one, figures) for one, figures in shown}


def basis_of(proposal: RecoveryTarget, shown: TargetFigures | None) -> str:
    """The basis of a proposal whose figures have been worked out already."""
    proposed = target_figures.target_of(proposal)
    return decision_basis.basis(shown, proposed=proposed, reason=proposal.reason)


def approve(
    organisation: Organisation,
    key: str,
    *,
    seen_version: int | None,
    seen_basis: str | None,
    by: Actor,
) -> RecoveryTarget:
    """Make a proposal the target. Raises `NotAllowed` for its own proposer, and `Conflict` if it
    has been decided already or what it was shown with is different by now; `seen_basis` as in
    `Seen`."""
    [approved] = approve_many(organisation, [Seen(key, seen_version, seen_basis)], by=by)
    return approved


def approve_many(
    organisation: Organisation, seen: Sequence[Seen], *, by: Actor
) -> list[RecoveryTarget]:
    """Make proposals the targets, all of them or none, in the order of `seen`.

    Raises `Conflict` if one was decided, what it was shown with is different by now, or its tier
    has come to promise more and it says no reason: `current` tells of each such proposal, by its
    key, what is in the way. Raises `NotAllowed` for its own proposer.
    """
    with writing(organisation, by=by, needs=Capability.APPROVE_TARGET) as ledger:
        rows = _open_ones(ledger, {one.key: one.version for one in seen})
        _refuse_own(ledger, rows.values())
        bases = {one.key: one.basis for one in seen}
        faults, frozen, tiers = {}, {}, promises(organisation)
        for row, shown in target_figures.of_each(
            _answer(ledger), rows.values(), today=ledger.today
        ):
            if fault := _changed_since(row, bases[row.pk], shown) or _lacks_reason(row, tiers):
                faults[row.pk] = fault
            frozen[row.pk] = _frozen(ledger, shown)
        if faults:
            raise Conflict(" ".join(faults.values()), current=faults)
        approved = list(rows.values())
        decide(ledger, approved, TargetState.APPROVED, decided_on=frozen)
        return approved


def send_back(
    organisation: Organisation, key: str, reason: str, *, seen_version: int | None, by: Actor
) -> RecoveryTarget:
    [sent_back] = send_back_many(organisation, {key: seen_version}, reason, by=by)
    return sent_back


def send_back_many(
    organisation: Organisation, seen: Mapping[str, int | None], reason: str, *, by: Actor
) -> list[RecoveryTarget]:
    """Refuse proposals for one reason, all of them or none; `seen` has the version of each that
    was looked at. Raises `Conflict` as `approve_many` does."""
    with writing(organisation, by=by, needs=Capability.APPROVE_TARGET) as ledger:
        if is_blank(reason):
            fault = _("Say why, so that the proposer knows what to change.")
            raise InvalidInput(fault, {"reason": [fault]})
        rows = list(_open_ones(ledger, seen).values())
        decide(ledger, rows, TargetState.REJECTED, reason)
        return rows


def withdraw(
    organisation: Organisation, key: str, *, seen_version: int | None, by: Actor
) -> RecoveryTarget:
    """Take back one's own proposal."""
    with writing(organisation, by=by, needs=Capability.PROPOSE_TARGET) as ledger:
        target = _open_ones(ledger, {key: seen_version})[key]
        if by.user is not None and target.proposed_by_id != by.user.pk:
            raise NotAllowed(_("A proposal is withdrawn by its proposer; it can be sent back."))
        decide(ledger, [target], TargetState.WITHDRAWN)
        return target


def decide(
    ledger: Ledger,
    targets: Sequence[RecoveryTarget],
    state: TargetState,
    reason: str = "",
    *,
    decided_on: Mapping[str, frozen_figures.Json] | None = None,
) -> None:
    """Write what became of proposals that were found open inside this write, any number of them
    at once. `decided_on` has the frozen figures of each."""
    if not targets:
        return
    values: dict[str, Any] = {
        "state": state.value,
        "decided_by": ledger.by.user,
        "decided_at": ledger.now,
        "decision_reason": reason,
    }
    before: list[Facts] = [facts_of(target) for target in targets]
    for target in targets:
        for name, value in values.items():
            setattr(target, name, value)
        target.decided_on = (decided_on or {}).get(target.pk)
        target.version += 1
        target.updated_at = ledger.now
    records.validate(targets[0])  # the reason is the same text in each
    for target, facts in zip(targets, before, strict=True):
        target.decision_reason = targets[0].decision_reason
        ledger.changed(target, facts, facts_of(target))
    names = [*values, "decided_on", "version", "updated_at"]
    RecoveryTarget.objects.bulk_update(targets, names, batch_size=500)


def freeze_together(
    ledger: Ledger, proposals: Sequence[RecoveryTarget]
) -> dict[str, frozen_figures.Json]:
    """The figures of proposals that are approved at once without being looked at one by one, by
    key: of one analysis with all of them."""
    shown = target_figures.of_all_together(_answer(ledger), proposals, today=ledger.today)
    return {key: _frozen(ledger, one, together=len(proposals)) for key, one in shown.items()}


def _frozen(
    ledger: Ledger, figures: TargetFigures | None, *, together: int = 1
) -> frozen_figures.Json:
    count = ledger.organisation.audit_count + len(ledger.events)
    return frozen_figures.frozen(figures, audit_count=count, at=ledger.now, together=together)


def _answer(ledger: Ledger) -> Analysis:
    """The analysis of what this write finds. The kept ones are of what was there before it."""
    now = ledger.now.astimezone(ZoneInfo(ledger.organisation.time_zone))
    if ledger.events:
        return analyse(estate.load(ledger.organisation), today=ledger.today, now=now)
    return analysis(ledger.organisation, now=now)


def _open_ones(ledger: Ledger, seen: Mapping[str, int | None]) -> dict[str, RecoveryTarget]:
    """The proposals by key, in the order of `seen`, as they are now. Raises `Conflict` for those
    that are gone, decided, or of another version than was seen."""
    found = {
        row.pk: row
        for row in records.with_names(RecoveryTarget.objects.of(ledger.organisation)).filter(
            pk__in=list(seen)
        )
    }
    faults = {
        key: fault for key, version in seen.items() if (fault := _decided(found.get(key), version))
    }
    if len(seen) == 1 and faults:
        [(key, fault)] = faults.items()
        raise Conflict(fault, current=facts_of(found[key]) if key in found else None)
    if faults:
        raise Conflict(" ".join(faults.values()), current=faults)
    return {key: found[key] for key in seen}


def _decided(row: RecoveryTarget | None, seen_version: int | None) -> str:
    """Why the proposal is not the open one that was seen; empty if it is."""
    if row is None:
        return _("Somebody has deleted this record in the meantime.")
    if row.state != TargetState.PROPOSED:
        says = _("The proposal for “%(system)s” has been decided already: %(state)s.")
        return says % {"system": row.system, "state": row.get_state_display()}
    if seen_version not in (None, row.version):
        says = _("Somebody else changed the proposal for “%(system)s” meanwhile.")
        return says % {"system": row.system}
    return ""


def _refuse_own(ledger: Ledger, rows: Iterable[RecoveryTarget]) -> None:
    if ledger.by.user is None:
        raise NotAllowed(_("A target is approved by a person, not by the command line."))
    own = [str(row.system) for row in rows if row.proposed_by_id == ledger.by.user.pk]
    if own:
        raise NotAllowed(
            _("A target is approved by somebody other than its proposer; you proposed: %(names)s.")
            % {"names": ", ".join(own)}
        )


def _lacks_reason(row: RecoveryTarget, tiers: Mapping[int, TierPolicy]) -> str:
    """Why the proposal cannot be approved without a reason, if it has none: its tier may promise
    more than when it was made."""
    tier = tiers.get(row.system.tier) if row.system.tier else None
    if not is_blank(row.reason) or not looser_than_tier(target_figures.target_of(row), tier):
        return ""
    return _(
        "The proposal for “%(system)s” is looser than its tier promises and says no reason: send "
        "it back."
    ) % {"system": row.system}


def _changed_since(row: RecoveryTarget, seen: str | None, shown: TargetFigures | None) -> str:
    """What is different from what the approver saw; empty if nothing is, or nothing was shown."""
    if seen is None:
        return ""
    changes = decision_basis.changed_since(seen, basis_of(row, shown))
    if not changes:
        return ""
    return _(
        "What the proposal for “%(system)s” rests on has changed since you looked: %(changes)s."
    ) % {"system": row.system, "changes": "; ".join(one.said(_) for one in changes)}
