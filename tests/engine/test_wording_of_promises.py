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
    unlimited_minutes=2 * HOUR,
    unlimited_at_least=False,
    together=Together(
        found_minutes=3 * HOUR,
        no_sooner_minutes=2 * HOUR,
        late=(),
        broken=False,
        unknown_durations=False,
        shared_restores=False,
        guesses={},
        shortage=None,
    ),
)


def explained(promise: TierPromise = KEPT, **together: object) -> list[str]:
    changed = replace(promise, together=replace(promise.together, **together))
    return [str(sentence) for sentence in explain_promise(changed)]


def test_it_is_kept_in_the_order_that_was_found():
    assert explained() == ["An order of work was found in which the people there are keep it."]


def test_what_that_rests_on_is_said():
    decision, team, durations, restores, people = explained(
        unknown_durations=True,
        shared_restores=True,
        guesses={0: {Guess.WHO}, 1: {Guess.HOW_MANY}},
        shortage=Shortage("Servers", 3, 1, 170),
    )
    assert decision.endswith("keep it, as far as is known.")
    assert team == (
        "“Servers” keeps it waiting longest: it has 2 h 50 min of work for one person to do. "
        "People there off hours: 1; by day: 3."
    )
    assert durations.startswith("Nobody knows how long some of the work takes")
    assert restores.startswith("Restores share a repository")
    assert people == "Systems of which the people are not fully recorded: 2."


@pytest.mark.parametrize(
    ("promise", "together", "says"),
    [
        (
            replace(KEPT, unlimited_minutes=5 * HOUR),
            {"broken": True, "shortage": Shortage("Servers", 3, 1, 170)},
            "Even if people were unlimited, the last of its systems would be back after 5 h.",
        ),
        (
            KEPT,
            {"broken": True, "no_sooner_minutes": 6 * HOUR, "late": (0,)},
            "In no order of work do the people there are have all of its systems back before 6 h.",
        ),
        (
            KEPT,
            {"broken": True, "no_sooner_minutes": None, "late": (0,)},
            "A step takes more people than its team ever has.",
        ),
        (
            KEPT,
            {"broken": True, "no_sooner_minutes": 4 * HOUR, "late": (0,)},
            "In no order of work do the people there are keep this promise and those of the more "
            "critical tiers.",
        ),
        (
            KEPT,
            {"late": (0,)},
            "No order of work was found in which the people there are keep it; nothing proves that "
            "there is none.",
        ),
    ],
)
def test_what_is_certain_and_what_is_not(promise, together, says):
    assert explained(promise, **together) == [says]


def test_a_tier_without_systems_needs_no_words():
    assert explained(replace(KEPT, systems=())) == []
