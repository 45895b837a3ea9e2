"""The frame of every page inside an organisation, and the pages that every noun has alike.

A view names the capability it `needs`; reaching the organisation is the check that one is a
member of it. Pages of records are made of a `Noun` (what to read, what writes it) and a form:

    class SiteEdit(EditView):
        noun = SITES
        form_class = SiteForm

Lists are in `views/lists.py`. Every write goes through a service; what a service refuses is
shown at its field, and two people editing the same record are shown each other's version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from bcp import access
from bcp.engine.permissions import CAPABILITIES, Capability, Role
from bcp.errors import BcpError, Conflict, InvalidInput, NotAllowed
from bcp.queries import history
from bcp.services import undo
from bcp.services.actor import Actor
from bcp.web import navigation
from bcp.web.forms.base import OrgFormMixin, shown
from bcp.web.nouns import Noun
from bcp.web.stories import Story, stories

HISTORY_ROWS = 100


class PageRequest(HttpRequest):
    """A request as the middleware hands it over."""

    htmx: HtmxDetails


class OrgView(View):
    """A page of one organisation: `self.membership`, `self.organisation`, `self.by`, and the
    clock, read once: `self.now` and `self.today` in the organisation's time zone."""

    needs: ClassVar[Capability] = Capability.READ
    request: PageRequest

    def dispatch(
        self, request: HttpRequest, *args: Any, slug: str = "", **kwargs: Any
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self._to_login()
        try:
            self.membership = access.enter(request.user, slug)
        except Http404:
            # Ours also while debugging: Django's own page would list every address there is.
            return render(request, "404.html", status=404)
        self.organisation = self.membership.organisation
        self.by = Actor.member(self.membership, via="web")
        self.now = timezone.now().astimezone(ZoneInfo(self.organisation.time_zone))
        self.today = self.now.date()
        with timezone.override(self.now.tzinfo):
            response = self._answer(request, *args, **kwargs)
        # One tenant's, and people's telephone numbers: no cache keeps it, and the Back button
        # shows none of it to whoever sits there after the logout.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            access.require(self.membership, self.needs)
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return self.render("404.html", status=404)
        except NotAllowed as error:
            return self.refuse("403.html", 403, error)
        except Conflict as error:
            return self.refuse("409.html", 409, error)
        except InvalidInput as error:
            return self.refuse("400.html", 400, error)

    def _to_login(self) -> HttpResponseBase:
        if self.request.htmx:
            return HttpResponseClientRedirect(self.request.htmx.current_url or "/")
        return redirect_to_login(self.request.get_full_path())

    def render(
        self, template: str | list[str], context: Mapping[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        """A page with the organisation, what one `can` do here (`can.edit_estate`) and the
        places to go. Of several templates the first that exists is used."""
        capabilities = CAPABILITIES[Role(self.membership.role)]
        match = self.request.resolver_match
        current = (match.url_name if match else None) or ""
        frame = {
            "organisation": self.organisation,
            "membership": self.membership,
            "memberships": access.memberships(self.membership.user),
            "can": {
                capability.name.lower(): capability in capabilities for capability in Capability
            },
            "navigation": list(navigation.entries(self.organisation.slug, current, capabilities)),
            "today": self.today,
            "now": self.now,
        }
        return render(self.request, template, {**frame, **(context or {})}, status=status)

    def refuse(self, template: str, status: int, error: BcpError) -> HttpResponse:
        return self.render(template, {"fault": str(error)}, status=status)

    def url(self, name: str, **kwargs: Any) -> str:
        """The address of a page of this organisation."""
        return reverse(name, kwargs={"slug": self.organisation.slug, **kwargs})

    def back_url(self, otherwise: str = "") -> str:
        """The page of ours that the sender wants to return to (`back`), or `otherwise`."""
        back = self.request.POST.get("back") or self.request.GET.get("back", "")
        # A word alone would be taken for the name of a page.
        is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return back if is_ours else otherwise

    def succeed(self, message: str, undo_url: str = "") -> None:
        """Say what was done on the next page, with an Undo button where there is a way back."""
        messages.success(self.request, message, extra_tags=undo_url)


def seen_version(request: HttpRequest) -> int:
    """The version of the record that the page which was sent in had shown."""
    try:
        return int(request.POST.get("version", ""))
    except ValueError as error:
        raise SuspiciousOperation("the form lacks the version it was made from") from error


class NounView(OrgView):
    """A page of one noun."""

    noun: ClassVar[Noun]

    def templates(self, page: str) -> list[str]:
        return [f"{self.noun.name}/{page}.html", f"generic/{page}.html"]

    def record(self, key: str) -> Any:
        """One record of this organisation, or the 404 that a foreign one gets too."""
        return access.find(self.noun.listing(self.organisation), key)

    def page(
        self, page: str, context: Mapping[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        common: dict[str, Any] = {
            f"{one}_name": self.noun.url_name(one)
            for one in ("detail", "create", "edit", "delete", "history")
        }
        common |= {
            "noun": self.noun,
            "list_url": self.url(self.noun.url_name("list")),
            "can_edit": access.can(self.membership, self.noun.edited_by),
        }
        return self.render(self.templates(page), {**common, **(context or {})}, status)

    def detail_url(self, record: Any) -> str:
        return self.url(self.noun.url_name("detail"), key=record.pk)

    def undo_url(self, key: str) -> str:
        """Where to take back the latest write of a record; empty if it cannot be."""
        latest = history.of_record(self.organisation, self.noun.record_type, key).first()
        if latest is None or not undo.can_undo(latest):
            return ""
        return self.url("history-undo", key=latest.pk)

    def stories(self, key: str) -> list[Story]:
        """The history of a record, newest first, for `components/history.html`."""
        events = history.of_record(self.organisation, self.noun.record_type, key)
        return stories(events[:HISTORY_ROWS], self.organisation.slug)


class DetailView(NounView):
    """One record: `columns` (of `views/lists.py`) are the facts that `generic/detail.html`
    shows; subclasses add to `context`, and to the page by a template of their own."""

    columns: ClassVar[tuple[Any, ...]] = ()

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        facts = {"record": record, "columns": self.columns}
        return self.page("detail", {**facts, **self.context(record)})

    def context(self, record: Any) -> dict[str, Any]:
        return {}


class FormView(NounView):
    """What creating and editing share."""

    form_class: ClassVar[type[Any]]

    def form(self, **options: Any) -> Any:
        return self.form_class(organisation=self.organisation, **options)

    def form_page(self, form: Any, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
        if form.errors and status == 200:
            status = 422
        return self.page("form", {"form": form, "back": self.back_url(), **context}, status)


class CreateView(FormView):
    """A new record. The query string may fill fields in beforehand (`?dependent=KEY`)."""

    needs = Capability.EDIT_ESTATE

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {name: value for name, value in request.GET.items() if value}
        return self.form_page(self.form(initial=initial), self.context())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(data=request.POST)
        if form.is_valid():
            try:
                record = self.save(form)
            except InvalidInput as error:
                form.add_faults(error)
            else:
                self.succeed(
                    _("“%(record)s” has been added.") % {"record": record},
                    self.undo_url(record.pk),
                )
                return redirect(self.next_url(record))
        return self.form_page(form, self.context())

    def save(self, form: Any) -> Any:
        return self.noun.writer.create(self.organisation, form.cleaned_data, by=self.by)

    def next_url(self, record: Any) -> str:
        if "again" in self.request.POST:
            return self.request.get_full_path()
        return self.back_url(self.detail_url(record))

    def context(self) -> dict[str, Any]:
        return {"title": self.noun.adding}


class EditView(FormView):
    """Changing a record. The query string may fill fields in beforehand
    (`?recovery_minutes=40`). Whoever saves second is shown both versions and loses nothing."""

    needs = Capability.EDIT_ESTATE

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        initial = {name: value for name, value in request.GET.items() if value}
        form = self.form(instance=record, initial=initial)
        return self.form_page(form, self.context(record, record.version))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        version = seen_version(request)
        record = self.noun.listing(self.organisation).filter(pk=key).first()
        if record is None:
            deletion = self.deletion(key)
            if "restore" not in request.POST:
                return self.gone_page(deletion)
            record = undo.undo(self.organisation, deletion, by=self.by)
            version = record.version
        context = self.context(record, version)
        form = self.form(data=request.POST, instance=record)
        if not form.is_valid():
            return self.form_page(form, context)
        try:
            saved = self.save(form, key, version)
        except InvalidInput as error:
            form.add_faults(error)
            return self.form_page(form, context)
        except Conflict as conflict:
            return self.conflict_page(form, key, conflict)
        if saved.version == version:
            messages.info(request, _("Nothing was changed."))
        else:
            self.succeed(
                _("“%(record)s” has been changed.") % {"record": saved}, self.undo_url(key)
            )
        return redirect(self.next_url(saved))

    def save(self, form: Any, key: str, version: int) -> Any:
        return self.noun.writer.change(
            self.organisation, key, form.cleaned_data, seen_version=version, by=self.by
        )

    def next_url(self, record: Any) -> str:
        return self.back_url(self.detail_url(record))

    def context(self, record: Any, version: int) -> dict[str, Any]:
        return {
            "record": record,
            "version": version,
            "title": _("Edit “%(record)s”") % {"record": record},
        }

    def deletion(self, key: str) -> Any:
        """The event that deleted a record somebody is still editing; 404 if it never was here."""
        latest = history.of_record(self.organisation, self.noun.record_type, key).first()
        if latest is None or latest.action != "deleted":
            raise Http404(_("There is no such page."))
        return latest

    def gone_page(self, deletion: Any) -> HttpResponse:
        """What was typed into a record that is gone, and the way to bring it back with it."""
        context = {
            "title": _("Edit “%(record)s”") % {"record": deletion.record_label},
            "version": 0,
            "conflict": _("Somebody deleted this record while you were editing it."),
            "latest": deletion,
            "gone": True,
            "can_restore": undo.can_undo(deletion),
        }
        return self.form_page(self.form(data=self.request.POST), context, status=409)

    def conflict_page(self, form: Any, key: str, conflict: Conflict) -> HttpResponse:
        """Both versions side by side; everything typed stays in the form below, which now
        names the newer version, so that saving it again is a decision."""
        current = self.record(key)
        differences = versions(form, self.form(instance=current))
        latest = history.of_record(self.organisation, self.noun.record_type, key).first()
        context = self.context(current, current.version) | {
            "conflict": conflict,
            "differences": differences,
            "latest": latest,
        }
        return self.form_page(form, context, status=409)


def versions(mine: Any, theirs: OrgFormMixin) -> list[dict[str, str]]:
    """The fields in which two forms of a record differ: label, mine, theirs, in words."""
    differences = []
    for name, field in theirs.fields.items():
        now = shown(field, theirs.get_initial_for_field(field, name))
        typed = shown(field, mine.cleaned_data.get(name))
        if now != typed:
            differences.append({"label": str(field.label), "mine": typed, "theirs": now})
    return differences


class DeleteView(NounView):
    """Asks once, then deletes; the message afterwards offers the way back."""

    needs = Capability.EDIT_ESTATE

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        return self.delete_page(record)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        try:
            self.noun.writer.delete(
                self.organisation, key, seen_version=seen_version(request), by=self.by
            )
        except (InvalidInput, Conflict) as error:
            status = 409 if isinstance(error, Conflict) else 422
            return self.delete_page(self.record(key), str(error), status)
        self.succeed(_("“%(record)s” has been deleted.") % {"record": record}, self.undo_url(key))
        return redirect(self.next_url(record))

    def delete_page(self, record: Any, fault: str = "", status: int = 200) -> HttpResponse:
        common = {"record": record, "fault": fault, "back": self.back_url()}
        return self.page("delete", {**common, **self.context(record)}, status)

    def next_url(self, record: Any) -> str:
        return self.back_url(self.url(self.noun.url_name("list")))

    def context(self, record: Any) -> dict[str, Any]:
        """What else goes with the record, for the page that asks."""
        return {}


class HistoryView(NounView):
    """What was done to one record, newest first, with what it said before and after."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        return self.page("history", {"record": record, "stories": self.stories(key)})
