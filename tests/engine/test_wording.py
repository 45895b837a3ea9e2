"""The binding chain in sentences, as a reader sees it."""

from __future__ import annotations

from dataclasses import replace

from bcp.engine.analysis import analyse
from bcp.engine.estate import (
    Contact,
    Dependency,
    DurationSource,
    EscalationPath,
    EscalationStep,
    Estate,
    NeededTo,
    System,
    Team,
)
from bcp.engine.messages import Message, Minutes
from bcp.engine.wording import explain_chain
from tests.engine.estates import TODAY

ESTATE = Estate(
    "acme",
    systems=(
        System("1", "AD", duration_minutes=120, duration_source=DurationSource.ESTIMATE, team="IT"),
        System("2", "SAN", duration_minutes=30),
        System("3", "ERP", duration_minutes=60, duration_source=DurationSource.TEST),
        System("4", "Portal", duration_minutes=10, duration_source=DurationSource.PROCEDURE),
    ),
    dependencies=(
        Dependency(2, 0),
        Dependency(2, 1),
        Dependency(3, 2, NeededTo.RUN),
    ),
    contacts=(
        Contact("1", "Desk", ("+1",), coverage="24x7"),
        Contact("2", "Ada", ("+2",), coverage="24x7", may_declare=True),
    ),
    teams=(Team("IT", mobilise_day_minutes=30, mobilise_night_minutes=30),),
    paths=(
        EscalationPath(
            "default", (EscalationStep("Desk", wait_minutes=30), EscalationStep("Ada")), True
        ),
    ),
    detection_minutes=15,
)


def explained(estate: Estate, index: int, scenario: str = "everything") -> list[str]:
    analysis = analyse(estate, scenario, today=TODAY)
    return [str(sentence) for sentence in explain_chain(analysis, index)]


def with_system(index: int, **changes: object) -> Estate:
    systems = list(ESTATE.systems)
    systems[index] = replace(systems[index], **changes)
    return replace(ESTATE, systems=tuple(systems))


def test_a_chain_is_told_in_the_order_in_which_it_happens():
    assert explained(ESTATE, 3) == [
        "Activation takes 1 h 15 min: detection 15 min, reaching someone who may declare 30 min, "
        "mobilising 30 min.",
        "“AD” takes 2 h (estimate) and is restored at 3 h 15 min.",
        "“ERP” takes 1 h (measured in a test) and is restored at 4 h 15 min.",
        "“Portal” itself is ready at 1 h 25 min, but cannot run before “ERP”; it is restored at "
        "4 h 15 min.",
        "So “Portal” is back after 4 h 15 min.",
    ]


def test_an_unknown_duration_is_said_and_makes_the_conclusion_at_least():
    assert explained(with_system(0, duration_minutes=None), 2)[-2:] == [
        "“ERP” takes 1 h (measured in a test) and is restored at 2 h 45 min.",
        "So “ERP” is back after at least 2 h 45 min. Unknown durations that this rests on: 1 (AD).",
    ]


def test_an_unknown_on_the_chain_itself_is_counted_as_nothing():
    lines = explained(with_system(2, duration_minutes=None), 2)
    assert (
        "Nobody knows how long “ERP” takes; counted as nothing, it is restored at 3 h 15 min at "
        "the earliest."
    ) in lines


def test_an_activation_that_is_not_known_is_said():
    lines = explained(replace(ESTATE, detection_minutes=None), 1)
    assert lines[0].startswith("Activation takes at least 1 h: detection unknown")
    assert lines[-1] == (
        "So “SAN” is back after at least 1 h 30 min: the time to activate is not fully known."
    )


def test_a_system_that_is_only_down_is_back_with_its_need():
    lines = explained(ESTATE, 3, "system:ERP")
    assert lines[-2:] == [
        "“Portal” is not lost itself; it is back with “ERP” at 2 h 15 min.",
        "So “Portal” is back after 2 h 15 min.",
    ]


def test_an_untouched_system_says_so():
    assert explained(ESTATE, 0, "system:ERP") == ["“AD” is not touched by this scenario."]


def test_a_chain_through_a_loop_is_marked():
    estate = replace(ESTATE, dependencies=(*ESTATE.dependencies, Dependency(0, 2)))
    assert any("A loop is on this way" in line for line in explained(estate, 3))


def test_nobody_knows_how_long_it_takes_to_start_what_opens_a_loop_by_hand():
    """ERP is lost; AD needs it only over the edge that is offered to be opened, so it is down,
    and nobody has written how it is started without the ERP."""
    estate = replace(ESTATE, dependencies=(Dependency(2, 0), Dependency(0, 2, NeededTo.RUN)))
    lines = explained(estate, 0, "system:ERP")
    assert lines[0] == (
        "“AD” is not lost itself, but waits in a loop; nobody has written how it is started"
        " without what it needs, or how long that takes."
    )
    assert lines[-1] == ("So nobody knows when “AD” is back: it depends on how the loop is opened.")
    assert "nobody knows" not in explained(estate, 0)[-1], "lost itself, it has its own duration"
    later = (*estate.dependencies, Dependency(3, 0), Dependency(3, 2))
    lines = explained(replace(estate, dependencies=later), 3, "system:ERP")
    assert lines[-1] == (
        "So “Portal” is back after at least 2 h 15 min: nobody knows how long it takes to open"
        " the loop."
    )


def test_messages_keep_template_and_values_apart_for_the_translator():
    message = Message(
        "%(system)s is back after %(minutes)s", {"system": "AD", "minutes": Minutes(90)}
    )
    assert str(message) == "AD is back after 1 h 30 min"
    assert "%(minutes)s" in message.template
