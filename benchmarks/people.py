"""Tiers' promises with the people there are, against one analysis: `python -m benchmarks.people`.

Prints ratios and exits 1 if one that the product promises does not hold; `benchmarks/README.md`
says what is compared. Processor seconds of this process, best of several turns.
"""

from __future__ import annotations

import platform
import sys
from dataclasses import replace
from random import Random

from bcp.engine.analysis import analyse
from bcp.engine.estate import Estate, Procedure, Step, Team, TierPolicy
from benchmarks.engine import TODAY, best_of_turns, everyday, verdict

TEAMS = 8
STEPS_EACH = 4
PROMISED = 20.0


def staffed() -> Estate:
    """2,000 systems of four steps each; off hours the teams are busy for two and a half days."""
    random = Random(3)
    estate = everyday()
    teams = [
        Team(f"team {number}", random.randint(12, 24), random.randint(6, 10), 0, 0)
        for number in range(TEAMS)
    ]
    return replace(
        estate,
        systems=tuple(replace(system, team=None) for system in estate.systems),
        teams=tuple(teams),
        procedures=tuple(
            Procedure(place, tuple(step(random) for _ in range(STEPS_EACH)))
            for place in range(len(estate.systems))
        ),
    )


def step(random: Random) -> Step:
    team = f"team {random.randrange(TEAMS)}"
    return Step(random.randint(5, 30), team=team, heads=random.choice((1, 2)))


def compare(estate: Estate, hours: int) -> bool:
    """Every tier promises so many hours, the next one more."""
    policies = tuple(TierPolicy(tier, str(tier), (hours + tier) * 60) for tier in (1, 2, 3, 4))
    estate = replace(estate, tier_policies=policies)
    plain, judged = best_of_turns(
        lambda: list(analyse(estate, today=TODAY).systems),
        lambda: list(analyse(estate, today=TODAY).tier_promises),
        times=1,
        turns=3,
    )
    in_time = judged / plain <= PROMISED
    promises = analyse(estate, today=TODAY).tier_promises
    found, bound = promises[0].together.found_minutes, promises[0].together.no_sooner_minutes
    print(
        f"promised {hours + 1} to {hours + 4} h: {', '.join(one.standing for one in promises)}; "
        f"tier 1 found in {found} min, no order below {bound}; "
        f"{judged * 1e3:.0f} ms, {judged / plain:.1f} analyses  {verdict(in_time)} "
        f"(at most {PROMISED:g})"
    )
    return in_time


def main() -> int:
    print(f"{platform.platform()}, Python {platform.python_version()}")
    estate = staffed()
    print(f"{len(estate.systems)} systems, {len(estate.dependencies)} dependencies,", end=" ")
    print(f"{STEPS_EACH * len(estate.systems)} steps of {TEAMS} teams")
    held = [compare(estate, hours) for hours in (24, 50, 56, 60)]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
