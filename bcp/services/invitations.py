"""Invitations: the way by which a person comes into an organisation, and to a login.

The mailed link proves the address, so the link is never shown to anybody but the machine's own
command line, and only the hash of its token is kept.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability, Role
from bcp.errors import InvalidInput, NotAllowed
from bcp.models.members import Invitation, Membership
from bcp.models.organisations import Organisation
from bcp.models.users import User
from bcp.services import members, records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, facts_of, writing

_log = logging.getLogger(__name__)


@dataclass
class Invited:
    """What came of inviting: the invitation, its secret, and whether the mail went out."""

    invitation: Invitation
    token: str
    link: str
    mailed: bool = False


def invite(
    organisation: Organisation, email: str, role: Role, *, link_base: str, by: Actor
) -> Invited:
    """Mail an invitation; `link_base` is the absolute address below which the token stands.

    It takes the place of an open one to the same address. The same mail goes out whether or not
    the address has a login already, so that nobody learns which addresses exist. Mail that
    cannot be sent leaves the invitation as it is; the answer says so.
    """
    email = email.strip().lower()
    token = secrets.token_urlsafe(32)
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        invitation = Invitation(
            organisation=ledger.organisation,
            email=email,
            role=role.value,
            token_hash=_hash(token),
            invited_by=by.user,
            expires_at=ledger.now + timedelta(days=settings.INVITATION_VALID_DAYS),
        )
        records.validate(invitation)
        if Membership.objects.of(organisation).filter(user__email=email).exists():
            fault = _("This person is a member already.")
            raise InvalidInput(fault, {"email": [fault]})
        for older in _open(organisation).filter(email=email):
            _withdraw(ledger, older)
        invitation.save(force_insert=True)
        ledger.note("created", invitation, after=_without_token(invitation))
        invited = Invited(invitation, token, f"{link_base}{token}/")
        transaction.on_commit(lambda: _mail(invited))
    return invited


def admit(
    organisation: Organisation, email: str, role_name: str, *, link_base: str, by: Actor
) -> Membership | Invited:
    """Let an address in: a login that exists becomes a member at once, any other is invited.

    `role_name` is a role as people write it ("IT director", "it-director"). For the command
    line alone: on a page the answer would tell which addresses have a login.
    """
    role = members.role_named(role_name)
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is not None:
        return members.add(organisation, user, role, by=by)
    return invite(organisation, email, role, link_base=link_base, by=by)


def withdraw(organisation: Organisation, key: str, *, by: Actor) -> Invitation:
    """Make an open invitation void; one that is void already stays so."""
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        invitation = records.locked(ledger, Invitation, key)
        if invitation.accepted_at:
            raise InvalidInput(_("This invitation has been accepted; remove the member instead."))
        if not invitation.withdrawn_at:
            _withdraw(ledger, invitation)
        return invitation


def of_token(token: str, now: datetime) -> Invitation | None:
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


def has_login(invitation: Invitation) -> bool:
    """Whether its address can sign in already. Only who holds the token may be told."""
    return User.objects.filter(email=invitation.email).exists()


def accept(token: str, *, user: User | None, name: str = "", password: str = "") -> Membership:
    """Use up an invitation: for the signed-in `user` it was mailed to, or making a new login.

    Raises `InvalidInput` if the token is no longer good or the password too weak, `NotAllowed`
    if somebody else is signed in.
    """
    found = of_token(token, timezone.now())
    if found is None:
        raise _no_longer_valid()
    if user is not None and user.email != found.email:
        raise NotAllowed(_("This invitation was mailed to another address."))
    organisation = found.organisation
    by = Actor(organisation.pk, user, None, "invitation")
    with writing(organisation, by=by, needs=Capability.MANAGE_MEMBERS) as ledger:
        invitation = of_token(token, ledger.now)
        if invitation is None:
            raise _no_longer_valid()
        if user is None:
            user = _new_login(invitation, name, password)
            ledger.by = Actor(organisation.pk, user, None, "invitation")
        invitation.accepted_at = ledger.now
        invitation.save(update_fields=["accepted_at", "updated_at"])
        ledger.note("accepted", invitation, after=_without_token(invitation))
        return records.create(ledger, Membership, {"user": user, "role": invitation.role})


def _no_longer_valid() -> InvalidInput:
    return InvalidInput(_("This invitation is no longer valid. Ask for a new one."))


def _new_login(invitation: Invitation, name: str, password: str) -> User:
    taken = _("This address has a login. Sign in first, then open the link again.")
    if has_login(invitation):
        raise NotAllowed(taken)
    user = User(email=invitation.email, name=name)
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(error.messages[0], {"password": error.messages}) from error
    user.set_password(password)
    records.validate(user)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:  # accepted at the same moment in another organisation
        raise NotAllowed(taken) from error
    return user


def _open(organisation: Organisation) -> QuerySet[Invitation]:
    return Invitation.objects.of(organisation).filter(accepted_at=None, withdrawn_at=None)


def _withdraw(ledger: Ledger, invitation: Invitation) -> None:
    invitation.withdrawn_at = ledger.now
    invitation.save(update_fields=["withdrawn_at", "updated_at"])
    ledger.note("withdrawn", invitation, after=_without_token(invitation))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _without_token(invitation: Invitation) -> dict[str, object]:
    facts = facts_of(invitation)
    del facts["token_hash"]
    return facts


def _mail(invited: Invited) -> None:
    invitation = invited.invitation
    context = {
        "invitation": invitation,
        "organisation": invitation.organisation,
        "link": invited.link,
    }
    try:
        send_mail(
            subject=" ".join(render_to_string("emails/invitation_subject.txt", context).split()),
            message=render_to_string("emails/invitation.txt", context),
            from_email=None,
            recipient_list=[invitation.email],
        )
        invited.mailed = True
    except (OSError, SMTPException):
        _log.exception("an invitation could not be mailed")
