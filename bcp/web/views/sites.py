"""Sites: places, what stands there, and what is lost together."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from bcp.queries import sites as reads
from bcp.queries.filters import SiteFilter
from bcp.services import sites as writes
from bcp.web.forms.sites import SiteForm
from bcp.web.nouns import Noun
from bcp.web.views.base import CreateView, DeleteView, DetailView, EditView, HistoryView
from bcp.web.views.lists import Column, ListView

SITES = Noun("sites", _("site"), _("Sites"), "site", reads.listing, writes, adding=_("Add a site"))


class SiteList(ListView):
    noun = SITES
    filter_class = SiteFilter
    columns = (
        Column("name", _("Name"), sort="name", kind="link"),
        Column("zone", _("Shared-fate zone"), sort="zone"),
        Column("kind", _("Kind"), sort="kind", value="get_kind_display"),
        Column("address", _("Address")),
        Column("systems", _("Systems"), "systems_count", "number", "systems_count"),
    )
    export_columns = tuple(Column(name, name) for name in ("name", "zone", "kind", "address"))


class SiteDetail(DetailView):
    noun = SITES
    columns = (
        Column("kind", _("Kind"), value="get_kind_display"),
        Column("zone", _("Shared-fate zone")),
        Column("address", _("Address")),
    )

    def context(self, record: Any) -> dict[str, Any]:
        scenario = urlencode({"scenario": f"site:{record.name}"})
        return {
            "here": reads.occupancy(self.organisation, record),
            "loss_url": f"{self.url('recovery-order')}?{scenario}",
            "stops_url": f"{self.url('map')}?{scenario}",
            "map_url": f"{self.url('map')}?{urlencode({'in': f'site:{record.name}'})}",
        }


class SiteCreate(CreateView):
    noun = SITES
    form_class = SiteForm


class SiteEdit(EditView):
    noun = SITES
    form_class = SiteForm


class SiteDelete(DeleteView):
    noun = SITES

    def context(self, record: Any) -> dict[str, Any]:
        return {"here": reads.occupancy(self.organisation, record)}


class SiteHistory(HistoryView):
    noun = SITES


urls = [
    path("sites/", SiteList.as_view(), name="sites-list"),
    path("sites/new/", SiteCreate.as_view(), name="sites-create"),
    path("sites/<str:key>/", SiteDetail.as_view(), name="sites-detail"),
    path("sites/<str:key>/edit/", SiteEdit.as_view(), name="sites-edit"),
    path("sites/<str:key>/delete/", SiteDelete.as_view(), name="sites-delete"),
    path("sites/<str:key>/history/", SiteHistory.as_view(), name="sites-history"),
]
