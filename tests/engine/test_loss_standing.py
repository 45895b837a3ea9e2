"""Losses against the RPO, in the one word that a matrix shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bcp.engine.estate import Content, Estate, Kind, System
from bcp.engine.loss_standing import loss_standing
from bcp.engine.results import Standing
from tests.engine.backup_cast import DATABASE, DAY, LOCKED, NIGHTLY, estate_of, result_of


def standings(estate: Estate) -> dict[str, Standing]:
    answer = result_of(estate)
    return {
        name: loss_standing(answer, loss, estate.systems[0]) for name, loss in answer.losses.items()
    }


def with_rpo(rpo: int | None) -> System:
    return replace(DATABASE, rpo_minutes=rpo)


@pytest.mark.parametrize(
    ("copy", "rpo", "standing"),
    [
        (LOCKED, 2 * DAY, Standing.MEETS),
        (LOCKED, DAY, Standing.MISSES),
        (NIGHTLY, 2 * DAY, Standing.MISSES),  # nothing survives the attack
        (replace(LOCKED, restore_tested_on=None), 2 * DAY, Standing.AT_RISK),
        (replace(LOCKED, restore_tested_on=None), DAY, Standing.MISSES),
        (replace(LOCKED, run_minutes=None), 2 * DAY, Standing.UNKNOWN),
        (replace(LOCKED, run_minutes=None), 60, Standing.MISSES),  # the interval alone is more
        (LOCKED, None, Standing.UNKNOWN),
        (NIGHTLY, None, Standing.MISSES),
    ],
)
def test_ransomware_against_the_rpo(copy, rpo, standing):
    """The dwell time does not count against the RPO."""
    assert standings(estate_of(copy, systems=[with_rpo(rpo)]))["ransomware:14d"] is standing


def test_configuration_alone_needs_no_rpo():
    switch = System("s", "Switch", kind=Kind.NETWORK, site="HQ")
    estate = estate_of(replace(LOCKED, content=Content.NETWORK), systems=[switch])
    assert set(standings(estate).values()) == {Standing.MEETS}


def test_an_answer_names_the_losses_that_its_tier_is_to_withstand():
    answer = result_of(estate_of(LOCKED))
    assert answer.demanded == {"system", "site:HQ", "ransomware:14d", "stolen_credentials"}
    assert answer.demanded < set(answer.losses)
