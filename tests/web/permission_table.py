"""Every address of an organisation's pages: what its visitor must be able to do, and how a test
reaches it. A page that is missing here fails `test_permissions.py`.

`get` and `post` name the capability that each method needs; a method without one answers 405.
`kwargs` makes the record whose key the address carries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bcp.engine.permissions import Capability
from bcp.models.base import new_key
from bcp.queries import history
from bcp.services import plans, systems, targets
from tests.conftest import Cast
from tests.factories import make_dependency, make_plan_version, make_system

READ = Capability.READ
EDIT = Capability.EDIT_ESTATE
RENDER = Capability.RENDER_PLAN
PROPOSE = Capability.PROPOSE_TARGET
APPROVE = Capability.APPROVE_TARGET


@dataclass(frozen=True)
class Page:
    get: Capability | None = READ
    post: Capability | None = None
    download: bool = False
    """Answers with a file, not with a page."""
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


def a_proposal(cast: Cast) -> dict[str, str]:
    """By the command line, so that everybody's role alone decides."""
    system = make_system(cast.organisation, fresh("ERP"))
    proposal = targets.propose(
        cast.organisation, system.pk, rto_minutes=60, rpo_minutes=None, by=cast.shell
    )
    return {"key": proposal.pk}


def a_plan(cast: Cast) -> dict[str, str]:
    return {"key": make_plan_version(cast.organisation).pk}


def a_waiting_job(cast: Cast) -> dict[str, str]:
    return {"key": plans.request_plan(cast.organisation, by=cast.shell).pk}


PAGES: dict[str, Page] = {
    "dependencies-bulk": Page(get=EDIT, post=EDIT),
    "dependencies-create": Page(get=EDIT, post=EDIT),
    "dependencies-delete": Page(get=EDIT, post=EDIT, kwargs=an_edge),
    "dependencies-detail": Page(kwargs=an_edge),
    "dependencies-edit": Page(get=EDIT, post=EDIT, kwargs=an_edge),
    "dependencies-history": Page(kwargs=an_edge),
    "dependencies-list": Page(),
    "gaps-list": Page(),
    "history-undo": Page(get=None, post=EDIT, kwargs=an_edit),
    "map": Page(),
    "overview": Page(),
    "plans-cancel": Page(get=None, post=RENDER, kwargs=a_waiting_job),
    "plans-create": Page(get=None, post=RENDER),
    "plans-detail": Page(kwargs=a_plan),
    "plans-download": Page(download=True, kwargs=a_plan),
    "plans-jobs": Page(),
    "plans-list": Page(),
    "recovery-order": Page(),
    "search": Page(),
    "systems-bulk": Page(get=EDIT, post=EDIT),
    "systems-create": Page(get=EDIT, post=EDIT),
    "systems-delete": Page(get=EDIT, post=EDIT, kwargs=a_system),
    "systems-detail": Page(kwargs=a_system),
    "systems-edit": Page(get=EDIT, post=EDIT, kwargs=a_system),
    "systems-history": Page(kwargs=a_system),
    "systems-list": Page(),
    "systems-status": Page(get=None, post=EDIT, kwargs=a_system),
    "targets-approve": Page(post=APPROVE, kwargs=a_proposal),
    "targets-history": Page(kwargs=a_system),
    "targets-list": Page(),
    "targets-propose": Page(get=PROPOSE, post=PROPOSE, kwargs=a_system),
    "targets-send-back": Page(get=None, post=APPROVE, kwargs=a_proposal),
    "targets-withdraw": Page(get=None, post=PROPOSE, kwargs=a_proposal),
}
