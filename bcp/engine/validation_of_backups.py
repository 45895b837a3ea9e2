"""Whether copies, procedures, exercises, policies and combinations make sense."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bcp.engine.durations import LONGEST_MINUTES, format_minutes
from bcp.engine.estate import Copy, Estate, ExerciseType, TierPolicy
from bcp.engine.messages import Message
from bcp.engine.rejection import gettext_noop
from bcp.engine.scenario import COMBINATION, SITE, SUPPLIER, SYSTEM, UnknownScenario, parse_scenario


def problems_of_backups(estate: Estate) -> Iterator[Message]:
    """Records of no system, repeated names, impossible figures, scenarios that do not exist."""
    yield from _positions(estate)
    yield from _copies(estate)
    yield from _figures(estate)
    yield from _scenarios(estate)
    for policy in estate.tier_policies:
        yield from _policy(policy)


def _positions(estate: Estate) -> Iterator[Message]:
    count = len(estate.systems)
    for template, positions in (
        (
            gettext_noop("a copy names system %(position)s of only %(count)s"),
            [copy.system for copy in estate.copies],
        ),
        (
            gettext_noop("a procedure names system %(position)s of only %(count)s"),
            [procedure.system for procedure in estate.procedures],
        ),
        (
            gettext_noop("an exercise names system %(position)s of only %(count)s"),
            [exercise.system for exercise in estate.exercises],
        ),
    ):
        for position in positions:
            if not 0 <= position < count:
                yield Message(template, {"position": position, "count": count})


def _copies(estate: Estate) -> Iterator[Message]:
    named = Counter((copy.system, copy.name) for copy in estate.copies)
    for (_, name), count in named.items():
        if count > 1:
            says = gettext_noop("two copies of one system are named “%(name)s”")
            yield Message(says, {"name": name})
    sites = {site.name for site in estate.sites}
    for copy in estate.copies:
        if copy.site is not None and copy.site not in sites:
            says = gettext_noop("the copy “%(copy)s” is kept at the unknown site “%(site)s”")
            yield Message(says, {"copy": copy.name, "site": copy.site})
        if copy.restore_mb_s is not None and copy.restore_mb_s < 0:
            says = gettext_noop("the copy “%(copy)s” has a throughput of less than nothing")
            yield Message(says, {"copy": copy.name})
    for system in estate.systems:
        if system.data_gb is not None and system.data_gb < 0:
            says = gettext_noop("“%(system)s” has less than no data")
            yield Message(says, {"system": system.name})


def _figures(estate: Estate) -> Iterator[Message]:
    for copy in estate.copies:
        for minutes in _minutes_of(copy):
            yield from _figure(copy.name, minutes)
    for exercise in estate.exercises:
        yield from _figure(exercise.name, exercise.rta_minutes)
        yield from _figure(exercise.name, exercise.rpa_minutes)
    for procedure in estate.procedures:
        for step in procedure.steps:
            for minutes in (step.likely, step.low, step.high):
                yield from _figure(_name_of(estate, procedure.system), minutes)


def _minutes_of(copy: Copy) -> tuple[int | None, ...]:
    return (
        copy.interval_minutes,
        copy.run_minutes,
        copy.lag_minutes,
        copy.retention_minutes,
        copy.locked_minutes,
        copy.restore_fixed_minutes,
        copy.restore_test_minutes,
    )


def _figure(name: str, minutes: int | None) -> Iterator[Message]:
    if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
        says = gettext_noop("“%(name)s” has a time of %(minutes)s; allowed are 0 to ten years")
        yield Message(says, {"name": name, "minutes": format_minutes(minutes)})


def _name_of(estate: Estate, position: int) -> str:
    known = 0 <= position < len(estate.systems)
    return estate.systems[position].name if known else str(position)


def _scenarios(estate: Estate) -> Iterator[Message]:
    own = {SYSTEM, SITE, SUPPLIER}
    names = Counter(combination.name.casefold() for combination in estate.combinations)
    for combination in estate.combinations:
        if names[combination.name.casefold()] > 1:
            says = gettext_noop("two combinations of scenarios are named “%(name)s”")
            yield Message(says, {"name": combination.name})
        if not combination.parts:
            says = gettext_noop("the combination “%(name)s” has no parts")
            yield Message(says, {"name": combination.name})
        yield from _scenario(estate, combination.name)
        if _is_built_in(estate, combination.name):
            says = gettext_noop("the combination “%(name)s” bears the name of a scenario")
            yield Message(says, {"name": combination.name})
    for policy in estate.tier_policies:
        for name in policy.scenarios or ():
            if name not in own:
                yield from _scenario(estate, name)


def _scenario(estate: Estate, name: str) -> Iterator[Message]:
    try:
        parse_scenario(name, estate)
    except UnknownScenario as error:
        yield Message(error.template, error.values)


def _is_built_in(estate: Estate, name: str) -> bool:
    try:
        return parse_scenario(name, estate).kind != COMBINATION
    except UnknownScenario:
        return False


def _policy(policy: TierPolicy) -> Iterator[Message]:
    tier = {"tier": policy.tier}
    for days in (policy.cadence_days, policy.restore_test_days, policy.change_test_days):
        if days is not None and days < 1:
            yield Message(gettext_noop("tier %(tier)s is to be tested every less than a day"), tier)
    if policy.minimum_exercise is ExerciseType.RESTORE:
        says = gettext_noop("tier %(tier)s asks for a restore test, which proves no recovery")
        yield Message(says, tier)
