"""How pages say what the engine answers: durations, sentences, and the standing of a system."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.class_words import CLASS_SHAPES, CLASS_WORDS
from bcp.engine.durations import format_minutes, unbroken
from bcp.engine.estate import Area
from bcp.engine.messages import Message, gettext_noop
from bcp.engine.observed import CopyState
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results import Standing
from bcp.engine.sizes import format_bytes
from bcp.engine.words import area_word

register = template.Library()

_STANDINGS: dict[str, tuple[str, str | Promise]] = {
    Standing.MEETS.value: ("●", _("meets")),
    Standing.AT_RISK.value: ("▲", _("at risk")),
    Standing.MISSES.value: ("■", _("misses")),
    Standing.UNKNOWN.value: ("◌", _("unknown")),
}
_COPY_STATES = {
    CopyState.ON_TIME: ("meets", "●", gettext_noop("on time")),
    CopyState.LATE: ("at-risk", "▲", gettext_noop("late")),
    CopyState.FAILED: ("misses", "■", gettext_noop("failed")),
    CopyState.SILENT: ("unknown", "◌", gettext_noop("never reported")),
    CopyState.UNKNOWN: ("unknown", "◌", gettext_noop("interval unknown")),
}

_ESTIMATED_FROM = 100


@register.filter
def one_line(value: object) -> str:
    """A name for a mail: whoever gave it writes no paragraph of the mail with it."""
    return " ".join(str(value).split())


@register.filter
def minutes(value: int | None) -> str:
    """Whole minutes in words ("1 d 2 h"); `None` is said to be unknown, never 0."""
    return gettext("unknown") if value is None else unbroken(format_minutes(value))


@register.filter
def at_least(value: int | None, rests_on_unknown: bool) -> str:
    """Minutes in words, "at least" where the sum rests on a duration nobody knows (Rule G8). At
    least nothing at all is as good as unknown, and said so."""
    if rests_on_unknown and value == 0:
        return minutes(None)
    if value is None or not rests_on_unknown:
        return minutes(value)
    return gettext("at least %(time)s") % {"time": minutes(value)}


@register.filter
def at_most(value: int | None, rests_on_unknown: bool) -> str:
    """A required time in words, "at most" where it rests on an unknown (Rule G8). Where the work
    that follows takes longer than there is, it lies before the disruption: no time is left."""
    if value is not None and value < 0:
        return gettext("no time is left")
    if value is None or not rests_on_unknown:
        return minutes(value)
    return gettext("at most %(time)s") % {"time": minutes(value)}


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount, rounded to whole units from a hundred on: who estimates does not count cents.
    `None` is said to be unknown, never 0; without a currency the figure stands alone."""
    if amount is None:
        return gettext("unknown")
    decimals = 0 if abs(amount) >= _ESTIMATED_FROM or amount == int(amount) else 2
    figure = number_format(round(amount, decimals), decimal_pos=decimals, force_grouping=True)
    return f"{currency}\u00a0{figure}" if currency else figure


@register.filter
def moment(kept: str) -> datetime:
    """The moment that frozen figures name, for `date`."""
    return timezone.localtime(datetime.fromisoformat(kept))


@register.filter
def amount_kept(kept: str) -> Decimal:
    """The amount that frozen figures name, for `money`."""
    return Decimal(kept)


@register.filter
def say(message: Message | None) -> str:
    """A sentence of the engine in the reader's language."""
    if message is None:
        return ""
    return unbroken(message.said(gettext))


@register.simple_tag
def area(value: str) -> str:
    """What a step of a procedure brings back, in a word."""
    return area_word(Area(value)).said(gettext)


_UNKNOWN_IS_SAID = {"minutes", "bytes", "yes or no"}


@register.simple_tag(takes_context=True)
def cell(context: Context, column: Any, record: Any) -> str:
    """What a column of a list says of a record; a dash where nothing is recorded."""
    value = column.of(record)
    if column.kind == "system" and value is not None:
        address = reverse("systems-detail", args=[context["organisation"].slug, value.pk])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, value)
    if column.kind in _UNKNOWN_IS_SAID and value is None:
        return format_html('<span class="quiet">{}</span>', gettext("unknown"))
    if column.kind == "minutes":
        return minutes(value)
    if value is not None and column.kind in _DRAWN:
        return _DRAWN[column.kind](value)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return str(value)


@register.inclusion_tag("components/standing.html")
def copy_state(observed: Any) -> dict[str, object]:
    """The badge of a copy's last run; `observed` has a `state` and its `overdue_minutes`."""
    key, shape, word = _COPY_STATES[observed.state]
    text = gettext(word)
    if observed.state is CopyState.LATE:
        text = gettext("late by %(time)s") % {"time": format_minutes(observed.overdue_minutes)}
    return {"key": key, "shape": shape, "word": text}


@register.filter
def amount(value: int | None) -> str:
    """Bytes in words ("120 GB"); `None` is said to be unknown, never 0."""
    return gettext("unknown") if value is None else format_bytes(value)


@register.inclusion_tag("components/standing.html")
def standing(value: Standing | str) -> dict[str, object]:
    """A badge: word, shape and colour, so that it is told apart in grey and by everybody."""
    key = value.value if isinstance(value, Standing) else str(value)
    shape, word = _STANDINGS[key]
    return {"key": key.replace(" ", "-"), "shape": shape, "word": word}


@register.inclusion_tag("components/standing.html")
def readiness(value: ReadinessClass | str) -> dict[str, object]:
    """The badge of a readiness class: which halves are there (rule B5)."""
    kind = ReadinessClass(value)
    word = gettext(CLASS_WORDS[kind])
    return {
        "key": f"class-{kind.name.lower().replace('_', '-')}",
        "shape": CLASS_SHAPES[kind],
        "word": word,
    }


_DRAWN: dict[str, Callable[[Any], str]] = {
    "standing": lambda value: render_to_string("components/standing.html", standing(value)),
    "copy state": lambda value: render_to_string("components/standing.html", copy_state(value)),
    "readiness": lambda value: render_to_string("components/standing.html", readiness(value)),
    "bytes": format_bytes,
}
"""Kinds of columns whose values are drawn by a function of theirs."""
