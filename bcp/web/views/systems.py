"""Systems: the list with what is achieved, one system's sheet, and every way to change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import django_filters as filters
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bcp.engine.class_words import CLASS_WORDS
from bcp.engine.durations import format_minutes
from bcp.engine.estate import Status
from bcp.engine.loss import LossState
from bcp.engine.permissions import Capability
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results import Analysis, Effect, Standing, SystemResult
from bcp.engine.shared_loss import SystemLoss
from bcp.errors import InvalidInput
from bcp.queries import analysis as answers
from bcp.queries import copies, impacts
from bcp.queries import systems as reads
from bcp.queries.filters import SystemFilter
from bcp.services import systems as writes
from bcp.web.forms.backups import READINESS
from bcp.web.forms.systems import SystemBulkForm, SystemForm, SystemQuickForm
from bcp.web.nouns import Noun
from bcp.web.views.base import (
    CreateView,
    DeleteView,
    EditView,
    HistoryView,
    NounView,
    seen_version,
)
from bcp.web.views.bulk import BulkView
from bcp.web.views.lists import Column, ListView, RowsByKey

SYSTEMS = Noun(
    "systems",
    gettext_lazy("system"),
    gettext_lazy("Systems"),
    "system",
    reads.listing,
    writes,
    adding=gettext_lazy("Add a system"),
)

STANDINGS = (
    (Standing.MEETS.value, gettext_lazy("meets")),
    (Standing.AT_RISK.value, gettext_lazy("at risk")),
    (Standing.MISSES.value, gettext_lazy("misses")),
    (Standing.UNKNOWN.value, gettext_lazy("unknown")),
)
_CLASS_RANK = {kind: rank for rank, kind in enumerate(reversed(CLASS_WORDS))}
_LOSS_RANK = {LossState.TOTAL: 2, LossState.UNKNOWN: 1}
_WORST_FIRST = (Standing.MISSES, Standing.AT_RISK, Standing.UNKNOWN, Standing.MEETS)


class SystemListFilter(SystemFilter):
    """Also by what the analysis says, which the database does not know."""

    readiness = filters.MultipleChoiceFilter(
        label=gettext_lazy("Readiness"), choices=tuple(READINESS.items()), method="by_readiness"
    )
    standing = filters.MultipleChoiceFilter(
        label=gettext_lazy("Against the target"), choices=STANDINGS, method="by_standing"
    )

    def __init__(
        self,
        *args: Any,
        results: Mapping[str, SystemResult] | None = None,
        classes: Mapping[str, ReadinessClass] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.results = results or {}
        self.classes = classes or {}

    def by_readiness(self, records: QuerySet[Any], _name: str, values: list[str]) -> QuerySet[Any]:
        keys = [key for key, kind in self.classes.items() if kind.value in values]
        return records.filter(pk__in=keys) if values else records

    def by_standing(self, records: QuerySet[Any], _name: str, values: list[str]) -> QuerySet[Any]:
        keys = [key for key, result in self.results.items() if result.standing.value in values]
        return records.filter(pk__in=keys) if values else records


def _restored(system: Any) -> str:
    """When a system is back if everything is lost (Rule G8: "at least" over an unknown)."""
    result = system.result
    if result is None or result.effect is Effect.UNTOUCHED:
        return ""
    text = format_minutes(result.restored_minutes)
    return _("at least %(time)s") % {"time": text} if result.at_least else text


def _loss(system: Any) -> str:
    """The worst that is lost in any scenario that its tier is to withstand (rules B1, B5)."""
    worst = system.worst
    if worst is None:
        return ""
    if worst.state is LossState.TOTAL:
        return _("all of it")
    if worst.state is LossState.UNKNOWN:
        return _("unknown")
    text = format_minutes(worst.loss_minutes)
    if not worst.tested:
        return _("%(time)s, untested") % {"time": text}
    return text


def _class_of(system: Any) -> str | None:
    return None if system.readiness is None else system.readiness.value


def _of_loss(value: Callable[[SystemLoss], Any]) -> Callable[[Any], Any]:
    return lambda system: None if system.worst is None else value(system.worst)


def _of_result(name: str) -> Any:
    return lambda system: None if system.result is None else getattr(system.result, name)


_COMPUTED = {"restored", "standing", "readiness", "loss"}
"""Orders that the database does not know."""


class FiltersByAnswers(NounView):
    """A page of systems that are narrowed or sorted by what the analysis answers."""

    noun = SYSTEMS

    @cached_property
    def analysis(self) -> Analysis:
        return answers.analysis(self.organisation, now=self.now)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Key → position in the analysis, of every live system."""
        return {system.key: i for i, system in enumerate(self.analysis.estate.systems)}

    @cached_property
    def results(self) -> dict[str, SystemResult]:
        """Key → answer, of every live system."""
        return {key: self.analysis.systems[i] for key, i in self.positions.items()}

    @cached_property
    def classes(self) -> dict[str, ReadinessClass]:
        """Key → readiness class, of every live system."""
        return {key: self.analysis.classes[i] for key, i in self.positions.items()}

    @property
    def computed_sort(self) -> str:
        """The order asked for, if it is one by the analysis' answers."""
        sort = self.request.GET.get("sort", "")
        return sort if sort.lstrip("-") in _COMPUTED else ""

    def filters(self) -> SystemListFilter:
        data = self.request.GET.copy()
        if self.computed_sort:
            del data["sort"]
        return SystemListFilter(
            data,
            queryset=self.noun.listing(self.organisation),
            organisation=self.organisation,
            results=self.results if "standing" in data else None,
            classes=self.classes if "readiness" in data else None,
        )


