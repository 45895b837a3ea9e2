"""What each proposal alone would do, against the two whole analyses laid side by side."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.alone import Alone
from bcp.engine.analysis import analyse
from bcp.engine.proposal import Target, consequences
from bcp.engine.results import Standing
from tests.engine.estates import TODAY, estates
from tests.engine.test_proposal import four_hours_for_a_chain_of_nine


def test_four_hours_for_a_chain_of_nine_asks_two_systems_for_what_they_cannot_do():
    before = analyse(four_hours_for_a_chain_of_nine(), today=TODAY)
    effect = Alone(before, today=TODAY).effect("orders", Target(240, None, None))
    assert effect.standing is Standing.MISSES
    assert effect.tightened == (0, 1)
    assert (effect.late, effect.unsure) == (2, 0)
    assert [(one.dependent, one.dependency) for one in effect.appeared] == [(2, 0), (2, 1)]
    assert effect.disappeared == 0


def test_a_system_that_takes_no_part_has_no_effect():
    before = analyse(four_hours_for_a_chain_of_nine(), today=TODAY)
    assert Alone(before, today=TODAY).effect("retired", Target(0, 0, 0)) is None


@settings(max_examples=100)
@given(estates(), st.data())
def test_a_row_says_what_the_whole_analysis_with_that_one_proposal_says(estate, data):
    before = analyse(estate, today=TODAY)
    trials = Alone(before, today=TODAY)
    for _proposal in range(3):
        position = data.draw(st.integers(0, len(estate.systems) - 1))
        key = estate.systems[position].key
        target = Target(data.draw(st.none() | st.integers(0, 900)), None, None)
        effect = trials.effect(key, target)
        whole = consequences(before, {key: target}, today=TODAY)
        assert effect.standing is whole.after.systems[position].standing
        assert set(effect.tightened) == {one.system for one in whole.demands}
        demands = {one.system: one for one in whole.demands}
        in_order = [demands[one] for one in effect.tightened]
        late = [one.restored_minutes > one.now_minutes for one in in_order]
        assert late == sorted(late, reverse=True)
        assert late.count(True) == effect.late
        assert sum(not one.is_met for one in in_order) == effect.late + effect.unsure
        assert effect.appeared == whole.appeared
        assert effect.disappeared == len(whole.disappeared)
