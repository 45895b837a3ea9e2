"""The first page: one sentence, the worst of what is wrong, and what nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Self

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from bcp import access
from bcp.engine.acceptance import ends_soon
from bcp.engine.class_words import CLASS_WORDS
from bcp.engine.durations import format_minutes
from bcp.engine.observed import CopyState
from bcp.engine.permissions import Capability, Role
from bcp.engine.results import Analysis, Standing
from bcp.engine.results_of_backups import Tally
from bcp.engine.reviews import states_of
from bcp.engine.wording import explain_activation
from bcp.engine.words import column_words
from bcp.queries import acceptances, impacts, plans, proposed_dependencies, reports, targets
from bcp.queries.acceptances import GapStanding
from bcp.web.gap_rows import gap_rows, with_links
from bcp.web.views.answers import AnswerView, sentence

WORST_SHOWN = COPIES_SHOWN = 5
SOON = timedelta(days=30)

# What is not known, by the code of its gap: how that reads with a count in front.
UNKNOWNS: tuple[tuple[str, Any], ...] = (
    (
        "duration_unknown",
        ngettext_lazy(
            "system whose recovery takes nobody knows how long",
            "systems whose recovery takes nobody knows how long",
            "count",
        ),
    ),
    (
        "target_missing",
        ngettext_lazy(
            "system with a tier, but no approved target",
            "systems with a tier, but no approved target",
            "count",
        ),
    ),
    (
        "owner_missing",
        ngettext_lazy("system without an owner", "systems without an owner", "count"),
    ),
    (
        "technical_owner_missing",
        ngettext_lazy(
            "system without a technical owner", "systems without a technical owner", "count"
        ),
    ),
    (
        "strategy_missing",
        ngettext_lazy(
            "system without a recovery strategy", "systems without a recovery strategy", "count"
        ),
    ),
    (
        "site_missing",
        ngettext_lazy("system at an unknown site", "systems at an unknown site", "count"),
    ),
    (
        "mobilisation_unknown",
        ngettext_lazy(
            "team that mobilises nobody knows how fast",
            "teams that mobilise nobody knows how fast",
            "count",
        ),
    ),
    (
        "no_authority",
        ngettext_lazy(
            "escalation path that at some hours reaches nobody who may declare,"
            " so nobody knows when work could start",
            "escalation paths that at some hours reach nobody who may declare,"
            " so nobody knows when work could start",
            "count",
        ),
    ),
)

STANDING_ORDER: tuple[tuple[Standing, str | Promise], ...] = (
    (Standing.MISSES, ""),
    (Standing.AT_RISK, _("too late for a dependent")),
    (Standing.UNKNOWN, _("no target, or not all is known")),
    (Standing.MEETS, ""),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the one sentence is made of. `promised`: systems with an approved target;
    `restored_minutes`: when the last of them is back, or of all systems if none has one."""

    promised: int
    missed: int
    restored_minutes: int
    at_least: bool

    @property
    def back_at(self) -> str:
        """On the clock that starts at the disruption: "T+9 h"."""
        clock = gettext("T+%(time)s at the earliest") if self.at_least else gettext("T+%(time)s")
        return clock % {"time": format_minutes(self.restored_minutes)}


@dataclass(frozen=True, slots=True)
class Unknown:
    code: str
    count: int
    text: str


def sentence_of(answer: Analysis) -> Sentence:
    promised = [one for one in answer.systems if one.rto_minutes is not None]
    last = max(promised, key=lambda one: one.restored_minutes, default=None)
    return Sentence(
        promised=len(promised),
        missed=sum(one.standing is Standing.MISSES for one in promised),
        restored_minutes=last.restored_minutes if last else answer.restored_minutes,
        at_least=any(one.at_least for one in promised) if promised else answer.at_least,
    )


@dataclass(frozen=True, slots=True)
class BackupSentence:
    """What the sentence of the backups is made of: the scenario in which most systems lose more
    than they may (`None`: no tier is to withstand any), and the copies that did not run."""

    worst: Tally | None
    late: int
    failed: int

    @property
    def scenario(self) -> str:
        if self.worst is None:
            return ""
        return sentence(column_words(self.worst.column, self.worst.scenario))


def backup_sentence(answer: Analysis, copies: Iterable[reports.Observed]) -> BackupSentence:
    states = Counter(one.state for one in copies)
    return BackupSentence(
        worst=next(iter(answer.tallies), None),
        late=states[CopyState.LATE],
        failed=states[CopyState.FAILED],
    )


