"""Records to open pages with: each function makes one and gives what its address is made of."""

from __future__ import annotations

from django.utils import timezone

from bcp.engine.permissions import Role
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
