"""The analysis as one plain object, for scripts: the command line and the API give the same.

The names are a contract: they are added to, never changed. `None` is unknown; of the schedule
under limited people it is that nobody computes it yet.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from bcp.engine.acceptance import facts_of, identity_of
from bcp.engine.impacts import Derived, derive
from bcp.engine.messages import Message
from bcp.engine.rejection import Rejected
from bcp.engine.results import Activation, Analysis, Conflict, Loop, SystemResult
from bcp.engine.scenario import EVERYTHING
from bcp.errors import InvalidInput
from bcp.models.organisations import Organisation
from bcp.queries import acceptances
from bcp.queries.acceptances import GapStanding
from bcp.queries.analysis import analysis
from bcp.queries.answers_of_backups import backups_of, restore_of

PEOPLE = "unlimited"
"""How many people are at work: there is no other computation yet."""


def answer(
    organisation: Organisation, scenario: str = EVERYTHING, *, now: datetime
) -> dict[str, Any]:
    """The answer for a scenario at the aware moment `now`, ready for JSON. Raises `InvalidInput`
    for a scenario that this organisation does not have; the message lists what is allowed."""
    local = now.astimezone(ZoneInfo(organisation.time_zone))
    try:
        found = analysis(organisation, scenario, now=local)
    except Rejected as error:
        raise InvalidInput(gettext(error.template) % error.values) from error
    derived = {one.system: derive(one.answers) for one in found.estate.impacts}
    touched = list(found.order)
    untouched = sorted(set(range(len(found.systems))) - set(touched))
    return {
        "organisation": organisation.slug,
        "scenario": found.scenario.name,
        "scenarios": list(found.scenarios),
        "people": PEOPLE,
        "now": local.isoformat(timespec="seconds"),
        "activation": _activation(found.activation),
        "restored_minutes": found.restored_minutes,
        "at_least": found.at_least,
        "provisional": found.provisional,
        "lower_bound_minutes": None,
        "optimal": None,
        "systems": [
            _system(found, found.systems[index]) | _derived(derived.get(index))
            for index in (*touched, *untouched)
        ],
        "conflicts": [_conflict(found, conflict) for conflict in found.conflicts],
        "loops": [_loop(found, loop) for loop in found.loops],
        "gaps": [
            _gap(found, one) for one in acceptances.of_analysis(organisation, found, now=local)
        ],
        "people_gaps": [
            {"path": gap.path, "from": gap.from_hour, "to": gap.to_hour}
            for gap in found.people_gaps
        ],
    }


def _activation(activation: Activation) -> dict[str, Any]:
    return {
        "detect_minutes": activation.detect_minutes,
        "authority_minutes": activation.authority_minutes,
        "mobilise_minutes": activation.mobilise_minutes,
        "total_minutes": activation.total_minutes,
        "at_least": activation.at_least,
        "worst_hour": activation.worst_hour,
    }


def _system(found: Analysis, result: SystemResult) -> dict[str, Any]:
    as_of = result.duration_as_of
    return {
        "name": result.name,
        "effect": result.effect.value,
        "wave": result.wave,
        "start_minutes": result.start_minutes,
        "restored_minutes": result.restored_minutes,
        "at_least": result.at_least,
        "unknown_durations": _names(found, result.unknown_durations),
        "unknown_count": result.unknown_count,
        "rto_minutes": result.rto_minutes,
        "required_rto_minutes": result.required_rto_minutes,
        "required_at_most": result.required_at_most,
        "latest_minutes": result.latest_minutes,
        "slack_minutes": result.slack_minutes,
        "misses_minutes": result.misses_minutes,
        "standing": result.standing.value,
        "binding_chain": _names(found, result.binding_chain),
        "duration_minutes": result.duration_minutes,
        "duration_source": result.duration_source.value if result.duration_source else None,
        "duration_as_of": as_of.isoformat() if as_of else None,
        "restore": restore_of(found, result.restore),
        **backups_of(found, result.index),
    }


def _derived(derived: Derived | None) -> dict[str, Any]:
    """Rule T1; `None` for what nobody answered for, which may be anything."""
    return {
        "derived_rto_minutes": derived.rto.minutes if derived else None,
        "derived_rto_at_most": derived.rto.may_be_earlier if derived else None,
        "derived_mtd_minutes": derived.mtd.minutes if derived else None,
        "derived_mtd_at_most": derived.mtd.may_be_earlier if derived else None,
    }


def _conflict(found: Analysis, conflict: Conflict) -> dict[str, Any]:
    dependent, dependency = _names(found, (conflict.dependent, conflict.dependency))
    return {
        "rule": conflict.rule,
        "dependent": dependent,
        "dependency": dependency,
        "says": _say(conflict.says),
    }


def _loop(found: Analysis, loop: Loop) -> dict[str, Any]:
    return {
        "systems": _names(found, loop.systems),
        "open": [_names(found, edge) for edge in loop.open_edges],
        "exact": loop.exact,
    }


def _gap(found: Analysis, standing: GapStanding) -> dict[str, Any]:
    """`identity` and `facts` are what an acceptance of it names."""
    gap, acceptance = standing.gap, standing.acceptance
    return {
        "code": gap.code,
        "severity": gap.severity.value,
        "system": None if gap.system is None else found.estate.systems[gap.system].name,
        "says": _say(gap.says),
        "fix": _say(gap.fix),
        "identity": identity_of(gap),
        "facts": facts_of(gap),
        "state": standing.state.value,
        "acceptance": None if acceptance is None else acceptance.pk,
        "accepted_until": None if acceptance is None else acceptance.until.isoformat(),
    }


def _names(found: Analysis, positions: tuple[int, ...]) -> list[str]:
    return [found.estate.systems[position].name for position in positions]


def _say(message: Message) -> str:
    return message.said(gettext)
