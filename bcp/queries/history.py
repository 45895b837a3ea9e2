"""The audit trail, of an organisation and of one record, and whether it is whole."""

from __future__ import annotations

from django.db.models import QuerySet

from bcp.models.audit import AuditEvent, digest_of
from bcp.models.organisations import Organisation


def events(organisation: Organisation) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.of(organisation)


def of_record(organisation: Organisation, record_type: str, key: str) -> QuerySet[AuditEvent]:
    return events(organisation).filter(record_type=record_type, record_id=key)


def first_broken(organisation: Organisation) -> int | None:
    """The first sequence number at which the chain does not hold, or `None` if it is whole.

    A row changed, removed or put in between breaks it there; rows cut off at the end show
    against the count and digest kept with the organisation.
    """
    current = Organisation.objects.get(pk=organisation.pk)
    digest, expected = "", 1
    for event in events(organisation).order_by("sequence").iterator(chunk_size=2000):
        intact = event.previous_digest == digest and event.digest == digest_of(event)
        if event.sequence != expected or not intact:
            return expected
        digest, expected = event.digest, expected + 1
    if (current.audit_count, current.audit_head) != (expected - 1, digest):
        return expected
    return None
