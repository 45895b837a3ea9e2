"""Minutes before recovery work can start: detection, reaching authority, mobilising.

Rules T3 and E1–E3, evaluated over the organisation's whole local week. Between two moments at
which somebody's coverage starts or ends, or day turns to night, nothing changes; so one look at
each such moment is a look at every minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from bcp.engine.coverage import (
    WHOLE_WEEK,
    BadCoverage,
    Spans,
    covers,
    merged,
    parse_coverage,
    week_hour,
)
from bcp.engine.durations import MINUTES_PER_WEEK
from bcp.engine.estate import Contact, EscalationPath, Estate, Team
from bcp.engine.results import Activation, PeopleGap

WORKING_HOURS = parse_coverage("Mo-Fr 08:00-18:00")
"""When a team's day figures hold; at all other times its night figures do."""

_CHANNELS_THAT_NEED_A_PHONE = ("phone", "sms")


@dataclass(frozen=True, slots=True)
class _Rung:
    """A step of a path that somebody can be reached at during `spans`."""

    spans: Spans
    wait_minutes: int
    may_declare: bool


@dataclass(frozen=True, slots=True)
class _Moment:
    """What holds from one minute of the week until the next moment."""

    minute: int
    authority_minutes: int | None
    mobilise_minutes: int | None

    @property
    def sum_minutes(self) -> int:
        return (self.authority_minutes or 0) + (self.mobilise_minutes or 0)


@dataclass(frozen=True, slots=True)
class AuthoritySpan:
    """A stretch of the local week, minutes `start` to `end`, in which it takes the same minutes
    to reach somebody who may declare; `None`: nobody is reached (Rules E1, E2)."""

    start: int
    end: int
    authority_minutes: int | None


@dataclass(frozen=True, slots=True)
class Mobilisation:
    """The largest mobilisation among some teams; `None` if they are named but none is known.

    `at_least` says that a named team has no figure, by day or by night.
    """

    day_minutes: int | None
    night_minutes: int | None
    at_least: bool


def readable_coverage(contact: Contact) -> Spans:
    """The contact's coverage; one that cannot be read counts as none (and is a gap)."""
    try:
        return parse_coverage(contact.coverage)
    except BadCoverage:
        return ()


def activations(
    estate: Estate, unavailable: Set[str]
) -> tuple[Activation, dict[str, Activation], tuple[PeopleGap, ...]]:
    """The default path's activation, that of each path by name, and the holes of each path.

    `unavailable` names the systems that are lost or down: their channels reach nobody (E1).
    Systems that name no path use the default one. Without a default path, and for a name that
    is no path, there is nobody to reach: authority is unknown.
    """
    contacts = {contact.name: contact for contact in estate.contacts}
    teams = {team.name: team for team in estate.teams}
    default = default_path(estate)
    known = {path.name for path in estate.paths}
    named: dict[str | None, set[str]] = {}
    pairs = {(system.escalation, system.team) for system in estate.systems}
    for escalation, team in pairs:
        if team is not None:
            name = escalation or (default.name if default else None)
            named.setdefault(name if name in known else None, set()).add(team)
    by_path: dict[str, Activation] = {}
    holes: list[PeopleGap] = []
    for path in estate.paths:
        waited_for = mobilisation(teams, named.get(path.name, ()))
        moments = _week(_rungs(path, contacts, unavailable), waited_for)
        by_path[path.name] = _worst(
            path.name, estate.detection_minutes, moments, waited_for.at_least
        )
        holes += _holes(path.name, moments)
    pathless = mobilisation(teams, named.get(None, ()))
    nobody = _worst(None, estate.detection_minutes, _week([], pathless), pathless.at_least)
    for escalation, _ in pairs:
        if escalation is not None:
            by_path.setdefault(escalation, nobody)
    return by_path[default.name] if default else nobody, by_path, tuple(holes)


def authority_week(
    estate: Estate, path: EscalationPath, unavailable: Set[str] = frozenset()
) -> tuple[AuthoritySpan, ...]:
    """The whole week of one path, from Monday 00:00 on, in as few stretches as tell it."""
    contacts = {contact.name: contact for contact in estate.contacts}
    moments = _week(_rungs(path, contacts, unavailable), mobilisation({}, ()))
    spans: list[AuthoritySpan] = []
    ends = [moment.minute for moment in moments[1:]] + [MINUTES_PER_WEEK]
    for moment, end in zip(moments, ends, strict=True):
        start, minutes = moment.minute, moment.authority_minutes
        if spans and spans[-1].authority_minutes == minutes:
            start = spans.pop().start
        spans.append(AuthoritySpan(start, end, minutes))
    return tuple(spans)


