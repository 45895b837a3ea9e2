"""Members: who belongs to an organisation, and in which role. People come by `invitations`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability, Role
from bcp.errors import InvalidInput
from bcp.models.members import Membership
from bcp.models.organisations import Organisation
from bcp.models.users import User
from bcp.services import records, tokens
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, writing


def role_named(text: str) -> Role:
    """The role that somebody wrote. Raises `InvalidInput` that lists what there is."""
    try:
        return Role(text.strip().lower().replace("-", " ").replace("_", " "))
    except ValueError as error:
        fault = _("“%(text)s” is not a role; there are: %(roles)s.") % {
            "text": text[:40],
            "roles": ", ".join(Role),
        }
        raise InvalidInput(fault, {"role": [fault]}) from error


def add(organisation: Organisation, user: User, role: Role, *, by: Actor) -> Membership:
    """Make an existing login a member. Raises `InvalidInput` if it is one."""
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        return records.create(ledger, Membership, {"user": user, "role": role.value})


def change_role(
    organisation: Organisation, key: str, role: Role, *, seen_version: int | None, by: Actor
) -> Membership:
    """Raises `Conflict` if somebody else changed it since, `InvalidInput` if nobody would be
    left to administer."""
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        membership = records.locked(ledger, Membership, key)
        records.check_version(membership, seen_version)
        if role is not Role.ADMINISTRATOR:
            _keep_an_administrator(ledger, membership)
        return records.change(ledger, membership, {"role": role.value}, seen_version=seen_version)


def remove(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    """End a membership and every API token that rests on it."""
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        membership = records.locked(ledger, Membership, key)
        _keep_an_administrator(ledger, membership)
        records.delete(ledger, membership, seen_version=seen_version)
        tokens.revoke_all(ledger, membership.user)


def _keep_an_administrator(ledger: Ledger, leaving: Membership) -> None:
    """An administrator who cannot sign in does not count."""
    others = Membership.objects.of(ledger.organisation).filter(
        role=Role.ADMINISTRATOR.value, user__is_active=True
    )
    if leaving.role == Role.ADMINISTRATOR.value and not others.exclude(pk=leaving.pk).exists():
        fault = _("This is the last administrator. Make somebody else one first.")
        raise InvalidInput(fault, {"role": [fault]})
