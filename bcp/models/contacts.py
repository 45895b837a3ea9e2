"""People and vendor desks: how to reach them, when, and what they may decide."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bcp.engine.coverage import BadCoverage, parse_coverage
from bcp.engine.texts import control_character, is_one_line, is_storable
from bcp.models.base import NAME_LENGTH, OrgOwned, name_field, unique_name


def check_coverage(text: str) -> None:
    try:
        parse_coverage(text)
    except BadCoverage as error:
        raise ValidationError(str(error)) from error


MOST_PHONES = 10
LONGEST_PHONE = 60


def check_phones(phones: Any) -> None:
    """A list of numbers as people write them; how they are dialled is nobody's business here."""
    if not isinstance(phones, list) or not all(isinstance(phone, str) for phone in phones):
        raise ValidationError(_("Phones are a list of texts."))
    if len(phones) > MOST_PHONES:
        raise ValidationError(
            _("At most %(most)d phone numbers are kept."), params={"most": MOST_PHONES}
        )
    for phone in phones:
        fits = 0 < len(phone.strip()) <= LONGEST_PHONE and is_one_line(phone)
        if not fits or not is_storable(phone) or control_character(phone):
            raise ValidationError(
                _("“%(phone)s” is not a phone number: one line of 1 to %(longest)d characters."),
                params={"phone": phone.strip()[:LONGEST_PHONE], "longest": LONGEST_PHONE},
            )


class Contact(OrgOwned):
    """A person or a vendor desk."""

    name = name_field(_("name"))
    title = models.CharField(_("title"), max_length=NAME_LENGTH, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phones = models.JSONField(
        _("phones"),
        default=list,
        blank=True,
        validators=[check_phones],
        help_text=_("In the order to try them, one a line."),
    )
    independent_phone = models.CharField(
        _("independent phone"),
        max_length=LONGEST_PHONE,
        blank=True,
        help_text=_("A number that works when the organisation’s own systems do not."),
    )
    vendor = models.CharField(
        _("vendor"),
        max_length=NAME_LENGTH,
        blank=True,
        help_text=_("The company, if this is a vendor desk."),
    )
    may_declare = models.BooleanField(_("may declare a disaster"), default=False)
    may_spend = models.DecimalField(
        _("may spend up to"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    may_fail_over = models.BooleanField(_("may order a fail-over"), default=False)
    coverage = models.CharField(
        _("coverage hours"),
        max_length=400,
        blank=True,
        validators=[check_coverage],
        help_text=_("24x7, or Mo-Fr 08:00-18:00; several joined by a semicolon."),
    )
    deputy = models.ForeignKey(
        "self",
        verbose_name=_("deputy"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    verified_on = models.DateField(_("verified on"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            unique_name("contact"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("id")),
                name="contact_is_not_their_own_deputy",
                violation_error_message=_("Nobody is their own deputy."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        # Django asks no validator about an empty value, and this runs even if a field is wrong.
        if not self.phones:
            self.phones = []
        if isinstance(self.phones, list):
            self.phones = [
                phone.strip() if isinstance(phone, str) else phone for phone in self.phones
            ]
