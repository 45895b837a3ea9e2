"""Restore tests as proof: how old each is, and whether it still counts under its tier's cadence
(rules B1, X2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from bcp.engine.policies import TierRules, tier_rules
from bcp.queries import analysis as answers
from bcp.web.copying import age_in_words, result_in_words


@dataclass(frozen=True, slots=True)
class Proof:
    """A restore test (`test`), its result and its age in words, and whether it counts today."""

    test: Any
    result: str
    age: str
    counts: str


class Proofs:
    """Judges restore tests of one organisation on one day."""

    def __init__(self, organisation: Any, now: datetime) -> None:
        self._organisation = organisation
        self._now = now

    @cached_property
    def _rules(self) -> dict[int | None, TierRules]:
        return tier_rules(answers.analysis(self._organisation, now=self._now).estate)

    def of(self, tests: Iterable[Any]) -> list[Proof]:
        today = self._now.date()
        return [
            Proof(
                test,
                result_in_words(test.outcome),
                age_in_words(test.done_on, today),
                self._counts(test, today),
            )
            for test in tests
        ]

    def _counts(self, test: Any, today: date) -> str:
        days = self._rules[test.copy.system.tier].restore_test_days
        if test.outcome != "success":
            return gettext("■ proves nothing")
        if (today - test.done_on).days > days:
            return gettext("▲ too old, %(days)d days are allowed") % {"days": days}
        return gettext("● counts, for %(days)d days from then") % {"days": days}
