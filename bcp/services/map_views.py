"""Writing the saved views of the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine import map_address
from bcp.engine.map_address import BadAddress
from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.models.map_views import SavedView
from bcp.models.organisations import Organisation
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import writing


def create(organisation: Organisation, values: Mapping[str, Any], *, by: Actor) -> SavedView:
    """`query` may be written in any order; it is kept in the one that stands for the view.
    Raises `InvalidInput`, also for a query that asks for no view."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        return records.create(ledger, SavedView, _canonical(values))


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    seen_version: int | None,
    by: Actor,
) -> SavedView:
    """Raises `Conflict` or `InvalidInput`."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        view = records.locked(ledger, SavedView, key)
        return records.change(ledger, view, _canonical(values), seen_version=seen_version)


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        records.delete(ledger, records.locked(ledger, SavedView, key), seen_version=seen_version)


def _canonical(values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = dict(values)
    if "query" not in cleaned:
        return cleaned
    try:
        address = map_address.read(str(cleaned["query"] or ""))
    except BadAddress as error:
        fault = _("This cannot be saved as a view: %(fault)s.") % {
            "fault": _(error.template) % error.values
        }
        raise InvalidInput(fault, {"query": [fault]}) from error
    if address.is_choice:
        fault = _("Choose something to show first, then save the view.")
        raise InvalidInput(fault, {"query": [fault]})
    cleaned["query"] = address.query
    return cleaned
