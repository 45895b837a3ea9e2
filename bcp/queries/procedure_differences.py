"""What differs between two versions of a procedure, step by step, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from bcp.engine.durations import format_minutes
from bcp.models.procedures import AreaChoice, Procedure, ProcedureStep

_FIELDS = (
    *("instruction", "team", "contact", "heads", "minutes_low", "minutes", "minutes_high"),
    *("expected", "verification", "way_back", "decision", "covers"),
)


@dataclass(frozen=True, slots=True)
class FieldDifference:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StepDifference:
    """`before` is `None` for a step that was added, `after` for one that was removed. Where
    both are there, `fields` says what was changed."""

    before: ProcedureStep | None
    after: ProcedureStep | None
    fields: tuple[FieldDifference, ...] = ()


def differences(old: Procedure, new: Procedure) -> list[StepDifference]:
    """In the order of the new version, removed steps where they stood. Both with their steps."""
    before, after = list(old.steps.all()), list(new.steps.all())
    return [one for one in _aligned(before, after) if one is not None]


def _aligned(
    before: Sequence[ProcedureStep], after: Sequence[ProcedureStep]
) -> Iterator[StepDifference | None]:
    matcher = SequenceMatcher(
        None, [step.instruction for step in before], [step.instruction for step in after], False
    )
    for _tag, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        olds, news = before[from_old:to_old], after[from_new:to_new]
        for old, new in zip(olds, news, strict=False):
            yield _changed(old, new)
        for old in olds[len(news) :]:
            yield StepDifference(old, None)
        for new in news[len(olds) :]:
            yield StepDifference(None, new)


def _changed(old: ProcedureStep, new: ProcedureStep) -> StepDifference | None:
    fields = tuple(
        FieldDifference(_label(name), words[0], words[1])
        for name in _FIELDS
        if (words := (_words(name, old), _words(name, new)))[0] != words[1]
    )
    return StepDifference(old, new, fields) if fields else None


def _label(name: str) -> str:
    column: Any = ProcedureStep._meta.get_field(name)
    label = str(column.verbose_name)
    return label[:1].upper() + label[1:]


def _words(name: str, step: ProcedureStep) -> str:
    value: Any = getattr(step, name)
    if value is None:
        return ""
    if name.startswith("minutes"):
        return format_minutes(value)
    if name == "covers":
        return ", ".join(str(AreaChoice(area).label) for area in value)
    return str(value)
