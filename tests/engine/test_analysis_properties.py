"""The analysis of random estates against the rules read literally."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.estate import Estate, NeededTo
from bcp.engine.results import Analysis, Effect, Standing
from bcp.engine.timeline import SHOWN_UNKNOWNS
from bcp.engine.wording import activation_of, explain_chain
from tests.engine import brute_force
from tests.engine.estates import TODAY, estates, estates_in_scenarios

often = settings(max_examples=200)


def worked_out(estate: Estate, scenario: str) -> tuple[Analysis, brute_force.Recovery]:
    """The engine's answer and the literal one, given the same activation and opened edges."""
    analysis = analyse(estate, scenario, today=TODAY)
    opened = {edge for loop in analysis.loops for edge in loop.open_edges}
    activation = [activation_of(analysis, i) for i in range(len(estate.systems))]
    literal = brute_force.Recovery(
        estate, scenario, opened, [(a.total_minutes, a.at_least) for a in activation]
    )
    return analysis, literal


@often
@given(estates_in_scenarios())
def test_scenarios_have_the_effects_that_rule_g10_says(given_case):
    estate, scenario = given_case
    analysis = analyse(estate, scenario, today=TODAY)
    assert [result.effect for result in analysis.systems] == brute_force.effects(estate, scenario)


@often
@given(estates_in_scenarios())
def test_start_restored_and_wave_are_those_of_plain_recursion(given_case):
    analysis, literal = worked_out(*given_case)
    for result in analysis.systems:
        assert result.restored_minutes == literal.restored(result.index)
        if result.effect is Effect.UNTOUCHED:
            assert result.wave is None
            assert result.start_minutes is None
        else:
            assert result.wave == literal.wave(result.index)
            assert result.start_minutes == literal.start(result.index)


@often
@given(estates_in_scenarios())
def test_what_rests_on_unknowns_says_so_and_names_them(given_case):
    analysis, literal = worked_out(*given_case)
    for result in analysis.systems:
        unknown = literal.unknown(result.index)
        assert result.at_least == literal.at_least(result.index)
        assert result.unknown_count == len(unknown)
        assert list(result.unknown_durations) == unknown[:SHOWN_UNKNOWNS]
    assert analysis.at_least == any(result.at_least for result in analysis.systems)


@often
@given(estates_in_scenarios())
def test_required_targets_are_the_fixpoint_of_rule_g3(given_case):
    analysis, literal = worked_out(*given_case)
    required, latest, at_most = literal.requirements()
    for result in analysis.systems:
        assert result.required_rto_minutes == required[result.index]
        assert result.latest_minutes == latest[result.index]
        assert result.required_at_most == at_most[result.index]
        if result.latest_minutes is None:
            assert result.slack_minutes is None
        else:
            assert result.slack_minutes == result.latest_minutes - result.restored_minutes


@often
@given(estates_in_scenarios())
def test_the_dependent_that_requires_is_one_that_does(given_case):
    analysis, literal = worked_out(*given_case)
    for result in analysis.systems:
        if result.required_by is None:
            assert result.required_rto_minutes is None
            continue
        above = analysis.systems[result.required_by]
        asked = set()
        if result.index in literal.needs(above.index, NeededTo.RUN):
            asked.add(above.latest_minutes)
        if result.index in literal.needs(above.index, NeededTo.REBUILD):
            asked.add(above.latest_minutes - literal.work(above.index))
        assert result.required_rto_minutes in asked


@often
@given(estates_in_scenarios())
def test_the_order_is_the_one_that_rule_g4_says(given_case):
    analysis, literal = worked_out(*given_case)
    assert list(analysis.order) == literal.order()


@often
@given(estates_in_scenarios(loops=False))
def test_the_order_breaks_no_edge_and_times_respect_every_edge(given_case):
    estate, scenario = given_case
    analysis = analyse(estate, scenario, today=TODAY)
    assert not analysis.loops
    assert not analysis.provisional
    place = {system: position for position, system in enumerate(analysis.order)}
    for edge in brute_force.gating(estate):
        if edge.dependent in place and edge.dependency in place:
            above = analysis.systems[edge.dependent]
            below = analysis.systems[edge.dependency]
            assert place[edge.dependency] < place[edge.dependent]
            assert below.restored_minutes <= above.restored_minutes
            if edge.needed_to is NeededTo.REBUILD:
                assert below.restored_minutes <= above.start_minutes
                assert below.wave < above.wave
            else:
                assert below.wave <= above.wave


