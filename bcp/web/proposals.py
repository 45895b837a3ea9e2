"""What a proposed target would change: the analysis run again with it (Rule T4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bcp.engine.analysis import analyse
from bcp.engine.messages import Message
from bcp.engine.results import Analysis, Standing

MOST_NAMED = 15


@dataclass(frozen=True, slots=True)
class Consequences:
    """Against today: standings of the system itself, who gets worse or better by it, and the
    contradictions that appear or go."""

    before: Standing
    after: Standing
    worse: list[str]
    better: list[str]
    new_conflicts: list[Message]
    solved: int

    @property
    def changes_nothing(self) -> bool:
        same = self.before is self.after
        return same and not (self.worse or self.better or self.new_conflicts or self.solved)


def consequences(answer: Analysis, target: Any, *, today: date) -> Consequences | None:
    """`None` for a system that takes no part in recovery."""
    estate = answer.estate
    keys = [system.key for system in estate.systems]
    if target.system_id not in keys:
        return None
    index = keys.index(target.system_id)
    proposed = replace(
        estate.systems[index],
        rto_minutes=target.rto_minutes,
        rpo_minutes=target.rpo_minutes,
        mtd_minutes=target.mtd_minutes,
    )
    changed = (*estate.systems[:index], proposed, *estate.systems[index + 1 :])
    then = analyse(replace(estate, systems=changed), today=today)
    worse: list[str] = []
    better: list[str] = []
    for now, later in zip(answer.systems, then.systems, strict=True):
        if now.index != index and now.standing is not later.standing:
            (worse if later.standing in (Standing.MISSES, Standing.AT_RISK) else better).append(
                now.name
            )
    known = {(one.rule, one.dependent, one.dependency) for one in answer.conflicts}
    found = {(one.rule, one.dependent, one.dependency): one.says for one in then.conflicts}
    return Consequences(
        before=answer.systems[index].standing,
        after=then.systems[index].standing,
        worse=worse[:MOST_NAMED],
        better=better[:MOST_NAMED],
        new_conflicts=[says for key, says in found.items() if key not in known][:MOST_NAMED],
        solved=len(known - found.keys()),
    )
