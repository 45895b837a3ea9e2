"""Writing procedures: drafts with their steps as one document, and deciding about them.

A system has at most one draft and one approved version. What is approved never changes: editing
it means opening a draft that begins as its copy. Whoever wrote something of a draft does not
approve it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from bcp.engine.durations import format_minutes
from bcp.engine.estate import Area
from bcp.engine.permissions import Capability
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models.contacts import Contact
from bcp.models.organisations import Organisation
from bcp.models.procedures import Procedure, ProcedureState, ProcedureStep
from bcp.models.systems import System
from bcp.models.teams import Team
from bcp.queries import procedures as reads
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Facts, Ledger, facts_of, writing

MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class StepValues:
    """One step as it is written; `str` says it in words, for whoever compares two versions."""

    instruction: str
    team: Team | None = None
    contact: Contact | None = None
    heads: int | None = None
    minutes_low: int | None = None
    minutes: int | None = None
    minutes_high: int | None = None
    expected: str = ""
    verification: str = ""
    way_back: str = ""
    decision: str = ""
    covers: Collection[str] = field(default_factory=tuple)

    def __str__(self) -> str:
        who = ", ".join(str(one) for one in (self.team, self.contact) if one is not None)
        time = format_minutes(self.minutes)
        return f"{self.instruction} ({who}, {time})" if who else f"{self.instruction} ({time})"


@dataclass(frozen=True, slots=True)
class SeenDraft:
    """The draft that somebody looked at, and the version that it had then."""

    key: str
    version: int


def values_of(step: ProcedureStep) -> StepValues:
    """A stored step, to be written again in another version."""
    return StepValues(**{name: getattr(step, name) for name in StepValues.__dataclass_fields__})


def start(
    organisation: Organisation,
    system_key: str,
    *,
    copy_of: str | None = None,
    steps: Sequence[StepValues] = (),
    summary: str = "",
    by: Actor,
) -> Procedure:
    """Open a draft for a system: with `steps`, or with those of the version `copy_of` (a key),
    which may be another system's. Raises `Conflict` if there is a draft already."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        system = records.locked(ledger, System, system_key)
        if copy_of is not None:
            source = records.locked(ledger, Procedure, copy_of)
            steps = [values_of(step) for step in _steps(source)]
        return add_draft(ledger, system, steps, summary)


def add_draft(
    ledger: Ledger, system: System, steps: Sequence[StepValues], summary: str = ""
) -> Procedure:
    """The draft itself, inside a write that is already open. Raises as `start`."""
    versions = Procedure.objects.of(ledger.organisation).filter(system=system)
    if versions.filter(state=ProcedureState.DRAFT).exists():
        raise Conflict(
            _("“%(system)s” has a draft already; edit or discard that one.") % {"system": system}
        )
    draft = Procedure(
        organisation=ledger.organisation,
        system=system,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        summary=summary,
        author=ledger.by.user,
    )
    records.validate(draft)
    rows = checked_steps(ledger, draft, steps)
    draft.save(force_insert=True)
    ProcedureStep.objects.bulk_create(rows)
    ledger.note("created", draft, after=_facts(draft, rows))
    return draft


def add_step(
    ledger: Ledger, system: System, step: StepValues, *, first: bool, seen_draft: SeenDraft | None
) -> Procedure:
    """Put a step before or behind the others of a system's draft, inside a write that is already
    open; without a draft one is begun as a copy of the approved version.

    `seen_draft` is the draft that the writer looked at, `None` if there was none. Raises
    `Conflict` if there is another one by now, and `InvalidInput` as `save`.
    """
    versions = Procedure.objects.of(ledger.organisation).filter(system=system)
    draft = records.with_names(versions).filter(state=ProcedureState.DRAFT).first()
    seen_key = seen_draft.key if seen_draft else None
    if (draft.pk if draft else None) != seen_key:
        raise Conflict(
            _("Somebody has begun or decided a draft of the procedure of “%(system)s” meanwhile.")
            % {"system": system}
        )
    source = draft or _approved(ledger, system)
    steps = [values_of(one) for one in _steps(source)] if source is not None else []
    steps = [step, *steps] if first else [*steps, step]
    if draft is None or seen_draft is None:
        return add_draft(ledger, system, steps)
    records.check_version(draft, seen_draft.version)
    return _rewrite(ledger, draft, steps, None)


