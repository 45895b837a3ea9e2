"""Systems: list, sheet, create, edit, delete."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from bcp.queries import systems as reads
from bcp.queries.filters import SystemFilter
from bcp.services import systems as writes
from bcp.web.forms.systems import SystemForm
from bcp.web.nouns import Noun
from bcp.web.views.base import CreateView, DeleteView, DetailView, EditView, HistoryView
from bcp.web.views.lists import Column, ListView

SYSTEMS = Noun("systems", _("system"), _("Systems"), "system", reads.listing, writes)


class SystemList(ListView):
    noun = SYSTEMS
    filter_class = SystemFilter
    columns = (
        Column("name", _("Name"), sort="name", kind="link"),
        Column("kind", _("Kind"), sort="kind", value="get_kind_display"),
        Column("tier", _("Tier"), sort="tier", kind="number"),
        Column("owner", _("Owner"), sort="owner_name"),
        Column("site", _("Site"), sort="site_name"),
        Column("rto", _("RTO"), sort="rto_minutes", kind="minutes", value="rto_minutes"),
    )


class SystemDetail(DetailView):
    noun = SYSTEMS


class SystemCreate(CreateView):
    noun = SYSTEMS
    form_class = SystemForm


class SystemEdit(EditView):
    noun = SYSTEMS
    form_class = SystemForm


class SystemDelete(DeleteView):
    noun = SYSTEMS


class SystemHistory(HistoryView):
    noun = SYSTEMS


urls = [
    path("systems/", SystemList.as_view(), name="systems-list"),
    path("systems/new/", SystemCreate.as_view(), name="systems-create"),
    path("systems/<str:key>/", SystemDetail.as_view(), name="systems-detail"),
    path("systems/<str:key>/edit/", SystemEdit.as_view(), name="systems-edit"),
    path("systems/<str:key>/delete/", SystemDelete.as_view(), name="systems-delete"),
    path("systems/<str:key>/history/", SystemHistory.as_view(), name="systems-history"),
]
