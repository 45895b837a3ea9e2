"""The interview about a business process: one question a page, to be left and resumed at will."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext

from bcp.engine.impact_questions import NEVER
from bcp.engine.impacts import Category
from bcp.engine.interview import (
    QUESTIONS,
    LevelQuestion,
    Plain,
    Question,
    course,
    key_of,
    next_open,
    question_of,
)
from bcp.engine.permissions import Capability
from bcp.engine.wording_of_impacts import (
    answer_words,
    happens,
    heading_words,
    meaning,
    not_sooner,
    question_words,
)
from bcp.errors import Conflict, InvalidInput
from bcp.queries import history
from bcp.queries.impacts import ProcessAnswers
from bcp.services import impacts as writes
from bcp.web.forms.impacts import (
    CostForm,
    LevelForm,
    PeaksForm,
    QuestionForm,
    WorkRecoveryForm,
)
from bcp.web.forms.peaks import PEAKS_BUTTON
from bcp.web.views.answers import sentence
from bcp.web.views.base import seen_version, versions
from bcp.web.views.impacts import IMPACTS, ImpactView

PLAIN_FORMS: dict[Plain, type[QuestionForm]] = {
    Plain.COST: CostForm,
    Plain.PEAKS: PeaksForm,
    Plain.WORK_RECOVERY: WorkRecoveryForm,
}


class Interview(ImpactView):
    """GET: on to the first question that is open, or to what was answered if none is."""

    needs = Capability.ANSWER_IMPACT

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        about = self.about(key)
        return redirect(self.place(about, about.open[0] if about.open else None))

    def place(self, about: ProcessAnswers, question: Question | None) -> str:
        """The page of a question; without one, the check page."""
        if question is None:
            return self.url("impacts-check", key=about.process.pk)
        return self.url("impacts-question", key=about.process.pk, question=key_of(question))


class QuestionPage(Interview):
    """GET shows one question, POST answers it. `from=check`: whoever came from the check page
    goes back there, unless the answer has opened other questions."""

    def get(self, request: HttpRequest, key: str, question: str = "") -> HttpResponse:
        about, asked = self.about(key), self.asked(question)
        if asked not in course(about.given):
            return redirect(self.place(about, None))
        return self.question_page(about, asked, self.form(about, asked))

    def post(self, request: HttpRequest, key: str, question: str = "") -> HttpResponse:
        version, about, asked = seen_version(request), self.about(key), self.asked(question)
        form = self.form(about, asked, data=request.POST)
        if PEAKS_BUTTON in request.POST and isinstance(form, PeaksForm):
            typed = form.rearranged(request.POST[PEAKS_BUTTON])
            again = self.form(about, asked, initial=typed)
            again.fields["peaks"].widget.attrs["autofocus"] = True
            return self.question_page(about, asked, again, version)
        if "leave" in request.POST and form.says_nothing():
            return redirect(self.url("impacts-list"))
        if about.version != version:
            return self.conflict_page(about, asked, form)
        if not form.is_valid():
            return self.question_page(about, asked, form, version, status=422)
        try:
            dropped = self.save(about, asked, form, version)
        except InvalidInput as error:
            form.add_faults(error)
            return self.question_page(about, asked, form, version, status=422)
        except Conflict:
            return self.conflict_page(self.about(key), asked, form)
        self.tell(asked, form, dropped)
        return redirect(self.next_url(self.about(key), asked))

    def asked(self, key: str) -> Question:
        question = question_of(key)
        if question is None:
            raise Http404(gettext("There is no such page."))
        return question

    def form(self, about: ProcessAnswers, question: Question, **options: Any) -> QuestionForm:
        options |= {"organisation": self.organisation, "answers": about}
        if isinstance(question, LevelQuestion):
            return LevelForm(question=question, **options)
        return PLAIN_FORMS[question](**options)

    def save(
        self, about: ProcessAnswers, question: Question, form: QuestionForm, version: int
    ) -> Mapping[int, int]:
        """The answers to higher levels that had to go."""
        where = (self.organisation, about.process.pk)
        seen: dict[str, Any] = {"seen_version": version, "by": self.by}
        if isinstance(form, LevelForm):
            asked = form.question
            saved = writes.answer(*where, asked.category, asked.threshold, form.value(), **seen)
            return saved.dropped
        if isinstance(form, WorkRecoveryForm):
            writes.answer_work_recovery(*where, form.value(), **seen)
        elif isinstance(form, PeaksForm):
            writes.answer_peaks(*where, form.cleaned_data["peaks"], **seen)
        else:
            said = form.cleaned_data
            writes.answer_cost(*where, said["cost_per_hour"], said["cost_basis"], **seen)
        return {}

    def tell(self, question: Question, form: QuestionForm, dropped: Mapping[int, int]) -> None:
        """Which answers no longer stand, and why."""
        if not isinstance(question, LevelQuestion) or not isinstance(form, LevelForm):
            return
        for level, band in dropped.items():
            values = {
                "lower": sentence(happens(question.category, question.threshold)),
                "now": sentence(answer_words(form.value())),
                "higher": sentence(happens(question.category, level)),
                "before": sentence(answer_words(band)),
            }
            says = gettext(
                "By your answer %(lower)s after %(now)s. That %(higher)s after %(before)s, as was"
                " answered before, cannot be; it is asked again."
            )
            if form.value() == NEVER:
                says = gettext(
                    "By your answer it is not within two weeks that %(lower)s. That %(higher)s"
                    " after %(before)s, as was answered before, cannot be; it does not count any"
                    " more."
                )
            messages.warning(self.request, says % values)

    def next_url(self, about: ProcessAnswers, question: Question) -> str:
        if "leave" in self.request.POST:
            messages.success(
                self.request,
                gettext("Your answers about “%(process)s” are kept. Go on whenever you like.")
                % {"process": about.process},
            )
            return self.url("impacts-list")
        following = next_open(about.given, question)
        if self.request.POST.get("from") != "check":
            return self.place(about, following)
        if _category(following) is not None and _category(following) == _category(question):
            return f"{self.place(about, following)}?from=check"
        return self.place(about, None)

    def question_page(
        self,
        about: ProcessAnswers,
        question: Question,
        form: QuestionForm,
        version: int | None = None,
        more: Mapping[str, Any] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        asked = course(about.given)
        comes_from_check = "check" in (self.request.POST.get("from"), self.request.GET.get("from"))
        before = [one for one in asked if QUESTIONS.index(one) < QUESTIONS.index(question)]
        context: dict[str, Any] = {
            "about": about,
            "process": about.process,
            "form": form,
            "kind": "level" if isinstance(question, LevelQuestion) else key_of(question),
            "title": sentence(question_words(about.process.name, question)),
            "heading": sentence(heading_words(question)),
            "means": sentence(meaning(question)),
            "number": len(before) + 1,
            "total": len(asked),
            "version": about.version if version is None else version,
            "from_check": comes_from_check,
            "back_url": self.place(about, None)
            if comes_from_check
            else self.place(about, before[-1])
            if before
            else self.url("impacts-list"),
        }
        if isinstance(question, LevelQuestion):
            reached = about.given.reached.get(question.category, {})
            context["not_sooner"] = not_sooner(question, reached)
        return self.render("impacts/question.html", context | dict(more or {}), status)

    def conflict_page(
        self, about: ProcessAnswers, question: Question, typed: QuestionForm
    ) -> HttpResponse:
        """What was chosen stays chosen; what somebody else has said meanwhile stands beside it,
        and saving again is a decision."""
        typed.is_valid()
        record = about.assessment.pk if about.assessment else ""
        latest = history.of_record(self.organisation, IMPACTS.record_type, record).first()
        following = next_open(about.given, question)
        more = {
            "conflict": gettext("Somebody else answered while you were on this page."),
            "latest": latest,
            "differences": versions(typed, self.form(about, question)),
            "unchanged_url": self.place(about, following),
        }
        form = self.form(about, question, data=self.request.POST)
        return self.question_page(about, question, form, about.version, more, status=409)


def _category(question: Question | None) -> Category | None:
    return question.category if isinstance(question, LevelQuestion) else None


urls = [
    path("impacts/<str:key>/go-on/", Interview.as_view(), name="impacts-interview"),
    path(
        "impacts/<str:key>/questions/<str:question>/",
        QuestionPage.as_view(),
        name="impacts-question",
    ),
]
