"""How many of a team are there: off hours from Friday evening on, day from Monday morning."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bcp.engine.shifts import Shifts
from tests.engine.people_simulation import HOUR, HOURS, is_day

heads = st.integers(0, 3)


@given(heads, heads, st.integers(0, 20 * 24 * HOUR))
def test_what_a_team_can_have_worked_is_the_sum_of_its_minutes(day, night, minute):
    whole, rest = divmod(minute, HOUR)
    there = [day if is_day(hour) else night for hour in range(whole + 1)]
    worked = sum(there[:whole]) * HOUR + there[whole] * rest
    shifts = Shifts(day, night)
    assert shifts.worked(minute) == worked
    through = shifts.through(worked)
    assert through <= minute
    assert shifts.worked(through) >= worked
    assert not through or shifts.worked(through - 1) < worked


def test_nobody_plans_beyond_eight_weeks():
    shifts = Shifts(1, 0)
    assert shifts.through(8 * 50 * HOUR) == shifts.end == HOURS * HOUR
    assert shifts.through(8 * 50 * HOUR + 1) == shifts.end
