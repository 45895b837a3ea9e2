"""Changing many records at once: those ticked in a list, or all that fit its search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.web.forms.base import choose_by_name
from bcp.web.views.base import NounView
from bcp.web.views.choosing import MOST_AT_ONCE, ChoosingView
from bcp.web.views.lists import in_steady_order


class BulkView(ChoosingView, NounView):
    """GET shows the records chosen (`keys`, or `all` with the list's filters) and what can be
    set; POST sets it on all of them or on none."""

    needs = Capability.EDIT_ESTATE
    nothing_chosen = _("Nothing was chosen. Tick the rows that you want to change first.")
    filter_class: ClassVar[type[Any]]
    form_class: ClassVar[type[Any]]
    can_delete: ClassVar[bool] = False

    def get(self, request: HttpRequest) -> HttpResponse:
        if "all" in request.GET:
            filters = self.filters()
            choose_by_name(filters.form)
            records = in_steady_order(filters.qs)
        else:
            records = in_steady_order(self.chosen(request.GET.getlist("keys")))
        return self.bulk_page(list(records[: MOST_AT_ONCE + 1]))

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = [key for key in request.POST.get("keys", "").split(",") if key]
        records = list(self.chosen(keys)[: MOST_AT_ONCE + 1])
        if len(keys) != len(records) or not records:
            return self.back_to_list(_("Some of these no longer exist; choose again."))
        if self.can_delete and "delete" in request.POST:
            return self.done(self.delete(keys))
        form = self.form_class(request.POST, organisation=self.organisation)
        if form.is_valid():
            try:
                return self.done(self.apply(keys, form.values()))
            except InvalidInput as error:
                form.add_faults(error)
        return self.bulk_page(records, form)

    def filters(self) -> Any:
        """The filters of the list that one comes from."""
        return self.filter_class(
            self.request.GET,
            queryset=self.noun.listing(self.organisation),
            organisation=self.organisation,
            now=self.now,
        )

    def chosen(self, keys: Sequence[str]) -> Any:
        return self.noun.listing(self.organisation).filter(pk__in=keys[: MOST_AT_ONCE + 1])

    def apply(self, keys: Sequence[str], values: dict[str, Any]) -> int:
        """Set the fields on all records; how many changed."""
        return self.noun.writer.change_many(self.organisation, keys, values, by=self.by)

    def delete(self, keys: Sequence[str]) -> int:
        return self.noun.writer.delete_many(self.organisation, keys, by=self.by)

    def done(self, count: int) -> HttpResponse:
        text = ngettext("%(count)d entry was changed.", "%(count)d entries were changed.", count)
        self.succeed(text % {"count": count})
        return redirect(self.list_url())

    def list_url(self) -> str:
        return self.back_url(self.url(self.noun.url_name("list")))

    def bulk_page(self, records: list[Any], form: Any = None) -> HttpResponse:
        if wrong := self.wrong_choice(records):
            return wrong
        context = {
            "form": form or self.form_class(organisation=self.organisation),
            "records": records,
            "keys": ",".join(record.pk for record in records),
            "back": self.back_url(),
            "can_delete": self.can_delete,
        }
        return self.page("bulk", context, 422 if form is not None else 200)
