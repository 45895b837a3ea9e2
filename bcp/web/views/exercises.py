"""Tests, second view: the exercises that are planned or were done, and what each showed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.exercises import JudgedExercise
from bcp.engine.permissions import Capability
from bcp.errors import Conflict, InvalidInput
from bcp.queries import analysis as answers
from bcp.queries import exercises as reads
from bcp.queries import exercises_due, history, targets
from bcp.queries.filters import ExerciseFilter
from bcp.services import exercises as writes
from bcp.services.exercises import MOST_SYSTEMS, ResultValues
from bcp.web.forms.exercises import BUTTON, DueFilter, ExerciseForm, ResultsForm, results_of
from bcp.web.nouns import Noun
from bcp.web.views.base import (
    CreateView,
    DeleteView,
    DetailView,
    EditView,
    HistoryView,
    NounView,
    seen_version,
    versions,
)
from bcp.web.views.exercises_due import fits
from bcp.web.views.lists import Column, ListView

EXERCISES = Noun(
    "exercises",
    _("exercise"),
    _("Exercises"),
    "exercise",
    reads.listing,
    writes,
    adding=_("Plan an exercise"),
)
RESULTS_A_PAGE = 100


def showed(exercise: Any) -> str:
    """How many systems met their objectives; what was not recorded is said."""
    if exercise.done_on is None:
        return gettext("not done yet")
    if exercise.recorded_count == 0:
        return gettext("◌ nothing recorded")
    counts = {"met": exercise.success_count, "all": exercise.systems_count}
    if counts["met"] == counts["all"]:
        every = ngettext(
            "● the one met its objectives", "● all %(all)d met their objectives", counts["all"]
        )
        return every % counts
    return gettext("▲ %(met)d of %(all)d met their objectives") % counts


class ExerciseList(ListView):
    noun = EXERCISES
    filter_class = ExerciseFilter
    columns = (
        Column("name", _("Name"), sort="name", kind="link"),
        Column("type", _("Type"), sort="type", value="get_type_display"),
        Column("planned_on", _("Planned on"), sort="planned_on"),
        Column("done_on", _("Done on"), sort="done_on"),
        Column("systems", _("Systems"), "systems_count", "number", "systems_count"),
        Column("showed", _("What it showed"), value=showed),
    )

    def context(self, page: Any) -> dict[str, Any]:
        return {"view": "exercises"}


class ExerciseDetail(DetailView):
    noun = EXERCISES
    columns = (
        Column("type", _("Type"), value="get_type_display"),
        Column("planned_on", _("Planned on")),
        Column("done_on", _("Done on")),
        Column("showed", _("What it showed"), value=showed),
    )

    def context(self, record: Any) -> dict[str, Any]:
        rows = reads.results(self.organisation).filter(exercise=record).order_by("system__name")
        page = Paginator(rows, RESULTS_A_PAGE).get_page(self.request.GET.get("page"))
        results, judged = list(page.object_list), self.judged(record)
        approved = targets.approved(self.organisation)
        for row in results:
            row.judged = judged.get(row.system_id)
            row.target = approved.get(row.system_id)
        return {
            "results": results,
            "pages": page,
            "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2),
            "is_to_come": record.done_on is None and record.planned_on > self.today,
        }

    def judged(self, record: Any) -> Mapping[str, JudgedExercise]:
        """Key of a system → how this exercise counts for it (rule X3)."""
        found = answers.analysis(self.organisation, now=self.now)
        return {
            found.estate.systems[result.index].key: one
            for result in found.backups
            for one in result.proof.judged
            if one.exercise.name == record.name
        }


class ExerciseCreate(CreateView):
    """`keys` (or `all`, with the filters of what is due) names the systems to begin with. A
    button of the picker shows the form again; so when editing."""

    noun = EXERCISES
    form_class = ExerciseForm

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = {name: value for name, value in request.GET.items() if value}
        initial = typed | {"systems": self.chosen()[:MOST_SYSTEMS]}
        return self.form_page(self.form(initial=initial), self.context())

    def chosen(self) -> list[str]:
        if "all" not in self.request.GET:
            return self.request.GET.getlist("keys")
        analysis = answers.analysis(self.organisation, now=self.now)
        form = DueFilter(self.request.GET, answer=analysis)
        form.is_valid()
        rows = exercises_due.due(self.organisation, now=self.now)
        return [row.system.key for row in rows if fits(row, form.cleaned_data)]

    def post(self, request: HttpRequest) -> HttpResponse:
        if BUTTON in request.POST:
            typed, wanted = self.form(data=request.POST).picked(request.POST[BUTTON])
            form = self.form(initial=typed)
            form.look_for(wanted)
            return self.form_page(form, self.context())
        return super().post(request)

    def save(self, form: Any) -> Any:
        values, results = form.apart()
        return writes.create(self.organisation, values, results=results, by=self.by)

    def next_url(self, record: Any) -> str:
        """What was done already is recorded next."""
        if record.done_on is not None and "again" not in self.request.POST:
            return self.url("exercises-results", key=record.pk)
        return super().next_url(record)


class ExerciseEdit(EditView):
    noun = EXERCISES
    form_class = ExerciseForm

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        if BUTTON in request.POST:
            record = self.record(key)
            sent = self.form(data=request.POST, instance=record)
            typed, wanted = sent.picked(request.POST[BUTTON])
            form = self.form(initial=typed, instance=record)
            form.look_for(wanted)
            return self.form_page(form, self.context(record, seen_version(request)))
        return super().post(request, key)

    def save(self, form: Any, key: str, version: int) -> Any:
        values, results = form.apart()
        return writes.change(
            self.organisation, key, values, results=results, seen_version=version, by=self.by
        )


class ExerciseResults(NounView):
    """The sheet on which results are recorded, `RESULTS_A_PAGE` systems at a time."""

    noun = EXERCISES
    needs = Capability.EDIT_ESTATE

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        return self.sheet(record, self.form(record), record.version)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        version, record = seen_version(request), self.record(key)
        form = self.form(record, request.POST)
        if not form.is_valid():
            return self.sheet(record, form, version, status=422)
        results = results_of(record) | form.recorded()
        try:
            saved = writes.change(
                self.organisation,
                key,
                {"done_on": form.cleaned_data["done_on"]},
                results=list(results.values()),
                seen_version=version,
                by=self.by,
            )
        except InvalidInput as error:
            form.add_faults(error)
            return self.sheet(record, form, version, status=422)
        except Conflict as conflict:
            return self.conflict_sheet(form, key, conflict)
        self.succeed(gettext("The results of “%(record)s” are recorded.") % {"record": saved})
        page = self.results_page(record)
        if page.has_next():
            return redirect(f"{request.path}?page={page.next_page_number()}")
        return redirect(self.detail_url(saved))

    def results_page(self, record: Any) -> Any:
        results: list[ResultValues] = list(results_of(record).values())
        return Paginator(results, RESULTS_A_PAGE).get_page(self.request.GET.get("page"))

    def form(self, record: Any, data: Any = None) -> ResultsForm:
        planned = record.planned_on or self.today
        return ResultsForm(
            data,
            organisation=self.organisation,
            results=list(self.results_page(record).object_list),
            initial={"done_on": record.done_on or min(planned, self.today)},
        )

    def sheet(
        self,
        record: Any,
        form: ResultsForm,
        version: int,
        more: Mapping[str, Any] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        page, approved = self.results_page(record), targets.approved(self.organisation)
        context = {
            "record": record,
            "version": version,
            "form": form,
            "title": gettext("Results of “%(record)s”") % {"record": record},
            "lines": [(line, approved.get(line.system.pk)) for line in form.rows()],
            "pages": page,
            "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2),
        }
        return self.page("results", {**context, **(more or {})}, status)

    def conflict_sheet(self, form: ResultsForm, key: str, conflict: Conflict) -> HttpResponse:
        current = self.record(key)
        latest = history.of_record(self.organisation, self.noun.record_type, key).first()
        both = {
            "conflict": conflict,
            "differences": versions(form, self.form(current)),
            "latest": latest,
        }
        return self.sheet(current, form, current.version, both, status=409)


class ExerciseDelete(DeleteView):
    noun = EXERCISES


class ExerciseHistory(HistoryView):
    noun = EXERCISES


urls = [
    path("tests/exercises/", ExerciseList.as_view(), name="exercises-list"),
    path("tests/exercises/new/", ExerciseCreate.as_view(), name="exercises-create"),
    path("tests/exercises/<str:key>/", ExerciseDetail.as_view(), name="exercises-detail"),
    path("tests/exercises/<str:key>/edit/", ExerciseEdit.as_view(), name="exercises-edit"),
    path("tests/exercises/<str:key>/results/", ExerciseResults.as_view(), name="exercises-results"),
    path("tests/exercises/<str:key>/delete/", ExerciseDelete.as_view(), name="exercises-delete"),
    path("tests/exercises/<str:key>/history/", ExerciseHistory.as_view(), name="exercises-history"),
]
