"""Dependencies: which system needs which, and for what."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from bcp.queries import dependencies as reads
from bcp.queries.filters import DependencyFilter
from bcp.services import dependencies as writes
from bcp.web.forms.dependencies import DependencyBulkForm, DependencyForm
from bcp.web.nouns import Noun
from bcp.web.views.base import CreateView, DeleteView, DetailView, EditView, HistoryView
from bcp.web.views.bulk import BulkView
from bcp.web.views.lists import Column, ListView

DEPENDENCIES = Noun(
    "dependencies",
    _("dependency"),
    _("Dependencies"),
    "dependency",
    reads.listing,
    writes,
    adding=_("Add a dependency"),
)

_EDGE = (
    Column("dependent", _("This system"), sort="dependent_name", kind="system"),
    Column("dependency", _("Needs"), sort="dependency_name", kind="system"),
    Column("needed_to", _("Needed to"), sort="needed_to", value="get_needed_to_display"),
    Column("bootstrap", _("Bootstrap note")),
)


class DependencyList(ListView):
    noun = DEPENDENCIES
    filter_class = DependencyFilter
    bulk = True
    row_edit = True
    columns = _EDGE
    export_columns = tuple(
        Column(name, name) for name in ("dependent", "dependency", "needed_to", "bootstrap")
    )


class DependencyDetail(DetailView):
    noun = DEPENDENCIES
    columns = _EDGE


class DependencyCreate(CreateView):
    noun = DEPENDENCIES
    form_class = DependencyForm


class DependencyEdit(EditView):
    noun = DEPENDENCIES
    form_class = DependencyForm


class DependencyDelete(DeleteView):
    noun = DEPENDENCIES


class DependencyHistory(HistoryView):
    noun = DEPENDENCIES


class DependencyBulk(BulkView):
    noun = DEPENDENCIES
    filter_class = DependencyFilter
    form_class = DependencyBulkForm
    can_delete = True


urls = [
    path("dependencies/", DependencyList.as_view(), name="dependencies-list"),
    path("dependencies/new/", DependencyCreate.as_view(), name="dependencies-create"),
    path("dependencies/bulk/", DependencyBulk.as_view(), name="dependencies-bulk"),
    path("dependencies/<str:key>/", DependencyDetail.as_view(), name="dependencies-detail"),
    path("dependencies/<str:key>/edit/", DependencyEdit.as_view(), name="dependencies-edit"),
    path("dependencies/<str:key>/delete/", DependencyDelete.as_view(), name="dependencies-delete"),
    path(
        "dependencies/<str:key>/history/", DependencyHistory.as_view(), name="dependencies-history"
    ),
]
