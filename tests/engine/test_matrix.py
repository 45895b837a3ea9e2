"""The matrix: a cell for each column, what it stands for, what would help, and its words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bcp.engine.analysis import analyse
from bcp.engine.estate import Combination, Dependency, Estate, Kind, System, TierPolicy
from bcp.engine.loss import LossState
from bcp.engine.matrix import Cell
from bcp.engine.policies import demands
from bcp.engine.rejection import Rejected
from bcp.engine.wording_of_matrix import (
    cell_figure,
    cell_standing,
    column_heading,
    column_meaning,
)
from tests.engine.backup_cast import DATABASE, DAY, LOCKED, NIGHTLY, TODAY, estate_of

RELAXED = replace(DATABASE, rpo_minutes=2 * DAY)


def cell(estate: Estate, column: str, system: int = 0) -> Cell:
    found = analyse(estate, today=TODAY)
    return found.matrix[system][found.scenarios.index(column)]


def test_a_column_shows_the_worst_of_what_it_means() -> None:
    """Data at two sites that come back together are lost with either of them."""
    stock = replace(DATABASE, key="stock", name="Stock", site="Vault")
    needs = Dependency(0, 1)
    estate = estate_of(
        LOCKED,
        replace(LOCKED, key="c3", system=1),
        systems=(DATABASE, stock),
        dependencies=(needs,),
    )
    found = cell(estate, "site")
    assert found.loss is not None
    assert (found.loss.scenario.name, found.loss.state) == ("site:Vault", LossState.TOTAL)
    lost = cell(estate_of(replace(NIGHTLY, site="HQ")), "site")
    assert lost.loss is not None
    assert lost.loss.scenario.name == "site:HQ"
    assert str(cell_figure(lost)) == "nothing survives"


@pytest.mark.parametrize(
    ("copies", "column", "fix"),
    [
        ((), "system", "Add a copy at another site"),
        ((NIGHTLY,), "ransomware:14d", "Add a copy that is offline, or locked for longer than 14"),
        ((NIGHTLY,), "stolen_credentials", "Put a copy under credentials of its own"),
        ((replace(NIGHTLY, site="HQ"),), "site", "Keep a copy in a zone that"),
        ((replace(NIGHTLY, lag_minutes=None),), "system", "Record interval, run time"),
        ((replace(LOCKED, restore_outcome=None),), "system", "Restore “locked” of “ERP DB”"),
        ((LOCKED,), "system", None),
    ],
)
def test_what_would_help(copies: tuple, column: str, fix: str | None) -> None:
    found = cell(estate_of(*copies, systems=(RELAXED,)), column).fix
    assert (None if found is None else str(found)[: len(fix or "")]) == fix


def test_a_dwell_time_is_demanded_in_whatever_units_it_is_written() -> None:
    policies = (TierPolicy(1, "one", scenarios=("ransomware:336h", "site")),)
    found = analyse(estate_of(LOCKED, tier_policies=policies), today=TODAY)
    demanded = {one.column for one in found.matrix[0] if one.demanded}
    assert demanded == {"ransomware:14d", "site"}


def test_the_analysed_scenario_is_a_cell_also_where_it_takes_nothing() -> None:
    found = analyse(estate_of(LOCKED), "site:Vault", today=TODAY)
    analysed = found.backups[0].analysed
    assert (str(cell_figure(analysed)), analysed.standing) == ("untouched", None)
    assert str(cell_standing(analysed)) == "spared"


def test_an_unknown_site_is_said_and_a_supplier_needs_none() -> None:
    nowhere = replace(DATABASE, site=None)
    bank = System("bank", "Bank", kind=Kind.SUPPLIER)
    estate = estate_of(LOCKED, systems=(nowhere, bank))
    assert str(cell_figure(cell(estate, "site"))) == "site unknown"
    assert str(cell_figure(cell(estate, "site", system=1))) == "no site"


def test_headings_are_short_and_meanings_are_sentences() -> None:
    both = Combination("Both", ("site:HQ", "ransomware:3d"))
    estate = estate_of(LOCKED, combinations=(both,))
    assert str(column_heading("ransomware:14d")) == "Ransomware 14 d"
    assert str(column_heading("Both")) == "Both"
    assert str(column_meaning("Both", estate)) == (
        "At the same moment: the loss of the site “HQ”; ransomware that was inside for 3 d."
    )
    for name in analyse(estate, today=TODAY).scenarios:
        assert str(column_meaning(name, estate)).endswith(".")


def test_demands_are_spelled_as_the_columns_are() -> None:
    assert demands(["Everything", "ransomware: 7 d", "RANSOMWARE:336h", "system", "system"]) == (
        "system",
        "ransomware:14d",
        "everything",
    )
    assert demands([]) == ()
    with pytest.raises(Rejected, match="site:HQ"):
        demands(["site:HQ"])
