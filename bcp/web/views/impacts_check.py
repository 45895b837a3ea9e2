"""What was answered about a business process, to be checked and confirmed, and asking somebody
else to answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext

from bcp.engine.durations import compact_minutes
from bcp.engine.impact_questions import NEVER
from bcp.engine.impacts import BEYOND_REPAIR, INTOLERABLE, Category, rto_in_time
from bcp.engine.interview import LevelQuestion, Plain, course, key_of
from bcp.engine.messages import Message
from bcp.engine.permissions import Capability
from bcp.engine.wording_of_impacts import (
    after_words,
    band_words,
    category_words,
    explain_backlog,
    explain_limit,
    happens,
    limit_words,
)
from bcp.errors import Conflict, InvalidInput
from bcp.queries import history
from bcp.queries.impacts import ProcessAnswers
from bcp.services import impact_requests
from bcp.services import impacts as writes
from bcp.web.forms.impacts import AskForm
from bcp.web.stories import stories
from bcp.web.views.answers import sentence
from bcp.web.views.base import HISTORY_ROWS, seen_version
from bcp.web.views.impacts import IMPACTS, ImpactView


@dataclass(frozen=True, slots=True)
class Line:
    """One question as it was answered. `state`: "known", "unknown" ("I don't know") or "open"."""

    label: str
    answer: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """A category. `ends`: its more serious levels are not asked about, since none is reached."""

    heading: str
    lines: list[Line]
    ends: bool


class CheckView(ImpactView):
    """The check page, and what every action on it comes back to."""

    def check_page(self, about: ProcessAnswers, fault: str = "", status: int = 200) -> HttpResponse:
        derived = about.derived
        one = about.assessment
        backlog = one.work_recovery_minutes if one else None
        to_propose = rto_in_time(derived, backlog)
        context: dict[str, Any] = {
            "about": about,
            "process": about.process,
            "parts": list(self.parts(about)),
            "rto": sentence(limit_words(derived.rto)),
            "rto_because": explain_limit(derived.rto, INTOLERABLE),
            "mtd": sentence(limit_words(derived.mtd)),
            "mtd_because": explain_limit(derived.mtd, BEYOND_REPAIR),
            "backlog": explain_backlog(derived, backlog),
            "backlog_words": _words(backlog),
            "approved": _words(getattr(about.process, "rto_minutes", None)),
            "proposal_url": self.proposal_url(about, to_propose),
            "to_propose_words": _words(to_propose),
            "unknown_count": sum(
                line.state == "unknown" for part in self.parts(about) for line in part.lines
            ),
            "plain_open": {key_of(plain) for plain in Plain if plain not in about.given.plain},
            "is_mine": about.waits_for(self.membership),
            "fault": fault,
        }
        return self.render("impacts/check.html", context, status)

    def proposal_url(self, about: ProcessAnswers, rto: int | None) -> str:
        """Where the derived targets are proposed, written as a person would; empty if no RTO
        follows from the answers."""
        figures = {"rto_minutes": rto, "mtd_minutes": about.derived.mtd.minutes}
        known = {name: compact_minutes(one) for name, one in figures.items() if one is not None}
        if rto is None:
            return ""
        return f"{self.url('targets-propose', key=about.process.pk)}?{urlencode(known)}"

    def parts(self, about: ProcessAnswers) -> Iterator[Part]:
        asked = course(about.given)
        for category in Category:
            reached = about.given.reached.get(category, {})
            lines = [
                self.line(about, one, reached)
                for one in asked
                if isinstance(one, LevelQuestion) and one.category is category
            ]
            never = [level for level, band in reached.items() if band == NEVER]
            ends = bool(never) and min(never) < BEYOND_REPAIR
            yield Part(sentence(category_words(category)), lines, ends)

    def line(self, about: ProcessAnswers, question: LevelQuestion, reached: Any) -> Line:
        label = sentence(happens(question.category, question.threshold))
        url = self.url("impacts-question", key=about.process.pk, question=key_of(question))
        if question.threshold not in reached:
            return Line(label, gettext("not answered yet"), "open", url)
        value = reached[question.threshold]
        state = "unknown" if value is None else "known"
        return Line(label, sentence(after_words(value)), state, url)


def _words(minutes: int | None) -> Message | None:
    return None if minutes is None else band_words(minutes)


class Check(CheckView):
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.check_page(self.about(key))


class AnswerHistory(ImpactView):
    """Who has answered, asked and confirmed what, newest first."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        about = self.about(key)
        document = about.assessment.pk if about.assessment else ""
        events = history.of_record(self.organisation, IMPACTS.record_type, document)
        context = {
            "process": about.process,
            "stories": stories(events[:HISTORY_ROWS], self.organisation.slug),
        }
        return self.render("impacts/history.html", context)