@often
@given(estates_in_scenarios())
def test_the_binding_chain_adds_up_to_the_restored_time(given_case):
    analysis, literal = worked_out(*given_case)
    for result in analysis.systems:
        if result.effect is Effect.UNTOUCHED:
            assert result.binding_chain == ()
            continue
        first = result.binding_chain[0]
        head = analysis.systems[first]
        lost = head.effect is Effect.LOST
        clock = (literal.activation[first][0] if lost else 0) + literal.work(first)
        assert head.restored_minutes == clock
        for below, link in pairwise(result.binding_chain):
            if below in literal.needs(link, NeededTo.REBUILD):
                through_work = clock + literal.work(link)
            else:
                through_work = None
            beside = clock if below in literal.needs(link, NeededTo.RUN) else None
            clock = analysis.systems[link].restored_minutes
            assert clock in (through_work, beside)
        assert result.binding_chain[-1] == result.index
        assert clock == result.restored_minutes


@often
@given(estates_in_scenarios())
def test_standing_and_missed_minutes_follow_from_the_times(given_case):
    analysis, _ = worked_out(*given_case)
    for result in analysis.systems:
        if result.rto_minutes is None:
            assert result.misses_minutes is None
            assert result.standing is Standing.UNKNOWN
            continue
        late = result.restored_minutes - result.rto_minutes
        assert result.misses_minutes == max(0, late)
        assert (result.standing is Standing.MISSES) == (late > 0)
        if result.standing is Standing.MEETS:
            assert not result.at_least
            assert result.slack_minutes >= 0
        if result.standing is Standing.AT_RISK:
            assert result.slack_minutes < 0


@often
@given(estates_in_scenarios())
def test_degraded_until_names_full_service_needs_restored_later(given_case):
    estate, scenario = given_case
    analysis = analyse(estate, scenario, today=TODAY)
    for result in analysis.systems:
        later = {
            edge.dependency
            for edge in estate.dependencies
            if edge.dependent == result.index
            and edge.needed_to is NeededTo.FULL_SERVICE
            and analysis.systems[edge.dependency].restored_minutes > result.restored_minutes
        }
        touched = result.effect is not Effect.UNTOUCHED
        assert set(result.degraded_until) == (later if touched else set())


@often
@given(estates_in_scenarios())
def test_the_whole_is_restored_with_the_last_system(given_case):
    estate, scenario = given_case
    analysis = analyse(estate, scenario, today=TODAY)
    touched = [r for r in analysis.systems if r.effect is not Effect.UNTOUCHED]
    assert analysis.restored_minutes == max((r.restored_minutes for r in touched), default=0)
    assert sorted(analysis.order) == [r.index for r in touched]


@given(estates_in_scenarios())
def test_every_sentence_can_be_said(given_case):
    estate, scenario = given_case
    analysis = analyse(estate, scenario, today=TODAY)
    for index in range(len(estate.systems)):
        assert all(str(sentence) for sentence in explain_chain(analysis, index))
    for conflict in analysis.conflicts:
        said = str(conflict.says)
        assert estate.systems[conflict.dependent].name in said
        assert estate.systems[conflict.dependency].name in said
    for gap in analysis.gaps:
        assert str(gap.says)
        assert str(gap.fix)


@given(estates(), st.data())
def test_a_longer_duration_never_brings_anything_back_sooner(estate, data):
    """Independent of the literal reading: more work cannot help, with the same edges opened."""
    index = data.draw(st.integers(min_value=0, max_value=len(estate.systems) - 1))
    usual = [replace(one, duration_minutes=one.duration_minutes or 0) for one in estate.systems]
    slower = list(usual)
    slower[index] = replace(usual[index], duration_minutes=usual[index].duration_minutes + 60)
    before, after = (
        analyse(replace(estate, systems=tuple(systems)), today=TODAY) for systems in (usual, slower)
    )
    for one, other in zip(before.systems, after.systems, strict=True):
        assert one.restored_minutes <= other.restored_minutes
