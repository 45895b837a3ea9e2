"""How a system is recovered: versioned, ordered steps, approved by somebody else."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import Area
from bcp.models.base import OrgOwned, doer_field, minutes_field, text_field
from bcp.models.systems import System


class ProcedureState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    SUPERSEDED = "superseded", _("Superseded")


class AreaChoice(models.TextChoices):
    INFRASTRUCTURE = Area.INFRASTRUCTURE.value, _("Infrastructure")
    NETWORK = Area.NETWORK.value, _("Network")
    APPLICATION = Area.APPLICATION.value, _("Application")
    DATA = Area.DATA.value, _("Data")
    ACCESS = Area.ACCESS.value, _("Access")
    VALIDATION = Area.VALIDATION.value, _("Validation")


def check_areas(areas: Any) -> None:
    if not isinstance(areas, list) or not set(map(str, areas)) <= set(AreaChoice.values):
        raise ValidationError(_("Allowed are %(areas)s.") % {"areas": ", ".join(AreaChoice.values)})


class Procedure(OrgOwned):
    """One version of how a system is recovered. A system has at most one draft and one approved
    version; approving the draft supersedes the version before. Approved steps never change."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="procedures")
    number = models.PositiveIntegerField(_("version"), editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ProcedureState.choices,
        default=ProcedureState.DRAFT,
        editable=False,
    )
    summary = text_field(_("what has changed"), max_length=2000)
    author = doer_field(
        help_text=_("Whoever edited it last. Empty: it was imported from the command line.")
    )
    sent_back_reason = text_field(_("why it was sent back"), max_length=5000, editable=False)
    approved_by = doer_field()
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["system__name", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "number"], name="procedure_number_unique_in_system"
            ),
            models.UniqueConstraint(
                fields=["system"],
                condition=Q(state="draft"),
                name="procedure_one_draft_in_system",
            ),
            models.UniqueConstraint(
                fields=["system"],
                condition=Q(state="approved"),
                name="procedure_one_approved_in_system",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="procedure_approval_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(author__isnull=True)
                | ~Q(author=F("approved_by")),
                name="procedure_approver_is_not_author",
            ),
        ]

    def __str__(self) -> str:
        return _("%(system)s, version %(number)d") % {
            "system": self.system,
            "number": self.number,
        }


class ProcedureStep(OrgOwned):
    """One step. Minutes and heads that nobody knows are `None`."""

    part_of = "procedure"

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    instruction = text_field(_("instruction"), max_length=5000)
    team = models.ForeignKey(
        "bcp.Team",
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    contact = models.ForeignKey(
        "bcp.Contact",
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    heads = models.PositiveSmallIntegerField(
        _("people needed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
    )
    minutes_low = minutes_field(_("minutes at best"))
    minutes = minutes_field(_("minutes"))
    minutes_high = minutes_field(_("minutes at worst"))
    expected = text_field(_("expected result"), max_length=5000)
    verification = text_field(_("how to verify"), max_length=5000)
    way_back = text_field(_("way back"), max_length=5000)
    decision = text_field(
        _("decision point"),
        max_length=5000,
        help_text=_("What is to be decided here, by whom, and what follows from each answer."),
    )
    covers = models.JSONField(_("covers"), default=list, blank=True, validators=[check_areas])

    class Meta:
        ordering = ["procedure", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "position"],
                name="procedurestep_position_unique_in_procedure",
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure}: {self.position}"

    def clean(self) -> None:
        """A step says what to do, and its minutes stand in order as far as they are known."""
        faults: dict[str, Any] = {}
        if not self.instruction.strip():
            faults["instruction"] = _("Say what is to be done.")
        low, likely, high = self.minutes_low, self.minutes, self.minutes_high
        if low is not None and likely is not None and low > likely:
            faults["minutes_low"] = _("The best case must not be longer than the likely one.")
        if likely is not None and high is not None and likely > high:
            faults["minutes_high"] = _("The worst case must not be shorter than the likely one.")
        elif low is not None and high is not None and low > high:
            faults["minutes_high"] = _("The worst case must not be shorter than the best one.")
        if faults:
            raise ValidationError(faults)
