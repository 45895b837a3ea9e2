"""What the matrix of backups is narrowed by. The choices are those that the analysis has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.class_words import CLASS_WORDS
from bcp.engine.results import Analysis
from bcp.engine.wording_of_matrix import column_heading
from bcp.web.forms.answers import AnswerFilter, several, tiers

READINESS: dict[str, Any] = {kind.value: _(words) for kind, words in CLASS_WORDS.items()}
DEMANDED = ":demanded"
"""Misses in any scenario that its tier is to withstand; no scenario is called so."""


class MatrixFilter(AnswerFilter):
    misses = forms.ChoiceField(label=_("Misses its RPO in"), required=False)
    readiness = several(_("Readiness"), READINESS.items())
    tier = tiers()
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    site = forms.ChoiceField(label=_("Site"), required=False)

    def __init__(self, *args: Any, answer: Analysis, **options: Any) -> None:
        super().__init__(*args, answer=answer, **options)
        systems = answer.estate.systems
        columns = [(name, column_heading(name).said(gettext)) for name in answer.scenarios]
        self._offer("misses", [(DEMANDED, gettext("any that its tier must withstand")), *columns])
        self._offer("owner", _names(one.owner for one in systems))
        self._offer("site", _names(one.site for one in systems))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", ""), *choices]


def _names(found: Iterable[str | None]) -> list[tuple[str, str]]:
    return [(name, name) for name in sorted({one for one in found if one}, key=str.casefold)]
