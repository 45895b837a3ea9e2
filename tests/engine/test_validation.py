"""An estate that makes no sense is refused with everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bcp.engine.analysis import analyse
from bcp.engine.durations import LONGEST_MINUTES
from bcp.engine.estate import (
    Contact,
    Dependency,
    EscalationPath,
    EscalationStep,
    Estate,
    Site,
    System,
    Team,
)
from bcp.engine.rejection import Rejected
from bcp.engine.validation import InvalidEstate, problems, validate
from tests.engine.estates import TODAY

GOOD = Estate(
    "acme",
    systems=(
        System("1", "ERP", tier=1, site="HQ", team="Servers", escalation="default"),
        System("2", "SAN", rto_minutes=0, duration_minutes=LONGEST_MINUTES),
    ),
    dependencies=(Dependency(0, 1),),
    sites=(Site("HQ"),),
    contacts=(Contact("1", "Ada"),),
    teams=(Team("Servers"),),
    paths=(EscalationPath("default", (EscalationStep("Ada"),), is_default=True),),
)


def changed_system(**changes: object) -> Estate:
    return replace(GOOD, systems=(replace(GOOD.systems[0], **changes), GOOD.systems[1]))


def with_edges(*edges: Dependency) -> Estate:
    return replace(GOOD, dependencies=edges)


def test_a_sound_estate_has_no_problems():
    assert problems(GOOD) == ()
    validate(GOOD)


@pytest.mark.parametrize(
    ("estate", "said"),
    [
        (with_edges(Dependency(0, 0)), "“ERP” cannot depend on itself"),
        (with_edges(Dependency(0, 2)), "names a system outside of the estate of 2"),
        (with_edges(Dependency(-1, 0)), "names a system outside of the estate of 2"),
        (with_edges(Dependency(0, 1), Dependency(0, 1)), "“ERP” needs “SAN” is said twice"),
        (changed_system(name="SAN"), "two systems are named “SAN”"),
        (changed_system(key="2"), "two systems have the key “2”"),
        (changed_system(name="  "), "a system has no name"),
        (changed_system(tier=5), "“ERP” is tier 5"),
        (changed_system(rto_minutes=-1), "“ERP” has a time of −1 min"),
        (changed_system(duration_minutes=LONGEST_MINUTES + 1), "allowed are 0 to ten years"),
        (changed_system(site="Moon"), "“ERP” is at the unknown site “Moon”"),
        (changed_system(team="Ghosts"), "names the unknown team “Ghosts”"),
        (changed_system(escalation="none"), "names the unknown escalation path “none”"),
        (replace(GOOD, detection_minutes=-5), "“acme” has a time of −5 min"),
        (replace(GOOD, contacts=()), "“default” calls the unknown contact “Ada”"),
        (replace(GOOD, paths=(*GOOD.paths, EscalationPath("b", (), True))), "more than one"),
        (replace(GOOD, teams=(Team("Servers", mobilise_day_minutes=-1),)), "“Servers” has a time"),
    ],
)
def test_each_problem_is_named(estate, said):
    assert any(said in str(problem) for problem in problems(estate))
    with pytest.raises(InvalidEstate) as refused:
        validate(estate)
    assert said in str(refused.value)


def test_every_problem_is_listed_not_only_the_first():
    estate = replace(
        GOOD, dependencies=(Dependency(0, 0), Dependency(7, 0)), detection_minutes=-1, sites=()
    )
    assert len(problems(estate)) == 4


@pytest.mark.parametrize("edge", [Dependency(0, 2), Dependency(2, 0), Dependency(-1, 0)])
def test_the_analysis_refuses_edges_out_of_the_estate(edge):
    with pytest.raises(Rejected, match="of only 2"):
        analyse(with_edges(edge), today=TODAY)


def test_the_analysis_passes_over_a_system_that_needs_itself_and_over_repeats():
    analysis = analyse(
        with_edges(Dependency(0, 0), Dependency(0, 1), Dependency(0, 1)), today=TODAY
    )
    assert analysis.loops == ()
    assert analysis.order == (1, 0)


def test_an_empty_estate_is_analysed():
    analysis = analyse(Estate("acme"), today=TODAY)
    assert (analysis.order, analysis.restored_minutes, len(analysis.systems)) == ((), 0, 0)
    assert [gap.code for gap in analysis.gaps] == ["no_default_path"]
