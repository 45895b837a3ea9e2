"""Every address of an organisation's pages: what its visitor must be able to do, and how a test
reaches it. A page that is missing here fails `test_permissions.py`.

`get` and `post` name the capability that each method needs; a method without one answers 405.
`kwargs` makes the record whose key the address carries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from bcp.engine.permissions import Capability, Role
from bcp.models import Dependency
from bcp.models.base import new_key
from bcp.queries import history, organisations
from bcp.services import import_uploads, invitations, plans, systems, targets, tokens
from tests.conftest import Cast
from tests.factories import (
    answer_everything,
    make_acceptance,
    make_contact,
    make_copy,
    make_dependency,
    make_dismissal,
    make_exercise,
    make_path,
    make_plan_version,
    make_policy,
    make_procedure,
    make_proposed,
    make_restore_test,
    make_saved_view,
    make_scenario,
    make_site,
    make_system,
    make_target,
    make_team,
)

READ = Capability.READ
EDIT = Capability.EDIT_ESTATE
RENDER = Capability.RENDER_PLAN
READ_AUDIT = Capability.READ_AUDIT
MEMBERS = Capability.MANAGE_MEMBERS
MANAGE = Capability.MANAGE_ORGANISATION
PROPOSE = Capability.PROPOSE_TARGET
APPROVE = Capability.APPROVE_TARGET
ANSWER = Capability.ANSWER_IMPACT
APPROVE_PROCEDURE = Capability.APPROVE_PROCEDURE
ACCEPT = Capability.ACCEPT_GAP
REVIEW = Capability.REVIEW_DEPENDENCIES


@dataclass(frozen=True)
class Page:
    get: Capability | None = READ
    post: Capability | None = None
    download: bool = False
    """Answers with a file, not with a page."""
    fragment: bool = False
    """Answers with a part of a page that refreshes itself."""
    kwargs: Callable[[Cast], dict[str, str]] = lambda cast: {}


def fresh(word: str) -> str:
    """A name that is not taken yet: one test may open many pages."""
    return f"{word} {new_key()}"


def a_system(cast: Cast) -> dict[str, str]:
    return {"key": make_system(cast.organisation, fresh("ERP")).pk}


def an_edit(cast: Cast) -> dict[str, str]:
    """The event of a change that can be taken back."""
    system = make_system(cast.organisation, fresh("ERP"))
    systems.change(
        cast.organisation, system.pk, {"tier": 2}, seen_version=system.version, by=cast.shell
    )
    latest = history.of_record(cast.organisation, "system", system.pk).first()
    assert latest is not None
    return {"key": latest.pk}


def an_edge(cast: Cast) -> dict[str, str]:
    ends = [make_system(cast.organisation, fresh(word)) for word in ("ERP", "SAN")]
    return {"key": make_dependency(*ends).pk}


def a_ring(cast: Cast) -> Dependency:
    """Two systems that wait for each other; the dependency of the first."""
    ends = [make_system(cast.organisation, fresh(word)) for word in ("AD", "DNS")]
    make_dependency(*reversed(ends))
    return make_dependency(*ends)


def a_loop(cast: Cast) -> dict[str, str]:
    return {"key": a_ring(cast).dependent.pk}


def a_closed_edge(cast: Cast) -> dict[str, str]:
    return {"key": a_ring(cast).pk}


def a_proposal(cast: Cast) -> dict[str, str]:
    """By the command line, so that everybody's role alone decides."""
    system = make_system(cast.organisation, fresh("ERP"))
    proposal = targets.propose(
        cast.organisation, system.pk, rto_minutes=60, rpo_minutes=None, by=cast.shell
    )
    return {"key": proposal.pk}


def an_approval(cast: Cast) -> dict[str, str]:
    system = make_system(cast.organisation, fresh("ERP"))
    return {"key": make_target(system, cast.user(Role.EXECUTIVE), rto=60).pk}


