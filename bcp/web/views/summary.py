"""The executive summary on screen: the same facts and words as on its two printed pages."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bcp.queries import plans
from bcp.services import summary
from bcp.web.views.answers import AnswerView

_DONE_ON: dict[str, tuple[str, dict[str, str]]] = {
    "proposals": ("targets-review", {}),
    "without_target": ("targets-list", {"state": "missing"}),
    "looser": ("targets-list", {"state": "looser"}),
    "unanswered": ("impacts-list", {"state": "missing"}),
    "gaps": ("gaps-list", {"severity": "high"}),
}
"""Where each thing that is asked for is done: the page and how its list is narrowed."""


class Summary(AnswerView):
    def get(self, request: HttpRequest) -> HttpResponse:
        answer = self.answer()
        if not answer.estate.systems:
            return self.render("overview/empty.html")
        said = summary.page(self.organisation, answer, now=self.now)
        asked = [{**one, "url": self._done_on(one["about"])} for one in said["decisions"]]
        return self.render(
            "summary/summary.html",
            {
                "summary": {**said, "decisions": asked},
                "links": True,
                "printed": plans.summaries(self.organisation).first(),
            },
        )

    def _done_on(self, about: str) -> str:
        name, narrowed = _DONE_ON[about]
        return self.url(name) + (f"?{urlencode(narrowed)}" if narrowed else "")


urls = [path("summary/", Summary.as_view(), name="summary")]
