"""API tokens of an organisation, with their owners; never the secret, which nobody keeps."""

from __future__ import annotations

from django.db.models import QuerySet

from bcp.models.organisations import Organisation
from bcp.models.tokens import ApiToken
from bcp.models.users import User


def listing(organisation: Organisation) -> QuerySet[ApiToken]:
    return ApiToken.objects.of(organisation).select_related("user").defer("digest", "token_key")


def of_user(organisation: Organisation, user: User) -> QuerySet[ApiToken]:
    return listing(organisation).filter(user=user)
