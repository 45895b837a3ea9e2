"""Search everywhere: what contains the words, by kind."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bcp.queries import search
from bcp.web.views.base import OrgView

_KINDS: dict[str, str | Promise] = {
    "systems": _("Systems"),
    "contacts": _("Contacts"),
    "teams": _("Teams"),
    "escalation": _("Escalation paths"),
    "sites": _("Sites"),
    "copies": _("Backups"),
    "policies": _("Backup policies"),
    "procedures": _("Procedures"),
    "scenarios": _("Own scenarios"),
    "dependencies": _("Dependencies"),
    "exercises": _("Exercises"),
    "plans": _("Plans"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind: (name, address) each, and where the rest is if there is more."""

    heading: str | Promise
    hits: list[tuple[str, str]]
    more_url: str


class Search(OrgView):
    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:200]
        groups = [self.group(hits, text) for hits in search.everywhere(self.organisation, text)]
        return self.render("search/results.html", {"q": text, "groups": groups})

    def group(self, hits: search.Hits, text: str) -> Group:
        found = [(str(one), self.url(f"{hits.kind}-detail", key=one.pk)) for one in hits.records]
        rest = f"{self.url(f'{hits.kind}-list')}?{urlencode({'q': text})}" if hits.is_cut else ""
        return Group(_KINDS[hits.kind], found, rest)


urls = [path("search/", Search.as_view(), name="search")]
