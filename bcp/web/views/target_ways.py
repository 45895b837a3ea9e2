"""What would make a target possible: the smallest sets of changes, each verified by the engine.

A page of its own, and by htmx a part of the page on which a target is proposed. What is plain data
can be written into the records at once, after a page that lists exactly what would be written.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from bcp import access
from bcp.engine.changes import Tighten
from bcp.engine.durations import format_minutes
from bcp.engine.permissions import CAPABILITIES, Capability, Role
from bcp.engine.results import Effect
from bcp.engine.ways import ways_to_meet
from bcp.engine.wording import activation_of, explain_activation
from bcp.errors import Conflict, InvalidInput
from bcp.queries import systems
from bcp.services import ways as writes
from bcp.services.ways import note_field
from bcp.web.chosen_ways import Chosen, changes_in
from bcp.web.forms.ways import NotesForm, TimeForm
from bcp.web.views.answers import AnswerView
from bcp.web.ways import ShownWays


class TargetWays(AnswerView):
    """GET `?rto_minutes=`: the time that is wanted (any way of writing a duration); without one,
    the approved target."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        system = access.find(systems.listing(self.organisation), key)
        given = request.GET if "rto_minutes" in request.GET else None
        form = TimeForm(given, initial={"rto_minutes": system.rto_minutes})
        rto = system.rto_minutes
        if given is not None:
            rto = form.cleaned_data["rto_minutes"] if form.is_valid() else None
        if not form.errors:
            form = TimeForm(initial={"rto_minutes": rto})
        context = {"system": system, "form": form, "rto": rto, **self.ways(key, rto)}
        is_fragment = bool(self.request.htmx) and not self.request.htmx.history_restore_request
        template = "targets/_ways.html" if is_fragment else "targets/ways.html"
        response = self.render(template, context, 422 if form.errors else 200)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def ways(self, key: str, rto: int | None) -> dict[str, Any]:
        """What the templates need beside the system and the time that is wanted."""
        answer = self.answer()
        positions = (i for i, one in enumerate(answer.estate.systems) if one.key == key)
        position = next(positions, None)
        if position is None or answer.systems[position].effect is Effect.UNTOUCHED:
            return {"takes_part": False}
        if rto is None:
            return {"takes_part": True}
        ways = ways_to_meet(answer.estate, position, rto, today=self.today)
        shown = ShownWays(self.organisation, answer, CAPABILITIES[Role(self.membership.role)])
        first = answer.systems[position].binding_chain[0]
        activation = activation_of(answer, first)
        return {
            "takes_part": True,
            "ways": ways,
            "is_met": ways.in_time,
            "offers": shown.of(ways),
            "unknown_count": answer.systems[position].unknown_count,
            "activation_alone": (
                explain_activation(activation) if activation.total_minutes >= rto else None
            ),
        }


class ApplyWay(AnswerView):
    """GET `?rto_minutes=&change=…`: what an offer would write, record by record. POST writes all
    of it or nothing."""

    needs = Capability.EDIT_ESTATE

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        system, rto = self.asked(key)
        try:
            chosen = self.chosen()
        except InvalidInput as error:
            return self.choose_again(key, rto, str(error))
        form = NotesForm(organisation=self.organisation, edges=chosen.edges)
        return self.confirm_page(system, rto, chosen, form)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        system, rto = self.asked(key)
        try:
            return self.write(system, rto, self.chosen())
        except InvalidInput as error:
            return self.gone_page(system, rto, str(error))

    def write(self, system: Any, rto: int, chosen: Chosen) -> HttpResponse:
        """Write what the page had shown. Raises `InvalidInput` if meanwhile something that it
        names is there no more."""
        request, key = self.request, system.pk
        form = NotesForm(request.POST, organisation=self.organisation, edges=chosen.edges)
        if not form.is_valid():
            return self.confirm_page(system, rto, chosen, form, status=422)
        steps = chosen.steps(form.notes(), _versions(request.POST.getlist("seen")))
        try:
            restored = writes.apply(self.organisation, key, rto, steps, by=self.by)
        except InvalidInput as error:
            form.add_faults(error)
            return self.confirm_page(system, rto, chosen, form, status=422)
        except Conflict as conflict:
            return self.confirm_page(
                system, rto, self.chosen(), form, conflict=str(conflict), status=409
            )
        self.succeed(
            gettext("Written. “%(system)s” would now be back after %(time)s.")
            % {"system": system, "time": format_minutes(restored)}
        )
        return redirect(self.ways_url(key, rto))

    def asked(self, key: str) -> tuple[Any, int]:
        """The system, and within what time it is to be back: 0 if the address does not say."""
        system = access.find(systems.listing(self.organisation), key)
        form = TimeForm(self.request.GET)
        return system, (form.cleaned_data["rto_minutes"] if form.is_valid() else None) or 0

    def chosen(self) -> Chosen:
        """The changes that the address names, worked out from what is recorded now."""
        answer = self.answer()
        changes = changes_in(answer, self.request.GET.getlist("change"))
        return Chosen(self.organisation, answer, changes)

    def choose_again(self, key: str, rto: int, fault: str) -> HttpResponse:
        messages.warning(self.request, fault)
        return redirect(self.ways_url(key, rto))

    def gone_page(self, system: Any, rto: int, fault: str) -> HttpResponse:
        """What was chosen cannot be written any more: nothing was, and what was typed is shown."""
        notes = [name for name in self.request.POST if name.startswith(note_field(""))]
        typed = [note for name in notes for note in self.request.POST.getlist(name) if note]
        context = {"system": system, "rto": rto, "fault": fault, "typed": typed}
        return self.render("targets/ways_gone.html", context, 409)

    def ways_url(self, key: str, rto: int) -> str:
        return f"{self.url('targets-ways', key=key)}?rto_minutes={rto}"

    def confirm_page(
        self,
        system: Any,
        rto: int,
        chosen: Chosen,
        form: NotesForm,
        *,
        conflict: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "system": system,
            "rto": rto,
            "rows": chosen.rows(),
            "proposes": any(isinstance(one, Tighten) for one in chosen.changes),
            "versions": chosen.versions(),
            "form": form,
            "fault": conflict,
        }
        return self.render("targets/ways_apply.html", context, status)


def _versions(words: list[str]) -> dict[str, int]:
    """Key → version of the records that the page which was sent in had shown."""
    pairs = [word.split(":") for word in words]
    try:
        return {key: int(version) for key, version in pairs}
    except ValueError as error:
        raise SuspiciousOperation("the form lacks the versions it was made from") from error


urls = [
    path("targets/of/<str:key>/ways/", TargetWays.as_view(), name="targets-ways"),
    path("targets/of/<str:key>/ways/apply/", ApplyWay.as_view(), name="targets-ways-apply"),
]