class Confirm(CheckView):
    needs = Capability.ANSWER_IMPACT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        about, version = self.about(key), seen_version(request)
        try:
            writes.confirm(self.organisation, key, seen_version=version, by=self.by)
        except InvalidInput as error:
            return self.check_page(about, str(error), 422)
        except Conflict:
            fault = gettext(
                "Somebody has changed an answer since you opened this page, so nothing was"
                " confirmed. This is what is answered now; check it and confirm again."
            )
            return self.check_page(self.about(key), fault, 409)
        self.succeed(
            gettext("The answers about “%(process)s” are confirmed.") % {"process": about.process}
        )
        return redirect(self.url("impacts-check", key=key))


class Ask(ImpactView):
    """Asking one member by mail."""

    needs = Capability.ANSWER_IMPACT

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        about = self.about(key)
        one = about.assessment
        initial = {"member": one.asked_of_id, "answer_by": one.answer_by} if one else {}
        form = AskForm(organisation=self.organisation, initial=initial)
        return self.form_page(about, form, about.version)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        about, version = self.about(key), seen_version(request)
        form = AskForm(organisation=self.organisation, data=request.POST)
        if not form.is_valid():
            return self.form_page(about, form, version)
        said = form.cleaned_data
        try:
            asked = impact_requests.ask(
                self.organisation,
                key,
                said["member"].pk,
                answer_by=said["answer_by"],
                note=said["note"],
                link=request.build_absolute_uri(self.url("impacts-interview", key=key)),
                seen_version=version,
                by=self.by,
            )
        except InvalidInput as error:
            form.add_faults(error)
            return self.form_page(about, form, version)
        except Conflict:
            now = self.about(key)
            return self.form_page(now, form, now.version, changed=True)
        self.tell(said["member"], mailed=asked.mailed)
        return redirect(self.url("impacts-check", key=key))

    def tell(self, member: Any, *, mailed: bool) -> None:
        if mailed:
            self.succeed(gettext("%(person)s has been asked by mail.") % {"person": member.user})
            return
        says = gettext(
            "%(person)s is asked and sees it here, but the mail could not be sent. Ask again when"
            " mail works, or send the address of this page yourself."
        )
        messages.warning(self.request, says % {"person": member.user})

    def form_page(
        self, about: ProcessAnswers, form: AskForm, version: int, *, changed: bool = False
    ) -> HttpResponse:
        context = {
            "about": about,
            "process": about.process,
            "form": form,
            "version": version,
            "changed": changed,
        }
        status = 409 if changed else 422 if form.errors else 200
        return self.render("impacts/ask.html", context, status)


class TakeBack(CheckView):
    """POST: nobody is asked any more."""

    needs = Capability.ANSWER_IMPACT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        about, version = self.about(key), seen_version(request)
        try:
            impact_requests.take_back(self.organisation, key, seen_version=version, by=self.by)
        except Conflict as conflict:
            return self.check_page(self.about(key), str(conflict), 409)
        self.succeed(
            gettext("Nobody is asked about “%(process)s” any more.") % {"process": about.process}
        )
        return redirect(self.url("impacts-check", key=key))


urls = [
    path("impacts/<str:key>/", Check.as_view(), name="impacts-check"),
    path("impacts/<str:key>/history/", AnswerHistory.as_view(), name="impacts-history"),
    path("impacts/<str:key>/confirm/", Confirm.as_view(), name="impacts-confirm"),
    path("impacts/<str:key>/ask/", Ask.as_view(), name="impacts-ask"),
    path("impacts/<str:key>/take-back/", TakeBack.as_view(), name="impacts-take-back"),
]
