"""Answering suggestions: proposed or dismissed, bound to what they rest on."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.engine.suggestions import Suggestion
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import System
from bcp.queries import suggestions as reads
from bcp.services import dependencies, proposed_dependencies, suggestions
from tests.conftest import Cast
from tests.factories import make_dependency, make_dismissal, make_site, make_system


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def crm(acme: Cast) -> System:
    """One of seven at a site, of which the six others need the directory."""
    site = make_site(acme.organisation, "HQ")
    directory = make_system(acme.organisation, "Directory", kind="identity")
    for number in range(6):
        system = make_system(acme.organisation, f"App {number}", site=site)
        make_dependency(system, directory, needed_to="run")
    return make_system(acme.organisation, "CRM", site=site)


def about(acme: Cast, system: System, now: datetime, topic: str = "peers") -> list[Suggestion]:
    rows = reads.asked(acme.organisation, now=now).rows
    return [
        row.suggestion
        for row in rows
        if row.dismissal is None and row.suggestion.identity.startswith(f"{topic}:{system.pk}")
    ]


def test_a_suggestion_becomes_a_proposal_with_its_reason_and_is_not_repeated(
    acme: Cast, crm: System, now: datetime
) -> None:
    (one,) = about(acme, crm, now)
    seen = (one.identity, one.facts)
    by = acme.actor(Role.ENGINEER)
    made = suggestions.propose(acme.organisation, seen, by=by, now=now)
    assert (str(made), made.needed_to, made.source) == ("CRM → Directory", "run", "suggestion")
    assert made.reason.startswith("6 of the 6 other systems at the site “HQ”")
    assert about(acme, crm, now) == []
    with pytest.raises(Conflict):
        suggestions.propose(acme.organisation, seen, by=by, now=now)
    proposed_dependencies.refuse_many(
        acme.organisation, [(made.pk, made.version)], "It has its own users", by=acme.actor()
    )
    assert about(acme, crm, now) == []


def test_a_dismissal_is_remembered_until_what_it_rests_on_changes(
    acme: Cast, crm: System, now: datetime
) -> None:
    (one,) = about(acme, crm, now)
    suggestions.dismiss_many(
        acme.organisation, [(one.identity, one.facts)], "Own users", by=acme.actor(), now=now
    )
    assert about(acme, crm, now) == []
    edge = make_dependency(crm, make_system(acme.organisation, "SAN", kind="storage"))
    assert len(about(acme, crm, now)) == 1
    dependencies.delete(acme.organisation, edge.pk, seen_version=None, by=acme.shell)
    assert about(acme, crm, now) == []


def test_a_dismissal_can_be_taken_back_once(acme: Cast, crm: System, now: datetime) -> None:
    row = make_dismissal(crm, acme.user(Role.IT_DIRECTOR))
    assert about(acme, crm, now, "application alone") == []
    suggestions.ask_again(acme.organisation, row.pk, by=acme.actor())
    assert len(about(acme, crm, now, "application alone")) == 1
    with pytest.raises(Conflict):
        suggestions.ask_again(acme.organisation, row.pk, by=acme.actor())


def test_who_dismisses_needs_a_reason_a_right_and_to_be_first(
    acme: Cast, crm: System, now: datetime
) -> None:
    (one,) = about(acme, crm, now)
    seen = [(one.identity, one.facts)]
    with pytest.raises(InvalidInput, match="Say why"):
        suggestions.dismiss_many(acme.organisation, seen, " ", by=acme.actor(), now=now)
    with pytest.raises(NotAllowed):
        suggestions.dismiss_many(
            acme.organisation, seen, "No", by=acme.actor(Role.ENGINEER), now=now
        )
    suggestions.dismiss_many(acme.organisation, seen, "No", by=acme.actor(), now=now)
    with pytest.raises(Conflict):
        suggestions.dismiss_many(acme.organisation, seen, "No", by=acme.actor(), now=now)


def test_a_suggestion_that_names_no_dependency_cannot_be_proposed(
    acme: Cast, crm: System, now: datetime
) -> None:
    (one,) = about(acme, crm, now, "application alone")
    with pytest.raises(InvalidInput, match="names no dependency"):
        suggestions.propose(acme.organisation, (one.identity, one.facts), by=acme.actor(), now=now)
