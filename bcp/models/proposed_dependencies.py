"""Dependencies that somebody or something proposed and that count nowhere until a person accepts
them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bcp.models.base import OrgOwned, doer_field, text_field
from bcp.models.dependencies import NeededToChoice
from bcp.models.systems import System


class ProposedState(models.TextChoices):
    WAITING = "waiting", _("Waits for review")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class ProposedSource(models.TextChoices):
    IMPORT = "import", _("Import")
    SUGGESTION = "suggestion", _("Suggestion")


class ProposedDependency(OrgOwned):
    """Says that `dependent` needs `dependency`. If that is recorded already, it proposes what it is
    needed to and the bootstrap note.

    `edge_before` is what the accepted dependency said before ({"needed_to", "bootstrap"}, `None`:
    there was none) and `edge_version` its version right after, so that the decision can be taken
    back for as long as nobody changed it again.
    """

    dependent = models.ForeignKey(
        System, verbose_name=_("dependent"), on_delete=models.CASCADE, related_name="+"
    )
    dependency = models.ForeignKey(
        System, verbose_name=_("dependency"), on_delete=models.CASCADE, related_name="+"
    )
    needed_to = models.CharField(
        _("needed to"),
        max_length=12,
        choices=NeededToChoice.choices,
        default=NeededToChoice.REBUILD,
    )
    bootstrap = text_field(_("bootstrap note"), max_length=5000)
    source = models.CharField(_("source"), max_length=12, choices=ProposedSource.choices)
    reason = text_field(_("reason"), max_length=2000)
    proposed_by = doer_field(_("proposed by"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ProposedState.choices,
        default=ProposedState.WAITING,
        editable=False,
    )
    decided_by = doer_field(_("decided by"))
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True, editable=False)
    decision_reason = text_field(_("why"), max_length=5000, editable=False)
    edge_before = models.JSONField(null=True, blank=True, editable=False)
    edge_version = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["dependent__name", "dependency__name", "-created_at"]
        verbose_name = _("proposed dependency")
        verbose_name_plural = _("proposed dependencies")
        constraints = [
            models.UniqueConstraint(
                fields=["dependent", "dependency"],
                condition=Q(state="waiting"),
                name="proposed_dependency_waits_once",
                violation_error_message=_("This dependency is already proposed."),
            ),
            models.CheckConstraint(
                condition=~Q(dependent=F("dependency")),
                name="proposed_dependency_not_on_itself",
                violation_error_message=_("A system cannot depend on itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dependent} → {self.dependency}"
