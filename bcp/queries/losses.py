"""What scenarios take from systems, as plain values for scripts: rows of the matrix, and of one
system every reason, copy by copy (rules B1, B2, B4).

The figures are those of the analysis that pages and plans show. Minutes are whole, `None` is
unknown or "does not apply", as the state says.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from bcp.engine.loss import OwnLoss
from bcp.engine.matrix import Cell
from bcp.engine.results import Analysis
from bcp.engine.survival import Fate
from bcp.engine.wording_of_backups import explain_loss
from bcp.engine.wording_of_matrix import cell_figure


def row_of(found: Analysis, index: int) -> dict[str, Any]:
    """One row of the matrix: a cell for each of its columns."""
    system = found.estate.systems[index]
    return {
        "id": system.key,
        "name": system.name,
        "tier": system.tier,
        "rpo_minutes": system.rpo_minutes,
        "readiness": found.backups[index].readiness.kind.value,
        "losses": [_cell(cell) for cell in found.matrix[index]],
    }


def told(found: Analysis, index: int) -> dict[str, Any]:
    """The same row with the reasons of every cell and what would make it hold."""
    cells = found.matrix[index]
    return row_of(found, index) | {"losses": [_cell(cell) | _why(found, cell) for cell in cells]}


def position(found: Analysis, key: str) -> int | None:
    """Where a system stands in the estate; `None` if it is not live."""
    systems = enumerate(found.estate.systems)
    return next((index for index, system in systems if system.key == key), None)


def _cell(cell: Cell) -> dict[str, Any]:
    loss, standing = cell.loss, cell.standing
    return {
        "column": cell.column,
        "scenario": None if loss is None else loss.scenario.name,
        "state": None if loss is None else loss.state.value,
        "loss_minutes": None if loss is None else loss.loss_minutes,
        "at_least_minutes": None if loss is None else loss.at_least_minutes,
        "against_rpo_minutes": None if loss is None else loss.rpo_loss_minutes,
        "standing": None if standing is None else standing.value,
        "tested": loss is not None and loss.tested,
        "demanded": cell.demanded,
        "says": cell_figure(cell).said(gettext),
    }


def _why(found: Analysis, cell: Cell) -> dict[str, Any]:
    loss, fix = cell.loss, cell.fix
    told_losses: dict[int, OwnLoss] = {}
    if loss is not None:
        told_losses = {one.system: one for one in loss.shared}
        if cell.own is not None:
            told_losses.setdefault(cell.index, cell.own)
    return {
        "why": []
        if loss is None
        else [one.said(gettext) for one in explain_loss(found.estate, loss)],
        "fix": None if fix is None else fix.said(gettext),
        "decided_by": None
        if loss is None or loss.system is None
        else found.estate.systems[loss.system].name,
        "copies": [_fate(found, cell, fate) for own in told_losses.values() for fate in own.fates],
    }


def _fate(found: Analysis, cell: Cell, fate: Fate) -> dict[str, Any]:
    copy = found.estate.copies[fate.copy]
    return {
        "id": copy.key,
        "name": copy.name,
        "system": found.estate.systems[copy.system].name,
        "verdict": fate.verdict.value,
        "loss_minutes": fate.loss_minutes,
        "tested": cell.tested(fate.copy),
        "reasons": [one.said(gettext) for one in fate.reasons],
    }
