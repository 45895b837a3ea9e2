"""Edges of the dependency graph."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import NeededTo
from bcp.models.base import OrgOwned, text_field
from bcp.models.systems import System


class NeededToChoice(models.TextChoices):
    REBUILD = NeededTo.REBUILD.value, _("Rebuild")
    RUN = NeededTo.RUN.value, _("Run")
    FULL_SERVICE = NeededTo.FULL_SERVICE.value, _("Full service")


class Dependency(OrgOwned):
    """`dependent` needs `dependency`."""

    dependent = models.ForeignKey(
        System, verbose_name=_("dependent"), on_delete=models.CASCADE, related_name="needs"
    )
    dependency = models.ForeignKey(
        System, verbose_name=_("dependency"), on_delete=models.CASCADE, related_name="needed_by"
    )
    needed_to = models.CharField(
        _("needed to"),
        max_length=12,
        choices=NeededToChoice.choices,
        default=NeededToChoice.REBUILD,
    )
    bootstrap = text_field(
        _("bootstrap note"),
        max_length=5000,
        help_text=_(
            "The documented break-glass way to start without it; the edge then waits no more."
        ),
    )

    class Meta:
        ordering = ["dependent__name", "dependency__name"]
        verbose_name_plural = _("dependencies")
        constraints = [
            models.UniqueConstraint(
                fields=["dependent", "dependency"],
                name="dependency_edge_unique",
                violation_error_message=_("This dependency is already recorded."),
            ),
            models.CheckConstraint(
                condition=~Q(dependent=F("dependency")),
                name="dependency_not_on_itself",
                violation_error_message=_("A system cannot depend on itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dependent} → {self.dependency}"
