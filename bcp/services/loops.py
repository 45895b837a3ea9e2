"""Opening a loop: the note that says how to start without a dependency, and the step of the
procedure that does it, written together or not at all (rule G5)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bcp.engine.estate import GATING, NeededTo
from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.models.procedures import Procedure
from bcp.services import procedures, records
from bcp.services.actor import Actor
from bcp.services.ledger import writing
from bcp.services.procedures import SeenDraft, StepValues

__all__ = ["SeenDraft", "StepValues", "open_dependency"]


def open_dependency(
    organisation: Organisation,
    key: str,
    note: str,
    step: StepValues,
    *,
    seen_version: int,
    seen_draft: SeenDraft | None,
    by: Actor,
) -> Procedure:
    """Write the bootstrap note of a dependency and put `step` into the draft of its dependent's
    procedure; the draft.

    The step comes first if the dependency was needed to rebuild, and last if it was needed only
    to run. Without a draft one is begun as a copy of the approved version. Raises `Conflict` if
    the dependency or the draft has changed since it was seen, and `InvalidInput` with faults
    under `note` and `instruction`, or under `steps` for the rest of the step.
    """
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        edge = records.locked(ledger, Dependency, key)
        records.check_version(edge, seen_version)
        if edge.needed_to not in GATING or edge.bootstrap:
            raise InvalidInput(_("Nothing waits for this dependency: there is nothing to open."))
        _check_texts(note, step)
        records.change(ledger, edge, {"bootstrap": note}, seen_version=seen_version)
        return procedures.add_step(
            ledger,
            edge.dependent,
            step,
            first=edge.needed_to == NeededTo.REBUILD,
            seen_draft=seen_draft,
        )


def _check_texts(note: str, step: StepValues) -> None:
    faults = {}
    if not note.strip():
        faults["note"] = [_("Say how it is started without it: the note is read when needed.")]
    if not step.instruction.strip():
        faults["instruction"] = [_("Say what is to be done.")]
    if faults:
        raise InvalidInput(next(iter(faults.values()))[0], faults)
