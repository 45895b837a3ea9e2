"""Sentences the engine says, kept as template and values so that the edge can translate them.

The engine must not import Django, so it marks its templates with its own `gettext_noop` (made in
`rejection`, a leaf): the name is one that `makemessages` collects, and `templatetags` translates
the template before filling in the values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from bcp.engine.durations import format_minutes
from bcp.engine.rejection import gettext_noop

__all__ = ["Joined", "Message", "Minutes", "Passing", "at_least", "at_most", "gettext_noop"]


@dataclass(frozen=True, slots=True)
class Minutes:
    """A duration inside a sentence, so that each reader sees it in words ("1 d 2 h")."""

    value: int | None

    def __str__(self) -> str:
        return format_minutes(self.value)


@dataclass(frozen=True, slots=True)
class Passing:
    """A figure that grows by the passing of time alone, such as an age, with the day or moment
    that it is counted from: that is the fact, and stays."""

    figure: object
    since: date

    def __str__(self) -> str:
        return str(self.figure)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence: a %-template with named places and the values that fill them.

    A value may be a `Message` or a `Joined` itself; `said` translates all of it.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        return self.template % self.values

    def steady(self) -> str:
        """The sentence with what a passing figure is counted from in its place: the same at any
        later moment, unless something but time has changed."""
        return self.template % {name: _steady(value) for name, value in self.values.items()}

    def said(self, translate: Callable[[str], str]) -> str:
        """The sentence with every template in it, its own and inner ones, translated."""
        return translate(self.template) % {
            name: value.said(translate) if isinstance(value, Message | Joined) else value
            for name, value in self.values.items()
        }


def at_least(minutes: int | None, rests_on_unknown: object) -> Minutes | Message:
    """A time inside a sentence, in which an unknown duration counts 0 (rule G8)."""
    time = Minutes(minutes)
    return Message(gettext_noop("at least %(time)s"), {"time": time}) if rests_on_unknown else time


def at_most(minutes: int | None, rests_on_unknown: object) -> Minutes | Message:
    """A requirement inside a sentence, from which an unknown duration takes nothing (rule G8)."""
    time = Minutes(minutes)
    return Message(gettext_noop("at most %(time)s"), {"time": time}) if rests_on_unknown else time


@dataclass(frozen=True, slots=True)
class Joined:
    """Words or sentences in a row, as one value of a sentence."""

    parts: tuple[Message, ...]
    between: str = ", "

    def __str__(self) -> str:
        return self.between.join(map(str, self.parts))

    def steady(self) -> str:
        return self.between.join(part.steady() for part in self.parts)

    def said(self, translate: Callable[[str], str]) -> str:
        return self.between.join(part.said(translate) for part in self.parts)


def _steady(value: object) -> object:
    if isinstance(value, Passing):
        return value.since.isoformat()
    return value.steady() if isinstance(value, Message | Joined) else value
