"""API tokens: a member's key for scripts, good in one organisation only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned, name_field


class ApiToken(OrgOwned):
    """Only the hash is kept, so a stolen database opens nothing.

    Knox authenticates with it (`KNOX_TOKEN_MODEL`): `digest`, `token_key`, `user` and `expiry`
    are the names Knox reads. `token_key` is the token's first letters, by which it is looked up.
    What a token may do is its owner's role at the moment of the request.
    """

    name = name_field(_("name"))
    digest = models.CharField(max_length=128, unique=True, editable=False)
    token_key = models.CharField(max_length=25, db_index=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        editable=False,
        related_name="auth_token_set",
    )
    expiry = models.DateTimeField(_("expires"), editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API token")

    def __str__(self) -> str:
        return self.name
