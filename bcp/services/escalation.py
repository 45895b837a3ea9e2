"""Writing escalation paths with their steps, as one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.durations import format_minutes
from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.models.contacts import Contact
from bcp.models.escalation import Channel, EscalationPath, EscalationStep
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Facts, Ledger, facts_of, writing

MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class StepValues:
    """One rung; `str` says it in words, for whoever compares two ladders."""

    contact: Contact
    channel: str = Channel.PHONE.value
    channel_system: System | None = None
    wait_minutes: int = 15

    def __str__(self) -> str:
        how = str(Channel(self.channel).label)
        if self.channel_system is not None:
            how = f"{how} ({self.channel_system})"
        return f"{self.contact}, {how}, {format_minutes(self.wait_minutes)}"


def create(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    steps: Sequence[StepValues] = (),
    by: Actor,
) -> EscalationPath:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        if values.get("is_default"):
            _only_default(ledger, None)
        path = records.create(ledger, EscalationPath, values)
        set_steps(ledger, path, steps)
        return path


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    steps: Sequence[StepValues] | None = None,
    seen_version: int | None,
    by: Actor,
) -> EscalationPath:
    """`steps` `None` leaves the ladder as it is. Making a path the default unmakes the other."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        path = records.locked(ledger, EscalationPath, key)
        records.check_version(path, seen_version)
        if values.get("is_default"):
            _only_default(ledger, path)
        path = records.change(ledger, path, values, seen_version=seen_version)
        if steps is not None:
            set_steps(ledger, path, steps)
        return path


def set_steps(ledger: Ledger, path: EscalationPath, steps: Sequence[StepValues]) -> None:
    """Replace the ladder if it differs; positions count from 1 in the order given."""
    old = [step_facts(step) for step in records.with_names(path.steps.all())]
    rows = [
        EscalationStep(
            organisation=ledger.organisation,
            path=path,
            position=position,
            contact=step.contact,
            channel=step.channel,
            channel_system=step.channel_system,
            wait_minutes=step.wait_minutes,
        )
        for position, step in enumerate(steps, start=1)
    ]
    new = [step_facts(row) for row in rows]
    if new == old:
        return
    if len(rows) > MOST_STEPS:
        fault = _("A ladder has at most %(most)d steps.") % {"most": MOST_STEPS}
        raise InvalidInput(fault, {"steps": [fault]})
    path.steps.all().delete()
    for row in rows:
        try:
            records.validate(row)
        except InvalidInput as error:
            faults = [
                _("Step %(position)d: %(fault)s") % {"position": row.position, "fault": message}
                for messages in error.fields.values()
                for message in messages
            ]
            raise InvalidInput(faults[0], {"steps": faults}) from error
    EscalationStep.objects.bulk_create(rows)
    records.touch(path)
    ledger.changed(path, {"steps": old}, {"steps": new})


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        path = records.locked(ledger, EscalationPath, key)
        records.check_version(path, seen_version)
        steps = [step_facts(step) for step in records.with_names(path.steps.all())]
        path.steps.all().delete()
        records.delete(ledger, path, seen_version=seen_version, parts={"steps": steps})


def step_facts(step: EscalationStep) -> Facts:
    """A rung as a fact of its path."""
    facts = facts_of(step)
    del facts["path"]
    return facts


def _only_default(ledger: Ledger, keep: EscalationPath | None) -> None:
    others = EscalationPath.objects.of(ledger.organisation).filter(is_default=True)
    for path in others.exclude(pk=keep.pk if keep else None):
        records.change(ledger, path, {"is_default": False}, seen_version=None)