class SystemList(FiltersByAnswers, ListView):
    filter_class = SystemListFilter
    bulk = True
    columns = (
        Column("name", gettext_lazy("Name"), sort="name", kind="link"),
        Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
        Column("tier", gettext_lazy("Tier"), sort="tier", kind="number"),
        Column("readiness", gettext_lazy("Readiness"), "readiness", "readiness", _class_of),
        Column("loss", gettext_lazy("Worst loss"), "loss", "number", _loss),
        Column("rto", gettext_lazy("RTO"), "rto_minutes", "minutes", "rto_minutes"),
        Column("restored", gettext_lazy("Back after"), "restored", "number", _restored),
        Column("standing", gettext_lazy("Target"), "standing", "standing", _of_result("standing")),
        Column("owner", gettext_lazy("Owner"), sort="owner_name"),
        Column("site", gettext_lazy("Site"), sort="site_name"),
        Column("needs", gettext_lazy("Needs"), "needs_count", "number", "needs_count"),
        Column(
            "needed_by", gettext_lazy("Needed by"), "needed_by_count", "number", "needed_by_count"
        ),
    )
    export_columns = (
        *(
            Column(name, name)
            for name in ("name", "kind", "tier", "owner", "technical_owner", "deputy", "site")
        ),
        *(Column(name, name) for name in ("team", "strategy", "status")),
        Column("rto", "rto", kind="minutes", value="rto_minutes"),
        Column("rpo", "rpo", kind="minutes", value="rpo_minutes"),
        Column("mtd", "mtd", kind="minutes", value="mtd_minutes"),
        Column("recovery_low", "recovery_low", kind="minutes", value="recovery_low_minutes"),
        Column("recovery", "recovery", kind="minutes", value="recovery_minutes"),
        Column("recovery_high", "recovery_high", kind="minutes", value="recovery_high_minutes"),
        Column("data_gb", "data_gb"),
        Column("escalation", "escalation", value="escalation_path"),
        Column("description", "description"),
        Column("restored", "restored", kind="minutes", value=_of_result("restored_minutes")),
        Column("restored_is_at_least", "", value=_of_result("at_least")),
        Column("slack", "slack", kind="minutes", value=_of_result("slack_minutes")),
        Column("standing", "standing", value=_of_result("standing")),
        Column("readiness", "readiness", value=_class_of),
        Column(
            "worst_loss",
            "worst_loss",
            kind="minutes",
            value=_of_loss(lambda one: one.loss_minutes),
        ),
        Column("worst_loss_state", "", value=_of_loss(lambda one: one.state.value)),
        Column("worst_loss_scenario", "", value=_of_loss(lambda one: one.scenario.name)),
    )

    def in_order(self, records: QuerySet[Any]) -> Any:
        if not self.computed_sort:
            return super().in_order(records)
        ranks: dict[str, Callable[[str], Any]] = {
            "restored": self._restored_rank,
            "standing": self._standing,
            "readiness": self._readiness,
            "loss": self._loss,
        }
        rank = ranks[self.computed_sort.lstrip("-")]
        keys = sorted(records.order_by("name", "pk").values_list("pk", flat=True), key=rank)
        if self.computed_sort.startswith("-"):
            keys.reverse()
        return RowsByKey(records, keys)

    def _restored_rank(self, key: str) -> tuple[bool, int]:
        result = self.results.get(key)
        return (result is None, result.restored_minutes if result else 0)

    def _standing(self, key: str) -> tuple[int, int]:
        result = self.results.get(key)
        if result is None:
            return (len(_WORST_FIRST), 0)
        return (_WORST_FIRST.index(result.standing), -(result.misses_minutes or 0))

    def _readiness(self, key: str) -> int:
        """Neither half first."""
        kind = self.classes.get(key)
        return len(_CLASS_RANK) if kind is None else _CLASS_RANK[kind]

    def _loss(self, key: str) -> tuple[bool, int, int]:
        """The smallest first; what is unknown, then all of it, then what has none."""
        index = self.positions.get(key)
        worst = None if index is None else self.analysis.backups[index].worst
        if worst is None:
            return (True, 0, 0)
        return (False, _LOSS_RANK.get(worst.state, 0), worst.at_least_minutes or 0)

    def prepare(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            index = self.positions.get(row.pk)
            row.result = None if index is None else self.analysis.systems[index]
            row.readiness = None if index is None else self.analysis.classes[index]
            row.worst = None if index is None else self.analysis.backups[index].worst
        return rows

    def context(self, page: Page[Any]) -> dict[str, Any]:
        quick = SystemQuickForm(organisation=self.organisation)
        if self.request.GET.get("quick"):
            quick.fields["name"].widget.attrs["autofocus"] = True
        return {"quick": quick}


class SystemCreate(CreateView):
    noun = SYSTEMS
    form_class = SystemForm

    def next_url(self, record: Any) -> str:
        if "quick" in self.request.POST:
            return self.back_url(self.url("systems-list"))
        return super().next_url(record)


class SystemEdit(EditView):
    noun = SYSTEMS
    form_class = SystemForm


class SystemDelete(DeleteView):
    noun = SYSTEMS

    def context(self, record: Any) -> dict[str, Any]:
        return {
            "edges": record.needs_count + record.needed_by_count,
            "copies": copies.listing(self.organisation).filter(system=record).count(),
            "answers": impacts.assessments(self.organisation).filter(process=record).exists(),
        }


class SystemHistory(HistoryView):
    noun = SYSTEMS


class SystemBulk(FiltersByAnswers, BulkView):
    filter_class = SystemListFilter
    form_class = SystemBulkForm


class SystemStatus(NounView):
    """POST: retire a system, or bring it back."""

    noun = SYSTEMS
    needs = Capability.EDIT_ESTATE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        status = request.POST.get("status", "")
        if status not in set(Status):
            raise InvalidInput(_("Choose one of the statuses offered."))
        saved = writes.change(
            self.organisation,
            key,
            {"status": status},
            seen_version=seen_version(request),
            by=self.by,
        )
        self.succeed(
            _("“%(record)s” is now: %(status)s.")
            % {"record": record, "status": saved.get_status_display()},
            self.undo_url(key),
        )
        return redirect(self.detail_url(record))


urls = [
    path("systems/", SystemList.as_view(), name="systems-list"),
    path("systems/new/", SystemCreate.as_view(), name="systems-create"),
    path("systems/bulk/", SystemBulk.as_view(), name="systems-bulk"),
    path("systems/<str:key>/edit/", SystemEdit.as_view(), name="systems-edit"),
    path("systems/<str:key>/status/", SystemStatus.as_view(), name="systems-status"),
    path("systems/<str:key>/delete/", SystemDelete.as_view(), name="systems-delete"),
    path("systems/<str:key>/history/", SystemHistory.as_view(), name="systems-history"),
]
