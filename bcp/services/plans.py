"""Plans: asking for one, printing it, and telling whether it still says what is so."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bcp.documents import press, snapshot, wording
from bcp.documents import summary as summaries
from bcp.documents.rendered import Rendered
from bcp.documents.snapshot import Print, Snapshot, Surroundings
from bcp.engine.permissions import Capability, Role
from bcp.engine.scenario import EVERYTHING, UnknownScenario
from bcp.errors import BcpError, InvalidInput, NotAllowed
from bcp.models.jobs import Job, JobKind
from bcp.models.members import Membership
from bcp.models.organisations import Organisation
from bcp.models.plans import PlanFile, PlanVersion
from bcp.queries import acceptances, analysis, plans, systems
from bcp.services import jobs, summary
from bcp.services.actor import Actor
from bcp.services.jobs import Held
from bcp.services.ledger import writing

_TITLE_LENGTH = 240

Tick = Callable[[int, int], bool]


class DamagedFile(BcpError):
    """A stored PDF is not the one that was printed."""


SECTIONS = {
    "organisation": _lazy("Organisation"),
    "activation": _lazy("Activation and notification"),
    "systems": _lazy("Systems and recovery order"),
    "dependencies": _lazy("Dependencies"),
    "problems": _lazy("Gaps, accepted risks, conflicts and loops"),
    "contacts": _lazy("People"),
    "teams": _lazy("Teams"),
    "sites": _lazy("Sites"),
    "copies": _lazy("Backup copies"),
    "scenarios": _lazy("Scenarios, and what tiers must withstand"),
    "backups": _lazy("Backup readiness"),
    "procedures": _lazy("Procedures"),
    "exercises": _lazy("Exercises"),
    "impacts": _lazy("Business impact"),
    "totals": _lazy("The whole in one sentence"),
    "processes": _lazy("Business processes"),
    "ways": _lazy("What would let the worst meet their targets"),
    "open_gaps": _lazy("Open gaps"),
    "accepted": _lazy("Accepted risks"),
    "readiness": _lazy("Readiness"),
    "decisions": _lazy("What is asked of those who decide"),
}
"""What the sections of a plan and of an executive summary are called."""


def request_plan(
    organisation: Organisation,
    *,
    scenario: str = EVERYTHING,
    system_key: str | None = None,
    is_summary: bool = False,
    by: Actor,
) -> Job:
    """Ask for a plan, with `system_key` for the sheet of one system, or for the executive summary.
    Returns at once; the job shows how far it is. Raises `InvalidInput` for a scenario or system
    that does not exist."""
    parameters = _parameters(organisation, scenario, system_key, is_summary)
    with writing(organisation, by=by, needs=Capability.RENDER_PLAN) as ledger:
        return jobs.queue(ledger, JobKind.RENDER_PLAN, parameters)


def print_now(
    organisation: Organisation,
    *,
    scenario: str = EVERYTHING,
    system_key: str | None = None,
    is_summary: bool = False,
    by: Actor,
    tick: Tick,
) -> PlanVersion:
    """The same, done by the caller itself, without any worker or broker. Raises `InvalidInput`,
    and `press.PrintFailed` if it cannot be printed."""
    parameters = _parameters(organisation, scenario, system_key, is_summary)
    with writing(organisation, by=by, needs=Capability.RENDER_PLAN) as ledger:
        held = jobs.begin(ledger, JobKind.RENDER_PLAN, parameters)
    try:
        return perform(held, tick)
    except BaseException as error:
        jobs.settle(held)
        jobs.fail(held, str(error) or _("It was interrupted."))
        raise


def _parameters(
    organisation: Organisation, scenario: str, system_key: str | None, is_summary: bool
) -> dict[str, str | bool | None]:
    if is_summary:
        return {"scenario": EVERYTHING, "system": None, "summary": True}
    if system_key is not None:
        found = systems.listing(organisation).filter(pk=system_key, status="live").first()
        if found is None:
            raise InvalidInput(_("There is no such live system."))
        return {"scenario": EVERYTHING, "system": found.pk}
    try:
        answer = analysis.analysis(organisation, scenario, now=_now(organisation))
    except UnknownScenario as error:
        raise InvalidInput(_sentence(error)) from error
    return {"scenario": answer.scenario.name, "system": None}


def _sentence(error: UnknownScenario) -> str:
    return translation.gettext(error.template) % error.values


def _now(organisation: Organisation) -> datetime:
    return timezone.now().astimezone(ZoneInfo(organisation.time_zone))


def perform(held: Held, tick: Tick = lambda done, everything: True) -> PlanVersion:
    """Print what a job asks for and keep it as the next issue. Raises `jobs.ClaimLost` or
    `press.PrintStopped` if the work was taken away, `BcpError` for what a person can mend."""
    job = Job.objects.select_related("organisation", "requested_by").get(pk=held.job_id)
    organisation = job.organisation
    by = _asker(job)
    issue = _reserve_issue(held, organisation)
    frozen = compose(
        organisation,
        scenario=job.parameters["scenario"],
        system_key=job.parameters["system"],
        is_summary=job.parameters.get("summary", False),
        issue=issue,
        now=_now(organisation),
        made_by=by.label,
    )

    def report(done: int, everything: int) -> bool:
        return jobs.report(held, done, everything) and tick(done, everything)

    rendered = press.print_snapshot(frozen, report)
    return _keep(held, job, frozen, rendered, by)


def _asker(job: Job) -> Actor:
    """Who asked, with the rights they have now."""
    if job.requested_by is None:
        return Actor.command_line(job.organisation)
    membership = (
        Membership.objects.of(job.organisation)
        .filter(user=job.requested_by)
        .select_related("user")
        .first()
    )
    if membership is None:
        raise NotAllowed(_("Whoever asked for this no longer belongs to the organisation."))
    return Actor(
        membership.organisation_id, membership.user, Role(membership.role), job.requested_via
    )


def _reserve_issue(held: Held, organisation: Organisation) -> int:
    """The number this print will have; kept in the job, so that a second attempt has the same
    and nobody else does."""
    with transaction.atomic():
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        job = held.rows.first()
        if job is None:
            raise jobs.ClaimLost(held.job_id)
        if not job.parameters.get("issue"):
            issue = plans.highest_issue(locked) + 1
            held.rows.update(parameters={**job.parameters, "issue": issue})
            return issue
        return int(job.parameters["issue"])


def compose(
    organisation: Organisation,
    *,
    scenario: str,
    system_key: str | None,
    issue: int | None,
    now: datetime,
    made_by: str,
    is_summary: bool = False,
) -> Snapshot:
    """Everything the print will say, frozen. `now` is in the organisation's time zone. Raises
    `InvalidInput` if the scenario or the system is gone."""
    try:
        answer = analysis.analysis(organisation, scenario, now=now)
    except UnknownScenario as error:
        raise InvalidInput(_sentence(error)) from error
    named = next((one.name for one in answer.estate.systems if one.key == system_key), "")
    title = _("Continuity plan: %(scenario)s") % {"scenario": wording.scenario(scenario)}
    if system_key is not None:
        title = _("System sheet: %(system)s") % {"system": named}
    if is_summary:
        title = _("Executive summary")
    printed = Print(
        title=title[:_TITLE_LENGTH],
        issue=issue,
        effective_on=now.date(),
        review_on=months_later(now.date(), organisation.review_months),
        made_at=now,
        made_by=made_by,
        language=translation.get_language() or "en",
    )
    if is_summary:
        return summary.frozen(organisation, answer, printed, now=now)
    surroundings = Surroundings(
        **plans.surroundings(organisation),
        accepted=acceptances.in_force(organisation, answer, now=now),
    )
    try:
        return snapshot.build(answer, surroundings, printed, system_key=system_key)
    except LookupError as error:
        raise InvalidInput(_("There is no such live system.")) from error


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or the last one it has."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _keep(held: Held, job: Job, frozen: Snapshot, rendered: Rendered, by: Actor) -> PlanVersion:
    """The version, its file, its audit row and the end of the job: all or nothing."""
    printed: dict[str, Any] = frozen["print"]
    with writing(job.organisation, by=by, needs=Capability.RENDER_PLAN) as ledger:
        jobs.finish(held)
        version = PlanVersion.objects.create(
            organisation=ledger.organisation,
            issue=printed["issue"],
            title=printed["title"],
            scenario=frozen["scenario"],
            system_id_printed=job.parameters["system"] or "",
            effective_on=date.fromisoformat(printed["effective_on"]),
            review_on=date.fromisoformat(printed["review_on"]),
            snapshot=frozen,
            fingerprint=snapshot.fingerprint(frozen),
            job=job,
        )
        file = PlanFile.objects.create(
            organisation=ledger.organisation,
            plan_version=version,
            content=rendered.pdf,
            sha256=hashlib.sha256(rendered.pdf).hexdigest(),
            pages=rendered.pages,
        )
        ledger.note(
            "created",
            version,
            after={
                "issue": version.issue,
                "scenario": version.scenario,
                "effective_on": printed["effective_on"],
                "review_on": printed["review_on"],
                "fingerprint": version.fingerprint,
                "sha256": file.sha256,
                "pages": file.pages,
            },
        )
    return version


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a version still says what is so (rule P2). `changed` names its sections, `since` is
    when somebody first wrote something that plans print."""

    changed: tuple[str, ...]
    since: datetime | None

    @property
    def is_current(self) -> bool:
        return not self.changed


