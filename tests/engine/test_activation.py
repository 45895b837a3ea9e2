"""Minutes to authority and holes in the week, against a simulation of every single minute."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.activation import activations
from bcp.engine.analysis import analyse
from bcp.engine.durations import MINUTES_PER_WEEK
from bcp.engine.estate import (
    Contact,
    EscalationPath,
    EscalationStep,
    Estate,
    System,
    Team,
)
from bcp.engine.results import Activation, PeopleGap
from tests.engine.estates import TEAMS, TODAY, Rota, clock, rotas

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def estate_with(*, contacts=(), steps=(), systems=(), teams=(), detection=0) -> Estate:
    return Estate(
        "acme",
        systems=tuple(systems),
        contacts=tuple(contacts),
        teams=tuple(teams),
        paths=(EscalationPath("default", tuple(steps), is_default=True),),
        detection_minutes=detection,
    )


def activation_of(estate: Estate, down: frozenset[str] = frozenset()) -> Activation:
    return activations(estate, down)[0]


def holes_of(estate: Estate, down: frozenset[str] = frozenset()) -> tuple[PeopleGap, ...]:
    return activations(estate, down)[2]


def person(name: str, coverage: str = "24x7", *, declares: bool = False) -> Contact:
    return Contact(name, name, ("+49 1",), coverage=coverage, may_declare=declares)


@st.composite
def ladders(draw) -> tuple[Estate, dict[str, Rota], frozenset[str]]:
    """An estate with one path, the rota of each contact, and the systems that are down."""
    names = ("Ada", "Bo", "Cy")
    rota = {name: draw(rotas()) for name in names}
    contacts = [
        Contact(
            name,
            name,
            phones=draw(st.sampled_from(((), ("+1",)))),
            independent_phone=draw(st.sampled_from(("", "", "+2"))),
            coverage=rota[name].text,
            may_declare=draw(st.booleans()),
        )
        for name in names
    ]
    steps = draw(
        st.lists(
            st.builds(
                EscalationStep,
                contact=st.sampled_from((*names, "nobody we know")),
                channel=st.sampled_from(("phone", "SMS", "e-mail")),
                wait_minutes=st.integers(min_value=0, max_value=60),
                channel_system=st.sampled_from((None, None, "Mail", "Chat")),
            ),
            max_size=5,
        )
    )
    named = draw(st.sets(st.sampled_from(("Servers", "Databases", "Network", "Unheard-of"))))
    systems = [System(team, team, team=team) for team in sorted(named)]
    estate = estate_with(
        contacts=contacts,
        steps=steps,
        systems=systems,
        teams=TEAMS,
        detection=draw(st.none() | st.integers(min_value=0, max_value=30)),
    )
    return estate, rota, frozenset(draw(st.sets(st.sampled_from(("Mail", "Chat")))))


def minutes_to_authority(
    estate: Estate, rota: dict[str, Rota], down: frozenset[str], minute: int
) -> int | None:
    people = {contact.name: contact for contact in estate.contacts}
    waited = 0
    for step in estate.paths[0].steps:
        who = people.get(step.contact)
        if who is None or step.channel_system in down or not rota[who.name].covers(minute):
            continue
        rings = step.channel.lower() in ("phone", "sms")
        if rings and not who.phones and not who.independent_phone:
            continue
        if who.may_declare:
            return waited
        waited += step.wait_minutes
    return None


def mobilisation(estate: Estate, minute: int) -> list[int | None]:
    day = minute // 1440 < 5 and 480 <= minute % 1440 < 1080
    teams = {team.name: team for team in estate.teams}
    figures = []
    for system in estate.systems:
        team = teams.get(system.team)
        if team is None:
            figures.append(None)
        else:
            figures.append(team.mobilise_day_minutes if day else team.mobilise_night_minutes)
    return figures


def known_maximum(figures: list[int | None]) -> int:
    return max((figure for figure in figures if figure is not None), default=0)


def as_minute(hour: str) -> int:
    day, time = hour.split()
    hours, minutes = time.split(":")
    return DAYS.index(day) * 1440 + int(hours) * 60 + int(minutes)


@settings(max_examples=80)
@given(ladders())
def test_the_worst_hour_is_that_of_every_minute_tried(case):
    estate, rota, down = case
    authority = [
        minutes_to_authority(estate, rota, down, minute) for minute in range(MINUTES_PER_WEEK)
    ]
    figures = {minute: mobilisation(estate, minute) for minute in (0, 480)}

    def mobilise(minute: int) -> list[int | None]:
        return figures[480 if minute // 1440 < 5 and 480 <= minute % 1440 < 1080 else 0]

    unreached = [minute for minute, waited in enumerate(authority) if waited is None]
    sums = {
        minute: (authority[minute] or 0) + known_maximum(mobilise(minute))
        for minute in unreached or range(MINUTES_PER_WEEK)
    }
    found = activation_of(estate, down)
    assert found.total_minutes == (estate.detection_minutes or 0) + max(sums.values())
    assert (found.authority_minutes is None) == bool(unreached)
    assert found.at_least == (
        bool(unreached)
        or estate.detection_minutes is None
        or any(None in of_hour for of_hour in figures.values())
    )
    if found.worst_hour is not None:
        deciding = as_minute(found.worst_hour)
        assert sums[deciding] == max(sums.values())
        assert authority[deciding] == found.authority_minutes
        assert known_maximum(mobilise(deciding)) == (found.mobilise_minutes or 0)


@settings(max_examples=80)
@given(ladders())
def test_the_holes_are_exactly_the_minutes_without_authority(case):
    estate, rota, down = case
    uncovered = {
        minute
        for minute in range(MINUTES_PER_WEEK)
        if minutes_to_authority(estate, rota, down, minute) is None
    }
    listed: list[int] = []
    for hole in holes_of(estate, down):
        start = as_minute(hole.from_hour)
        whole_week = hole.to_hour == "Su 24:00"
        end = MINUTES_PER_WEEK if whole_week else as_minute(hole.to_hour)
        length = MINUTES_PER_WEEK if whole_week else (end - start) % MINUTES_PER_WEEK
        listed += [(start + step) % MINUTES_PER_WEEK for step in range(length)]
        assert (start - 1) % MINUTES_PER_WEEK not in uncovered or whole_week
    assert len(listed) == len(set(listed))
    assert set(listed) == uncovered


def test_whoever_may_declare_is_called_without_waiting_for_the_own_delay():
    """Rule E2: what is waited out is the steps before, not the one that answers."""
    estate = estate_with(
        contacts=[person("Desk"), person("Ceo", declares=True), person("Cfo", declares=True)],
        steps=[
            EscalationStep("Desk", wait_minutes=10),
            EscalationStep("Ceo", wait_minutes=20),
            EscalationStep("Cfo", wait_minutes=40),
        ],
    )
    assert activation_of(estate).authority_minutes == 10


def test_an_uncovered_step_does_not_wait_out_its_delay():
    """Rule E3: at night the day desk is passed over at once."""
    estate = estate_with(
        contacts=[person("Desk", "Mo-Fr 08:00-18:00"), person("Ceo", declares=True)],
        steps=[EscalationStep("Desk", wait_minutes=30), EscalationStep("Ceo")],
    )
    found = activation_of(estate)
    assert found.authority_minutes == 30
    assert found.worst_hour == "Mo 08:00"


def test_a_hole_runs_over_the_weekend_as_one():
    estate = estate_with(
        contacts=[person("Boss", "Mo-Fr 00:00-24:00", declares=True)],
        steps=[EscalationStep("Boss")],
    )
    assert holes_of(estate) == (PeopleGap("default", "Sa 00:00", "Mo 00:00"),)
    assert activation_of(estate).worst_hour == "Sa 00:00"


def test_a_hole_over_the_end_of_the_week_is_not_cut_there():
    estate = estate_with(
        contacts=[person("Boss", "Mo-Su 08:00-18:00", declares=True)],
        steps=[EscalationStep("Boss")],
    )
    assert [(gap.from_hour, gap.to_hour) for gap in holes_of(estate)] == [
        ("Mo 18:00", "Tu 08:00"),
        ("Tu 18:00", "We 08:00"),
        ("We 18:00", "Th 08:00"),
        ("Th 18:00", "Fr 08:00"),
        ("Fr 18:00", "Sa 08:00"),
        ("Sa 18:00", "Su 08:00"),
        ("Su 18:00", "Mo 08:00"),
    ]


def test_nobody_at_all_is_one_hole_of_a_whole_week():
    estate = estate_with(contacts=[person("Ada")], steps=[EscalationStep("Ada")])
    found = activation_of(estate)
    assert holes_of(estate) == (PeopleGap("default", "Mo 00:00", "Su 24:00"),)
    assert found.authority_minutes is None
    assert found.at_least
    assert found.worst_hour is None


def test_every_hour_alike_names_no_worst_hour():
    estate = estate_with(
        contacts=[person("Ada", declares=True)], steps=[EscalationStep("Ada")], detection=15
    )
    found = activation_of(estate)
    assert (found.total_minutes, found.at_least, found.worst_hour) == (15, False, None)


def test_a_lost_system_takes_its_channel_with_it():
    """Rule E1: everybody is on the chat, and the chat is down."""
    estate = estate_with(
        contacts=[person("Ada", declares=True), person("Bo", declares=True)],
        steps=[
            EscalationStep("Ada", channel="chat", wait_minutes=10, channel_system="Chat"),
            EscalationStep("Bo"),
        ],
        systems=[System("1", "Chat", duration_minutes=60), System("2", "Mail", duration_minutes=5)],
    )
    estate = replace(
        estate,
        contacts=(person("Ada", declares=True), person("Bo", "Mo-Fr 08:00-18:00", declares=True)),
    )
    assert analyse(estate, "system:Mail", today=TODAY).people_gaps == ()
    lost = analyse(estate, "system:Chat", today=TODAY)
    assert lost.people_gaps[-1] == PeopleGap("default", "Fr 18:00", "Mo 08:00")
    assert lost.systems[0].at_least


def test_a_contact_without_any_phone_cannot_be_phoned():
    silent = Contact("1", "Ada", coverage="24x7", may_declare=True)
    by_phone = estate_with(contacts=[silent], steps=[EscalationStep("Ada")])
    by_mail = estate_with(contacts=[silent], steps=[EscalationStep("Ada", channel="e-mail")])
    assert activation_of(by_phone).authority_minutes is None
    assert activation_of(by_mail).authority_minutes == 0


@pytest.mark.parametrize("coverage", ["", "whenever", "Mo-Fr 25:00-26:00"])
def test_coverage_that_says_nothing_or_cannot_be_read_covers_nothing(coverage):
    estate = estate_with(
        contacts=[person("Ada", coverage, declares=True)], steps=[EscalationStep("Ada")]
    )
    assert activation_of(estate).authority_minutes is None


def test_the_teams_that_are_waited_for_are_those_of_the_systems_on_the_path():
    slow, fast = Team("Slow", 1, 1, 90, 90), Team("Fast", 1, 1, 5, 5)
    estate = Estate(
        "acme",
        systems=(
            System("1", "A", team="Slow", escalation="own", duration_minutes=10),
            System("2", "B", team="Fast", duration_minutes=10),
        ),
        contacts=(person("Ada", declares=True),),
        teams=(slow, fast),
        paths=(
            EscalationPath("default", (EscalationStep("Ada"),), is_default=True),
            EscalationPath("own", (EscalationStep("Ada"),)),
        ),
        detection_minutes=0,
    )
    analysis = analyse(estate, today=TODAY)
    assert analysis.path_activations["own"].total_minutes == 90
    assert analysis.activation.total_minutes == 5
    assert [result.restored_minutes for result in analysis.systems] == [100, 15]


@pytest.mark.parametrize("figures", [(None, 30), (30, None)])
def test_a_named_team_with_one_figure_unknown_makes_the_total_at_least(figures):
    """The known figure of the other half of the day still counts."""
    estate = estate_with(
        contacts=[person("Ada", declares=True)],
        steps=[EscalationStep("Ada")],
        systems=[System("1", "A", team="IT")],
        teams=[Team("IT", 1, 1, *figures)],
    )
    found = activation_of(estate)
    assert (found.total_minutes, found.at_least) == (30, True)


def test_no_path_at_all_leaves_authority_unknown():
    estate = Estate("acme", systems=(System("1", "A", duration_minutes=10),), detection_minutes=5)
    analysis = analyse(estate, today=TODAY)
    assert analysis.activation.path is None
    assert analysis.activation.authority_minutes is None
    assert analysis.systems[0].restored_minutes == 15
    assert analysis.systems[0].at_least


def test_unknown_detection_counts_nothing_and_says_at_least():
    estate = estate_with(
        contacts=[person("Ada", declares=True)], steps=[EscalationStep("Ada")], detection=None
    )
    found = activation_of(estate)
    assert (found.detect_minutes, found.total_minutes, found.at_least) == (None, 0, True)


def test_rotas_are_written_so_that_they_mean_what_they_say():
    assert Rota(((frozenset({0, 2}), 1380, 120),)).text == "Mo,We 23:00-01:00"
    assert clock(1440) == "24:00"