def save(
    organisation: Organisation,
    key: str,
    steps: Sequence[StepValues] | None,
    *,
    summary: str | None = None,
    seen_version: int | None,
    by: Actor,
) -> Procedure:
    """Replace the steps of a draft; positions count from 1 in the order given. `None` leaves
    them, or the `summary` (what has changed), as they are.

    Raises `Conflict` if the draft is gone, was approved meanwhile, or was edited since
    `seen_version`, and `InvalidInput` with every fault and the step it is in.
    """
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        draft = _draft(ledger, key, seen_version)
        return _rewrite(ledger, draft, steps, summary)


def _rewrite(
    ledger: Ledger, draft: Procedure, steps: Sequence[StepValues] | None, summary: str | None
) -> Procedure:
    old = _steps(draft)
    rows = old if steps is None else checked_steps(ledger, draft, steps)
    before = _facts(draft, old)
    if summary is not None:
        draft.summary = summary.strip()
    if _facts(draft, rows) == before:
        return draft
    draft.author = ledger.by.user
    draft.sent_back_reason = ""
    records.validate(draft)
    draft.version += 1
    draft.save()
    if rows is not old:
        ProcedureStep.objects.filter(procedure=draft).delete()
        ProcedureStep.objects.bulk_create(rows)
    ledger.changed(draft, before, _facts(draft, rows))
    return draft


def approve(organisation: Organisation, key: str, *, seen_version: int, by: Actor) -> Procedure:
    """Make a draft the procedure of its system; the version before is superseded.

    What is approved is the version that was looked at. Raises `Conflict` if the draft was
    edited since or decided already, `NotAllowed` for whoever wrote something of it and for the
    command line, `InvalidInput` if there is nothing to approve.
    """
    with writing(organisation, by=by, needs=Capability.APPROVE_PROCEDURE) as ledger:
        draft = _draft(ledger, key, seen_version)
        _check_approver(ledger, draft)
        steps = _steps(draft)
        if not steps:
            raise InvalidInput(_("It has no step yet: there is nothing to approve."))
        before = _approved(ledger, draft.system)
        if before is not None:
            if contents(_steps(before)) == contents(steps):
                raise InvalidInput(
                    _("It says the same as the approved version %(number)d; discard it.")
                    % {"number": before.number}
                )
            _decide(ledger, before, {"state": ProcedureState.SUPERSEDED.value})
        return _decide(
            ledger,
            draft,
            {
                "state": ProcedureState.APPROVED.value,
                "approved_by": ledger.by.user,
                "approved_at": ledger.now,
                "sent_back_reason": "",
            },
        )


