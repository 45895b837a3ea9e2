"""Writing what a restore from a copy showed: when, by whom, with which result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.models.copies import RestoreTest
from bcp.models.organisations import Organisation
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, writing
from bcp.services.writer import Writer

delete = Writer(RestoreTest).delete


def create(organisation: Organisation, values: Mapping[str, Any], *, by: Actor) -> RestoreTest:
    """Raises `InvalidInput` for a day that is still to come."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        _refuse_the_future(ledger, values)
        return records.create(ledger, RestoreTest, values)


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    seen_version: int | None,
    by: Actor,
) -> RestoreTest:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        test = records.locked(ledger, RestoreTest, key)
        records.check_version(test, seen_version)
        _refuse_the_future(ledger, values)
        return records.change(ledger, test, values, seen_version=seen_version)


def _refuse_the_future(ledger: Ledger, values: Mapping[str, Any]) -> None:
    day = values.get("done_on")
    if day is not None and day > ledger.today:
        fault = _("This day is still to come; record a restore after it was done.")
        raise InvalidInput(fault, {"done_on": [fault]})
