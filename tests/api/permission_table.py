"""Every address of the API: what each method needs, and how a test reaches it. An address that
is missing here fails `test_permissions.py`.

A method that is absent answers 405. `key` makes the record whose key the address carries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bcp.engine.estate import Kind
from bcp.engine.permissions import Capability, Role
from bcp.models import PlanFile, PlanVersion
from bcp.queries import organisations
from bcp.services import impacts, plans, targets
from bcp.services.ledger import writing
from tests.conftest import Cast
from tests.factories import (
    make_acceptance,
    make_contact,
    make_copy,
    make_dependency,
    make_exercise,
    make_path,
    make_policy,
    make_procedure,
    make_proposed,
    make_restore_test,
    make_scenario,
    make_site,
    make_system,
    make_team,
)

READ = Capability.READ
EDIT = Capability.EDIT_ESTATE
ANSWER = Capability.ANSWER_IMPACT
REVIEW = Capability.REVIEW_DEPENDENCIES

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Resource:
    needs: Mapping[str, Capability]
    key: Callable[[Cast], str] | None = None


def _system(cast: Cast) -> str:
    return make_system(cast.organisation, "ERP").pk


def _dependency(cast: Cast) -> str:
    organisation = cast.organisation
    return make_dependency(make_system(organisation, "ERP"), make_system(organisation, "DB")).pk


def _site(cast: Cast) -> str:
    return make_site(cast.organisation, "Hamburg").pk


def _contact(cast: Cast) -> str:
    return make_contact(cast.organisation, "Ada").pk


def _team(cast: Cast) -> str:
    return make_team(cast.organisation, "DBA").pk


def _path(cast: Cast) -> str:
    return make_path(cast.organisation, "main").pk


def _copy(cast: Cast) -> str:
    return make_copy(make_system(cast.organisation, "ERP"), "nightly").pk


def _scenario(cast: Cast) -> str:
    return make_scenario(cast.organisation, "Fire and theft").pk


def _policy(cast: Cast) -> str:
    return make_policy(cast.organisation, "daily").pk


def _restore_test(cast: Cast) -> str:
    copy = make_copy(make_system(cast.organisation, "ERP"), "nightly")
    return make_restore_test(copy).pk


def _exercise(cast: Cast) -> str:
    return make_exercise(make_system(cast.organisation, "ERP")).pk


def _tier(cast: Cast) -> str:
    return organisations.tiers(cast.organisation)[0].pk


def _proposal(cast: Cast) -> str:
    return targets.propose(
        cast.organisation, _system(cast), rto_minutes=60, rpo_minutes=None, by=cast.shell
    ).pk


def _process(cast: Cast) -> str:
    """With one answer, so that it has a history."""
    process = make_system(cast.organisation, "Payroll", kind=Kind.PROCESS.value)
    impacts.answer_cost(cast.organisation, process.pk, None, seen_version=None, by=cast.shell)
    return process.pk


def _proposed(cast: Cast) -> str:
    ends = (make_system(cast.organisation, name) for name in ("Shop", "Cache"))
    return make_proposed(*ends).pk


def _acceptance(cast: Cast) -> str:
    system = make_system(cast.organisation, "ERP")
    return make_acceptance(system, cast.user(Role.EXECUTIVE)).pk


def _job(cast: Cast) -> str:
    return plans.request_plan(cast.organisation, by=cast.shell).pk


def _plan(cast: Cast) -> str:
    """A version as a worker leaves it, with a file that is as good as any here."""
    content = b"%PDF-1.7"
    digest = hashlib.sha256(content).hexdigest()
    with writing(cast.organisation, by=cast.shell, needs=Capability.RENDER_PLAN) as ledger:
        version = PlanVersion.objects.create(
            organisation=cast.organisation,
            issue=1,
            title="Plan",
            effective_on=date(2026, 11, 1),
            review_on=date(2027, 5, 1),
            snapshot={},
            fingerprint="0" * 64,
        )
        PlanFile.objects.create(
            organisation=cast.organisation,
            plan_version=version,
            content=content,
            sha256=digest,
            pages=1,
        )
        ledger.note("created", version)
    return version.pk


def _draft(cast: Cast) -> str:
    return make_procedure(make_system(cast.organisation, "ERP"), 10).pk


def _noun(name: str, key: Callable[[Cast], str]) -> dict[str, Resource]:
    changes = dict.fromkeys(("put", "patch", "delete"), EDIT)
    return {
        f"api-{name}-list": Resource({"get": READ, "post": EDIT}),
        f"api-{name}-detail": Resource({"get": READ, **changes}, key),
        f"api-{name}-history": Resource({"get": READ}, key),
    }


RESOURCES: dict[str, Resource] = {
    "api-organisation-detail": Resource({"get": READ, "patch": Capability.MANAGE_ORGANISATION}),
    "api-tiers-list": Resource({"get": READ}),
    "api-tiers-detail": Resource({"get": READ, "patch": Capability.MANAGE_ORGANISATION}, _tier),
    "api-tiers-history": Resource({"get": READ}, _tier),
    "api-members-list": Resource({"get": READ}),
    "api-audit-list": Resource({"get": Capability.READ_AUDIT}),
    **_noun("systems", _system),
    "api-systems-bulk": Resource({"post": EDIT}),
    **_noun("dependencies", _dependency),
    **_noun("sites", _site),
    **_noun("contacts", _contact),
    **_noun("teams", _team),
    **_noun("escalation-paths", _path),
    **_noun("copies", _copy),
    "api-copies-reports": Resource({"get": READ}, _copy),
    "api-copies-reporting-address": Resource({"get": EDIT, "post": EDIT}, _copy),
    **_noun("scenarios", _scenario),
    **_noun("policies", _policy),
    "api-policies-assign": Resource({"post": EDIT}, _policy),
    "api-policies-release": Resource({"post": EDIT}, _policy),
    **_noun("restore-tests", _restore_test),
    **_noun("exercises", _exercise),
    "api-exercises-due": Resource({"get": READ}),
    "api-targets-list": Resource({"get": READ, "post": Capability.PROPOSE_TARGET}),
    "api-targets-detail": Resource({"get": READ}, _proposal),
    "api-targets-history": Resource({"get": READ}, _proposal),
    "api-targets-approve-many": Resource({"post": Capability.APPROVE_TARGET}),
    "api-targets-consequences": Resource({"get": READ}, _proposal),
    "api-targets-approve": Resource({"post": Capability.APPROVE_TARGET}, _proposal),
    "api-targets-send-back": Resource({"post": Capability.APPROVE_TARGET}, _proposal),
    "api-targets-withdraw": Resource({"post": Capability.PROPOSE_TARGET}, _proposal),
    "api-impacts-list": Resource({"get": READ}),
    "api-impacts-detail": Resource({"get": READ, "put": ANSWER, "patch": ANSWER}, _process),
    "api-impacts-confirm": Resource({"post": ANSWER}, _process),
    "api-impacts-history": Resource({"get": READ}, _process),
    "api-reviews-list": Resource({"get": READ, "post": REVIEW}),
    "api-proposed-dependencies-list": Resource({"get": READ}),
    "api-proposed-dependencies-detail": Resource({"get": READ}, _proposed),
    "api-proposed-dependencies-history": Resource({"get": READ}, _proposed),
    "api-proposed-dependencies-accept": Resource({"post": REVIEW}, _proposed),
    "api-proposed-dependencies-refuse": Resource({"post": REVIEW}, _proposed),
    "api-proposed-dependencies-put-back": Resource({"post": REVIEW}, _proposed),
    "api-acceptances-list": Resource({"get": READ, "post": Capability.ACCEPT_GAP}),
    "api-acceptances-detail": Resource({"get": READ}, _acceptance),
    "api-acceptances-history": Resource({"get": READ}, _acceptance),
    "api-acceptances-take-back": Resource({"post": Capability.ACCEPT_GAP}, _acceptance),
    **_noun("procedures", _draft),
    "api-procedures-approve": Resource({"post": Capability.APPROVE_PROCEDURE}, _draft),
    "api-procedures-send-back": Resource({"post": Capability.APPROVE_PROCEDURE}, _draft),
    "api-losses": Resource({"get": READ}),
    "api-loops": Resource({"get": READ}),
    "api-blast-radius": Resource({"get": READ}),
    "api-systems-losses": Resource({"get": READ}, _system),
    "api-systems-consequences": Resource({"get": READ}, _system),
    "api-systems-ways": Resource({"get": READ}, _system),
    "api-analysis": Resource({"get": READ}),
    "api-plans-list": Resource({"get": READ, "post": Capability.RENDER_PLAN}),
    "api-plans-detail": Resource({"get": READ}, _plan),
    "api-plans-pdf": Resource({"get": READ}, _plan),
    "api-plans-history": Resource({"get": READ}, _plan),
    "api-jobs-list": Resource({"get": READ}),
    "api-jobs-detail": Resource({"get": READ}, _job),
    "api-jobs-cancel": Resource({"post": Capability.RENDER_PLAN}, _job),
    "api-jobs-history": Resource({"get": READ}, _job),
}
