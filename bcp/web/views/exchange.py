"""Exchange: sending files in, looking at what they would do, doing it; and taking files out."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from bcp import access
from bcp.engine.permissions import Capability
from bcp.errors import Conflict
from bcp.queries import imports
from bcp.services import exporting, import_uploads
from bcp.services.import_plan import ImportPlan, ImportRefused, Outcome
from bcp.web.forms.exchange import ImportForm
from bcp.web.views.base import OrgView

# More than anybody reads; the rest is counted.
_SHOWN_CHANGES = 300
_SHOWN_FAULTS = 1000


class Exchange(OrgView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render("exchange/exchange.html", {"form": ImportForm()})


class ExchangeUpload(OrgView):
    """Keeps the files and goes on to the preview; nothing of the estate is touched."""

    needs = Capability.EDIT_ESTATE

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render("exchange/exchange.html", {"form": form}, status=422)
        upload = import_uploads.keep(
            self.organisation,
            {file.name: file.read() for file in form.cleaned_data["upload"]},
            add_missing=form.cleaned_data["add_missing"],
            propose_dependencies=form.cleaned_data["propose_dependencies"],
            now=self.now,
            by=self.by,
        )
        return redirect(self.url("exchange-preview", key=upload.pk))


class UploadView(OrgView):
    """A page about files that were sent in."""

    needs = Capability.EDIT_ESTATE

    def upload(self, key: str) -> Any:
        return access.find(imports.uploads(self.organisation, self.now), key)


class ExchangePreview(UploadView):
    """What the import would do, row by row; confirming it does exactly that, or nothing."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        upload = self.upload(key)
        plan = import_uploads.preview(self.organisation, upload, by=self.by)
        return self._page(upload, plan)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        upload, seen = self.upload(key), request.POST.get("seen", "")
        try:
            plan = import_uploads.confirm(self.organisation, upload, seen, by=self.by)
        except ImportRefused as refusal:
            return self._page(upload, refusal.plan, status=422)
        except Conflict as conflict:
            plan = import_uploads.preview(self.organisation, upload, by=self.by)
            return self._page(upload, plan, status=409, conflict=str(conflict))
        self.succeed(_("Imported: %(count)d changes.") % {"count": len(plan.changes)})
        if plan.proposed_dependencies and access.can(
            self.membership, Capability.REVIEW_DEPENDENCIES
        ):
            return redirect(self.url("proposed-list"))
        return redirect(self.url("exchange"))

    def _page(
        self, upload: Any, plan: ImportPlan, *, status: int = 200, conflict: str = ""
    ) -> HttpResponse:
        context = {
            "upload": upload,
            "plan": plan,
            "conflict": conflict,
            "counts": [
                (kind, [count[outcome] for outcome in Outcome])
                for kind, count in plan.counts.items()
            ],
            "groups": [
                (file, list(changes))
                for file, changes in groupby(
                    plan.changes[:_SHOWN_CHANGES], key=lambda change: change.file
                )
            ],
            "more_changes": max(0, len(plan.changes) - _SHOWN_CHANGES),
            "faults": plan.faults[:_SHOWN_FAULTS],
            "more_faults": max(0, len(plan.faults) - _SHOWN_FAULTS),
        }
        return self.render("exchange/preview.html", context, status=status)


class ExchangeAddMissing(UploadView):
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        import_uploads.add_missing(self.organisation, self.upload(key), by=self.by)
        return redirect(self.url("exchange-preview", key=key))


class ExchangeDiscard(UploadView):
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        import_uploads.give_up(self.organisation, self.upload(key), by=self.by)
        return redirect(self.url("exchange"))


class ExchangeExport(OrgView):
    """All CSV files of the organisation in one archive."""

    def get(self, request: HttpRequest) -> HttpResponse:
        name = f"{self.organisation.slug}-{self.today:%Y-%m-%d}.zip"
        return _archive(exporting.organisation_zip(self.organisation), name)


class ExchangeTemplates(OrgView):
    """Example files to start from."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return _archive(exporting.template_zip(), "templates.zip")


def _archive(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


urls = [
    path("exchange/", Exchange.as_view(), name="exchange"),
    path("exchange/upload/", ExchangeUpload.as_view(), name="exchange-upload"),
    path("exchange/export/", ExchangeExport.as_view(), name="exchange-export"),
    path("exchange/templates/", ExchangeTemplates.as_view(), name="exchange-templates"),
    path("exchange/<str:key>/", ExchangePreview.as_view(), name="exchange-preview"),
    path(
        "exchange/<str:key>/add-missing/",
        ExchangeAddMissing.as_view(),
        name="exchange-add-missing",
    ),
    path("exchange/<str:key>/discard/", ExchangeDiscard.as_view(), name="exchange-discard"),
]
