"""Writing teams and who is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bcp.engine.permissions import Capability
from bcp.models.contacts import Contact
from bcp.models.organisations import Organisation
from bcp.models.teams import Team
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, references, writing


def create(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    members: Sequence[Contact] = (),
    by: Actor,
) -> Team:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        team = records.create(ledger, Team, values)
        set_members(ledger, team, members)
        return team


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    members: Sequence[Contact] | None = None,
    seen_version: int | None,
    by: Actor,
) -> Team:
    """`members` `None` leaves them as they are. Raises `Conflict` or `InvalidInput`."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        team = records.locked(ledger, Team, key)
        team = records.change(ledger, team, values, seen_version=seen_version)
        if members is not None:
            set_members(ledger, team, members)
        return team


def set_members(ledger: Ledger, team: Team, members: Sequence[Contact]) -> None:
    """Make these the team's members; audited and counted as an edit if it changes anything."""
    records.same_organisation(ledger, members, "members")
    before, after = references(team.members.all()), references(members)
    if before != after:
        team.members.set(members)
        records.touch(team)
        ledger.changed(team, {"members": before}, {"members": after})


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        records.delete(ledger, records.locked(ledger, Team, key), seen_version=seen_version)
