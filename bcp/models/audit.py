"""The audit trail: one row per write, in the same transaction, chained by hash."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from bcp.models.base import KEY_LENGTH, KeyField, OrgQuerySet, new_key


class AppendOnly(Exception):
    """Somebody tried to rewrite history."""


class AuditQuerySet(OrgQuerySet):
    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly("audit events are never changed")

    def delete(self) -> NoReturn:
        raise AppendOnly("audit events are never deleted")


class AuditEvent(models.Model):
    """Who did what, when, and what it said before and after.

    `sequence` counts from 1 in each organisation; `digest` is the SHA-256 over the row and the
    digest before it, so that a row changed or removed behind the application's back shows.
    """

    id = KeyField(primary_key=True, max_length=12, default=new_key, editable=False)
    organisation = models.ForeignKey("bcp.Organisation", on_delete=models.CASCADE, related_name="+")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_label = models.CharField(_("who"), max_length=300)
    via = models.CharField(_("by way of"), max_length=20)
    action = models.CharField(_("action"), max_length=40)
    record_type = models.CharField(_("kind of record"), max_length=40)
    record_id = KeyField(max_length=KEY_LENGTH)
    record_label = models.CharField(_("record"), max_length=500)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["organisation", "record_type", "record_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sequence"], name="auditevent_sequence_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.record_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("audit events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("audit events are never deleted")


def digest_of(event: AuditEvent) -> str:
    """SHA-256 over everything the row says and the digest of the row before it."""
    content = [
        event.organisation_id,
        event.sequence,
        event.at.astimezone(UTC).isoformat(),
        event.actor_label,
        event.via,
        event.action,
        event.record_type,
        event.record_id,
        event.record_label,
        event.before,
        event.after,
        event.previous_digest,
    ]
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder).encode()
    ).hexdigest()
