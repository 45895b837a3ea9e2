"""How lists are narrowed and sorted: one definition for pages, exports and the API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import TIERS
from bcp.engine.observed import CopyState
from bcp.models.acceptances import GapAcceptance
from bcp.models.audit import AuditEvent
from bcp.models.contacts import Contact
from bcp.models.copies import (
    BackupCopy,
    BackupPolicy,
    Content,
    CopyKindChoice,
    OutcomeChoice,
    RestoreTest,
)
from bcp.models.dependencies import Dependency, NeededToChoice
from bcp.models.escalation import EscalationPath
from bcp.models.exercises import Exercise, ExerciseTypeChoice
from bcp.models.jobs import Job, JobState
from bcp.models.map_views import SavedView
from bcp.models.plans import PlanVersion
from bcp.models.procedures import Procedure, ProcedureState
from bcp.models.proposed_dependencies import (
    ProposedDependency,
    ProposedSource,
    ProposedState,
)
from bcp.models.scenarios import ScenarioCombination
from bcp.models.sites import Site, SiteKind
from bcp.models.systems import KindChoice, StatusChoice, StrategyChoice, System
from bcp.models.targets import RecoveryTarget, TargetState
from bcp.models.teams import Team
from bcp.queries import copies, reports
from bcp.queries.filtering import OrgFilterSet, sorting

COPY_STATES = (
    (CopyState.ON_TIME.value, _("on time")),
    (CopyState.LATE.value, _("late")),
    (CopyState.FAILED.value, _("failed")),
    (CopyState.SILENT.value, _("never reported")),
    (CopyState.UNKNOWN.value, _("unknown")),
)


class SystemFilter(OrgFilterSet):
    searched = ("name", "description", "owner__name", "technical_owner__name", "site__name")
    kind = filters.MultipleChoiceFilter(label=_("Kind"), choices=KindChoice.choices)
    tier = filters.MultipleChoiceFilter(
        label=_("Tier"), choices=[(tier, str(tier)) for tier in TIERS]
    )
    status = filters.MultipleChoiceFilter(label=_("Status"), choices=StatusChoice.choices)
    strategy = filters.MultipleChoiceFilter(label=_("Strategy"), choices=StrategyChoice.choices)
    site = filters.ModelChoiceFilter(label=_("Site"), queryset=Site.objects.all())
    owner = filters.ModelChoiceFilter(label=_("Owner"), queryset=Contact.objects.all())
    team = filters.ModelChoiceFilter(label=_("Team"), queryset=Team.objects.all())
    missing = filters.ChoiceFilter(
        label=_("Missing"),
        method="without",
        choices=[
            ("owner", _("Owner")),
            ("technical_owner", _("Technical owner")),
            ("site", _("Site")),
            ("tier", _("Tier")),
            ("strategy", _("Strategy")),
            ("recovery_minutes", _("Recovery work")),
            ("rto_minutes", _("Approved RTO")),
        ],
    )
    sort = sorting(
        *("name", "kind", "tier", "status", "site__name", "owner__name", "strategy"),
        *("recovery_minutes", "rto_minutes", "rpo_minutes", "needs_count", "needed_by_count"),
        "updated_at",
    )

    class Meta:
        model = System
        fields: list[str] = []

    def without(self, records: QuerySet[Any], _name: str, field: str) -> QuerySet[Any]:
        if field == "strategy":
            return records.filter(strategy__in=["", "none"])
        return records.filter(**{f"{field}__isnull": True})


class DependencyFilter(OrgFilterSet):
    searched = ("dependent__name", "dependency__name", "bootstrap")
    needed_to = filters.MultipleChoiceFilter(label=_("Needed to"), choices=NeededToChoice.choices)
    dependent = filters.ModelChoiceFilter(label=_("Dependent"), queryset=System.objects.all())
    dependency = filters.ModelChoiceFilter(label=_("Dependency"), queryset=System.objects.all())
    sort = sorting("dependent__name", "dependency__name", "needed_to", "updated_at")

    class Meta:
        model = Dependency
        fields: list[str] = []


class ProposedDependencyFilter(OrgFilterSet):
    searched = ("dependent__name", "dependency__name", "bootstrap", "reason")
    state = filters.MultipleChoiceFilter(label=_("State"), choices=ProposedState.choices)
    source = filters.MultipleChoiceFilter(label=_("Source"), choices=ProposedSource.choices)
    needed_to = filters.MultipleChoiceFilter(label=_("Needed to"), choices=NeededToChoice.choices)
    sort = sorting(
        *("dependent__name", "dependency__name", "needed_to", "source", "state", "created_at"),
        "decided_at",
    )

    class Meta:
        model = ProposedDependency
        fields: list[str] = []


class SiteFilter(OrgFilterSet):
    searched = ("name", "zone", "address")
    kind = filters.MultipleChoiceFilter(label=_("Kind"), choices=SiteKind.choices)
    sort = sorting("name", "zone", "kind", "systems_count", "updated_at")

    class Meta:
        model = Site
        fields: list[str] = []


class ContactFilter(OrgFilterSet):
    searched = ("name", "title", "email", "vendor", "independent_phone")
    may_declare = filters.BooleanFilter(label=_("May declare"))
    may_fail_over = filters.BooleanFilter(label=_("May order a fail-over"))
    never_verified = filters.BooleanFilter(
        label=_("Never verified"), field_name="verified_on", lookup_expr="isnull"
    )
    sort = sorting("name", "title", "vendor", "verified_on", "owned_count", "updated_at")

    class Meta:
        model = Contact
        fields: list[str] = []


class TeamFilter(OrgFilterSet):
    sort = sorting("name", "heads_day", "heads_night", "mobilise_day_minutes", "updated_at")

    class Meta:
        model = Team
        fields: list[str] = []


class EscalationPathFilter(OrgFilterSet):
    sort = sorting("name", "is_default", "updated_at")

    class Meta:
        model = EscalationPath
        fields: list[str] = []


class BackupCopyFilter(OrgFilterSet):
    searched = ("name", "system__name", "medium", "site__name", "source", "repository")
    state = filters.MultipleChoiceFilter(
        label=_("Last run"), choices=COPY_STATES, method="in_state"
    )
    untested = filters.BooleanFilter(
        label=_("Never restored from"), field_name="last_restore_test", lookup_expr="isnull"
    )
    content = filters.MultipleChoiceFilter(label=_("Content"), choices=Content.choices)
    kind = filters.MultipleChoiceFilter(label=_("Kind"), choices=CopyKindChoice.choices)
    policy = filters.ModelChoiceFilter(label=_("Policy"), queryset=BackupPolicy.objects.all())
    system = filters.ModelChoiceFilter(label=_("System"), queryset=System.objects.all())
    site = filters.ModelChoiceFilter(label=_("Destination"), queryset=Site.objects.all())
    sort = sorting(
        *("system__name", "name", "interval_minutes", "retention_minutes", "policy__name"),
        *("succeeded_at", "last_restore_test", "updated_at"),
    )

    class Meta:
        model = BackupCopy
        fields: list[str] = []

    def in_state(self, records: QuerySet[Any], _name: str, values: list[str]) -> QuerySet[Any]:
        """What is late is worked out from every copy, in one query more."""
        if not values:
            return records
        everything = reports.standing(copies.listing(self.organisation), self.now)
        keys = [one.copy.pk for one in everything if one.state.value in values]
        return records.filter(pk__in=keys)


class BackupPolicyFilter(OrgFilterSet):
    searched = ("name", "description", "medium", "site__name", "repository")
    content = filters.MultipleChoiceFilter(label=_("Content"), choices=Content.choices)
    kind = filters.MultipleChoiceFilter(label=_("Kind"), choices=CopyKindChoice.choices)
    site = filters.ModelChoiceFilter(label=_("Destination"), queryset=Site.objects.all())
    sort = sorting("name", "interval_minutes", "copies_count", "updated_at")

    class Meta:
        model = BackupPolicy
        fields: list[str] = []


class RestoreTestFilter(OrgFilterSet):
    searched = ("copy__name", "copy__system__name", "done_by", "note")
    outcome = filters.MultipleChoiceFilter(label=_("Result"), choices=OutcomeChoice.choices)
    system = filters.ModelChoiceFilter(
        label=_("System"), field_name="copy__system", queryset=System.objects.all()
    )
    since = filters.DateFilter(label=_("Since"), field_name="done_on", lookup_expr="gte")
    sort = sorting(
        *("done_on", "copy__system__name", "copy__name", "outcome", "minutes", "restored_bytes"),
        "updated_at",
    )

    class Meta:
        model = RestoreTest
        fields: list[str] = []


class ScenarioFilter(OrgFilterSet):
    searched = ("name", "description")
    sort = sorting("name", "updated_at")

    class Meta:
        model = ScenarioCombination
        fields: list[str] = []


class SavedViewFilter(OrgFilterSet):
    sort = sorting("name", "updated_at")

    class Meta:
        model = SavedView
        fields: list[str] = []


class ProcedureFilter(OrgFilterSet):
    searched = ("system__name", "summary", "steps__instruction")
    state = filters.MultipleChoiceFilter(label=_("State"), choices=ProcedureState.choices)
    system = filters.ModelChoiceFilter(label=_("System"), queryset=System.objects.all())
    sort = sorting("system__name", "number", "state", "approved_at", "updated_at")

    class Meta:
        model = Procedure
        fields: list[str] = []

    def search(self, records: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        found = super().search(Procedure.objects.of(self.organisation), _name, value)
        return records.filter(pk__in=found.values("pk"))


class ProcedureStandingFilter(OrgFilterSet):
    """Narrows `queries.procedures.standing`: systems, by how their procedure stands."""

    searched = ("name", "description")
    tier = filters.MultipleChoiceFilter(
        label=_("Tier"), choices=[(tier, str(tier)) for tier in TIERS]
    )
    kind = filters.MultipleChoiceFilter(label=_("Kind"), choices=KindChoice.choices)
    standing = filters.ChoiceFilter(
        label=_("Procedure"),
        method="by_standing",
        choices=[
            ("missing", _("None approved")),
            ("waiting", _("A draft waits for approval")),
            ("sent back", _("A draft was sent back")),
            ("approved", _("Approved")),
            ("changed", _("The system changed since the approval")),
        ],
    )
    sort = sorting("name", "tier", "approved_on", "draft_number")

    class Meta:
        model = System
        fields: list[str] = []

    def by_standing(self, records: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        if value == "missing":
            return records.filter(approved_key__isnull=True)
        if value == "waiting":
            return records.filter(sent_back_reason="")
        if value == "sent back":
            return records.filter(sent_back_reason__gt="")
        if value == "changed":
            return records.filter(structure_changed_on__gt=F("approved_on"))
        return records.filter(approved_key__isnull=False)


class RecoveryTargetFilter(OrgFilterSet):
    searched = ("system__name", "reason", "decision_reason")
    state = filters.MultipleChoiceFilter(label=_("State"), choices=TargetState.choices)
    system = filters.ModelChoiceFilter(label=_("System"), queryset=System.objects.all())
    sort = sorting("system__name", "created_at", "decided_at", "state")

    class Meta:
        model = RecoveryTarget
        fields: list[str] = []


class GapAcceptanceFilter(OrgFilterSet):
    searched = ("subject", "says", "reason")
    ended = filters.BooleanFilter(
        label=_("Taken back or replaced"),
        field_name="ended_at",
        lookup_expr="isnull",
        exclude=True,
    )
    gap = filters.CharFilter(label=_("Gap"))
    sort = sorting("subject", "until", "accepted_at")

    class Meta:
        model = GapAcceptance
        fields: list[str] = []


class ExerciseFilter(OrgFilterSet):
    searched = ("name", "objectives", "note")
    type = filters.MultipleChoiceFilter(label=_("Type"), choices=ExerciseTypeChoice.choices)
    planned = filters.BooleanFilter(
        label=_("Still to be done"), field_name="done_on", lookup_expr="isnull"
    )
    system = filters.ModelChoiceFilter(
        label=_("System"), field_name="results__system", queryset=System.objects.all()
    )
    sort = sorting("name", "type", "planned_on", "done_on", "systems_count", "day", "updated_at")

    class Meta:
        model = Exercise
        fields: list[str] = []


class PlanVersionFilter(OrgFilterSet):
    searched = ("title", "scenario", "fingerprint")
    sort = sorting("issue", "title", "effective_on", "review_on", "file__pages")

    class Meta:
        model = PlanVersion
        fields: list[str] = []


class JobFilter(OrgFilterSet):
    searched = ("says",)
    state = filters.MultipleChoiceFilter(label=_("State"), choices=JobState.choices)

    class Meta:
        model = Job
        fields: list[str] = []


class AuditFilter(OrgFilterSet):
    searched = ("record_label", "actor_label")
    record_type = filters.CharFilter(label=_("Kind of record"))
    record_id = filters.CharFilter(label=_("Key of the record"))
    action = filters.CharFilter(label=_("Action"))
    since = filters.IsoDateTimeFilter(label=_("Since"), field_name="at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(label=_("Until"), field_name="at", lookup_expr="lt")

    class Meta:
        model = AuditEvent
        fields: list[str] = []
