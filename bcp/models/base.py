"""What every owned record has in common: an organisation, an opaque key, a version."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from bcp.engine.durations import LONGEST_MINUTES

if TYPE_CHECKING:
    from bcp.models.organisations import Organisation

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
NAME_LENGTH = 200
KEY_LENGTH = 12


def new_key() -> str:
    """Twelve random characters. Keys are not counted up: a gap in the numbers would tell one
    tenant that another one exists."""
    return "".join(_ALPHABET[byte & 31] for byte in secrets.token_bytes(KEY_LENGTH))


class KeyField(models.CharField):
    """Holds a key. Looking up a text that no database can hold finds nothing, like any other
    wrong key: addresses and choices come from outside, and PostgreSQL refuses a NUL."""

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
        return super().get_prep_value(value)


class OrgQuerySet(models.QuerySet[Any]):
    """Every read of an owned model starts with `.of(organisation)`."""

    def of(self, organisation: Organisation) -> Self:
        return self.filter(organisation=organisation)


class OrgOwned(models.Model):
    """A record that belongs to exactly one organisation and can be edited by two people.

    `version` counts the edits; a writer names the version it has seen and loses nothing if
    somebody else was quicker.
    """

    kept_by_machines: ClassVar[bool] = False
    """Appended by machines, many a minute: it goes with the record that it belongs to without an
    audit row of its own."""

    id = KeyField(
        primary_key=True,
        max_length=KEY_LENGTH,
        default=new_key,
        editable=False,
        verbose_name=_("key"),
    )
    organisation = models.ForeignKey(
        "bcp.Organisation", on_delete=models.CASCADE, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    objects = OrgQuerySet.as_manager()

    part_of: ClassVar[str] = ""
    """For a row that is part of a document: its reference to the document, whose version counts
    for both."""

    class Meta:
        abstract = True


def name_field(label: Any) -> models.CharField[str, str]:
    return models.CharField(label, max_length=NAME_LENGTH)


def minutes_field(label: Any, **options: Any) -> models.PositiveIntegerField[Any, Any]:
    """Elapsed whole minutes; `None` is unknown, 0 is a legal value."""
    return models.PositiveIntegerField(
        label, null=True, blank=True, validators=minutes_validators(), **options
    )


def minutes_validators() -> list[Any]:
    """The same bounds on every database, well below what overflows one of them."""
    return [MinValueValidator(0), MaxValueValidator(LONGEST_MINUTES)]


def doer_field(label: Any = None, **options: Any) -> models.ForeignKey[Any, Any]:
    """Who did something, if anybody has; a login that did anything is never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        **options,
    )


def text_field(label: Any, *, max_length: int, **options: Any) -> models.TextField[str, str]:
    """A long text with a limit that holds in every door: Django checks `max_length` of a text
    field in forms alone."""
    return models.TextField(
        label,
        max_length=max_length,
        blank=True,
        validators=[MaxLengthValidator(max_length)],
        **options,
    )


def unique_name(model: str) -> models.UniqueConstraint:
    """Names are the keys that users' spreadsheets use: unique in an organisation, whatever
    the case."""
    return models.UniqueConstraint(
        "organisation",
        Lower("name"),
        name=f"{model}_name_unique_in_organisation",
        violation_error_message=_("This name is already taken."),
    )
