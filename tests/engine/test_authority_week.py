"""The week of one path as a page tells it: agrees with the activation and its holes."""

from __future__ import annotations

from itertools import pairwise

from bcp.engine.activation import activations, authority_week
from bcp.engine.coverage import week_hour
from bcp.engine.durations import MINUTES_PER_WEEK
from bcp.engine.estate import Contact, EscalationPath, EscalationStep, Estate

DESK = Contact("1", "Desk", ("1",), coverage="24x7")
BOSS = Contact("2", "Boss", ("2",), coverage="Mo-Fr 08:00-18:00", may_declare=True)


def estate(*contacts: Contact) -> tuple[Estate, EscalationPath]:
    steps = tuple(EscalationStep(contact.name, wait_minutes=10) for contact in contacts)
    path = EscalationPath("Night", steps, is_default=True)
    return Estate("Acme", contacts=contacts, paths=(path,)), path


def test_the_week_is_told_without_gap_or_overlap_in_as_few_stretches_as_tell_it() -> None:
    spans = authority_week(*estate(DESK, BOSS))
    assert spans[0].start == 0
    assert spans[-1].end == MINUTES_PER_WEEK
    for one, other in pairwise(spans):
        assert one.end == other.start
        assert one.authority_minutes != other.authority_minutes
    assert [span.authority_minutes for span in spans] == [*[None, 10] * 5, None]


def test_the_holes_are_those_of_the_analysis() -> None:
    made, path = estate(DESK, BOSS)
    _nobody, _by_path, holes = activations(made, set())
    named = {(hole.from_hour, hole.to_hour) for hole in holes}
    inner = [span for span in authority_week(made, path)[1:-1] if span.authority_minutes is None]
    assert {(week_hour(span.start), week_hour(span.end)) for span in inner} <= named
    assert ("Fr 18:00", "Mo 08:00") in named


def test_a_week_that_is_all_alike_is_one_stretch() -> None:
    [span] = authority_week(*estate(DESK))
    assert (span.start, span.end, span.authority_minutes) == (0, MINUTES_PER_WEEK, None)


def test_a_channel_that_runs_on_something_lost_reaches_nobody() -> None:
    made, _path = estate(BOSS)
    step = EscalationStep("Boss", "messenger", 10, channel_system="Chat")
    path = EscalationPath("Chat only", (step,))
    assert len(authority_week(made, path)) > 1
    [span] = authority_week(made, path, {"Chat"})
    assert span.authority_minutes is None
