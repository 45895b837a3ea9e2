"""Long forms in parts, each under a heading, so that one finds one's way."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms


class PartsMixin(forms.BaseForm):
    PARTS: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]]
    """Heading and the names of the fields below it."""

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Fields that this form does not ask for are left out, and headings without any."""
        there = (
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in self.PARTS
        )
        return [(heading, fields) for heading, fields in there if fields]


class DayInput(forms.DateInput):
    """A day, picked or typed."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and a time, picked or typed, in the organisation's time zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")
