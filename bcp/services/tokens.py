"""Making and revoking API tokens. The secret is shown once and never stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from knox.models import get_digest_token

from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput, NotAllowed
from bcp.models.organisations import Organisation
from bcp.models.tokens import ApiToken
from bcp.models.users import User
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, facts_of, writing

LIFETIMES_DAYS = (7, 30, 90, 365)
_LOOKUP_LETTERS = 15  # the length by which Knox looks a token up


def create(organisation: Organisation, name: str, *, days: int, by: Actor) -> tuple[ApiToken, str]:
    """A token of the acting member, and its secret, which cannot be had again.

    `days` (one of `LIFETIMES_DAYS`) is how long it is good. It is good in this organisation
    alone and may do what its owner's role may do at the time of each request.
    """
    with writing(organisation, by=by, needs=Capability.READ) as ledger:
        if by.user is None:
            raise NotAllowed(_("A token belongs to a person; the command line needs none."))
        if days not in LIFETIMES_DAYS:
            fault = _("Choose one of %(days)s days.") % {
                "days": ", ".join(str(choice) for choice in LIFETIMES_DAYS)
            }
            raise InvalidInput(fault, {"days": [fault]})
        digest, secret = get_digest_token()
        token = ApiToken(
            organisation=organisation,
            name=name.strip(),
            user=by.user,
            digest=digest,
            token_key=secret[:_LOOKUP_LETTERS],
            expiry=ledger.now + timedelta(days=days),
        )
        records.validate(token)
        token.save(force_insert=True)
        ledger.note("created", token, after=_without_secrets(token))
        return token, secret


def revoke(organisation: Organisation, key: str, *, by: Actor) -> None:
    """End a token at once: one's own, or anybody's by who manages the members."""
    with writing(organisation, by=by, needs=Capability.READ) as ledger:
        token = records.locked(ledger, ApiToken, key)
        if by.user is None or token.user_id != by.user.pk:
            by.require(organisation, Capability.MANAGE_MEMBERS)
        _end(ledger, token)


def revoke_all(ledger: Ledger, user: User) -> None:
    """End every token of somebody who leaves, so that none works again if they come back."""
    for token in ApiToken.objects.of(ledger.organisation).filter(user=user):
        _end(ledger, token)


def _end(ledger: Ledger, token: ApiToken) -> None:
    ledger.note("revoked", token, before=_without_secrets(token))
    token.delete()


def _without_secrets(token: ApiToken) -> dict[str, Any]:
    facts = facts_of(token)
    del facts["digest"], facts["token_key"]
    return facts
