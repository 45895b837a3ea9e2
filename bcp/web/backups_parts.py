"""What pages show of backups: losses as cells, the digits of 3-2-1-1-0, and why each is as it is.

The matrix, the reasoning beside it and a system's own sheet are made of these parts, so that a
figure reads the same wherever it stands. The templates are `backups/_cell.html`,
`backups/_losses.html`, `backups/_digits.html` and `backups/_reasoning.html`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import Copy
from bcp.engine.loss import LossState, OwnLoss
from bcp.engine.matrix import Cell
from bcp.engine.messages import Message
from bcp.engine.results import Analysis
from bcp.engine.standing import Standing
from bcp.engine.survival import Fate, Verdict
from bcp.engine.three_two_one import CopiesRule, Digit, Missing
from bcp.engine.wording_of_backups import explain_loss
from bcp.engine.wording_of_matrix import (
    cell_figure,
    cell_standing,
    column_heading,
    column_meaning,
)

MOST_MEMBERS = 12
"""Of a large group of coupled data the worst are told copy by copy, the rest are counted."""

_SHAPES = {
    Standing.MISSES: "■",
    Standing.UNKNOWN: "◌",
    Standing.AT_RISK: "▲",
    Standing.MEETS: "●",
}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of the matrix with its words, shape and the address of its reasoning."""

    cell: Cell
    heading: Message
    figure: Message
    says: Message
    shape: str
    key: str
    """The end of the CSS class that colours it."""
    url: str
    decided_by: str | None
    """The other system whose copies decide, because the data come back as of one moment."""

    @property
    def counted_minutes(self) -> int | None:
        """What counts against the RPO where that is less than what is lost: after an attacker
        with a dwell time."""
        loss = self.cell.loss
        if loss is None or loss.state is not LossState.BOUNDED or not loss.scenario.dwell_minutes:
            return None
        return loss.rpo_loss_minutes


def shown_cell(analysis: Analysis, cell: Cell, slug: str) -> ShownCell:
    standing, systems = cell.standing, analysis.estate.systems
    other = None if cell.loss is None or cell.loss.system == cell.index else cell.loss.system
    return ShownCell(
        cell=cell,
        heading=column_heading(cell.column),
        figure=cell_figure(cell),
        says=cell_standing(cell),
        shape="" if standing is None else _SHAPES[standing],
        key="spared" if standing is None else standing.value.replace(" ", "-"),
        url=reasoning_url(slug, systems[cell.index].key, cell.column),
        decided_by=None if other is None else systems[other].name,
    )


def reasoning_url(slug: str, key: str, scenario: str) -> str:
    """Where the loss of a system in a scenario, or a column of the matrix, is explained."""
    return f"{reverse('backups-system', args=[slug, key])}?{urlencode({'scenario': scenario})}"


def shown_row(analysis: Analysis, index: int, slug: str) -> list[ShownCell]:
    return [shown_cell(analysis, cell, slug) for cell in analysis.matrix[index]]


@dataclass(frozen=True, slots=True)
class ColumnTold:
    """A column of the matrix, for the list that explains them."""

    name: str
    heading: Message
    meaning: Message


def columns_told(analysis: Analysis) -> list[ColumnTold]:
    return [
        ColumnTold(name, column_heading(name), column_meaning(name, analysis.estate))
        for name in analysis.scenarios
    ]


_DIGITS: dict[Digit, str | Promise] = {
    Digit.COPIES: _("three copies, production included"),
    Digit.MEDIA: _("two media"),
    Digit.OFF_SITE: _("one off-site"),
    Digit.OFFLINE: _("one offline or locked"),
    Digit.ERRORS: _("no errors in the last restore test"),
}
_DIGIT_STANDINGS: dict[bool | None, tuple[Standing, str | Promise]] = {
    True: (Standing.MEETS, _("there")),
    False: (Standing.MISSES, _("missing")),
    None: (Standing.UNKNOWN, _("unknown")),
}


@dataclass(frozen=True, slots=True)
class ShownDigit:
    """One digit of 3-2-1-1-0; `missing` says what is not there and what would add it."""

    figure: str
    means: str | Promise
    word: str | Promise
    shape: str
    key: str
    missing: Missing | None