def a_dismissal(cast: Cast) -> dict[str, str]:
    system = make_system(cast.organisation, fresh("Shop"))
    return {"key": make_dismissal(system, cast.user(Role.IT_DIRECTOR)).pk}


def a_proposed(cast: Cast) -> dict[str, str]:
    ends = (make_system(cast.organisation, fresh(end)) for end in ("Shop", "Cache"))
    return {"key": make_proposed(*ends).pk}


def an_acceptance(cast: Cast) -> dict[str, str]:
    system = make_system(cast.organisation, fresh("ERP"))
    return {"key": make_acceptance(system, cast.user(Role.EXECUTIVE)).pk}


def a_process(cast: Cast) -> dict[str, str]:
    process = make_system(cast.organisation, fresh("Payroll"), kind="business process")
    answer_everything(process, cast.user(Role.EXECUTIVE))
    return {"key": process.pk}


def a_question(cast: Cast) -> dict[str, str]:
    return {**a_process(cast), "question": "clients-3"}


def a_plan(cast: Cast) -> dict[str, str]:
    return {"key": make_plan_version(cast.organisation).pk}


def a_waiting_job(cast: Cast) -> dict[str, str]:
    return {"key": plans.request_plan(cast.organisation, by=cast.shell).pk}


def an_upload(cast: Cast) -> dict[str, str]:
    upload = import_uploads.keep(
        cast.organisation,
        {"sites.csv": b"name\nHQ"},
        add_missing=False,
        now=timezone.now(),
        by=cast.actor(),
    )
    return {"key": upload.pk}


def a_site(cast: Cast) -> dict[str, str]:
    return {"key": make_site(cast.organisation, fresh("HQ")).pk}


def a_contact(cast: Cast) -> dict[str, str]:
    return {"key": make_contact(cast.organisation, fresh("Ann")).pk}


def a_team(cast: Cast) -> dict[str, str]:
    return {"key": make_team(cast.organisation, fresh("Network")).pk}


def a_path(cast: Cast) -> dict[str, str]:
    return {"key": make_path(cast.organisation, fresh("Night")).pk}


def a_copy(cast: Cast) -> dict[str, str]:
    return {"key": make_copy(make_system(cast.organisation, fresh("ERP")), "Nightly").pk}


def a_policy(cast: Cast) -> dict[str, str]:
    """Followed by one system."""
    policy = make_policy(cast.organisation, fresh("Daily"), interval_minutes=1440)
    make_copy(make_system(cast.organisation, fresh("ERP")), "Nightly", policy=policy)
    return {"key": policy.pk}


def a_restore_test(cast: Cast) -> dict[str, str]:
    copy = make_copy(make_system(cast.organisation, fresh("ERP")), "Nightly")
    return {"key": make_restore_test(copy).pk}


def a_scenario(cast: Cast) -> dict[str, str]:
    return {"key": make_scenario(cast.organisation, fresh("Fire and theft")).pk}


def a_saved_view(cast: Cast) -> dict[str, str]:
    return {"key": make_saved_view(cast.organisation, fresh("All of it")).pk}


def an_exercise(cast: Cast) -> dict[str, str]:
    return {"key": make_exercise(make_system(cast.organisation, fresh("ERP"))).pk}


def a_tier(cast: Cast) -> dict[str, str]:
    return {"key": organisations.tiers(cast.organisation).get(tier=1).pk}


def a_member(cast: Cast) -> dict[str, str]:
    return {"key": cast.members[Role.AUDITOR].pk}


def somebody_elses_token(cast: Cast) -> dict[str, str]:
    """One's own may be revoked by everybody: see `test_settings.py`."""
    token, _secret = tokens.create(
        cast.organisation, fresh("nightly"), days=7, by=cast.actor(Role.ADMINISTRATOR)
    )
    return {"key": token.pk}


