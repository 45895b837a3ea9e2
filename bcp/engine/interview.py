"""The interview about a business process: which questions there are, in which order, and which
are still open.

An executive is asked one question at a time, may say "I don't know", and may come back to any of
them. What an answer makes impossible is asked again; what it makes pointless is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bcp.engine.impact_levels import impact_from
from bcp.engine.impact_questions import NEVER, THRESHOLDS, Reached, choices_after, impact_of
from bcp.engine.impacts import BANDS_MINUTES, Category, Impact


class Plain(StrEnum):
    """The questions beside those of the categories."""

    COST = "cost"
    PEAKS = "peaks"
    WORK_RECOVERY = "work recovery"


@dataclass(frozen=True, slots=True)
class LevelQuestion:
    """How long the process can be down before `category` reaches the level `threshold`."""

    category: Category
    threshold: int


Question = LevelQuestion | Plain

QUESTIONS: tuple[Question, ...] = (
    *(LevelQuestion(category, level) for category in Category for level in THRESHOLDS),
    *Plain,
)
"""All of them, in the order in which they are asked."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far: the categories with anything said of them, and the plain
    questions that were answered, be it by "I don't know"."""

    reached: Mapping[Category, Reached]
    plain: frozenset[Plain]


def key_of(question: Question) -> str:
    """A short name for addresses: "clients-3", "work-recovery"."""
    if isinstance(question, LevelQuestion):
        return f"{question.category.value}-{question.threshold}"
    return question.value.replace(" ", "-")


def question_of(key: str) -> Question | None:
    """The question of that `key_of`; `None` if there is no such one."""
    return next((one for one in QUESTIONS if key_of(one) == key), None)


def course(answers: Answers) -> tuple[Question, ...]:
    """The questions that are asked, in their order: all but those of levels that a lower one
    says are never reached."""
    return tuple(one for one in QUESTIONS if _is_asked(answers, one))


def open_questions(answers: Answers) -> tuple[Question, ...]:
    """Those of the course that nobody has answered."""
    return tuple(one for one in course(answers) if not _is_answered(answers, one))


def next_open(answers: Answers, after: Question) -> Question | None:
    """The open question that follows, or else the first open one; `None` if all are answered."""
    still = open_questions(answers)
    place = QUESTIONS.index(after)
    later = (one for one in still if QUESTIONS.index(one) > place)
    return next(later, still[0] if still else None)


def answered(
    reached: Reached, threshold: int, value: int | None
) -> tuple[dict[int, int | None], dict[int, int]]:
    """The answers of a category after one of them, and those to higher levels that it has made
    impossible (harm cannot be worse before it is less bad) or pointless (a level that is not
    reached within the longest band has no higher one), as they were."""
    kept = {**reached, threshold: value}
    dropped = {}
    for level in THRESHOLDS:
        said = kept.get(level)
        if level > threshold and said is not None and _falls(value, said):
            dropped[level] = said
            del kept[level]
    return kept, dropped


def impact_after(before: Impact, reached: Reached, kept: Reached) -> Impact:
    """The levels that follow from the answers `kept`, where those so far were `reached` and stood
    for `before`. A file may have said more of the levels than answers can: that stays, as long as
    the answers only add to it."""
    after = impact_of(before.category, kept)
    changed = any(kept.get(level) != said for level, said in reached.items() if said is not None)
    if changed:
        return after
    bands = range(len(BANDS_MINUTES))
    both = [
        (
            max(before.surely(band), after.surely(band)),
            min(before.at_worst(band), after.at_worst(band)),
        )
        for band in bands
    ]
    agrees = all(low <= high for low, high in both)
    return impact_from(before.category, both) if agrees else after


def _falls(lower: int | None, higher: int) -> bool:
    """Whether an answer to a higher level cannot stand beside the one to a lower."""
    if lower is None or higher == NEVER:
        return False
    return lower == NEVER or higher < lower


def _is_asked(answers: Answers, question: Question) -> bool:
    if isinstance(question, Plain):
        return True
    return bool(choices_after(answers.reached.get(question.category, {}), question.threshold))


def _is_answered(answers: Answers, question: Question) -> bool:
    if isinstance(question, Plain):
        return question in answers.plain
    return question.threshold in answers.reached.get(question.category, {})
