"""Members and invitations: the only ways into an organisation."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability, Role
from bcp.errors import InvalidInput, NotAllowed
from bcp.models.members import Invitation, Membership
from bcp.models.organisations import Organisation
from bcp.models.users import User
from bcp.services import records, tokens
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, facts_of, writing


def add(organisation: Organisation, user: User, role: Role, *, by: Actor) -> Membership:
    """Make an existing login a member; the command line's and the invitation's last step."""
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        return records.create(ledger, Membership, {"user": user, "role": role.value})


def change_role(
    organisation: Organisation, key: str, role: Role, *, seen_version: int | None, by: Actor
) -> Membership:
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        membership = records.locked(ledger, Membership, key)
        if role is not Role.ADMINISTRATOR:
            _keep_an_administrator(ledger, membership)
        return records.change(ledger, membership, {"role": role.value}, seen_version=seen_version)


def remove(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        membership = records.locked(ledger, Membership, key)
        _keep_an_administrator(ledger, membership)
        records.delete(ledger, membership, seen_version=seen_version)
        tokens.revoke_all(ledger, membership.user)


def _keep_an_administrator(ledger: Ledger, leaving: Membership) -> None:
    others = Membership.objects.of(ledger.organisation).filter(role=Role.ADMINISTRATOR.value)
    if leaving.role == Role.ADMINISTRATOR.value and not others.exclude(pk=leaving.pk).exists():
        raise InvalidInput(_("This is the last administrator. Make somebody else one first."))


def invite(
    organisation: Organisation, email: str, role: Role, *, link_base: str, by: Actor
) -> Invitation:
    """Mail an invitation; `link_base` is the absolute address to which the token is appended.

    The same mail goes out whether or not the address has a login already, so that nobody
    learns which addresses exist.
    """
    email = email.strip().lower()
    token = secrets.token_urlsafe(32)
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        if Membership.objects.of(organisation).filter(user__email=email).exists():
            fault = _("This person is a member already.")
            raise InvalidInput(fault, {"email": [fault]})
        open_ones = Invitation.objects.of(organisation).filter(
            email=email, accepted_at=None, withdrawn_at=None
        )
        for older in open_ones:
            records.change(ledger, older, {"withdrawn_at": ledger.now}, seen_version=None)
        invitation = Invitation(
            organisation=organisation,
            email=email,
            role=role.value,
            token_hash=_hash(token),
            invited_by=by.user,
            expires_at=ledger.now + timedelta(days=settings.INVITATION_VALID_DAYS),
        )
        records.validate(invitation)
        invitation.save(force_insert=True)
        ledger.note("created", invitation, after=_without_token(invitation))
        transaction.on_commit(lambda: _mail(invitation, link_base + token))
    return invitation


def withdraw_invitation(organisation: Organisation, key: str, *, by: Actor) -> Invitation:
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        invitation = records.locked(ledger, Invitation, key)
        if invitation.accepted_at:
            raise InvalidInput(_("This invitation has been accepted; remove the member instead."))
        invitation.withdrawn_at = ledger.now
        invitation.save(update_fields=["withdrawn_at", "updated_at"])
        ledger.note("withdrawn", invitation, after=_without_token(invitation))
        return invitation


def invitation_of(token: str, now: datetime) -> Invitation | None:
    """The open invitation of a mailed token, or `None`: wrong, used, withdrawn or too old.

    The one lookup without an organisation: the secret itself says which it is.
    """
    return (
        Invitation.objects.filter(
            token_hash=_hash(token), accepted_at=None, withdrawn_at=None, expires_at__gt=now
        )
        .select_related("organisation")
        .first()
    )


def accept(token: str, *, user: User | None, name: str = "", password: str = "") -> Membership:
    """Use up an invitation: for the signed-in `user` it was mailed to, or making a new login.

    Raises `InvalidInput` if the token is no longer good or the password too weak, `NotAllowed`
    if somebody else is signed in.
    """
    invitation = invitation_of(token, timezone.now())
    if invitation is None:
        raise InvalidInput(_("This invitation is no longer valid. Ask for a new one."))
    with transaction.atomic():
        if user is None:
            user = _new_login(invitation, name, password)
        elif user.email != invitation.email:
            raise NotAllowed(_("This invitation was mailed to another address."))
        by = Actor(invitation.organisation_id, user, None, "invitation")
        organisation = invitation.organisation
        with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
            invitation = records.locked(ledger, Invitation, invitation.pk)
            if invitation.accepted_at or invitation.withdrawn_at:
                raise InvalidInput(_("This invitation is no longer valid. Ask for a new one."))
            invitation.accepted_at = ledger.now
            invitation.save(update_fields=["accepted_at", "updated_at"])
            ledger.note("accepted", invitation, after=_without_token(invitation))
            return records.create(ledger, Membership, {"user": user, "role": invitation.role})


def _new_login(invitation: Invitation, name: str, password: str) -> User:
    if User.objects.filter(email=invitation.email).exists():
        raise NotAllowed(_("This address has a login. Sign in first, then open the link again."))
    user = User(email=invitation.email, name=name.strip())
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(error.messages[0], {"password": error.messages}) from error
    user.set_password(password)
    user.save()
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _without_token(invitation: Invitation) -> dict[str, object]:
    facts = facts_of(invitation)
    del facts["token_hash"]
    return facts


def _mail(invitation: Invitation, link: str) -> None:
    context = {"invitation": invitation, "organisation": invitation.organisation, "link": link}
    send_mail(
        subject=" ".join(render_to_string("emails/invitation_subject.txt", context).split()),
        message=render_to_string("emails/invitation.txt", context),
        from_email=None,
        recipient_list=[invitation.email],
    )
