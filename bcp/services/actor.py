"""Who is acting, in which organisation, and by which door they came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

from bcp.engine.permissions import CAPABILITY_WORDS, Capability, Role, allows
from bcp.errors import NotAllowed
from bcp.models.members import Membership
from bcp.models.organisations import Organisation
from bcp.models.users import User


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a write. `role` is `None` for the command line of the machine itself, which
    may do everything in the organisation it names: who has the shell has the database."""

    organisation_id: int
    user: User | None
    role: Role | None
    via: str

    @classmethod
    def member(cls, membership: Membership, *, via: str) -> Self:
        return cls(membership.organisation_id, membership.user, Role(membership.role), via)

    @classmethod
    def command_line(cls, organisation: Organisation) -> Self:
        return cls(organisation.pk, None, None, "command line")

    @property
    def label(self) -> str:
        return self.user.email if self.user else self.via

    def require(self, organisation: Organisation, capability: Capability) -> None:
        """Raise `NotAllowed` unless the actor has the capability in that organisation."""
        if self.organisation_id != organisation.pk:
            raise NotAllowed(_("This belongs to another organisation."))
        if self.role is not None and not allows(self.role, capability):
            raise NotAllowed(
                _("Your role (%(role)s) may not do this: %(capability)s.")
                % {"role": self.role.value, "capability": _(CAPABILITY_WORDS[capability])}
            )
