"""Why a tier keeps its promise or not, as a reader sees it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bcp.engine.promise import Guess, Shortage, TierPromise, Together
from bcp.engine.wording_of_promises import explain_promise

HOUR = 60
KEPT = TierPromise(
    tier=1,
    name="Critical",
    promise_minutes=4 * HOUR,
    systems=(0, 1),
    restored_minutes=2 * HOUR,
    at_least=False,
    together=Together(
        restored_minutes=3 * HOUR,
        no_sooner_minutes=2 * HOUR,
        late=(),
        broken=False,
        unknown_durations=False,
        guesses={},
        shortage=None,
    ),
)


def explained(promise: TierPromise = KEPT, **together: object) -> list[str]:
    changed = replace(promise, together=replace(promise.together, **together))
    return [str(sentence) for sentence in explain_promise(changed)]


def test_it_is_kept_in_the_order_that_was_found():
    assert explained() == [
        "In the order of work that was found, the people there are have all of its systems back "
        "after 3 h."
    ]


def test_what_that_rests_on_is_said():
    decision, team, durations, people = explained(
        unknown_durations=True,
        guesses={0: Guess.WHO, 1: Guess.HOW_MANY},
        shortage=Shortage("Servers", 3, 1, 170),
    )
    assert decision.endswith("have all of its systems back after at least 3 h.")
    assert team == (
        "“Servers” decides: it has 2 h 50 min of work for one person to do. People there off "
        "hours: 1; by day: 3."
    )
    assert durations == "How long some of the work takes, nobody knows."
    assert people.endswith("with as few as possible: 2.")


@pytest.mark.parametrize(
    ("promise", "together", "says"),
    [
        (
            replace(KEPT, restored_minutes=5 * HOUR),
            {"broken": True, "no_sooner_minutes": 6 * HOUR},
            "Even with as many people as it takes, the last of its systems is back after 5 h.",
        ),
        (
            KEPT,
            {"broken": True, "no_sooner_minutes": 6 * HOUR, "late": (0,)},
            "In no order of work do the people there are have all of its systems back before 6 h.",
        ),
        (
            KEPT,
            {"broken": True, "no_sooner_minutes": None, "late": (0,)},
            "It takes more people at once than there ever are.",
        ),
        (
            KEPT,
            {"broken": True, "no_sooner_minutes": 4 * HOUR, "late": (0,)},
            "In no order of work do the people there are keep this promise and those of the more "
            "critical tiers.",
        ),
        (
            KEPT,
            {"late": (0,), "restored_minutes": 5 * HOUR},
            "In the best order of work that was found, the last of its systems is back after 5 h. "
            "That no order is faster than 2 h is all that is certain.",
        ),
        (
            KEPT,
            {"late": (0,), "restored_minutes": None},
            "No order of work was found in which all of its systems come back. That none is faster "
            "than 2 h is all that is certain.",
        ),
    ],
)
def test_what_is_certain_and_what_is_not(promise, together, says):
    assert explained(promise, **together) == [says]


def test_a_tier_without_systems_needs_no_words():
    assert explained(replace(KEPT, systems=())) == []
