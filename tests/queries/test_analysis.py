"""What is kept of an analysis: no row is read twice, and no change goes unseen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from bcp.engine.estate import Step
from bcp.queries.analysis import analysis
from bcp.services import map_views, systems, tokens
from tests.conftest import Cast
from tests.factories import make_dependency, make_procedure, make_site, make_system, make_team

NAMING_QUERIES = 2
"""The last audited write and the state of the reports: what the content is known by."""


def test_another_scenario_and_a_later_moment_read_no_records(
    acme: Cast, django_assert_num_queries: Any
) -> None:
    make_system(acme.organisation, "ERP", site=make_site(acme.organisation, "HQ"))
    now = timezone.now()
    analysis(acme.organisation, now=now)
    with django_assert_num_queries(2 * NAMING_QUERIES):
        lost = analysis(acme.organisation, "site:HQ", now=now)
        later = analysis(acme.organisation, now=now + timedelta(minutes=10))
    assert (lost.scenario.subject, later.scenario.name) == ("HQ", "everything")
    assert lost.estate is later.estate


def test_the_next_question_sees_what_was_just_written(acme: Cast) -> None:
    erp = make_system(acme.organisation, "ERP")
    before = analysis(acme.organisation, now=timezone.now())
    make_dependency(erp, make_system(acme.organisation, "DNS"))
    after = analysis(acme.organisation, now=timezone.now())
    systems.delete(acme.organisation, erp.pk, seen_version=None, by=acme.actor())
    gone = analysis(acme.organisation, "system:DNS", now=timezone.now())
    assert [len(one.estate.systems) for one in (before, after, gone)] == [1, 2, 1]
    assert [len(one.estate.dependencies) for one in (before, after, gone)] == [0, 1, 0]


def test_what_no_estate_is_read_from_costs_no_new_answer(acme: Cast) -> None:
    make_system(acme.organisation, "ERP")
    now = timezone.now()
    before = analysis(acme.organisation, now=now)
    view = {"name": "Around ERP", "query": "focus=k1"}
    map_views.create(acme.organisation, view, by=acme.actor())
    tokens.create(acme.organisation, "Reader", days=7, by=acme.actor())
    assert analysis(acme.organisation, now=now) is before


def test_organisations_that_look_alike_are_never_answered_for_each_other(
    acme: Cast, rival: Cast
) -> None:
    make_system(acme.organisation, "ERP")
    ours = analysis(acme.organisation, now=timezone.now())
    theirs = analysis(rival.organisation, now=timezone.now())
    assert ours.estate.organisation != theirs.estate.organisation
    assert [system.name for system in theirs.estate.systems] == []


def test_a_step_says_who_does_it_and_for_how_long(acme: Cast) -> None:
    team = make_team(acme.organisation, "Servers")
    erp = make_system(acme.organisation, "ERP")
    make_procedure(erp, 30, minutes_low=20, minutes_high=50, heads=2, team=team)
    (procedure,) = analysis(acme.organisation, now=timezone.now()).estate.procedures
    assert procedure.steps == (Step(30, 20, 50, "Servers", 2),)
