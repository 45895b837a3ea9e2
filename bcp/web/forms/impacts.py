"""The forms about business impact: one for each kind of question of the interview, asking somebody
else, and narrowing the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.impact_questions import NEVER, Reached, choices_after
from bcp.engine.impacts import BANDS_MINUTES
from bcp.engine.interview import LevelQuestion, Plain
from bcp.engine.wording_of_impacts import band_words
from bcp.models.members import Membership
from bcp.queries import impacts as reads
from bcp.queries.impacts import ProcessAnswers
from bcp.services.impact_requests import LONGEST_NOTE
from bcp.web.forms.answers import AnswerFilter, several, tiers
from bcp.web.forms.base import OrgForm
from bcp.web.forms.parts import DayInput
from bcp.web.forms.peaks import PeaksField, rearranged

NOT_KNOWN = "unknown"
NOT_WITHIN = "never"

_CHOOSE = _("Choose one of the answers; “I don’t know” is one of them.")
_DOES_NOT_FIT = _("This does not fit the other answers; choose one of those offered.")
_I_DO_NOT_KNOW = (NOT_KNOWN, _("I don’t know"))


class Radios(forms.RadioSelect):
    """Radios of which a fault leads to the first."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, "0" if index is None else index)


class QuestionForm(OrgForm):
    """One page of the interview; `said_so_far` is what was answered before."""

    said: ClassVar[str]
    """The field of radios, whose being empty means that nothing was answered."""

    def __init__(self, *args: Any, said_so_far: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, **{"initial": said_so_far, **options})

    def says_nothing(self) -> bool:
        return not any(self[name].data for name in self.fields)


def _radios(choices: Sequence[tuple[str, Any]] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Your answer"),
        choices=choices,
        widget=Radios,
        error_messages={"required": _CHOOSE, "invalid_choice": _DOES_NOT_FIT},
    )


class LevelForm(QuestionForm):
    """After how long a level of harm is reached."""

    said = "answer"
    answer = _radios()

    def __init__(
        self, *args: Any, answers: ProcessAnswers, question: LevelQuestion, **options: Any
    ) -> None:
        self.question = question
        reached = answers.given.reached.get(question.category, {})
        super().__init__(*args, said_so_far=self.so_far(reached), **options)
        cast("forms.ChoiceField", self.fields["answer"]).choices = [
            *((str(band), _band(band)) for band in choices_after(reached, question.threshold)),
            (NOT_WITHIN, _("Not within two weeks")),
            _I_DO_NOT_KNOW,
        ]

    def so_far(self, reached: Reached) -> dict[str, Any]:
        if self.question.threshold not in reached:
            return {}
        value = reached[self.question.threshold]
        words = {None: NOT_KNOWN, NEVER: NOT_WITHIN}
        return {"answer": words.get(value, str(value))}

    def value(self) -> int | None:
        """A band in minutes, `NEVER`, or `None` for "I don't know"."""
        words = {NOT_KNOWN: None, NOT_WITHIN: NEVER}
        answer = self.cleaned_data["answer"]
        return words[answer] if answer in words else int(answer)


def _band(minutes: int) -> str:
    words = band_words(minutes).said(gettext)
    return gettext("%(time)s or less") % {"time": words} if minutes == BANDS_MINUTES[0] else words


class WorkRecoveryForm(QuestionForm):
    """How long the backlog takes. A figure from elsewhere that is none of the bands is offered."""

    said = "answer"
    answer = _radios()

    def __init__(self, *args: Any, answers: ProcessAnswers, **options: Any) -> None:
        super().__init__(*args, said_so_far=self.so_far(answers), **options)
        stored = answers.assessment.work_recovery_minutes if answers.assessment else None
        figures = sorted({*BANDS_MINUTES, *([stored] if stored else [])})
        cast("forms.ChoiceField", self.fields["answer"]).choices = [
            ("0", _("No time: nothing piles up")),
            *((str(one), band_words(one).said(gettext)) for one in figures),
            _I_DO_NOT_KNOW,
        ]

    def so_far(self, answers: ProcessAnswers) -> dict[str, Any]:
        if answers.assessment is None or Plain.WORK_RECOVERY not in answers.given.plain:
            return {}
        minutes = answers.assessment.work_recovery_minutes
        return {"answer": NOT_KNOWN if minutes is None else str(minutes)}

    def value(self) -> int | None:
        answer = self.cleaned_data["answer"]
        return None if answer == NOT_KNOWN else int(answer)


