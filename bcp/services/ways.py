"""Writing an offered set of changes into the records, as a whole or not at all.

What is typed in changes at once: estimates, strategies, bootstrap notes. A target is not typed in:
it becomes a proposal, which somebody else decides. Nothing stays written unless the analysis of
what is then recorded says that the time is met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from bcp.engine.backups import Backups
from bcp.engine.changes import STANDBY_MINUTES
from bcp.engine.durations import format_minutes
from bcp.engine.estate import Strategy
from bcp.engine.permissions import Capability
from bcp.engine.recovery import recover
from bcp.engine.scenario import EVERYTHING, parse_scenario
from bcp.errors import Conflict, InvalidInput
from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.models.targets import RecoveryTarget, TargetState
from bcp.queries import estate, targets
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, writing
from bcp.services.targets import add_proposal

MOST_PROPOSALS = 20
"""Each is held against an analysis of its own while everybody else waits to write."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The recovery work of a system is estimated anew; `stands_by`: by a hot standby."""

    system_key: str
    minutes: int
    seen_version: int | None
    stands_by: bool = False


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """A dependency gets the note how to start without it."""

    dependency_key: str
    note: str
    seen_version: int | None


@dataclass(frozen=True, slots=True)
class Tighter:
    """A tighter target of a system is proposed."""

    system_key: str
    rto_minutes: int


Step: TypeAlias = Estimate | Bootstrap | Tighter


def stand_by(system_key: str, seen_version: int | None) -> Estimate:
    return Estimate(system_key, STANDBY_MINUTES, seen_version, stands_by=True)


def note_field(dependency_key: str) -> str:
    """The name under which a fault of a bootstrap note is reported."""
    return f"note_{dependency_key}"


def estimated(system: System, minutes: int, *, stands_by: bool) -> dict[str, Any]:
    """What a new estimate says of a system: its best and worst case stay on their sides of it."""
    values: dict[str, Any] = {"recovery_minutes": minutes}
    if system.recovery_low_minutes is not None and system.recovery_low_minutes > minutes:
        values["recovery_low_minutes"] = minutes
    if stands_by:
        values["strategy"] = Strategy.HOT_STANDBY.value
    return values


def apply(
    organisation: Organisation,
    system_key: str,
    rto_minutes: int,
    steps: Sequence[Step],
    *,
    by: Actor,
) -> int:
    """Write `steps`, after which the system is back within `rto_minutes`; when it is back then.

    Raises `InvalidInput` for a note that is missing (under `note_field`), and `Conflict` if a
    record was changed since it was seen, or if the time would not be met after all: something
    that goes before an estimate was recorded, or a dependency was added meanwhile.
    """
    tighter = [step for step in steps if isinstance(step, Tighter)]
    if len(tighter) > MOST_PROPOSALS:
        raise InvalidInput(
            _("At most %(most)d targets can be proposed at once.") % {"most": MOST_PROPOSALS}
        )
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        if tighter:
            ledger.by.require(organisation, Capability.PROPOSE_TARGET)
        system = records.locked(ledger, System, system_key)
        _check_notes(steps)
        for step in steps:
            if isinstance(step, Estimate):
                one = records.locked(ledger, System, step.system_key)
                values = estimated(one, step.minutes, stands_by=step.stands_by)
                records.change(ledger, one, values, seen_version=step.seen_version)
            elif isinstance(step, Bootstrap):
                edge = records.locked(ledger, Dependency, step.dependency_key)
                note = {"bootstrap": step.note}
                records.change(ledger, edge, note, seen_version=step.seen_version)
        restored = _restored(ledger, system)
        if restored is None or restored > rto_minutes:
            raise Conflict(
                _(
                    "Nothing was written: what is recorded has changed meanwhile, and “%(system)s”"
                    " would be back after %(restored)s, not within %(wanted)s."
                )
                % {
                    "system": system,
                    "restored": format_minutes(restored),
                    "wanted": format_minutes(rto_minutes),
                }
            )
        for proposed in tighter:
            _propose(ledger, proposed, system, rto_minutes)
        return restored


def _check_notes(steps: Sequence[Step]) -> None:
    fault = _("Say how it is started without it: the note is read when it is needed.")
    missing = {
        note_field(step.dependency_key): [fault]
        for step in steps
        if isinstance(step, Bootstrap) and not step.note.strip()
    }
    if missing:
        raise InvalidInput(fault, missing)


def _restored(ledger: Ledger, system: System) -> int | None:
    """When the system is back by what is recorded now; `None` if it takes no part in recovery."""
    now = estate.load(ledger.organisation)
    scenario = parse_scenario(EVERYTHING, now)
    recovery = recover(now, scenario, Backups(now, today=ledger.today))
    positions = (place for place, one in enumerate(now.systems) if one.key == system.pk)
    return next((recovery.timeline.restored[place] for place in positions), None)


def _propose(ledger: Ledger, step: Tighter, above: System, rto_minutes: int) -> None:
    """One that asks for as much already stays as it is."""
    open_ones = RecoveryTarget.objects.of(ledger.organisation).filter(
        system=step.system_key, state=TargetState.PROPOSED, rto_minutes__lte=step.rto_minutes
    )
    if open_ones.exists():
        return
    system = records.locked(ledger, System, step.system_key)
    now = targets.approved(ledger.organisation).get(system.pk)
    add_proposal(
        ledger,
        system,
        step.rto_minutes,
        now.rpo_minutes if now else None,
        now.mtd_minutes if now else None,
        _("So that “%(system)s” can be back within %(time)s.")
        % {"system": above, "time": format_minutes(rto_minutes)},
    )
