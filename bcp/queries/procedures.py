"""Procedures: every version with its steps, and how each system stands."""

from __future__ import annotations

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from bcp.engine.estate import Area, Status, Step
from bcp.models.audit import AuditEvent
from bcp.models.organisations import Organisation
from bcp.models.procedures import Procedure, ProcedureState, ProcedureStep
from bcp.models.systems import System


def listing(organisation: Organisation) -> QuerySet[Procedure]:
    """Every version there is, with its steps; the newest of each system first."""
    steps = ProcedureStep.objects.of(organisation).select_related("team", "contact")
    return (
        Procedure.objects.of(organisation)
        .select_related("system", "author", "approved_by")
        .prefetch_related(Prefetch("steps", steps.order_by("position")))
        .order_by("system__name", "-number")
    )


def current(organisation: Organisation) -> dict[str, Procedure]:
    """System key → its approved version, with its steps."""
    rows = listing(organisation).filter(state=ProcedureState.APPROVED)
    return {row.system_id: row for row in rows}


def drafts(organisation: Organisation) -> dict[str, Procedure]:
    """System key → the draft that waits, with its steps."""
    rows = listing(organisation).filter(state=ProcedureState.DRAFT)
    return {row.system_id: row for row in rows}


def of_system(organisation: Organisation, system_key: str) -> QuerySet[Procedure]:
    """The versions of one system, the newest first."""
    return listing(organisation).filter(system=system_key)


def standing(organisation: Organisation) -> QuerySet[System]:
    """The systems that are or will be in use. Each carries its approved version
    (`approved_key`, `approved_number`, `approved_on`) and its draft (`draft_key`,
    `draft_number`, `sent_back_reason`), each `None` if there is none. `approved_on` is a day in
    the current time zone."""
    approved = Procedure.objects.filter(system=OuterRef("pk"), state=ProcedureState.APPROVED)
    draft = Procedure.objects.filter(system=OuterRef("pk"), state=ProcedureState.DRAFT)
    return (
        System.objects.of(organisation)
        .exclude(status=Status.RETIRED.value)
        .annotate(
            approved_key=Subquery(approved.values("pk")[:1]),
            approved_number=Subquery(approved.values("number")[:1]),
            approved_on=TruncDate(Subquery(approved.values("approved_at")[:1])),
            draft_key=Subquery(draft.values("pk")[:1]),
            draft_number=Subquery(draft.values("number")[:1]),
            sent_back_reason=Subquery(draft.values("sent_back_reason")[:1]),
        )
        .order_by("name")
    )


def editors(organisation: Organisation, key: str) -> set[int]:
    """The users who have written something of a version: none of them may approve it. Sending
    it back is no writing."""
    events = AuditEvent.objects.of(organisation).filter(record_type="procedure", record_id=key)
    written = events.filter(Q(after__has_key="steps") | Q(after__has_key="summary"))
    return set(written.filter(actor__isnull=False).values_list("actor_id", flat=True))


def minutes_of(procedure: Procedure) -> list[Step]:
    """The steps as `engine.procedures.totals` takes them."""
    return [
        Step(step.minutes, step.minutes_low, step.minutes_high) for step in procedure.steps.all()
    ]


def covered_by(procedure: Procedure) -> set[Area]:
    return {Area(area) for step in procedure.steps.all() for area in step.covers}
