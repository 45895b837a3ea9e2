"""Teams: people who can do the same recovery work."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned, minutes_field, name_field, unique_name


def _heads(label: Any) -> models.PositiveSmallIntegerField[Any, Any]:
    """How many of the team can work at the same time; `None` is unknown."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(10_000)]
    )


class Team(OrgOwned):
    """Contacts who can do the same recovery work."""

    name = name_field(_("name"))
    members = models.ManyToManyField(
        "bcp.Contact", verbose_name=_("members"), blank=True, related_name="teams"
    )
    heads_day = _heads(_("heads by day"))
    heads_night = _heads(_("heads off hours"))
    mobilise_day_minutes = minutes_field(_("mobilisation by day"))
    mobilise_night_minutes = minutes_field(_("mobilisation off hours"))

    class Meta:
        ordering = ["name"]
        constraints = [unique_name("team")]

    def __str__(self) -> str:
        return self.name
