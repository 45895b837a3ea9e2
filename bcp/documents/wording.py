"""How a plan words times, standings and reasons: short, exact, and saying what is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bcp.engine.coverage import BadCoverage, covers, parse_coverage
from bcp.engine.durations import (
    MINUTES_PER_DAY,
    MINUTES_PER_HOUR,
    MINUTES_PER_WEEK,
    parse_minutes,
)
from bcp.engine.estate import DurationSource, NeededTo
from bcp.engine.results import Effect, Severity, Standing

Fact = Mapping[str, Any]

UNKNOWN = gettext_lazy("unknown")

STANDINGS = {
    Standing.MEETS: ("●", gettext_lazy("meets its target")),
    Standing.AT_RISK: ("▲", gettext_lazy("at risk: too late for what needs it")),
    Standing.MISSES: ("■", gettext_lazy("misses its target")),
    Standing.UNKNOWN: ("◌", gettext_lazy("not known whether it meets a target")),
}
SHORT_STANDINGS = {
    Standing.MEETS: gettext_lazy("meets"),
    Standing.AT_RISK: gettext_lazy("at risk"),
    Standing.MISSES: gettext_lazy("misses"),
    Standing.UNKNOWN: gettext_lazy("unknown"),
}
SEVERITIES = {
    Severity.HIGH: gettext_lazy("High"),
    Severity.MEDIUM: gettext_lazy("Medium"),
    Severity.LOW: gettext_lazy("Low"),
}
NEEDED_TO = {
    NeededTo.REBUILD: gettext_lazy("to rebuild"),
    NeededTo.RUN: gettext_lazy("to run"),
    NeededTo.FULL_SERVICE: gettext_lazy("for full service"),
}
SOURCES = {
    DurationSource.TEST: gettext_lazy("measured in a test"),
    DurationSource.PROCEDURE: gettext_lazy("sum of the procedure"),
    DurationSource.RESTORE: gettext_lazy("volume ÷ throughput"),
    DurationSource.ESTIMATE: gettext_lazy("estimate"),
    DurationSource.CONTRACT: gettext_lazy("supplier contract"),
}

NO_BREAK = "\u00a0"


def span(minutes: int | None) -> str:
    """A duration for a table cell: "45 min", "26 h 15", "3 d 2 h"; unknown says so."""
    if minutes is None:
        return str(UNKNOWN)
    sign, rest = ("−", -minutes) if minutes < 0 else ("", minutes)
    if rest < MINUTES_PER_HOUR:
        return f"{sign}{rest}{NO_BREAK}min"
    days = rest // MINUTES_PER_DAY if rest >= 2 * MINUTES_PER_DAY else 0
    hours, left = divmod(rest - days * MINUTES_PER_DAY, MINUTES_PER_HOUR)
    parts = [f"{days}{NO_BREAK}d"] if days else []
    if hours or left:
        parts.append(f"{hours}{NO_BREAK}h" + (f"{NO_BREAK}{left:02d}" if left else ""))
    return sign + " ".join(parts)


def after(minutes: int | None, at_least: bool = False) -> str:
    """A moment counted from the disruption: "T+7 h 30", "T+7 h 30 at the earliest"."""
    if minutes is None:
        return str(UNKNOWN)
    moment = f"T+{span(minutes)}"
    return _("%(moment)s at the earliest") % {"moment": moment} if at_least else moment


def day(iso: str | None) -> str:
    """A calendar day in words."""
    return formats.date_format(date.fromisoformat(iso), "j F Y") if iso else str(_("never"))


def scenario(name: str) -> str:
    """What a plan is for: "everything is lost", "the site Nord is lost"."""
    kind, _colon, subject = name.partition(":")
    sentences = {
        "everything": _("Everything is lost"),
        "site": _("The site “%(name)s” is lost"),
        "supplier": _("The supplier “%(name)s” is gone"),
        "system": _("The system “%(name)s” is lost"),
        "ransomware": _("Ransomware, inside for %(dwell)s"),
        "stolen_credentials": _("Administrator credentials are stolen"),
    }
    if kind not in sentences:
        return name
    dwell = span(parse_minutes(subject)) if kind == "ransomware" else ""
    return sentences[kind] % {"name": subject, "dwell": dwell}


def in_words(names: Sequence[str], more: int = 0) -> str:
    """ "A, B and 3 more"."""
    listed = ", ".join(names)
    if not more:
        return listed
    return ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", more) % {
        "names": listed,
        "count": more,
    }


def reason(system: Fact) -> str:
    """Why the restored time is what it is, in one sentence before the chain is listed."""
    if system["effect"] == Effect.UNTOUCHED.value:
        return _("This scenario does not touch it.")
    moment = after(system["restored_minutes"], system["at_least"])
    if system["at_least"]:
        return _(
            "Restored at %(moment)s: nobody knows how long the recovery of %(unknown)s takes."
        ) % {"moment": moment, "unknown": unknowns(system)}
    return _("Restored at %(moment)s.") % {"moment": moment}


def unknowns(system: Fact) -> str:
    """The systems in its sum whose duration nobody knows."""
    shown = list(system["unknown"])
    if not shown:
        return _("something before it")
    return in_words(shown, max(0, system["unknown_count"] - len(shown)))


def verdict(system: Fact) -> str:
    """Target against achievable time, with the figure that matters."""
    standing = Standing(system["standing"])
    misses = system["misses_minutes"]
    if standing is Standing.MISSES:
        return _("misses its target by %(minutes)s") % {"minutes": span(misses)}
    if standing is Standing.AT_RISK and system["required_by"]:
        if system["required_minutes"] <= 0:
            return _("at risk: “%(dependent)s” needs it sooner than anybody could start") % {
                "dependent": system["required_by"]
            }
        return _("at risk: “%(dependent)s” needs it within %(required)s") % {
            "dependent": system["required_by"],
            "required": span(system["required_minutes"]),
        }
    if standing is Standing.UNKNOWN and system["rto_minutes"] is None:
        return _("no approved target")
    return str(STANDINGS[standing][1])


def within(hours: Sequence[tuple[int, int]], coverage: str, *, inside: bool) -> str:
    """Whether somebody is reachable in all, part or none of the given hours of the week, or of
    all hours outside of them: "yes", "partly", "no"."""
    try:
        spans = parse_coverage(coverage)
    except BadCoverage:
        return _("no")
    # Nothing changes between the ends of two spans, so their starts and ends are all to look at.
    moments = {0, *(edge % MINUTES_PER_WEEK for pair in (*hours, *spans) for edge in pair)}
    answers = {
        covers(tuple(spans), minute) for minute in moments if covers(tuple(hours), minute) is inside
    }
    if answers == {True}:
        return _("yes")
    return _("partly") if True in answers else _("no")
