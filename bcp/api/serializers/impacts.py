"""What executives answered about a business process, as one document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext as _
from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer, StrictSerializer
from bcp.api.serializers.fields import FlagField, NumberField, TextField, WholeNumberField
from bcp.api.serializers.target_answers import LimitSerializer
from bcp.engine.durations import LONGEST_MINUTES
from bcp.engine.impact_levels import impact_from, tightened
from bcp.engine.impact_questions import (
    NEVER,
    THRESHOLDS,
    Reached,
    contradicted,
    impact_of,
    reached_of,
)
from bcp.engine.impacts import BANDS_MINUTES, LEVELS, Category, Impact, contradictions
from bcp.engine.interview import Plain
from bcp.models.impacts import CategoryChoice, ImpactAssessment, PeakPeriod, PlainQuestion
from bcp.services.impacts import MOST_PEAKS, Document, PeakValues

_BANDS = len(BANDS_MINUTES)


class ReachedSerializer(StrictSerializer):
    """After how long an outage reaches a level. Neither a time nor never: nobody knows."""

    level = WholeNumberField(min_value=THRESHOLDS[0], max_value=THRESHOLDS[-1])
    after_minutes = serializers.ChoiceField(choices=BANDS_MINUTES, allow_null=True, required=False)
    never = FlagField(default=False, help_text="Not within two weeks.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["never"] and attrs.get("after_minutes") is not None:
            raise serializers.ValidationError({"never": [_("Give a time, or say never.")]})
        return attrs


def _a_level_a_band(says: str, *, allow_null: bool = False) -> serializers.ListField:
    level = WholeNumberField(min_value=LEVELS[0], max_value=LEVELS[-1], allow_null=allow_null)
    return serializers.ListField(
        child=level, min_length=_BANDS, max_length=_BANDS, required=False, help_text=says
    )


class AnswerSerializer(StrictSerializer):
    """One category. Give `levels` or `reached`; both only if they do not contradict each other."""

    category = serializers.ChoiceField(choices=CategoryChoice.choices)
    levels = _a_level_a_band(
        "After 1 h, 4 h, 8 h, 1 d, 3 d, 1 week, 2 weeks; null: nobody knows.", allow_null=True
    )
    at_least = _a_level_a_band("With `levels`: what each one is at least.")
    at_most = _a_level_a_band("With `levels`: what each one is at most.")
    reached = serializers.ListSerializer[Any](
        child=ReachedSerializer(),
        max_length=len(THRESHOLDS),
        required=False,
        help_text="What was answered; a level that is left out is still open.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        category = Category(attrs["category"])
        reached = _reached(attrs["reached"]) if "reached" in attrs else None
        if attrs.keys() & {"levels", "at_least", "at_most"}:
            impact = _levels(category, attrs)
            said = _together(impact, reached)
        elif reached is not None:
            said = reached, impact_of(category, reached)
        else:
            raise serializers.ValidationError({"levels": [_("Give levels, or what is reached.")]})
        return {"category": category, "said": said}


def _levels(category: Category, attrs: dict[str, Any]) -> Impact:
    """Levels with their bounds, each as tight as the others make it."""
    lows = attrs.get("at_least", [LEVELS[0]] * _BANDS)
    highs = attrs.get("at_most", [LEVELS[-1]] * _BANDS)
    levels = attrs.get("levels", [None] * _BANDS)
    stated = []
    for level, low, high in zip(levels, lows, highs, strict=True):
        least, most = (low, high) if level is None else (max(low, level), min(high, level))
        if least > most:
            says = _("A level lies between what it is at least and at most.")
            raise serializers.ValidationError({"levels": [says]})
        stated.append((least, most))
    impact = impact_from(category, stated)
    for _category, contradiction in contradictions([impact]):
        raise serializers.ValidationError({"levels": [contradiction.said(gettext)]})
    return tightened(impact)


def _reached(given: list[dict[str, Any]]) -> Reached:
    reached = {one["level"]: NEVER if one["never"] else one.get("after_minutes") for one in given}
    if len(reached) < len(given):
        raise serializers.ValidationError({"reached": [_("Name each level once.")]})
    if contradicted(reached) is not None:
        says = _("It cannot be worse before it is less bad: a higher level is reached earlier.")
        raise serializers.ValidationError({"reached": [says]})
    return dict(sorted(reached.items()))


def _together(impact: Impact, reached: Reached | None) -> tuple[Reached, Impact]:
    """Levels with the answers they came from: these may say less, but nothing else."""
    follows = reached_of(impact)
    if reached is None:
        return follows, impact
    if all(band is None or band == follows[level] for level, band in reached.items()):
        return reached, impact
    says = _("This says something else than `reached`; give one of them.")
    raise serializers.ValidationError({"levels": [says]})


class PeakSerializer(RecordSerializer):
    name = TextField(max_length=200)
    when = TextField(max_length=200, allow_blank=True, required=False)

    class Meta:
        model = PeakPeriod
        fields = ["name", "when", "cost_per_hour"]


class ImpactSerializer(StrictSerializer):
    """The answers for a business process. Amounts are in the organisation's currency."""

    process = serializers.CharField(read_only=True, help_text="Key of the system.")
    process_name = serializers.CharField(read_only=True)
    version = serializers.IntegerField(
        read_only=True, help_text="0: nothing was answered or asked yet."
    )
    answers = serializers.ListSerializer[Any](
        child=AnswerSerializer(),
        max_length=len(CategoryChoice.values),
        required=False,
        help_text="One for each category that was answered.",
    )
    cost_per_hour = NumberField(
        max_digits=14, decimal_places=2, min_value=0, allow_null=True, required=False
    )
    cost_basis = TextField(max_length=2000, allow_blank=True, required=False)
    work_recovery_minutes = WholeNumberField(
        min_value=0, max_value=LONGEST_MINUTES, allow_null=True, required=False
    )
    peaks = serializers.ListSerializer[Any](
        child=PeakSerializer(), max_length=MOST_PEAKS, required=False
    )
    answered = serializers.ListField(
        child=serializers.ChoiceField(choices=PlainQuestion.choices),
        max_length=len(PlainQuestion.values),
        required=False,
        help_text="The other questions that were answered: one without a value was answered "
        "“I don't know” (of peaks: there are none). Those with a value need not be named.",
    )
    open_count = serializers.IntegerField(read_only=True, help_text="Questions nobody answered.")
    derived_rto = LimitSerializer(read_only=True)
    derived_mtd = LimitSerializer(read_only=True)
    asked_of_email = serializers.CharField(read_only=True, allow_null=True)
    answer_by = serializers.DateField(read_only=True, allow_null=True)
    confirmed_by_email = serializers.CharField(read_only=True, allow_null=True)
    confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    @classmethod
    def record_type(cls) -> str:
        return str(ImpactAssessment._meta.model_name)

    def validate_answers(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({one["category"] for one in given}) < len(given):
            raise serializers.ValidationError(_("Name each category once."))
        return given

    def document(self, so_far: Document) -> Document:
        """What was sent on top of `so_far`: answers by category, all else field by field."""
        given: Mapping[str, Any] = self.validated_data
        categories = {one["category"]: one["said"] for one in given.get("answers", ())}
        said = Document(
            categories={**so_far.categories, **categories},
            plain=frozenset(),
            cost_per_hour=given.get("cost_per_hour", so_far.cost_per_hour),
            cost_basis=given.get("cost_basis", so_far.cost_basis),
            work_recovery_minutes=given.get("work_recovery_minutes", so_far.work_recovery_minutes),
            peaks=_peaks(given["peaks"]) if "peaks" in given else so_far.peaks,
        )
        named = map(Plain, given["answered"]) if "answered" in given else so_far.plain
        return replace(said, plain=frozenset(named) | _with_values(said))


def _peaks(given: list[dict[str, Any]]) -> tuple[PeakValues, ...]:
    return tuple(PeakValues(**peak) for peak in given)


def _with_values(said: Document) -> frozenset[Plain]:
    """The questions whose answer is more than "I don't know"."""
    values = {
        Plain.COST: said.cost_per_hour is not None,
        Plain.PEAKS: bool(said.peaks),
        Plain.WORK_RECOVERY: said.work_recovery_minutes is not None,
    }
    return frozenset(question for question, there in values.items() if there)
