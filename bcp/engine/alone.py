"""What each of many proposed targets would do if it alone were approved (rules T4, G1 to G3).

A board looks at dozens of proposals at once. `proposal.consequences` lays two whole analyses side
by side; here only what a row of a table says is worked out, by the same functions on the same
changed estate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bcp.engine.backups import Backups
from bcp.engine.conflict_changes import appeared_and_disappeared
from bcp.engine.estate import Estate
from bcp.engine.proposal import Target, with_targets
from bcp.engine.recovery import Recovery, recover
from bcp.engine.results import Analysis, Conflict
from bcp.engine.standing import Standing, standing_of
from bcp.engine.targets import conflicts

_LATE, _UNSURE, _IN_TIME = range(3)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one proposal alone would change.

    `standing`: of its own system then. `tightened`: the positions of all systems of which more
    would be required than now: the first `late` of them are back too late for it, of the next
    `unsure` nobody knows, the rest is in time; each part has the most pressing first. Conflicts
    are compared as `conflict_changes` does.
    """

    standing: Standing
    tightened: tuple[int, ...]
    late: int
    unsure: int
    appeared: tuple[Conflict, ...]
    disappeared: int


class Alone:
    """Tries proposals on one analysed estate, each by itself."""

    def __init__(self, before: Analysis, *, today: date) -> None:
        self._estate, self._scenario, self._today = before.estate, before.scenario, today
        self._positions = {system.key: at for at, system in enumerate(before.estate.systems)}
        self._required: Sequence[int] = self._recovery(before.estate).wanted.required
        self._known = before.conflicts

    def effect(self, key: str, target: Target) -> Effect | None:
        """Of `target` for the system with that key; `None` for a system that takes no part in
        the recovery."""
        if key not in self._positions:
            return None
        estate = with_targets(self._estate, {key: target})
        then = self._recovery(estate)
        required, restored = then.wanted.required, then.timeline.restored
        tightened = sorted(
            (at for at, limit in enumerate(required) if limit < self._required[at]),
            key=lambda at: (_place(then, at), required[at] - restored[at], at),
        )
        places = [_place(then, at) for at in tightened]
        appeared, disappeared = appeared_and_disappeared(
            self._known,
            conflicts(estate, then.wanted, then.timeline, then.at_least),
            required_before=self._required,
            required_after=required,
            promised_before=[system.rto_minutes for system in self._estate.systems],
            promised_after=[system.rto_minutes for system in estate.systems],
        )
        position = self._positions[key]
        return Effect(
            standing=standing_of(
                target.rto_minutes,
                then.wanted.latest[position],
                restored[position],
                bool(then.at_least[position]),
            ),
            tightened=tuple(tightened),
            late=places.count(_LATE),
            unsure=places.count(_UNSURE),
            appeared=appeared,
            disappeared=len(disappeared),
        )

    def _recovery(self, estate: Estate) -> Recovery:
        return recover(estate, self._scenario, Backups(estate, today=self._today))


def _place(then: Recovery, at: int) -> int:
    """In which part of `Effect.tightened` a system stands. A certain miss is one even where the
    time or the requirement rests on an unknown: it can only be later, or sooner."""
    if then.timeline.restored[at] > then.wanted.required[at]:
        return _LATE
    return _UNSURE if then.at_least[at] or then.wanted.at_most[at] else _IN_TIME