@dataclass(frozen=True, slots=True)
class Exercises:
    """How many systems are due for an exercise: by now, and within `SOON`; `first` is the day on
    which the next of the others is."""

    overdue: int
    soon: int
    first: date | None


def exercises_of(answer: Analysis, today: date) -> Exercises:
    """Rule X4 over all live systems."""
    ahead = [proof.due for proof in answer.proofs if proof.in_date]
    return Exercises(
        overdue=len(answer.proofs) - len(ahead),
        soon=sum(day <= today + SOON for day in ahead),
        first=min(ahead, default=None),
    )


@dataclass(frozen=True, slots=True)
class AcceptedGaps:
    """How many gaps are accepted, and of which acceptances one has to hear: those that end
    `soon`, and gaps that are open again although somebody had accepted them."""

    count: int
    soon: int
    open_again: int

    @classmethod
    def of(cls, standings: Iterable[GapStanding], today: date) -> Self:
        given = [one for one in standings if one.acceptance is not None]
        held = [one for one in given if one.is_accepted]
        return cls(
            count=len(held),
            soon=sum(ends_soon(one.acceptance.until, today) for one in held if one.acceptance),
            open_again=len(given) - len(held),
        )


class Overview(AnswerView):
    def get(self, request: HttpRequest) -> HttpResponse:
        answer = self.answer()
        if not answer.estate.systems:
            return self.render("overview/empty.html")
        codes = Counter(gap.code for gap in answer.gaps)
        standings = Counter(one.standing for one in answer.systems)
        classes = Counter(answer.classes)
        gaps = acceptances.of_analysis(self.organisation, answer, now=self.now)
        accepted = AcceptedGaps.of(gaps, self.today)
        open_ones = (one for one in gaps if not one.is_accepted)
        worst = gap_rows(answer, islice(open_ones, WORST_SHOWN))
        copies = reports.late_or_failed(self.organisation, self.now)
        return self.render(
            "overview/overview.html",
            {
                "sentence": sentence_of(answer),
                "analysis": answer,
                "classes": [(kind, classes[kind]) for kind in CLASS_WORDS],
                "backups": backup_sentence(answer, copies),
                "copies": copies[:COPIES_SHOWN],
                "copies_left_out": max(0, len(copies) - COPIES_SHOWN),
                "exercises": exercises_of(answer, self.now.date()),
                "activation": answer.activation,
                "activation_words": explain_activation(answer.activation),
                "people_gaps": answer.people_gaps[:WORST_SHOWN],
                "standings": [
                    (standing, standings[standing], words) for standing, words in STANDING_ORDER
                ],
                "worst": with_links(worst, self.organisation, Role(self.membership.role)),
                "gap_count": len(answer.gaps) - accepted.count,
                "accepted": accepted,
                "unknowns": [
                    Unknown(code, codes[code], str(words % {"count": codes[code]}))
                    for code, words in UNKNOWNS
                    if codes[code]
                ],
                "stale_contacts": codes["stale_contact"],
                "contact_count": len(answer.estate.contacts),
                "plan": plans.listing(self.organisation).first(),
                "asked_about": impacts.waiting_for(self.membership),
                "to_decide": self.to_decide(),
                "sent_back": self.sent_back(),
                "reviews": self.reviews(answer),
                "proposed": self.proposed(),
            },
        )

    def reviews(self, answer: Analysis) -> dict[str, int]:
        """How many systems stand how, by `ReviewState`, in the review of their dependencies."""
        everything = range(len(answer.estate.systems))
        states = states_of(answer.estate, everything, today=self.today)
        return {state.value: count for state, count in Counter(states.values()).items()}

    def proposed(self) -> int:
        """How many proposed dependencies wait for the reader; none for who may not decide."""
        if not access.can(self.membership, Capability.REVIEW_DEPENDENCIES):
            return 0
        return proposed_dependencies.waiting(self.organisation).count()

    def sent_back(self) -> list[Any]:
        """The reader's own proposals that wait for a better one; only the latest of many."""
        if not access.can(self.membership, Capability.PROPOSE_TARGET):
            return []
        own = targets.sent_back(self.organisation).filter(proposed_by=self.membership.user)
        return list(own[:WORST_SHOWN])

    def to_decide(self) -> int:
        """How many proposed targets wait for the reader; none for who may not decide."""
        if not access.can(self.membership, Capability.APPROVE_TARGET):
            return 0
        return targets.to_decide(self.organisation, self.membership.user).count()


urls = [path("", Overview.as_view(), name="overview")]
