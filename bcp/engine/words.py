"""Scenarios, exercises and areas as words inside a sentence, for translation."""

from __future__ import annotations

from bcp.engine.effects import Scenario
from bcp.engine.estate import Area, ExerciseType, Outcome
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.scenario import (
    COMBINATION,
    EVERYTHING,
    RANSOMWARE,
    SITE,
    STOLEN_CREDENTIALS,
    SUPPLIER,
    SYSTEM,
)

_SCENARIOS = {
    EVERYTHING: gettext_noop("the loss of everything"),
    SITE: gettext_noop("the loss of the site “%(name)s”"),
    SUPPLIER: gettext_noop("the end of the supplier “%(name)s”"),
    SYSTEM: gettext_noop("the loss of “%(name)s”"),
    RANSOMWARE: gettext_noop("ransomware that was inside for %(dwell)s"),
    STOLEN_CREDENTIALS: gettext_noop("the theft of administrator credentials"),
    COMBINATION: gettext_noop("the scenario “%(name)s”"),
}
_OWN_FAILURE = gettext_noop("a failure of the system itself")

_COLUMNS = {
    SYSTEM: gettext_noop("a failure of their own"),
    SITE: gettext_noop("the loss of their site"),
    SUPPLIER: gettext_noop("the end of a supplier"),
}

_TYPES = {
    ExerciseType.CHECKLIST: gettext_noop("checklist"),
    ExerciseType.TABLETOP: gettext_noop("tabletop exercise"),
    ExerciseType.FUNCTIONAL: gettext_noop("functional exercise"),
    ExerciseType.PARALLEL: gettext_noop("parallel test"),
    ExerciseType.FULL: gettext_noop("full fail-over"),
    ExerciseType.RESTORE: gettext_noop("restore test"),
    ExerciseType.INCIDENT: gettext_noop("real incident"),
}
_OUTCOMES = {
    Outcome.SUCCESS: gettext_noop("success"),
    Outcome.PARTIAL: gettext_noop("partial"),
    Outcome.FAILURE: gettext_noop("failure"),
}
_AREAS = {
    Area.INFRASTRUCTURE: gettext_noop("infrastructure"),
    Area.NETWORK: gettext_noop("network"),
    Area.APPLICATION: gettext_noop("application"),
    Area.DATA: gettext_noop("data"),
    Area.ACCESS: gettext_noop("access"),
    Area.VALIDATION: gettext_noop("validation"),
}


def scenario_words(scenario: Scenario) -> Message:
    """The scenario as something that happens: "the loss of the site “HQ”"."""
    if scenario.kind == SYSTEM and not scenario.subject:
        return Message(_OWN_FAILURE)
    values = {"name": scenario.subject, "dwell": Minutes(scenario.dwell_minutes)}
    return Message(_SCENARIOS[scenario.kind], values)


def column_words(column: str, scenario: Scenario) -> Message:
    """What a column of the matrix does to every system alike; `scenario` is one of its own."""
    template = _COLUMNS.get(column)
    return scenario_words(scenario) if template is None else Message(template)


def type_word(one: ExerciseType) -> Message:
    return Message(_TYPES[one])


def outcome_word(one: Outcome) -> Message:
    return Message(_OUTCOMES[one])


def area_word(one: Area) -> Message:
    return Message(_AREAS[one])
