"""What the demonstration tells that no file holds: who approved what, what each tier demands, what
the backup jobs reported this night. Everything goes through the services that a user's clicks take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bcp.engine.estate import ExerciseType
from bcp.engine.permissions import Role
from bcp.models.copies import BackupCopy
from bcp.models.members import Membership
from bcp.models.organisations import Organisation, TierPolicy
from bcp.models.procedures import Procedure, ProcedureState
from bcp.models.reports import ReportEvent
from bcp.models.scenarios import PartKind
from bcp.models.sites import Site
from bcp.services import organisations, procedures, reporting, scenarios
from bcp.services.actor import Actor
from bcp.services.reporting import Call
from bcp.services.scenarios import PartValues

_DAYS_14 = 14 * 24 * 60
_SHORTEST_INTERVAL = 120
_BYTES_A_GIGABYTE = 10**9
_CHANGED_A_DAY = 30
"""Of what a system holds, one part in so many changes in a day."""


@dataclass(frozen=True)
class Trouble:
    """A job that does not run as it should. Times are in intervals of the job before now."""

    succeeded: float | None
    failed: float | None = None
    exit_code: int | None = None


@dataclass(frozen=True)
class Story:
    """One firm's. `tiers` are the demands that differ from the defaults; `burning` is the site of
    its own scenario, a fire while attackers are inside; `waiting` are the systems whose procedure
    nobody approved yet; `troubles` are by system, every other job ran as it should."""

    tiers: Mapping[int, Mapping[str, Any]]
    burning: str
    waiting: frozenset[str]
    troubles: Mapping[str, Trouble]


STORIES: Mapping[str, Story] = {
    "brightwater": Story(
        tiers={1: {"minimum_exercise": ExerciseType.PARALLEL.value, "cadence_days": 183}},
        burning="Greenwich head office",
        waiting=frozenset({"ERP database"}),
        troubles={
            "EDI gateway": Trouble(succeeded=1.6),
            "HR system": Trouble(succeeded=1.2, failed=0.2, exit_code=12),
            "Print server": Trouble(succeeded=None),
            "Recipe database": Trouble(succeeded=None),
        },
    ),
    "kestrel": Story(
        tiers={},
        burning="Berlin depot",
        waiting=frozenset(),
        troubles={"File share": Trouble(succeeded=1.5)},
    ),
}


def tell(organisation: Organisation, members: Mapping[Role, Membership], now: datetime) -> None:
    """After the import of the firm's files: what came of them since."""
    story = STORIES[organisation.slug]
    _demand(organisation, story, Actor.member(members[Role.ADMINISTRATOR], via="command line"))
    director = Actor.member(members[Role.IT_DIRECTOR], via="command line")
    _imagine(organisation, story, director)
    _approve(organisation, story, director)
    _report(organisation, story, now)


def _demand(organisation: Organisation, story: Story, by: Actor) -> None:
    for policy in TierPolicy.objects.of(organisation).filter(tier__in=story.tiers):
        organisations.change_tier(
            organisation,
            policy.pk,
            story.tiers[policy.tier],
            seen_version=policy.version,
            by=by,
        )


def _imagine(organisation: Organisation, story: Story, by: Actor) -> None:
    site = Site.objects.of(organisation).get(name=story.burning)
    scenarios.create(
        organisation,
        {
            "name": f"Fire in {site.name.split()[0]} during a ransomware attack",
            "description": "Told by our insurer: attackers light up what they cannot encrypt.",
            "tiers": [1, 2],
        },
        parts=[
            PartValues(PartKind.SITE.value, site=site),
            PartValues(PartKind.RANSOMWARE.value, dwell_minutes=_DAYS_14),
        ],
        by=by,
    )


def _approve(organisation: Organisation, story: Story, by: Actor) -> None:
    drafts = Procedure.objects.of(organisation).filter(state=ProcedureState.DRAFT)
    for draft in drafts.exclude(system__name__in=story.waiting).order_by("system__name"):
        procedures.approve(organisation, draft.pk, seen_version=draft.version, by=by)


def _report(organisation: Organisation, story: Story, now: datetime) -> None:
    """Where somebody typed in when a copy was last made, no job reports; nor does what runs by the
    minute: with nothing behind it, it would be late before anybody had looked around."""
    copies = BackupCopy.objects.of(organisation).filter(last_success=None).select_related("system")
    for copy in copies.filter(interval_minutes__gte=_SHORTEST_INTERVAL):
        interval = timedelta(minutes=copy.interval_minutes or 0)
        trouble = story.troubles.get(copy.system.name, Trouble(succeeded=0.3))
        if trouble.succeeded is not None:
            call = Call(ReportEvent.SUCCESS, 0, _bytes(copy))
            reporting.take(copy, call, now - trouble.succeeded * interval)
        if trouble.failed is not None:
            call = Call(ReportEvent.FAILURE, trouble.exit_code)
            reporting.take(copy, call, now - trouble.failed * interval)


def _bytes(copy: BackupCopy) -> int | None:
    if not copy.system.data_gb:
        return None
    days = (copy.interval_minutes or 0) / (24 * 60)
    return int(float(copy.system.data_gb) * _BYTES_A_GIGABYTE * days / _CHANGED_A_DAY)