def send_back(
    organisation: Organisation, key: str, reason: str, *, seen_version: int, by: Actor
) -> Procedure:
    """Say why a draft cannot be approved as it is; it stays a draft. Raises as `approve`."""
    with writing(organisation, by=by, needs=Capability.APPROVE_PROCEDURE) as ledger:
        draft = _draft(ledger, key, seen_version)
        if not reason.strip():
            fault = _("Say why, so that the author knows what to change.")
            raise InvalidInput(fault, {"reason": [fault]})
        return _decide(ledger, draft, {"sent_back_reason": reason})


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    """Discard a draft. Raises `Conflict` for any other version: decisions are kept."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        draft = _draft(ledger, key, seen_version)
        steps = [step_facts(step) for step in _steps(draft)]
        ProcedureStep.objects.filter(procedure=draft).delete()
        records.delete(ledger, draft, seen_version=None, parts={"steps": steps})


def checked_steps(
    ledger: Ledger, procedure: Procedure, steps: Sequence[StepValues]
) -> list[ProcedureStep]:
    """The rows of a version, not saved yet. Raises `InvalidInput` with every fault under
    `steps`, each named by its step."""
    if len(steps) > MOST_STEPS:
        fault = _("A procedure has at most %(most)d steps.") % {"most": MOST_STEPS}
        raise InvalidInput(fault, {"steps": [fault]})
    for named in ("team", "contact"):
        others = {other for step in steps if (other := getattr(step, named)) is not None}
        records.same_organisation(ledger, list(others), "steps")
    rows = [step_row(procedure, position, step) for position, step in enumerate(steps, start=1)]
    faults = [fault for row in rows for fault in _faults(row)]
    if faults:
        raise InvalidInput(faults[0], {"steps": faults})
    return rows


def step_row(procedure: Procedure, position: int, step: StepValues) -> ProcedureStep:
    return ProcedureStep(
        organisation=procedure.organisation,
        procedure=procedure,
        position=position,
        **_columns(step),
    )


def _columns(step: StepValues) -> dict[str, Any]:
    """Areas stand in one order and line breaks are of one kind, so that versions can be
    compared."""
    known = [area.value for area in Area if area in step.covers]
    unknown = sorted({str(area) for area in step.covers} - set(known))
    columns = {name: getattr(step, name) for name in StepValues.__dataclass_fields__}
    for name, value in columns.items():
        if isinstance(value, str):  # browsers send line breaks of another kind than files
            columns[name] = value.replace("\r\n", "\n").replace("\r", "\n")
    return columns | {"covers": known + unknown}


def _faults(row: ProcedureStep) -> list[str]:
    try:
        records.validate_part(row)
    except InvalidInput as error:
        return [
            _("Step %(position)d: %(fault)s") % {"position": row.position, "fault": message}
            for messages in error.fields.values()
            for message in messages
        ]
    return []


def contents(steps: Iterable[ProcedureStep]) -> list[Facts]:
    """What steps say, in their order: equal for two versions that say the same."""
    return [step_facts(step) for step in steps]


def step_facts(step: ProcedureStep) -> Facts:
    """A step as a fact of its procedure."""
    facts = facts_of(step)
    del facts["procedure"]
    return facts


def _facts(procedure: Procedure, steps: Iterable[ProcedureStep]) -> Facts:
    return facts_of(procedure) | {"steps": contents(steps)}


def _steps(procedure: Procedure) -> list[ProcedureStep]:
    return list(records.with_names(procedure.steps.order_by("position")))


def _approved(ledger: Ledger, system: System) -> Procedure | None:
    approved = Procedure.objects.of(ledger.organisation).filter(
        system=system, state=ProcedureState.APPROVED
    )
    return records.with_names(approved).first()


def _draft(ledger: Ledger, key: str, seen_version: int | None) -> Procedure:
    procedure = records.locked(ledger, Procedure, key)
    if procedure.state != ProcedureState.DRAFT:
        raise Conflict(
            _("This version has been decided already: %(state)s. What is approved never changes.")
            % {"state": procedure.get_state_display()},
            current=facts_of(procedure) | {"version": procedure.version},
        )
    records.check_version(procedure, seen_version)
    return procedure


def _check_approver(ledger: Ledger, draft: Procedure) -> None:
    user = ledger.by.user
    if user is None:
        raise NotAllowed(_("A procedure is approved by a person, not by the command line."))
    writers = reads.editors(ledger.organisation, draft.pk) | {draft.author_id}
    if user.pk in writers:
        raise NotAllowed(_("A procedure is approved by somebody who has not written at it."))


def _decide(ledger: Ledger, procedure: Procedure, values: Mapping[str, Any]) -> Procedure:
    """Set what a decision sets. Its audit row names the system and the state in any case, for
    whoever looks for the decisions about one."""
    before = facts_of(procedure)
    for name, value in values.items():
        setattr(procedure, name, value)
    records.validate(procedure)
    procedure.version += 1
    procedure.save()
    after = facts_of(procedure)
    told = [name for name in after if before[name] != after[name] or name in ("system", "state")]
    ledger.note(
        "changed",
        procedure,
        before={name: before[name] for name in told},
        after={name: after[name] for name in told},
    )
    return procedure