class CostForm(QuestionForm):
    said = "known"
    known = _radios([("yes", _("About this much")), _I_DO_NOT_KNOW])
    cost_per_hour = forms.DecimalField(
        label=_("An hour costs"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    cost_basis = forms.CharField(
        label=_("How this was worked out"),
        help_text=_(
            "In a sentence, so that others can follow it: such as the turnover of a day divided"
            " by its working hours, plus the wages of those who wait. May be left empty."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, answers: ProcessAnswers, **options: Any) -> None:
        super().__init__(*args, said_so_far=self.so_far(answers), **options)
        if self.organisation.currency:
            self.fields["cost_per_hour"].label = _("An hour costs, in %(currency)s") % {
                "currency": self.organisation.currency
            }
        self.fields["cost_per_hour"].widget.attrs.update(
            {"class": "short", "inputmode": "decimal", "autocomplete": "off"}
        )

    def so_far(self, answers: ProcessAnswers) -> dict[str, Any]:
        one = answers.assessment
        if one is None or Plain.COST not in answers.given.plain:
            return {}
        return {
            "known": NOT_KNOWN if one.cost_per_hour is None else "yes",
            "cost_per_hour": one.cost_per_hour,
            "cost_basis": one.cost_basis,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        amount, known = cleaned.get("cost_per_hour"), cleaned.get("known")
        if "cost_per_hour" in self.errors:
            return cleaned
        if known == "yes" and amount is None:
            self.add_error("cost_per_hour", gettext("Give the amount; 0 is allowed."))
        if known == NOT_KNOWN and amount is not None:
            self.add_error(
                "cost_per_hour",
                gettext("You gave an amount and said that you don’t know it; keep one of them."),
            )
        return cleaned


class PeaksForm(QuestionForm):
    said = "any"
    any = _radios(
        [("no", _("No, it matters the same at all times")), ("yes", _("Yes, at these times"))]
    )
    peaks = PeaksField(label=_("Peaks"), required=False)

    def __init__(self, *args: Any, answers: ProcessAnswers, **options: Any) -> None:
        super().__init__(*args, said_so_far=self.so_far(answers), **options)

    def so_far(self, answers: ProcessAnswers) -> dict[str, Any]:
        if Plain.PEAKS not in answers.given.plain:
            return {}
        return {"any": "yes" if answers.peaks else "no", "peaks": answers.peaks}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "peaks" in self.errors:
            return cleaned
        if cleaned.get("any") == "no" and cleaned["peaks"]:
            self.add_error(
                "peaks", gettext("You named peaks and said that there are none; keep one of them.")
            )
        if cleaned.get("any") == "yes" and not cleaned["peaks"]:
            self.add_error("peaks", gettext("Name at least one, or choose “No”."))
        return cleaned

    def rearranged(self, button: str) -> dict[str, Any]:
        """Everything typed, with a row added or removed as the button asks, to be shown again."""
        rows = rearranged(self["peaks"].data, button)
        return {"any": self["any"].data or ("yes" if rows else ""), "peaks": rows}


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user} ({obj.get_role_display()})"


class AskForm(OrgForm):
    member = MemberField(
        label=_("Whom do you ask?"),
        help_text=_("Members whose role may answer: executives, directors, administrators."),
        queryset=Membership.objects.all(),
        empty_label=_("Choose somebody"),
        error_messages={"required": _("Choose whom you ask: the mail goes out at once.")},
        widget=forms.Select,
    )
    answer_by = forms.DateField(
        label=_("Wanted by"),
        help_text=_("May be left empty."),
        required=False,
        widget=DayInput,
    )
    note = forms.CharField(
        label=_("A personal note"),
        help_text=_("Goes into the mail and is kept nowhere else. May be left empty."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast("forms.ModelChoiceField", self.fields["member"])
        field.queryset = reads.who_may_answer(self.organisation)


class ImpactFilter(AnswerFilter):
    state = several(
        _("Show"),
        [
            ("mine", _("Waiting for me")),
            ("missing", _("Answers are missing")),
            ("unconfirmed", _("All answered, not confirmed")),
            ("confirmed", _("Confirmed")),
            ("no cost", _("Cost of an hour unknown")),
        ],
    )
    tier = tiers()
