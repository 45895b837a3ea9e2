"""The matrix in words: short headings, what each column means, and what a cell says."""

from __future__ import annotations

from bcp.engine.durations import parse_minutes
from bcp.engine.estate import Estate
from bcp.engine.loss import LossState
from bcp.engine.matrix import Cell
from bcp.engine.messages import Joined, Message, Minutes, gettext_noop
from bcp.engine.scenario import (
    EVERYTHING,
    RANSOMWARE,
    SITE,
    STOLEN_CREDENTIALS,
    SUPPLIER,
    SYSTEM,
    parse_scenario,
)
from bcp.engine.shared_loss import SystemLoss
from bcp.engine.standing import Standing
from bcp.engine.words import scenario_words

_HEADINGS = {
    SYSTEM: gettext_noop("Own failure"),
    SITE: gettext_noop("Site lost"),
    SUPPLIER: gettext_noop("Supplier gone"),
    STOLEN_CREDENTIALS: gettext_noop("Stolen credentials"),
    EVERYTHING: gettext_noop("Everything"),
}
_RANSOMWARE_HEADING = gettext_noop("Ransomware %(dwell)s")
_OWN_NAME = gettext_noop("%(name)s")

_MEANINGS = {
    SYSTEM: gettext_noop(
        "The system itself fails with its storage; copies on that storage go with it."
    ),
    SITE: gettext_noop(
        "The site of the system, or one where its data are, is lost with everything in its zone."
    ),
    SUPPLIER: gettext_noop("The supplier that holds its data is gone with what is kept there."),
    STOLEN_CREDENTIALS: gettext_noop(
        "A thief has the administrators' credentials and deletes every copy that they reach."
    ),
    EVERYTHING: gettext_noop(
        "Every zone in which a live system runs is lost; left is what is kept elsewhere."
    ),
}
_RANSOMWARE_MEANING = gettext_noop(
    "An attacker was inside for %(dwell)s, corrupts everything and deletes every copy that is "
    "neither locked nor offline. Points younger than %(dwell)s are spoilt; against the RPO counts "
    "how much older than that the newest clean point is."
)
_TOGETHER = gettext_noop("At the same moment: %(parts)s.")

_NO_COPY = gettext_noop("no copy")
_NOTHING_SURVIVES = gettext_noop("nothing survives")
_UNKNOWN = gettext_noop("unknown")
_UNKNOWN_AT_LEAST = gettext_noop("unknown, at least %(loss)s")
_NOTHING_LOST = gettext_noop("nothing lost")
_FIGURE = gettext_noop("%(loss)s")
_UNTOUCHED = gettext_noop("untouched")
_NO_DATA = gettext_noop("no data held")
_SITE_UNKNOWN = gettext_noop("site unknown")
_NO_SITE = gettext_noop("no site")
_NO_SUPPLIER = gettext_noop("no supplier")

_STANDINGS = {
    Standing.MISSES: gettext_noop("misses"),
    Standing.UNKNOWN: gettext_noop("unknown"),
    Standing.AT_RISK: gettext_noop("untested: a rumour"),
    Standing.MEETS: gettext_noop("meets"),
}
_SPARED = gettext_noop("spared")
_NO_RPO = gettext_noop("no approved RPO")


def column_heading(name: str) -> Message:
    """A few words for the head of a column; a combination bears its own name."""
    if name in _HEADINGS:
        return Message(_HEADINGS[name])
    dwell = _dwell(name)
    if dwell is not None:
        return Message(_RANSOMWARE_HEADING, {"dwell": dwell})
    return Message(_OWN_NAME, {"name": name})


def column_meaning(name: str, estate: Estate) -> Message:
    """What happens in a scenario, in sentences; `name` is one of `Analysis.scenarios`."""
    if name in _MEANINGS:
        return Message(_MEANINGS[name])
    dwell = _dwell(name)
    if dwell is not None:
        return Message(_RANSOMWARE_MEANING, {"dwell": dwell})
    parts = parse_scenario(name, estate).parts
    return Message(_TOGETHER, {"parts": Joined(tuple(map(scenario_words, parts)), "; ")})


def _dwell(name: str) -> Minutes | None:
    kind, colon, dwell = name.partition(":")
    return Minutes(parse_minutes(dwell)) if colon and kind == RANSOMWARE else None


def cell_figure(cell: Cell) -> Message:
    """How much is lost, in a word or a figure: "1 d 2 h", "nothing survives", "untouched"."""
    loss = cell.loss
    if loss is None:
        if cell.standing is not None:
            return Message(_SITE_UNKNOWN)
        return Message(_NO_SITE if cell.column == SITE else _NO_SUPPLIER)
    return loss_figure(loss, cell.index)


def loss_figure(loss: SystemLoss, system: int) -> Message:
    """The same of a loss that stands in no matrix."""
    if loss.state is LossState.BOUNDED:
        template = _FIGURE if loss.loss_minutes or loss.shared else _NOTHING_LOST
        return Message(template, {"loss": Minutes(loss.loss_minutes)})
    if loss.state is LossState.UNKNOWN:
        least = loss.at_least_minutes
        return Message(_UNKNOWN_AT_LEAST if least else _UNKNOWN, {"loss": Minutes(least)})
    if loss.state is LossState.TOTAL:
        bare = loss.system == system and not any(one.fates for one in loss.shared)
        return Message(_NO_COPY if bare else _NOTHING_SURVIVES)
    return Message(_NO_DATA if loss.state is LossState.NOTHING_HELD else _UNTOUCHED)


def cell_standing(cell: Cell) -> Message:
    """How that stands against the RPO, in words."""
    standing = cell.standing
    if standing is None:
        return Message(_SPARED)
    known = cell.loss is not None and cell.loss.state is LossState.BOUNDED
    return Message(_NO_RPO if known and standing is Standing.UNKNOWN else _STANDINGS[standing])
