"""Who belongs to an organisation, in which role, and who was invited."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bcp.engine.permissions import Role
from bcp.models.base import OrgOwned


class RoleChoice(models.TextChoices):
    ADMINISTRATOR = Role.ADMINISTRATOR.value, _("Administrator")
    EXECUTIVE = Role.EXECUTIVE.value, _("Executive")
    IT_DIRECTOR = Role.IT_DIRECTOR.value, _("IT director")
    ENGINEER = Role.ENGINEER.value, _("Engineer")
    AUDITOR = Role.AUDITOR.value, _("Auditor")


class Membership(OrgOwned):
    """A user in an organisation, with one role."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=RoleChoice.choices)

    class Meta:
        ordering = ["user__email"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                name="membership_user_unique_in_organisation",
                violation_error_message=_("This person is a member already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class Invitation(OrgOwned):
    """A mailed invitation; only the hash of its token is kept, so a stolen database lets
    nobody in."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=RoleChoice.choices)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.email