def an_invitation(cast: Cast) -> dict[str, str]:
    invited = invitations.invite(
        cast.organisation, f"{new_key()}@new.example", Role.AUDITOR, link_base="", by=cast.shell
    )
    return {"key": invited.invitation.pk}


def a_draft(cast: Cast) -> dict[str, str]:
    """By the command line, so that everybody's role alone decides."""
    return {"key": make_procedure(make_system(cast.organisation, fresh("ERP")), 10).pk}


PAGES: dict[str, Page] = {
    "audit-check": Page(get=READ_AUDIT),
    "audit-list": Page(get=READ_AUDIT),
    "backups-matrix": Page(),
    "backups-system": Page(kwargs=a_system),
    "contacts-bulk": Page(get=EDIT, post=EDIT),
    "blast": Page(),
    "contacts-create": Page(get=EDIT, post=EDIT),
    "contacts-delete": Page(get=EDIT, post=EDIT, kwargs=a_contact),
    "contacts-detail": Page(kwargs=a_contact),
    "contacts-edit": Page(get=EDIT, post=EDIT, kwargs=a_contact),
    "contacts-history": Page(kwargs=a_contact),
    "contacts-list": Page(),
    "copies-bulk": Page(get=EDIT, post=EDIT),
    "copies-create": Page(get=EDIT, post=EDIT),
    "copies-delete": Page(get=EDIT, post=EDIT, kwargs=a_copy),
    "copies-detail": Page(kwargs=a_copy),
    "copies-edit": Page(get=EDIT, post=EDIT, kwargs=a_copy),
    "copies-history": Page(kwargs=a_copy),
    "copies-list": Page(),
    "copies-roll": Page(get=EDIT, post=EDIT, kwargs=a_copy),
    "dependencies-bulk": Page(get=EDIT, post=EDIT),
    "dependencies-create": Page(get=EDIT, post=EDIT),
    "dependencies-delete": Page(get=EDIT, post=EDIT, kwargs=an_edge),
    "dependencies-detail": Page(kwargs=an_edge),
    "dependencies-edit": Page(get=EDIT, post=EDIT, kwargs=an_edge),
    "dependencies-history": Page(kwargs=an_edge),
    "dependencies-list": Page(),
    "escalation-create": Page(get=EDIT, post=EDIT),
    "escalation-delete": Page(get=EDIT, post=EDIT, kwargs=a_path),
    "escalation-detail": Page(kwargs=a_path),
    "escalation-edit": Page(get=EDIT, post=EDIT, kwargs=a_path),
    "escalation-history": Page(kwargs=a_path),
    "escalation-list": Page(),
    "exchange": Page(),
    "exchange-add-missing": Page(get=None, post=EDIT, kwargs=an_upload),
    "exchange-discard": Page(get=None, post=EDIT, kwargs=an_upload),
    "exchange-export": Page(download=True),
    "exchange-preview": Page(get=EDIT, post=EDIT, kwargs=an_upload),
    "exchange-templates": Page(download=True),
    "exchange-upload": Page(get=None, post=EDIT),
    "exercises-create": Page(get=EDIT, post=EDIT),
    "exercises-delete": Page(get=EDIT, post=EDIT, kwargs=an_exercise),
    "exercises-detail": Page(kwargs=an_exercise),
    "exercises-due": Page(),
    "exercises-edit": Page(get=EDIT, post=EDIT, kwargs=an_exercise),
    "exercises-history": Page(kwargs=an_exercise),
    "exercises-list": Page(),
    "exercises-results": Page(get=EDIT, post=EDIT, kwargs=an_exercise),
    "gaps-list": Page(),
    "reviews-list": Page(),
    "reviews-confirm": Page(get=REVIEW, post=REVIEW),
    "reviews-detail": Page(kwargs=a_system),
    "proposed-list": Page(),
    "proposed-decide": Page(get=REVIEW, post=REVIEW),
    "proposed-undo": Page(get=None, post=REVIEW, kwargs=a_proposed),
    "suggestions-list": Page(),
    "suggestions-propose": Page(get=None, post=EDIT),
    "suggestions-dismiss": Page(get=REVIEW, post=REVIEW),
    "suggestions-ask-again": Page(get=None, post=REVIEW, kwargs=a_dismissal),
    "gaps-accept": Page(get=ACCEPT, post=ACCEPT),
    "acceptances-list": Page(),
    "acceptances-detail": Page(kwargs=an_acceptance),
    "acceptances-take-back": Page(get=ACCEPT, post=ACCEPT, kwargs=an_acceptance),
    "history-undo": Page(get=None, post=EDIT, kwargs=an_edit),
    "impacts-ask": Page(get=ANSWER, post=ANSWER, kwargs=a_process),
    "impacts-check": Page(kwargs=a_process),
    "impacts-confirm": Page(get=None, post=ANSWER, kwargs=a_process),
    "impacts-history": Page(kwargs=a_process),
    "impacts-interview": Page(get=ANSWER, kwargs=a_process),
    "impacts-list": Page(),
    "impacts-question": Page(get=ANSWER, post=ANSWER, kwargs=a_question),
    "impacts-take-back": Page(get=None, post=ANSWER, kwargs=a_process),
    "invitations-create": Page(get=None, post=MEMBERS),
    "invitations-withdraw": Page(get=None, post=MEMBERS, kwargs=an_invitation),
    "loops-detail": Page(kwargs=a_loop),
    "loops-list": Page(),
    "loops-open": Page(get=EDIT, post=EDIT, kwargs=a_closed_edge),
    "map": Page(),
    "map-needs-add": Page(get=EDIT, post=EDIT, kwargs=a_system),
    "map-needs-edit": Page(get=EDIT, post=EDIT, kwargs=an_edge),
    "map-needs-remove": Page(get=EDIT, post=EDIT, kwargs=an_edge),
    "map-panel": Page(kwargs=a_system),
    "map-views-create": Page(get=EDIT, post=EDIT),
    "map-views-delete": Page(get=EDIT, post=EDIT, kwargs=a_saved_view),
    "map-views-detail": Page(kwargs=a_saved_view),
    "map-views-edit": Page(get=EDIT, post=EDIT, kwargs=a_saved_view),
    "map-views-history": Page(kwargs=a_saved_view),
    "map-views-list": Page(),
    "members-list": Page(),
    "members-remove": Page(get=MEMBERS, post=MEMBERS, kwargs=a_member),
    "members-role": Page(get=None, post=MEMBERS, kwargs=a_member),
    "summary": Page(),
    "overview": Page(),
    "plans-cancel": Page(get=None, post=RENDER, kwargs=a_waiting_job),
    "plans-create": Page(get=None, post=RENDER),
    "plans-detail": Page(kwargs=a_plan),
    "plans-download": Page(download=True, kwargs=a_plan),
    "plans-jobs": Page(fragment=True),
    "plans-list": Page(),
    "policies-assign": Page(get=EDIT, post=EDIT, kwargs=a_policy),
    "policies-create": Page(get=EDIT, post=EDIT),
    "policies-delete": Page(get=EDIT, post=EDIT, kwargs=a_policy),
    "policies-detail": Page(kwargs=a_policy),
    "policies-edit": Page(get=EDIT, post=EDIT, kwargs=a_policy),
    "policies-history": Page(kwargs=a_policy),
    "policies-list": Page(),
    "policies-release": Page(get=None, post=EDIT, kwargs=a_policy),
    "policies-systems": Page(get=EDIT, kwargs=a_policy),
    "procedures-approve": Page(get=None, post=APPROVE_PROCEDURE, kwargs=a_draft),
    "procedures-delete": Page(get=EDIT, post=EDIT, kwargs=a_draft),
    "procedures-detail": Page(kwargs=a_draft),
    "procedures-edit": Page(get=EDIT, post=EDIT, kwargs=a_draft),
    "procedures-history": Page(kwargs=a_draft),
    "procedures-list": Page(),
    "procedures-send-back": Page(get=None, post=APPROVE_PROCEDURE, kwargs=a_draft),
    "procedures-start": Page(get=EDIT, post=EDIT, kwargs=a_system),
    "recovery-order": Page(),
    "restore-tests-create": Page(get=EDIT, post=EDIT),
    "restore-tests-delete": Page(get=EDIT, post=EDIT, kwargs=a_restore_test),
    "restore-tests-detail": Page(kwargs=a_restore_test),
    "restore-tests-edit": Page(get=EDIT, post=EDIT, kwargs=a_restore_test),
    "restore-tests-history": Page(kwargs=a_restore_test),
    "restore-tests-list": Page(),
    "scenarios-create": Page(get=EDIT, post=EDIT),
    "scenarios-delete": Page(get=EDIT, post=EDIT, kwargs=a_scenario),
    "scenarios-detail": Page(kwargs=a_scenario),
    "scenarios-edit": Page(get=EDIT, post=EDIT, kwargs=a_scenario),
    "scenarios-history": Page(kwargs=a_scenario),
    "scenarios-list": Page(),
    "search": Page(),
    "settings": Page(),
    "settings-edit": Page(get=MANAGE, post=MANAGE),
    "settings-tier": Page(get=MANAGE, post=MANAGE, kwargs=a_tier),
    "sites-create": Page(get=EDIT, post=EDIT),
    "sites-delete": Page(get=EDIT, post=EDIT, kwargs=a_site),
    "sites-detail": Page(kwargs=a_site),
    "sites-edit": Page(get=EDIT, post=EDIT, kwargs=a_site),
    "sites-history": Page(kwargs=a_site),
    "sites-list": Page(),
    "systems-bulk": Page(get=EDIT, post=EDIT),
    "systems-create": Page(get=EDIT, post=EDIT),
    "systems-delete": Page(get=EDIT, post=EDIT, kwargs=a_system),
    "systems-detail": Page(kwargs=a_system),
    "systems-edit": Page(get=EDIT, post=EDIT, kwargs=a_system),
    "systems-history": Page(kwargs=a_system),
    "systems-list": Page(),
    "systems-status": Page(get=None, post=EDIT, kwargs=a_system),
    "targets-approve": Page(post=APPROVE, kwargs=a_proposal),
    "targets-consequences": Page(get=PROPOSE, kwargs=a_system, fragment=True),
    "targets-history": Page(kwargs=a_system),
    "targets-list": Page(),
    "targets-propose": Page(get=PROPOSE, post=PROPOSE, kwargs=a_system),
    "targets-minutes": Page(kwargs=an_approval),
    "targets-review": Page(),
    "targets-review-send-back": Page(get=APPROVE, post=APPROVE),
    "targets-review-together": Page(fragment=True),
    "targets-send-back": Page(get=None, post=APPROVE, kwargs=a_proposal),
    "targets-ways": Page(kwargs=a_system),
    "targets-sign": Page(get=APPROVE, post=APPROVE),
    "targets-ways-apply": Page(get=EDIT, post=EDIT, kwargs=a_system),
    "targets-withdraw": Page(get=None, post=PROPOSE, kwargs=a_proposal),
    "teams-create": Page(get=EDIT, post=EDIT),
    "teams-delete": Page(get=EDIT, post=EDIT, kwargs=a_team),
    "teams-detail": Page(kwargs=a_team),
    "teams-edit": Page(get=EDIT, post=EDIT, kwargs=a_team),
    "teams-history": Page(kwargs=a_team),
    "teams-list": Page(),
    "tokens-list": Page(post=READ),
    "tokens-revoke": Page(get=None, post=MEMBERS, kwargs=somebody_elses_token),
}
