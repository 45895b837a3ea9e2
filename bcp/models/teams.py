"""Teams: people who can do the same recovery work."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned, minutes_field, name_field, unique_name


class Team(OrgOwned):
    """Contacts who can do the same recovery work."""

    name = name_field(_("name"))
    members = models.ManyToManyField(
        "bcp.Contact", verbose_name=_("members"), blank=True, related_name="teams"
    )
    heads_day = models.PositiveSmallIntegerField(_("heads by day"), null=True, blank=True)
    heads_night = models.PositiveSmallIntegerField(_("heads off hours"), null=True, blank=True)
    mobilise_day_minutes = minutes_field(_("mobilisation by day"))
    mobilise_night_minutes = minutes_field(_("mobilisation off hours"))

    class Meta:
        ordering = ["name"]
        constraints = [unique_name("team")]

    def __str__(self) -> str:
        return self.name
