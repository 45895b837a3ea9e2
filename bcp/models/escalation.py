"""The ladder: whom to call, in which order, and how long to wait."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned, minutes_validators, name_field, unique_name


class EscalationPath(OrgOwned):
    """Whom to call, in which order, and how long to wait."""

    name = name_field(_("name"))
    is_default = models.BooleanField(
        _("default path"),
        default=False,
        help_text=_("Used by every system that names no path of its own."),
    )

    class Meta:
        ordering = ["-is_default", "name"]
        constraints = [
            unique_name("escalationpath"),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(is_default=True),
                name="escalationpath_one_default_in_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    MESSENGER = "messenger", _("Messenger")
    PAGER = "pager", _("Pager")
    IN_PERSON = "in person", _("In person")


class EscalationStep(OrgOwned):
    """One rung of the ladder."""

    path = models.ForeignKey(EscalationPath, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    contact = models.ForeignKey(
        "bcp.Contact", verbose_name=_("contact"), on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.PHONE
    )
    channel_system = models.ForeignKey(
        "bcp.System",
        verbose_name=_("channel runs on"),
        null=True,
        blank=True,
        # Emptying it would call a channel reachable that has just gone.
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("If the channel is one of your own systems, a lost system takes it along."),
    )
    wait_minutes = models.PositiveIntegerField(
        _("minutes to wait before the next"), default=15, validators=minutes_validators()
    )

    class Meta:
        ordering = ["path", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["path", "position"], name="escalationstep_position_unique_in_path"
            )
        ]

    def __str__(self) -> str:
        return f"{self.path}: {self.position}. {self.contact}"
