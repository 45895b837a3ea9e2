"""What the demonstration tells that no file holds: who approved what, what each tier demands, what
the backup jobs reported this night, who confirmed their answers and which gaps the firm lives with,
whose dependencies were gone through.
Everything goes through the services that a user's clicks take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bcp.engine.acceptance import DEFAULT_DAYS, facts_of, identity_of
from bcp.engine.estate import ExerciseType, NeededTo
from bcp.engine.permissions import Role
from bcp.engine.reviews import facts_of as needs_digest
from bcp.models.copies import BackupCopy
from bcp.models.members import Membership
from bcp.models.organisations import Organisation, TierPolicy
from bcp.models.procedures import Procedure, ProcedureState
from bcp.models.reports import ReportEvent
from bcp.models.scenarios import PartKind
from bcp.models.sites import Site
from bcp.models.systems import StatusChoice, System
from bcp.queries.analysis import analysis
from bcp.queries.reviews import needs_now
from bcp.services import (
    acceptances,
    impact_requests,
    impacts,
    organisations,
    procedures,
    proposed_dependencies,
    reporting,
    reviews,
    scenarios,
)
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
    nobody approved yet; `troubles` are by system, every other job ran as it should. `confirmed` are
    the processes whose answers the executive signed, `asked` those that the executive is asked to
    answer; `accepted` are the gaps that the firm lives with, code and system, and why. `unreviewed`
    are the systems whose dependencies nobody confirmed yet, `suspected` those of which somebody
    thinks that one needs the other to run, and why."""

    tiers: Mapping[int, Mapping[str, Any]]
    burning: str
    waiting: frozenset[str]
    troubles: Mapping[str, Trouble]
    confirmed: tuple[str, ...]
    asked: tuple[str, ...]
    accepted: Mapping[tuple[str, str], str]
    unreviewed: frozenset[str]
    suspected: Mapping[tuple[str, str], str]


_PROMISES = {1: 18 * 60, 2: 24 * 60, 3: 3 * 24 * 60, 4: 7 * 24 * 60}
"""Within what time each tier promises to be back, in minutes."""
_DAYS_TO_ANSWER = timedelta(days=14)
_ADDRESS = "http://127.0.0.1:8000"
"""Where one's own machine serves the demonstration."""


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
        confirmed=("Order taking", "Picking and dispatch", "Product recall"),
        asked=("Production",),
        accepted={
            ("procedure_missing", "Intranet"): (
                "Staff can do without it for a week; the provider's handbook is enough."
            ),
            ("restore_test_failed", "EDI gateway"): (
                "It is replaced in the autumn. Until then orders come by telephone, as they did "
                "in March."
            ),
        },
        unreviewed=frozenset({"Carrier booking", "Customer portal", "Intranet"}),
        suspected={
            ("Customer portal", "Firewall cluster"): (
                "In the April outage the portal was up and nobody could reach it."
            ),
        },
    ),
    "kestrel": Story(
        tiers={},
        burning="Berlin depot",
        waiting=frozenset(),
        troubles={"File share": Trouble(succeeded=1.5)},
        confirmed=("Dispatching",),
        asked=(),
        accepted={},
        unreviewed=frozenset(),
        suspected={},
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
    executive = Actor.member(members[Role.EXECUTIVE], via="command line")
    _answer(organisation, story, executive)
    _ask(organisation, story, members[Role.EXECUTIVE], director, now)
    _accept(organisation, story, executive, now)
    _review(organisation, story, director)


def _review(organisation: Organisation, story: Story, by: Actor) -> None:
    live = System.objects.of(organisation).filter(status=StatusChoice.LIVE)
    gone_through = live.exclude(name__in=story.unreviewed).values_list("pk", flat=True)
    needs = needs_now(organisation, gone_through)
    seen = [reviews.Seen(key, needs_digest(needs[key])) for key in needs]
    reviews.confirm_many(organisation, seen, "Gone through with their owners in October.", by=by)
    for (dependent, dependency), reason in story.suspected.items():
        proposed_dependencies.suggest(
            organisation,
            live.get(name=dependent),
            live.get(name=dependency),
            needed_to=NeededTo.RUN.value,
            reason=reason,
            by=by,
        )


def _demand(organisation: Organisation, story: Story, by: Actor) -> None:
    for policy in TierPolicy.objects.of(organisation):
        promise = {"rto_minutes": _PROMISES[policy.tier]}
        organisations.change_tier(
            organisation,
            policy.pk,
            promise | dict(story.tiers.get(policy.tier, {})),
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


def _answer(organisation: Organisation, story: Story, by: Actor) -> None:
    for process in System.objects.of(organisation).filter(name__in=story.confirmed):
        impacts.confirm(organisation, process.pk, seen_version=None, by=by)


def _ask(
    organisation: Organisation, story: Story, member: Membership, by: Actor, now: datetime
) -> None:
    for process in System.objects.of(organisation).filter(name__in=story.asked):
        impact_requests.ask(
            organisation,
            process.pk,
            member.pk,
            answer_by=(now + _DAYS_TO_ANSWER).date(),
            note="You know best what a day without the lines does to us.",
            link=f"{_ADDRESS}/o/{organisation.slug}/impacts/{process.pk}/go-on/",
            seen_version=None,
            by=by,
        )


def _accept(organisation: Organisation, story: Story, by: Actor, now: datetime) -> None:
    local = now.astimezone(ZoneInfo(organisation.time_zone))
    found = analysis(organisation, now=local)
    for gap in found.gaps:
        name = "" if gap.system is None else found.estate.systems[gap.system].name
        reason = story.accepted.get((gap.code, name))
        if reason is not None:
            acceptances.accept(
                organisation,
                identity_of(gap),
                reason,
                local.date() + timedelta(days=DEFAULT_DAYS),
                seen_facts=facts_of(gap),
                by=by,
                now=now,
            )
