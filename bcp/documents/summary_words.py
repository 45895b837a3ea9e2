"""An executive summary in words, for the page and for paper alike, from its frozen facts.

Whoever reads it need not know what any abbreviation means. What does not fit is counted, never
dropped in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bcp.documents import summary_sentences as sentences
from bcp.documents import wording
from bcp.documents.impact_appendix import harm
from bcp.documents.summary_bars import bar
from bcp.documents.summary_text import Room, lasting
from bcp.engine.loss import LossState
from bcp.engine.readiness import ReadinessClass
from bcp.engine.results import Severity, Standing
from bcp.engine.scenario import RANSOMWARE

Fact = dict[str, Any]

_FAR_TARGET = 1.5
"""A target further away than so many times the longest outage would make slivers of the bars."""
_LINKS_NAMED = 4

CLASSES: dict[ReadinessClass, tuple[str, Any]] = {
    ReadinessClass.BOTH: (
        "●",
        gettext_lazy("the data are safe, and the way back is written, owned and proved"),
    ),
    ReadinessClass.ONLY_BACKUPS: (
        "◐",
        gettext_lazy("the data are safe, but nobody proved that work can be resumed"),
    ),
    ReadinessClass.ONLY_PLAN: (
        "◑",
        gettext_lazy("the way back is proved, but the data may be gone or too old"),
    ),
    ReadinessClass.NEITHER: ("○", gettext_lazy("neither the data nor the way back is sure")),
}
_SEVERITY_SHAPES = {Severity.HIGH: "■", Severity.MEDIUM: "▲", Severity.LOW: "●"}


def shown(sections: Mapping[str, Any], currency: str, room: Room) -> Fact:
    """What a template says; `sections` are those of `summary.SECTIONS`."""
    processes = sections["processes"]
    listed = processes[: room.processes]
    return {
        "sentences": sentences.headline(sections["totals"]),
        "basis": sentences.basis(sections["totals"]),
        "currency": currency,
        "processes": _rows(listed, room),
        "processes_left_out": _left_out(processes[len(listed) :]),
        "ways": _ways(sections["ways"][: room.ways], room),
        "kinds": [_kind(one, room) for one in sections["open_gaps"]["kinds"][: room.kinds]],
        "kinds_left_out": max(0, len(sections["open_gaps"]["kinds"]) - room.kinds),
        "gap_counts": sections["open_gaps"]["counts"],
        "accepted": [_accepted(one, room) for one in sections["accepted"][: room.accepted]],
        "accepted_left_out": max(0, len(sections["accepted"]) - room.accepted),
        "classes": [
            {"count": sections["readiness"]["classes"][kind.value], "shape": shape, "means": means}
            for kind, (shape, means) in CLASSES.items()
        ],
        "last_full_test": sentences.full_test(sections["readiness"]["last_full_test"], room),
        "decisions": sentences.decisions(sections),
    }


def _rows(processes: Sequence[Fact], room: Room) -> list[Fact]:
    longest = max((one["restored_minutes"] for one in processes), default=0)
    targets = [one["rto_minutes"] for one in processes if one["rto_minutes"] is not None]
    scale = max([longest, *(one for one in targets if one <= _FAR_TARGET * longest)], default=0)
    return [_row(one, scale, room) for one in processes]


def _row(process: Fact, scale: int, room: Room) -> Fact:
    standing = Standing(process["standing"])
    possible = lasting(process["restored_minutes"], process["at_least"])
    return {
        "key": process["key"],
        "name": room.name(process["name"]),
        "standing": standing.value.replace(" ", "-"),
        "shape": wording.STANDINGS[standing][0],
        "verdict": verdict(process),
        "promised": lasting(process["rto_minutes"]) if process["rto_minutes"] is not None else "",
        "needed": _needed(process["derived_rto"]),
        "looser": process["looser"],
        "proposed": lasting(process["proposed_minutes"])
        if process["is_proposed"] and process["proposed_minutes"] is not None
        else "",
        "possible": possible,
        "bar": bar(
            process["restored_minutes"],
            process["rto_minutes"],
            at_least=process["at_least"],
            longest_minutes=scale,
            says=_bar_says(process, possible),
        ),
        "held_up": held_up(process, room),
        "beyond": beyond(process),
        "cost": None if process["cost"] is None else Decimal(process["cost"]),
        "cost_at_least": process["at_least"],
        "peak": {
            "name": room.name(process["peak"]["name"]),
            "cost": Decimal(process["peak"]["cost"]),
        }
        if process["peak"]
        else None,
        "loss": loss(process, room),
    }


def _peak(peak: Fact | None, room: Room) -> Fact | None:
    if peak is None:
        return None
    return {"name": room.name(peak["name"]), "cost": Decimal(peak["cost"])}


def verdict(process: Fact) -> str:
    """Promised against possible in a few words."""
    standing = Standing(process["standing"])
    if standing is Standing.MISSES:
        return _("misses by %(time)s") % {
            "time": lasting(process["misses_minutes"], process["at_least"])
        }
    if standing is Standing.AT_RISK:
        return _("in time, but too late for what depends on it")
    if standing is Standing.MEETS:
        return _("in time")
    return _("not known") if process["rto_minutes"] is not None else _("nothing promised")


def _needed(limit: Mapping[str, Any]) -> str:
    if limit["minutes"] is None:
        return str(wording.UNKNOWN) if limit["may_be_earlier"] else _("no limit")
    time = lasting(limit["minutes"])
    return _("at most %(time)s") % {"time": time} if limit["may_be_earlier"] else time


def _bar_says(process: Fact, possible: str) -> str:
    if process["rto_minutes"] is None:
        return _("Back after %(possible)s; nothing promised.") % {"possible": possible}
    return _("Back after %(possible)s; promised within %(promised)s.") % {
        "possible": possible,
        "promised": lasting(process["rto_minutes"]),
    }


def held_up(process: Fact, room: Room) -> str:
    """What the time is made of: the links that add most, in the order in which they happen."""
    links = [one for one in process["chain"] if not one["itself"]]
    heaviest = sorted(links, key=lambda one: (-one["unknown"], -one["adds_minutes"]))
    kept = heaviest[:_LINKS_NAMED]
    named = [_link(one, room) for one in links if one in kept]
    own = next((one for one in process["chain"] if one["itself"]), None)
    says = []
    if named:
        listed = wording.in_words(named, len(links) - len(kept))
        says.append(_("Waits for %(links)s.") % {"links": listed})
    if own and own["unknown"]:
        says.append(_("How long its own recovery takes is not known."))
    elif own and own["adds_minutes"]:
        says.append(_("Its own recovery takes %(time)s.") % {"time": lasting(own["adds_minutes"])})
    if process["begins_minutes"]:
        says.append(
            _("Nobody can begin before %(time)s.") % {"time": lasting(process["begins_minutes"])}
        )
    if process["in_loop"]:
        says.append(_("It waits for itself: the time is provisional."))
    return " ".join(says)


def _link(link: Fact, room: Room) -> str:
    time = _("nobody knows how long") if link["unknown"] else lasting(link["adds_minutes"])
    return f"{room.name(link['name'])} ({time})"


def beyond(process: Fact) -> str:
    """The strong words for an outage that the organisation cannot bear; empty if it can."""
    told = process["beyond"]
    if told is None:
        return ""
    values = {
        "bearable": lasting(told["bearable_minutes"]),
        "working": lasting(told["working_minutes"], process["at_least"]),
    }
    if told["approved"]:
        return (
            _(
                "Longer than the organisation can bear: no more than %(bearable)s was approved as"
                " bearable, and work would be as before only after %(working)s."
            )
            % values
        )
    return _(
        "Longer than the organisation can bear: after %(bearable)s %(harm)s, and work would be as"
        " before only after %(working)s."
    ) % {**values, "harm": harm(process["derived_mtd"])}


def loss(process: Fact, room: Room) -> Fact:
    """How much data would be lost in the worst event that it must survive. What came after an
    attacker got in is lost besides, and not held against what was accepted."""
    told = process["loss"]
    if told is None:
        return {"shape": "", "says": _("nothing that is recorded"), "event": "", "accepted": ""}
    amounts = {
        LossState.TOTAL: _("all of it"),
        LossState.UNKNOWN: _("nobody knows how much"),
    }
    state = LossState(told["state"])
    standing = Standing(told["standing"])
    accepted = process["rpo_minutes"]
    return {
        "shape": wording.STANDINGS[standing][0],
        "standing": standing.value.replace(" ", "-"),
        "says": amounts.get(state)
        or _("up to %(time)s") % {"time": lasting(told["against_rpo_minutes"])},
        "event": _event(told, room),
        "accepted": _("accepted: %(time)s") % {"time": lasting(accepted)}
        if accepted is not None
        else _("nobody decided how much may be lost"),
    }


def _event(told: Fact, room: Room) -> str:
    said = room.cut(told["scenario_says"], 2)
    if told["minutes"] is None or told["minutes"] == told["against_rpo_minutes"]:
        return _("after %(event)s") % {"event": said}
    inside = lasting(told["minutes"] - told["against_rpo_minutes"])
    if told["scenario"].partition(":")[0] == RANSOMWARE:
        return _("after ransomware, besides the %(time)s that it was inside") % {"time": inside}
    return _("after %(event)s, besides %(time)s with an attacker inside") % {
        "event": said,
        "time": inside,
    }


def _left_out(processes: Sequence[Fact]) -> str:
    """What is not listed, counted: "and 180 more, all of which meet their targets"."""
    count = len(processes)
    if not count:
        return ""
    standings = Counter(
        "none" if one["rto_minutes"] is None else one["standing"] for one in processes
    )
    if standings[Standing.MEETS.value] == count:
        return ngettext(
            "And %(count)d more, which meets its target.",
            "And %(count)d more, all of which meet their targets.",
            count,
        ) % {"count": count}
    words = {
        Standing.MISSES.value: _("%(count)d miss their targets"),
        Standing.AT_RISK.value: _("%(count)d in time, but too late for what depends on them"),
        Standing.UNKNOWN.value: _("%(count)d of which it is not known"),
        "none": _("%(count)d without an approved target"),
        Standing.MEETS.value: _("%(count)d in time"),
    }
    parts = [word % {"count": standings[kind]} for kind, word in words.items() if standings[kind]]
    return _("And %(count)d more: %(parts)s.") % {"count": count, "parts": ", ".join(parts)}


def _ways(ways: Sequence[Fact], room: Room) -> list[Fact]:
    """The sets of changes, each with the processes that it helps."""
    helped: dict[tuple[str, ...], list[Fact]] = {}
    for way in ways:
        helped.setdefault(tuple(way["changes"]), []).append(
            {
                "process": room.name(way["process"]),
                "now": lasting(way["restored_minutes"], way["at_least"]),
                "wanted": lasting(way["rto_minutes"]),
                "then": lasting(way["then_minutes"], way["at_least"]),
                "provisional": way["provisional"],
            }
        )
    return [{"changes": changes, "helps": helps} for changes, helps in helped.items()]


def _kind(kind: Fact, room: Room) -> Fact:
    severity = Severity(kind["severity"])
    return {
        **kind,
        "shape": _SEVERITY_SHAPES[severity],
        "severity_word": wording.SEVERITIES[severity],
        "listed": wording.in_words(
            [room.name(name) for name in kind["names"]], kind["count"] - len(kind["names"])
        )
        if kind["names"]
        else "",
    }


def _accepted(one: Fact, room: Room) -> Fact:
    return {
        "subject": "" if one["subject"] in one["says"] else room.name(one["subject"]),
        "says": room.cut(one["says"], 4),
        "why": room.cut(one["why"], 3),
        "by": room.name(one["by"]),
        "until": wording.day(one["until"]),
    }
