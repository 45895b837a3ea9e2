"""Business impact, process by process: who has answered what, and which targets follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.durations import format_minutes
from bcp.engine.impacts import BEYOND_REPAIR, INTOLERABLE, Limit
from bcp.engine.permissions import Capability
from bcp.engine.results import SystemResult
from bcp.engine.wording_of_impacts import explain_limit, happens, limit_words
from bcp.queries import impacts
from bcp.queries.impacts import ProcessAnswers
from bcp.web.forms.answers import tier_fits
from bcp.web.forms.impacts import ImpactFilter
from bcp.web.nouns import Noun
from bcp.web.views.answers import AnswerList, sentence
from bcp.web.views.base import OrgView
from bcp.web.views.lists import Column

IMPACTS = Noun(
    "impacts",
    _("business process"),
    _("Business impact"),
    "impactassessment",
    impacts.assessments,
    None,
    edited_by=Capability.ANSWER_IMPACT,
)


class ImpactView(OrgView):
    """A page about one business process."""

    def about(self, key: str) -> ProcessAnswers:
        """What was answered about it, or the 404 that a foreign one gets too."""
        found = impacts.of_process(self.organisation, key)
        if found is None:
            raise Http404(gettext("There is no such page."))
        return found


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """A process with its answers. `result`: what it achieves, `None` if it is not live yet."""

    about: ProcessAnswers
    result: SystemResult | None
    is_mine: bool

    @property
    def name(self) -> str:
        return self.about.process.name

    @property
    def tier(self) -> int | None:
        return self.about.process.tier

    @property
    def state(self) -> str:
        if self.about.open:
            return "missing"
        return "confirmed" if self.about.is_confirmed else "unconfirmed"

    @property
    def rank(self) -> int:
        """Answers missing first, then what only has to be confirmed."""
        return ("missing", "unconfirmed", "confirmed").index(self.state)

    @property
    def answered(self) -> int:
        return self.about.answered

    @property
    def questions(self) -> int:
        return self.about.asked

    @property
    def asked_of(self) -> str | None:
        one = self.about.assessment
        return str(one.asked_of) if one and one.asked_of else None

    @property
    def answer_by(self) -> date | None:
        one = self.about.assessment
        return one.answer_by if one and one.asked_of else None

    @property
    def rto(self) -> Limit:
        return self.about.derived.rto

    @property
    def mtd(self) -> Limit:
        return self.about.derived.mtd

    @property
    def derived_rto(self) -> int | None:
        return self.rto.minutes

    @property
    def derived_mtd(self) -> int | None:
        return self.mtd.minutes

    @property
    def rto_words(self) -> str:
        return sentence(limit_words(self.rto))

    @property
    def mtd_words(self) -> str:
        return sentence(limit_words(self.mtd))

    @property
    def rto_happens(self) -> str:
        return _happens(self.rto)

    @property
    def mtd_happens(self) -> str:
        return _happens(self.mtd)

    @property
    def rto_because(self) -> str:
        return sentence(explain_limit(self.rto, INTOLERABLE))

    @property
    def mtd_because(self) -> str:
        return sentence(explain_limit(self.mtd, BEYOND_REPAIR))

    @property
    def approved_rto(self) -> int | None:
        return getattr(self.about.process, "rto_minutes", None)

    @property
    def achievable(self) -> int | None:
        return None if self.result is None else self.result.restored_minutes

    @property
    def achievable_at_least(self) -> bool | None:
        return None if self.result is None else self.result.at_least

    @property
    def confirmed_by(self) -> str | None:
        one = self.about.assessment
        return str(one.confirmed_by) if one and one.confirmed_by else None

    @property
    def confirmed_at(self) -> Any:
        return self.about.assessment.confirmed_at if self.about.assessment else None

    @property
    def cost_per_hour(self) -> Any:
        return self.about.assessment.cost_per_hour if self.about.assessment else None


def _happens(limit: Limit) -> str:
    """What happens at a derived target, in short."""
    if limit.category is None or limit.level is None:
        return ""
    return sentence(happens(limit.category, limit.level))


def _of(name: str) -> Callable[[ImpactRow], str | None]:
    """A derived target for a file, as it can be read back; `None` where none follows."""

    def written(row: ImpactRow) -> str | None:
        minutes = getattr(row, name)
        return None if minutes is None else format_minutes(minutes)

    return written


class ImpactList(AnswerList):
    noun = IMPACTS
    filter_class = ImpactFilter
    columns = (
        Column("process", _("Business process"), sort="process", value="name"),
        Column("answered", _("Answered"), sort="answered", kind="number"),
        Column("asked_of", _("Who is asked"), sort="asked_of"),
        # Words that say more than the figure, so they do not stand under each other like figures.
        Column("derived_rto", _("Must be back within"), "derived_rto", value=_of("derived_rto")),
        Column("derived_mtd", _("Beyond repair after"), "derived_mtd", value=_of("derived_mtd")),
        Column("approved_rto", _("Approved RTO"), sort="approved_rto", kind="minutes"),
        Column("confirmed_by", _("Confirmed"), sort="confirmed_by"),
    )
    exported_too = (
        Column("achievable", "", kind="minutes"),
        Column("achievable_is_at_least", "", value="achievable_at_least"),
        Column("questions", "", kind="number"),
        Column("tier", "", kind="number"),
        Column("wanted_by", "", value="answer_by"),
        Column(
            "derived_rto_is_at_most", "", value=lambda row: row.about.derived.rto.may_be_earlier
        ),
        Column("derived_rto_because", "", value="rto_because"),
        Column(
            "derived_mtd_is_at_most", "", value=lambda row: row.about.derived.mtd.may_be_earlier
        ),
        Column("derived_mtd_because", "", value="mtd_because"),
        Column("cost_per_hour", ""),
        Column("confirmed_at", ""),
    )
    sort_ranks = {
        "derived_rto": "derived_rto",
        "derived_mtd": "derived_mtd",
        "confirmed_by": "confirmed_at",
    }

    def rows(self) -> Iterable[ImpactRow]:
        return self.everything

    @cached_property
    def everything(self) -> list[ImpactRow]:
        estate, results = self.analysis.estate, self.analysis.systems
        achieved = {one.key: results[index] for index, one in enumerate(estate.systems)}
        rows = [
            ImpactRow(one, achieved.get(one.process.pk), one.waits_for(self.membership))
            for one in impacts.listing(self.organisation)
        ]
        return sorted(
            rows, key=lambda row: (not row.is_mine, row.rank, row.tier or 5, row.name.casefold())
        )

    def fits(self, row: ImpactRow, wanted: Mapping[str, Any]) -> bool:
        if wanted.get("state") and not _states(row) & set(wanted["state"]):
            return False
        if not tier_fits(row.tier, wanted.get("tier", [])):
            return False
        text = (wanted.get("q") or "").casefold()
        return text in row.name.casefold() or text in (row.asked_of or "").casefold()

    def file_name(self) -> str:
        return f"{self.organisation.slug}-business-impact"

    def context(self, page: Page[Any]) -> dict[str, Any]:
        if self.request.htmx:
            return {}
        states = Counter(row.state for row in self.everything)
        return {
            "missing": states["missing"],
            "unconfirmed": states["unconfirmed"],
            "confirmed": states["confirmed"],
            "mine": [row.about.assessment for row in self.everything if row.is_mine],
            "nothing_recorded": not self.everything,
        }


def _states(row: ImpactRow) -> set[str]:
    too = {"mine": row.is_mine, "no cost": row.cost_per_hour is None}
    return {row.state, *(name for name, holds in too.items() if holds)}


urls = [path("impacts/", ImpactList.as_view(), name="impacts-list")]