def default_path(estate: Estate) -> EscalationPath | None:
    return next((path for path in estate.paths if path.is_default), None)


def mobilisation(teams: Mapping[str, Team], names: Iterable[str]) -> Mobilisation:
    """The largest mobilisation by day and by night among the named teams (T3); none named: 0."""
    day: list[int | None] = []
    night: list[int | None] = []
    for name in names:
        team = teams.get(name)
        day.append(team.mobilise_day_minutes if team else None)
        night.append(team.mobilise_night_minutes if team else None)
    return Mobilisation(_largest(day), _largest(night), None in day or None in night)


def _largest(figures: list[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    if known:
        return max(known)
    return None if figures else 0


def _rungs(
    path: EscalationPath, contacts: Mapping[str, Contact], unavailable: Set[str]
) -> list[_Rung]:
    rungs = []
    for step in path.steps:
        contact = contacts.get(step.contact)
        if contact is None or step.channel_system in unavailable:
            continue
        has_phone = any(contact.phones) or bool(contact.independent_phone)
        if step.channel.strip().lower() in _CHANNELS_THAT_NEED_A_PHONE and not has_phone:
            continue
        spans = readable_coverage(contact)
        if spans:
            rungs.append(_Rung(spans, step.wait_minutes, contact.may_declare))
    return rungs


def _week(rungs: list[_Rung], teams: Mobilisation) -> list[_Moment]:
    minutes = {0}
    for spans in (WORKING_HOURS, *(rung.spans for rung in rungs)):
        for start, end in spans:
            minutes.add(start)
            minutes.add(end % MINUTES_PER_WEEK)
    return [
        _Moment(
            minute,
            _authority(rungs, minute),
            teams.day_minutes if covers(WORKING_HOURS, minute) else teams.night_minutes,
        )
        for minute in sorted(minutes)
    ]


def _authority(rungs: list[_Rung], minute: int) -> int | None:
    """Rules E2, E3: the waits of those reached before the first who may declare."""
    waited = 0
    for rung in rungs:
        if covers(rung.spans, minute):
            if rung.may_declare:
                return waited
            waited += rung.wait_minutes
    return None


def _worst(
    path: str | None, detect: int | None, moments: list[_Moment], team_unknown: bool
) -> Activation:
    """The moment with the largest sum; one at which nobody may declare is worse than any."""
    unreached = [moment for moment in moments if moment.authority_minutes is None]
    candidates = unreached or moments
    largest = max(moment.sum_minutes for moment in candidates)
    worst = [moment for moment in candidates if moment.sum_minutes == largest]
    deciding = _first_of_run(moments, worst)
    return Activation(
        path=path,
        detect_minutes=detect,
        authority_minutes=deciding.authority_minutes,
        mobilise_minutes=deciding.mobilise_minutes,
        total_minutes=(detect or 0) + largest,
        at_least=detect is None or bool(unreached) or team_unknown,
        worst_hour=None if len(worst) == len(moments) else week_hour(deciding.minute),
    )


def _first_of_run(moments: list[_Moment], worst: list[_Moment]) -> _Moment:
    """The worst moment at which a worst stretch begins, so that a weekend starts on Friday."""
    among = {moment.minute for moment in worst}
    for position, moment in enumerate(moments):
        if moment.minute in among and moments[position - 1].minute not in among:
            return moment
    return worst[0]


def _holes(path: str, moments: list[_Moment]) -> list[PeopleGap]:
    ends = [moment.minute for moment in moments[1:]] + [MINUTES_PER_WEEK]
    spans = merged(
        [
            (moment.minute, end)
            for moment, end in zip(moments, ends, strict=True)
            if moment.authority_minutes is None
        ]
    )
    if spans == WHOLE_WEEK:
        return [PeopleGap(path, "Mo 00:00", "Su 24:00")]
    if len(spans) > 1 and spans[0][0] == 0 and spans[-1][1] == MINUTES_PER_WEEK:
        spans = (*spans[1:-1], (spans[-1][0], spans[0][1]))
    return [PeopleGap(path, week_hour(start), week_hour(end)) for start, end in spans]
