"""Confirming what systems need: a person says that it is right as of today.

A confirmation is bound to what its author looked at: if a need came, went or changed by the time
of the write, nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.engine.reviews import Need, facts_of
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models.organisations import Organisation
from bcp.models.reviews import DependencyReview
from bcp.models.systems import System
from bcp.queries import reviews as reads
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import facts_of as facts_of_row
from bcp.services.ledger import writing

_BATCH = 500
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A system, by key, and the `engine.reviews.facts_of` its needs as they were looked at."""

    system: str
    facts: str


def confirm(
    organisation: Organisation, key: str, note: str = "", *, seen_facts: str, by: Actor
) -> DependencyReview:
    """Confirm what one system needs; see `confirm_many`."""
    (made,) = confirm_many(organisation, [Seen(key, seen_facts)], note, by=by)
    return made


def confirm_many(
    organisation: Organisation, seen: Sequence[Seen], note: str = "", *, by: Actor
) -> list[DependencyReview]:
    """Confirm what every one of these systems needs, or nothing.

    Several at once take a `note` that says what the confirmation rests on: nobody looks at many
    lists as closely as at one. Raises `InvalidInput` at `note`, and `Conflict` if one of the
    systems is not live any more or needs something else than was seen.
    """
    with writing(organisation, by=by, needs=Capability.REVIEW_DEPENDENCIES) as ledger:
        if by.user is None:
            raise NotAllowed(_("Dependencies are confirmed by a person, not by the command line."))
        wanted = {one.system: one.facts for one in seen}
        if len(wanted) > 1 and not note.strip():
            fault = _("Say what you confirm them on: a list you went through, a meeting, a tool.")
            raise InvalidInput(fault, {"note": [fault]})
        needs = reads.needs_now(ledger.organisation, wanted)
        systems = {
            one.pk: one for one in System.objects.of(ledger.organisation).filter(pk__in=wanted)
        }
        _check_seen(wanted, needs, systems)
        rows = [
            DependencyReview(
                organisation=ledger.organisation,
                system=systems[key],
                facts=facts,
                needs=[list(astuple(one)) for one in needs[key]],
                note=note,
                reviewed_by=by.user,
                reviewed_at=ledger.now,
            )
            for key, facts in wanted.items()
        ]
        for row in rows:
            records.validate_part(row)
        DependencyReview.objects.bulk_create(rows, batch_size=_BATCH)
        for row in rows:
            ledger.note("confirmed", row, after=facts_of_row(row))
        return rows


def _check_seen(
    wanted: Mapping[str, str],
    needs: Mapping[str, Sequence[Need]],
    systems: Mapping[str, System],
) -> None:
    """Raises `Conflict`, naming what is not as it was seen."""
    faults = []
    for key, facts in wanted.items():
        if key not in needs:
            faults.append(
                _("“%(system)s” is not live any more.") % {"system": systems[key].name}
                if key in systems
                else _("One of the systems is gone.")
            )
        elif facts_of(needs[key]) != facts:
            faults.append(_("What “%(system)s” needs has changed.") % {"system": systems[key].name})
    if faults:
        more = len(faults) - _NAMED
        named = [*faults[:_NAMED], *([_("… and %(count)s more.") % {"count": more}] * (more > 0))]
        raise Conflict(
            _("Nothing was confirmed: what you looked at has changed since.")
            + "".join(f" {fault}" for fault in named)
        )
