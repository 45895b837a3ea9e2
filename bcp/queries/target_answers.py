"""What a target would ask for, and what would make it possible, as plain values for scripts.

Every figure is the one that the pages show; nothing is computed here. Minutes are whole and count
from the disruption, amounts are decimals in the organisation's currency, `None` is unknown or
"there is none". Systems are named by key and name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from bcp.engine.changes import (
    STANDBY_MINUTES,
    Change,
    Open,
    Shorten,
    StandBy,
    Tighten,
    change_says,
)
from bcp.engine.downtime_cost import DowntimeCost
from bcp.engine.offers import Offer
from bcp.engine.proposal import Target
from bcp.engine.results import Analysis, Conflict
from bcp.engine.target_figures import TargetFigures
from bcp.engine.ways import Ways, ways_to_meet
from bcp.models.organisations import Organisation
from bcp.queries import losses, target_figures
from bcp.queries.analysis import analysis
from bcp.queries.impact_documents import limit_of

Row = dict[str, Any]

KINDS: dict[type, str] = {
    Shorten: "shorten",
    StandBy: "hot standby",
    Open: "open",
    Tighten: "tighten target",
}
"""What a change is called."""


def consequences(
    organisation: Organisation, system_key: str, target: Target, *, now: datetime
) -> Row | None:
    """What would be different if the target were approved; `None` for a system that takes no
    part in the recovery. `now` is any aware moment."""
    found, today = _analysed(organisation, now)
    figures = target_figures.of_one(found, system_key, target, today=today)
    return None if figures is None else _figures(figures) | {"currency": organisation.currency}


def ways(
    organisation: Organisation, system_key: str, rto_minutes: int, *, now: datetime
) -> Row | None:
    """The smallest sets of changes after which the system is back in time; `None` as above."""
    found, today = _analysed(organisation, now)
    index = losses.position(found, system_key)
    if index is None:
        return None
    answer = ways_to_meet(found.estate, index, rto_minutes, today=today)
    return _ways(found, answer)


def _analysed(organisation: Organisation, now: datetime) -> tuple[Analysis, date]:
    local = now.astimezone(ZoneInfo(organisation.time_zone))
    return analysis(organisation, now=local), local.date()


def _figures(figures: TargetFigures) -> Row:
    result, found = figures.result, figures.consequences.before
    return {
        "system": _named(found, figures.index),
        "proposed": _target(figures.proposed),
        "approved": _target(figures.approved),
        "restored_minutes": result.restored_minutes,
        "at_least": result.at_least,
        "unknown_count": result.unknown_count,
        "misses_minutes": figures.misses_minutes,
        "chain": [
            _named(found, link.system)
            | {"minutes": link.minutes, "restored_minutes": link.restored_minutes}
            for link in figures.chain
        ],
        "required_minutes": result.required_rto_minutes,
        "required_at_most": result.required_at_most,
        "required_by": (None if result.required_by is None else _named(found, result.required_by)),
        "standing_before": figures.standing_before.value,
        "standing_after": figures.standing_after.value,
        **_promises(figures),
        "cost": _cost(found, figures.cost),
        "demands": [
            _named(found, one.system)
            | {
                "before_minutes": one.before_minutes,
                "before_at_most": one.before_at_most,
                "now_minutes": one.now_minutes,
                "now_at_most": one.now_at_most,
                "restored_minutes": one.restored_minutes,
                "at_least": one.at_least,
                "own_minutes": one.own_minutes,
                "is_met": one.is_met,
            }
            for one in figures.demands
        ],
        "turns": [
            _named(found, one.system) | {"before": one.before.value, "now": one.now.value}
            for one in figures.turns
        ],
        "appeared": _conflicts(found, figures.appeared),
        "disappeared": _conflicts(found, figures.disappeared),
    }


def _promises(figures: TargetFigures) -> Row:
    """What else the proposed figures are held against (rules T1, T2)."""
    tier, derived = figures.tier, figures.derived
    return {
        "tier": (
            None
            if tier is None
            else {
                "tier": tier.tier,
                "rto_minutes": tier.rto_minutes,
                "rpo_minutes": tier.rpo_minutes,
            }
        ),
        "looser_than_tier": list(figures.looser_than_tier),
        "derived_rto": None if derived is None else limit_of(derived.rto),
        "derived_mtd": None if derived is None else limit_of(derived.mtd),
        "looser_than_impact": figures.looser_than_impact,
        "work_recovery_minutes": figures.work_recovery_minutes,
        "over_mtd_minutes": figures.over_mtd_minutes,
    }


def _target(target: Target) -> Row:
    return {
        "rto_minutes": target.rto_minutes,
        "rpo_minutes": target.rpo_minutes,
        "mtd_minutes": target.mtd_minutes,
    }


def _cost(found: Analysis, cost: DowntimeCost) -> Row:
    return {
        "achievable": cost.achievable,
        "target": cost.target,
        "unknown_count": cost.unknown,
        "processes": [
            _named(found, one.process)
            | {
                "per_hour": one.per_hour,
                "achievable": one.achievable,
                "target": one.target,
                "confirmed_on": None if one.confirmed_on is None else one.confirmed_on.isoformat(),
                "peaks": [
                    {
                        "name": peak.name,
                        "when": peak.when,
                        "achievable": peak.achievable,
                        "target": peak.target,
                    }
                    for peak in one.peaks
                ],
            }
            for one in cost.processes
        ],
    }


def _conflicts(found: Analysis, conflicts: Iterable[Conflict]) -> list[Row]:
    return [
        {
            "rule": one.rule,
            "dependent": _named(found, one.dependent),
            "dependency": _named(found, one.dependency),
            "says": one.says.said(gettext),
        }
        for one in conflicts
    ]


def _ways(found: Analysis, answer: Ways) -> Row:
    return {
        "system": _named(found, answer.system),
        "rto_minutes": answer.rto_minutes,
        "restored_minutes": answer.restored_minutes,
        "at_least": answer.at_least,
        "provisional": answer.provisional,
        "is_met": answer.is_met,
        "offers": [_offer(found, one) for one in answer.offers],
        "exhausted": answer.exhausted,
    }


def _offer(found: Analysis, offer: Offer) -> Row:
    return {
        "changes": [_change(found, one) for one in (*offer.changes, *offer.targets)],
        "restored_minutes": offer.restored_minutes,
    }


def _change(found: Analysis, change: Change) -> Row:
    """`system` is the one that changes; of an opened edge the one that starts without the other,
    which is `without`."""
    says = change_says(found.estate, change).said(gettext)
    if isinstance(change, Open):
        return {
            "kind": KINDS[Open],
            "system": _named(found, change.dependent),
            "without": _named(found, change.dependency),
            "from_minutes": None,
            "to_minutes": None,
            "says": says,
        }
    return {
        "kind": KINDS[type(change)],
        "system": _named(found, change.system),
        "without": None,
        "from_minutes": change.from_minutes,
        "to_minutes": STANDBY_MINUTES if isinstance(change, StandBy) else change.to_minutes,
        "says": says,
    }


def _named(found: Analysis, index: int) -> Row:
    system = found.estate.systems[index]
    return {"id": system.key, "name": system.name}
