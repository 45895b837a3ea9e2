"""Places: data centres, offices, cloud regions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bcp.models.base import NAME_LENGTH, OrgOwned, name_field, text_field, unique_name


class SiteKind(models.TextChoices):
    DATA_CENTRE = "data centre", _("Data centre")
    OFFICE = "office", _("Office")
    CLOUD_REGION = "cloud region", _("Cloud region")
    PROVIDER = "provider", _("Provider")


class Site(OrgOwned):
    """Sites of one shared-fate zone are lost together; without a zone the site stands alone."""

    name = name_field(_("name"))
    zone = models.CharField(
        _("shared-fate zone"),
        max_length=NAME_LENGTH,
        blank=True,
        help_text=_("What is lost together: a building, a power feed, a river plain."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SiteKind.choices, blank=True)
    address = text_field(_("address"), max_length=2000)

    class Meta:
        ordering = ["name"]
        constraints = [unique_name("site")]

    def __str__(self) -> str:
        return self.name
