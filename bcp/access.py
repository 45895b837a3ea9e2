"""Fetching is authorising: an organisation is reached only through one's own membership in it.

A foreign or unknown organisation is the same 404; a role too low is `NotAllowed` (403).
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from bcp.engine.permissions import CAPABILITY_WORDS, Capability, Role, allows
from bcp.errors import NotAllowed
from bcp.models.members import Membership
from bcp.models.users import User


def memberships(user: User | AnonymousUser) -> QuerySet[Membership]:
    """The organisations a login belongs to, by name; none for somebody not logged in."""
    if user.pk is None:
        return Membership.objects.none()
    return (
        Membership.objects.filter(user_id=user.pk)
        .select_related("organisation", "user")
        .order_by("organisation__name")
    )


def enter(user: User | AnonymousUser, slug: str) -> Membership:
    """The membership by which `user` is in the organisation `slug`; 404 if there is none."""
    membership = memberships(user).filter(organisation__slug=slug).first()
    if membership is None or not user.is_active:
        raise Http404(_("There is no such page."))
    return membership


def require(membership: Membership, capability: Capability) -> None:
    if not can(membership, capability):
        raise NotAllowed(
            _("Your role (%(role)s) may not do this: %(capability)s.")
            % {"role": membership.get_role_display(), "capability": _(CAPABILITY_WORDS[capability])}
        )


def can(membership: Membership, capability: Capability) -> bool:
    return allows(Role(membership.role), capability)


def find(records: QuerySet[Any], key: str) -> Any:
    """One record of an already narrowed queryset, or the same 404 as for a foreign one."""
    record = records.filter(pk=key).first()
    if record is None:
        raise Http404(_("There is no such page."))
    return record
