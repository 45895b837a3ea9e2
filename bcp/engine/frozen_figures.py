"""The figures that a decision about a target rests on, frozen for the record.

They are plain JSON: durations are minutes and `None` is unknown, as everywhere; names and
sentences stand as they were, because systems may be renamed or deleted later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bcp.engine.impacts import Limit
from bcp.engine.messages import Joined, Message, Minutes, gettext_noop
from bcp.engine.proposal import Demand, Turn
from bcp.engine.standing import STANDING_WORDS, Standing
from bcp.engine.target_figures import TargetFigures

SCHEMA = 1
MOST_NAMED = 15
"""Systems and sentences that are kept by name; all of them are counted."""
_LONGEST_CHAIN = 40

Json = dict[str, Any]


def frozen(
    figures: TargetFigures | None, *, audit_count: int, at: datetime, together: int = 1
) -> Json:
    """What is kept of `figures`, worked out at the moment `at` when the audit trail had
    `audit_count` events. A system that takes no part in the recovery has no figures.

    Of several proposals that were worked out `together` only the figures of the system itself are
    kept: what each of them asks of others was not worked out.
    """
    kept: Json = {
        "schema": SCHEMA,
        "audit_count": audit_count,
        "at": at.isoformat(),
        "together": together,
        "takes_part": figures is not None,
    }
    if figures is None:
        return kept
    return kept | _of_itself(figures) | (_of_others(figures) if together == 1 else {})


def _of_itself(figures: TargetFigures) -> Json:
    result = figures.result
    return {
        "scenario": figures.consequences.before.scenario.name,
        "approved_before": asdict(figures.approved),
        "restored_minutes": result.restored_minutes,
        "at_least": result.at_least,
        "unknown_count": result.unknown_count,
        "chain": [
            {
                "name": figures.name(link.system),
                "minutes": link.minutes,
                "restored_minutes": link.restored_minutes,
            }
            for link in figures.chain[-_LONGEST_CHAIN:]
        ],
        "chain_count": len(figures.chain),
        "required_minutes": result.required_rto_minutes,
        "required_at_most": result.required_at_most,
        "required_by": None if result.required_by is None else figures.name(result.required_by),
        "standing_before": figures.standing_before.value,
        "standing_after": figures.standing_after.value,
        "derived": _derived(figures),
        "tier": _tier(figures),
        "work_recovery_minutes": figures.work_recovery_minutes,
        "over_mtd_minutes": figures.over_mtd_minutes,
    }


def _of_others(figures: TargetFigures) -> Json:
    cost, loss = figures.cost, figures.worst_loss
    return {
        "cost": {
            "achievable": _amount(cost.achievable),
            "target": _amount(cost.target),
            "processes": len(cost.processes),
            "unknown": cost.unknown,
        },
        "worst_loss": None
        if loss is None
        else {"state": loss.state.value, "minutes": loss.rpo_loss_minutes},
        "demands": _some([_demand(figures, one) for one in figures.demands]),
        "turns": _some([_turn(figures, one) for one in figures.turns]),
        "appeared": _some([str(one.says) for one in figures.appeared]),
        "disappeared": _some([str(one.says) for one in figures.disappeared]),
    }


def _some(entries: list[Any]) -> Json:
    return {"count": len(entries), "first": entries[:MOST_NAMED]}


def _derived(figures: TargetFigures) -> Json | None:
    if figures.derived is None:
        return None
    return {"rto": _limit(figures.derived.rto), "mtd": _limit(figures.derived.mtd)}


def _limit(limit: Limit) -> Json:
    return {"minutes": limit.minutes, "may_be_earlier": limit.may_be_earlier}


def _tier(figures: TargetFigures) -> Json | None:
    tier = figures.tier
    if tier is None:
        return None
    return {"tier": tier.tier, "rto_minutes": tier.rto_minutes, "rpo_minutes": tier.rpo_minutes}


def _demand(figures: TargetFigures, demand: Demand) -> Json:
    return {
        "name": figures.name(demand.system),
        "before_minutes": demand.before_minutes,
        "before_at_most": demand.before_at_most,
        "now_minutes": demand.now_minutes,
        "now_at_most": demand.now_at_most,
        "restored_minutes": demand.restored_minutes,
        "at_least": demand.at_least,
        "is_met": demand.is_met,
    }


def _turn(figures: TargetFigures, turn: Turn) -> Json:
    return {
        "name": figures.name(turn.system),
        "before": turn.before.value,
        "now": turn.now.value,
    }


def _amount(amount: object) -> str | None:
    return None if amount is None else str(amount)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is another than it was when the figures were frozen."""

    what: Message
    before: Message
    now: Message


