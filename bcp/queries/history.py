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

    A row changed, removed or put in between breaks it there; rows cut off, replaced or added at
    the end show against the count and digest kept with the organisation. Writers may go on
    meanwhile: what they add after the look at the count is not looked at.
    """
    last = events(organisation).order_by("sequence").values_list("sequence", flat=True).last()
    current = Organisation.objects.get(pk=organisation.pk)
    rows = events(organisation).filter(sequence__lte=current.audit_count).order_by("sequence")
    digest, expected = "", 1
    for event in rows.iterator(chunk_size=2000):
        intact = event.previous_digest == digest and event.digest == digest_of(event)
        if event.sequence != expected or not intact:
            return expected
        digest, expected = event.digest, expected + 1
    if expected <= current.audit_count:
        return expected
    if digest != current.audit_head:
        return max(current.audit_count, 1)
    return current.audit_count + 1 if (last or 0) > current.audit_count else None
