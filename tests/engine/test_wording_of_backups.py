"""Losses and restores told in sentences."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Kind, System
from bcp.engine.wording_of_backups import explain_loss, explain_restore
from tests.engine.backup_cast import DATABASE, DAY, LOCKED, NIGHTLY, TODAY, estate_of, loss_in


def told(estate, name: str, system: int = 0) -> list[str]:
    return list(map(str, explain_loss(estate, loss_in(estate, name, system))))


def test_a_loss_names_the_copy_that_decides():
    assert told(estate_of(NIGHTLY), "site:HQ") == [
        "After the loss of the site “HQ” at worst 1 d 1 h 30 min are lost; the copy “nightly” of "
        "“ERP DB” decides."
    ]


def test_the_time_of_the_attacker_is_told_apart():
    assert told(estate_of(LOCKED), "ransomware:14d")[1] == (
        "14 d of that is the time in which nobody noticed the attacker; against the RPO counts "
        "the rest, 1 d 1 h 30 min."
    )


def test_an_untested_figure_is_called_a_rumour():
    untested = replace(NIGHTLY, restore_tested_on=None)
    assert told(estate_of(untested), "system")[-1].startswith("Untested: a rumour.")


def test_a_shared_point_names_the_pair_and_who_cannot_follow():
    documents = replace(DATABASE, key="d", name="Documents")
    weekly = replace(NIGHTLY, system=1, key="w", name="weekly", interval_minutes=7 * DAY)
    short = replace(NIGHTLY, retention_minutes=2 * DAY)
    estate = estate_of(
        short, weekly, systems=(DATABASE, documents), dependencies=(Dependency(0, 1),)
    )
    assert told(estate, "system")[1:] == [
        "“ERP DB” comes back as of the same moment as “Documents”, however new its own points are.",
        "“ERP DB” may keep no point as old as that.",
    ]


@pytest.mark.parametrize(
    ("copies", "name", "says"),
    [
        ((), "system", "all of it is lost: no copy of “ERP DB” is left."),
        ((replace(NIGHTLY, lag_minutes=None),), "system", "it is at least 1 d 1 h."),
        ((NIGHTLY,), "site:Vault", "Nothing of it is lost after the loss of the site “Vault”."),
    ],
)
def test_a_loss_without_a_figure_says_why(copies, name, says):
    (sentence,) = told(estate_of(*copies), name)
    assert sentence.endswith(says)


def test_data_that_are_somewhere_else_are_not_lost():
    app = System("a", "ERP", site="Annex")
    far = replace(DATABASE, site="Vault")
    estate = estate_of(NIGHTLY, systems=(far, app), dependencies=(Dependency(1, 0),))
    assert told(estate, "site:HQ", 1) == [
        "After the loss of the site “HQ” nothing is lost: its data are somewhere else."
    ]


def test_what_holds_nothing_loses_nothing():
    estate = estate_of(systems=(System("p", "Sales", kind=Kind.PROCESS),))
    assert told(estate, "everything") == ["It holds nothing that could be lost."]


def test_a_restore_tells_beside_how_many_it_runs_and_whether_its_copy_is_there():
    large = replace(DATABASE, data_gb=Decimal(360))
    other = replace(large, key="o", name="Other")
    copy = replace(NIGHTLY, restore_mb_s=Decimal(100), site="HQ", repository="Veeam")
    estate = estate_of(copy, replace(copy, system=1), systems=(large, other))
    restore = analyse(estate, "site:HQ", today=TODAY).systems[0].restore
    assert list(map(str, explain_restore(estate, restore))) == [
        "Restoring 360 GB at 100 MB/s takes 2 h: 1 h alone, but “Veeam” is shared meanwhile; other "
        "restores from it: 1.",
        "The copy that this counts on, “nightly”, does not survive.",
    ]
    alone = analyse(estate, "system:Other", today=TODAY).systems[1].restore
    assert str(explain_restore(estate, alone)[0]) == (
        "Restoring 360 GB at 100 MB/s takes 1 h; nothing else is read from “Veeam” meanwhile."
    )
