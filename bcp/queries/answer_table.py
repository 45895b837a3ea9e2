"""The analysis as a table for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.class_words import CLASS_WORDS
from bcp.engine.durations import format_minutes
from bcp.engine.loss import LossState
from bcp.engine.readiness import ReadinessClass


def answer_table(answer: dict[str, Any]) -> str:
    """The object of `answers.answer` in lines: activation, systems in restore order, and what is
    wrong with them."""
    parts = [_heading(answer), _systems(answer["systems"], answer["scenario"])]
    loops = [" ⇄ ".join(loop["systems"]) for loop in answer["loops"]]
    opened = ["; ".join(" → ".join(edge) for edge in loop["open"]) for loop in answer["loops"]]
    parts += [
        _("Loop: %(systems)s. Open: %(edges)s") % {"systems": systems, "edges": edges}
        for systems, edges in zip(loops, opened, strict=True)
    ]
    parts += [f"{conflict['rule']}: {conflict['says']}" for conflict in answer["conflicts"]]
    parts += [f"{gap['severity']}: {gap['says']}" for gap in answer["gaps"]]
    parts += [
        _("Nobody who may declare: %(path)s, %(from)s – %(to)s") % gap
        for gap in answer["people_gaps"]
    ]
    return "\n".join(_printable(line) for part in parts for line in part.split("\n"))


def _heading(answer: dict[str, Any]) -> str:
    return _(
        "%(organisation)s, %(scenario)s: all restored after %(time)s; work starts at %(start)s"
    ) % {
        "organisation": answer["organisation"],
        "scenario": answer["scenario"],
        "time": _time(answer["restored_minutes"], answer["at_least"]),
        "start": _time(answer["activation"]["total_minutes"], answer["activation"]["at_least"]),
    }


def _systems(systems: list[dict[str, Any]], scenario: str) -> str:
    header = [
        *(_("Wave"), _("System"), _("Start"), _("Restored"), "RTO", _("Required"), _("Slack")),
        *(_("Loss"), "RPO", _("Ready"), _("Because of")),
    ]
    rows = [
        [
            "–" if system["wave"] is None else str(system["wave"]),
            system["name"],
            _time(system["start_minutes"]),
            _time(system["restored_minutes"], system["at_least"]),
            _time(system["rto_minutes"]),
            _time(system["required_rto_minutes"]),
            _time(system["slack_minutes"]),
            _loss(system, scenario),
            _time(system["rpo_minutes"]),
            _(CLASS_WORDS[ReadinessClass(system["readiness"])]),
            " → ".join(system["binding_chain"]),
        ]
        for system in systems
    ]
    return _columns([header, *rows])


def _loss(system: dict[str, Any], scenario: str) -> str:
    """The worst loss in the scenario; a dash where it takes nothing from the system."""
    state = system["loss_states"].get(scenario)
    if state is None:
        return "–"
    if state == LossState.TOTAL.value:
        return _("all")
    minutes = system["loss_minutes"][scenario]
    if minutes is None:
        least = system["loss_at_least_minutes"][scenario]
        return _("unknown") if not least else _time(least, at_least=True)
    text = format_minutes(minutes)
    tested = system["loss_tested"][scenario]
    return text if tested else _("%(loss)s, untested") % {"loss": text}


def _time(minutes: int | None, at_least: bool = False) -> str:
    if minutes is None:
        return "–"
    return ("≥ " if at_least else "") + format_minutes(minutes)


def _columns(rows: Sequence[Sequence[str]]) -> str:
    """Aligned by what the characters take on a screen; the last column is left ragged."""
    printable = [[_printable(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*printable, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in printable
    )


def _printable(text: str) -> str:
    """Without what a terminal would take for a command, or what turns the reading around."""
    return "".join(char if char.isprintable() else " " for char in text)


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)
