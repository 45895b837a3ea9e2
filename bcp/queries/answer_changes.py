"""Changed answers on business impact in words: one line for each answer that differs, not all
twenty before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.impact_questions import NEVER
from bcp.engine.impacts import Category
from bcp.engine.wording_of_impacts import after_words, category_words, happens

Fact = dict[str, Any]


def answer_changes(before: Sequence[Fact], after: Sequence[Fact]) -> Iterator[tuple[str, str, str]]:
    """What was asked, the answer before and the answer after; facts as the audit trail keeps
    them."""
    old, new = _by_question(before), _by_question(after)
    for question in {**new, **old}:
        was, is_now = old.get(question), new.get(question)
        if was != is_now:
            yield _label(*question), _answer(was), _answer(is_now)


def _by_question(facts: Sequence[Fact]) -> dict[tuple[str, int | None], Fact]:
    """By category and level; the levels that only a file can say stand under no level."""
    return {(fact["category"], fact.get("level")): fact for fact in facts}


def _label(category: str, level: int | None) -> str:
    if level is None:
        heading = category_words(Category(category)).said(_)
        return _("%(category)s, levels by time") % {"category": heading}
    what = happens(Category(category), level).said(_)
    return what[:1].upper() + what[1:]


def _answer(fact: Fact | None) -> str:
    if fact is None:
        return _("not answered")
    if "levels" in fact:
        return "; ".join(fact["levels"])
    band = fact.get("reached_minutes")
    return after_words(NEVER if fact.get("reached") == "never" else band).said(_)