def shown_digits(rule: CopiesRule | None) -> list[ShownDigit]:
    """The five digits in order; none for a system that needs no copies (rule B3)."""
    if rule is None:
        return []
    missing = {one.digit: one for one in rule.missing}
    shown = []
    for digit in Digit:
        standing, word = _DIGIT_STANDINGS[rule.digits[digit]]
        figure, key = digit.value[0], standing.value.replace(" ", "-")
        means, shape = _DIGITS[digit], _SHAPES[standing]
        shown.append(ShownDigit(figure, means, word, shape, key, missing.get(digit)))
    return shown


def losses_of(analysis: Analysis, index: int, slug: str) -> dict[str, Any]:
    """The context of `backups/_losses.html` and `backups/_digits.html` for one system."""
    return {
        "cells": shown_row(analysis, index, slug),
        "digits": shown_digits(analysis.backups[index].copies_rule),
        "rpo_minutes": analysis.estate.systems[index].rpo_minutes,
    }


_VERDICTS: dict[Verdict, tuple[Standing, str | Promise]] = {
    Verdict.SURVIVES: (Standing.MEETS, _("survives")),
    Verdict.UNKNOWN: (Standing.UNKNOWN, _("may be lost")),
    Verdict.LOST: (Standing.MISSES, _("lost")),
}


@dataclass(frozen=True, slots=True)
class ShownFate:
    """What a scenario does to one copy, with the reasons and what the last restore showed."""

    copy: Copy
    fate: Fate
    word: str | Promise
    shape: str
    key: str
    url: str
    tested: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class ShownMember:
    """One system whose copies are told: the system itself, or one with which it shares data."""

    name: str
    url: str
    own: OwnLoss
    fates: list[ShownFate]
    is_itself: bool
    decides: bool


def reasoning(analysis: Analysis, cell: Cell, slug: str) -> dict[str, Any]:
    """The context of `backups/_reasoning.html`: the verdict in sentences, then copy by copy, of
    coupled data the shared point with the pair that decides it, and what would help."""
    loss = cell.loss
    members = list(_members(analysis, cell, slug))
    # The pair that decides, then the system itself, then the rest, the furthest back first.
    members.sort(
        key=lambda one: (not one.decides, not one.is_itself, -(one.own.at_least_minutes or 0))
    )
    return {
        "shown": shown_cell(analysis, cell, slug),
        "sentences": () if loss is None else explain_loss(analysis.estate, loss),
        "members": members[:MOST_MEMBERS],
        "more_members": max(0, len(members) - MOST_MEMBERS),
        "rpo_minutes": analysis.estate.systems[cell.index].rpo_minutes,
        "fix": cell.fix,
    }


def _members(analysis: Analysis, cell: Cell, slug: str) -> Iterator[ShownMember]:
    loss, own = cell.loss, cell.own
    if loss is None:
        return
    shared = {one.system: one for one in loss.shared}
    if own is not None:
        shared.setdefault(cell.index, own)
    for system, one in shared.items():
        named = analysis.estate.systems[system]
        yield ShownMember(
            name=named.name,
            url=reasoning_url(slug, named.key, loss.scenario.name),
            own=one,
            fates=[_fate(analysis, cell, one, fate, slug) for fate in one.fates],
            is_itself=system == cell.index,
            decides=system in (loss.system, loss.newest) and len(shared) > 1,
        )


def _fate(analysis: Analysis, cell: Cell, own: OwnLoss, fate: Fate, slug: str) -> ShownFate:
    copy = analysis.estate.copies[fate.copy]
    standing, word = _VERDICTS[fate.verdict]
    return ShownFate(
        copy=copy,
        fate=fate,
        word=word,
        shape=_SHAPES[standing],
        key=standing.value.replace(" ", "-"),
        url=reverse("copies-detail", args=[slug, copy.key]),
        tested=cell.tested(fate.copy),
        decides=own.copy == fate.copy,
    )


def said(message: Message) -> str:
    """A sentence of the engine in the reader's language, for exports."""
    return message.said(gettext)