_NOTHING = gettext_noop("nothing")
_UNKNOWN = gettext_noop("unknown")
_TIME = gettext_noop("%(time)s")
_COUNT = gettext_noop("%(count)s")
_NAME = gettext_noop("“%(name)s”")


def differences(kept: Mapping[str, Any] | None, figures: TargetFigures | None) -> list[Difference]:
    """What has changed since `kept` was frozen, figure by figure; nothing where either side has
    no figures."""
    if not kept or not kept["takes_part"] or figures is None:
        return []
    before, now = dict(kept), _of_itself(figures) | _of_others(figures)
    pairs = (
        (what, say(before, name), say(now, name)) for name, what, say in _COMPARED if name in before
    )
    return [
        Difference(Message(what), was, then) for what, was, then in pairs if str(was) != str(then)
    ]


def _achievable(kept: Json, name: str) -> Message:
    template = gettext_noop("at least %(time)s") if kept["at_least"] else _TIME
    return Message(template, {"time": Minutes(kept[name])})


def _required(kept: Json, name: str) -> Message:
    if kept[name] is None:
        return Message(_NOTHING)
    template = gettext_noop("at most %(time)s") if kept["required_at_most"] else _TIME
    return Message(template, {"time": Minutes(kept[name])})


def _standing(kept: Json, name: str) -> Message:
    return Message(STANDING_WORDS[Standing(kept[name])])


def _chain(kept: Json, name: str) -> Message:
    links = tuple(Message(_NAME, {"name": link["name"]}) for link in kept[name])
    return Message("%(links)s", {"links": Joined(links, " → ")})


def _approved_rto(kept: Json, name: str) -> Message:
    minutes = kept[name]["rto_minutes"]
    return Message(_NOTHING) if minutes is None else Message(_TIME, {"time": Minutes(minutes)})


def _derived_rto(kept: Json, name: str) -> Message:
    limit = kept[name] and kept[name]["rto"]
    if not limit:
        return Message(_NOTHING)
    if limit["minutes"] is None:
        return Message(_UNKNOWN if limit["may_be_earlier"] else _NOTHING)
    template = gettext_noop("at most %(time)s") if limit["may_be_earlier"] else _TIME
    return Message(template, {"time": Minutes(limit["minutes"])})


def _count(kept: Json, name: str) -> Message:
    return Message(_COUNT, {"count": kept[name]["count"]})


_COMPARED: tuple[tuple[str, str, Callable[[Json, str], Message]], ...] = (
    ("restored_minutes", gettext_noop("Achievable"), _achievable),
    ("chain", gettext_noop("What it waits for"), _chain),
    ("required_minutes", gettext_noop("Required by others"), _required),
    ("standing_after", gettext_noop("How it would stand"), _standing),
    ("approved_before", gettext_noop("Approved RTO"), _approved_rto),
    ("derived", gettext_noop("RTO by business impact"), _derived_rto),
    ("demands", gettext_noop("Systems of which it asks more"), _count),
    ("appeared", gettext_noop("Contradictions that appear"), _count),
    ("disappeared", gettext_noop("Contradictions that disappear"), _count),
)