def standing(organisation: Organisation, version: PlanVersion) -> Standing:
    """Compare what the version says with what it would say now. Both are taken on the version's
    day, so that nothing changes by the mere passing of time."""
    zone = ZoneInfo(organisation.time_zone)
    day = datetime.combine(version.effective_on, datetime.min.time(), tzinfo=zone)
    is_summary = is_summary_of(version)
    sections = summaries.SECTIONS if is_summary else snapshot.SECTIONS
    try:
        now = compose(
            organisation,
            scenario=version.scenario,
            system_key=version.system_id_printed or None,
            issue=version.issue,
            now=day,
            made_by="",
            is_summary=is_summary,
        )
    except InvalidInput:
        changed = list(sections)
    else:
        changed = snapshot.changed_sections(version.snapshot, now, sections)
    since = plans.first_change_since(organisation, version.created_at) if changed else None
    return Standing(tuple(changed), since)


def is_summary_of(version: PlanVersion) -> bool:
    """Whether it is an executive summary, and not a plan or a sheet."""
    return bool(version.snapshot.get("kind") == summaries.KIND)


def rests_on(version: PlanVersion) -> dict[str, int]:
    """How many records of each kind the version was made from; an issue of before there were
    procedures has none of them."""
    frozen = version.snapshot
    counted = ("systems", "dependencies", "contacts", "teams", "sites", "copies")
    later = ("procedures", "exercises", "processes")
    return {one: len(frozen[one]) for one in (*counted, *later) if one in frozen}


def code_of(version: PlanVersion) -> str:
    """The short code that stands on every page of the print."""
    return snapshot.short_code(version.fingerprint)


def pdf_of(organisation: Organisation, version: PlanVersion) -> bytes:
    """The printed file, checked against the digest it was stored with. Raises `DamagedFile`."""
    file = plans.file_of(organisation, version)
    content = bytes(file.content) if file else b""
    if file is None or hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedFile(
            _("The stored file of issue %(issue)s is damaged and is not handed out. Print it anew.")
            % {"issue": version.issue}
        )
    return content
