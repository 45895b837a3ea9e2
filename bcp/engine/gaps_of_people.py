"""Gaps of contacts, teams and escalation paths: who cannot be reached, or stands alone (E1–E4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bcp.engine.activation import default_path
from bcp.engine.coverage import BadCoverage, parse_coverage
from bcp.engine.estate import Contact, Estate
from bcp.engine.messages import Message, Passing, gettext_noop
from bcp.engine.results import Gap, PeopleGap, Severity

STALE_AFTER_DAYS = 90


def people_gaps(estate: Estate, holes: Sequence[PeopleGap], *, today: date) -> Iterator[Gap]:
    """Gaps of the people; `holes` are the ranges of the week in which nobody may declare."""
    yield from _path_gaps(estate, holes)
    yield from _team_gaps(estate)
    on_paths = {step.contact for path in estate.paths for step in path.steps}
    for contact in estate.contacts:
        yield from _contact_gaps(contact, contact.name in on_paths, today)
    yield from _only_declarer(estate)


def _path_gaps(estate: Estate, holes: Sequence[PeopleGap]) -> Iterator[Gap]:
    if default_path(estate) is None:
        yield Gap(
            "no_default_path",
            Severity.HIGH,
            "organisation",
            estate.organisation,
            None,
            Message(gettext_noop("there is no default escalation path: nobody is called first")),
            Message(gettext_noop("Make an escalation path and mark it as the default")),
        )
    by_path: dict[str, list[PeopleGap]] = {}
    for hole in holes:
        by_path.setdefault(hole.path, []).append(hole)
    for path, of_path in by_path.items():
        yield Gap(
            "no_authority",
            Severity.HIGH,
            "path",
            path,
            None,
            Message(
                gettext_noop(
                    "“%(path)s” reaches nobody who may declare a disaster at these times: %(holes)s"
                ),
                {
                    "path": path,
                    "holes": ", ".join(f"{hole.from_hour} – {hole.to_hour}" for hole in of_path),
                },
            ),
            Message(
                gettext_noop(
                    "Add a contact who may declare and is covered then, over a channel that does "
                    "not run on our own systems"
                )
            ),
        )


def _team_gaps(estate: Estate) -> Iterator[Gap]:
    """A team that is named is waited for, so its mobilisation must be known (T3)."""
    teams = {team.name: team for team in estate.teams}
    for name in sorted({system.team for system in estate.systems if system.team is not None}):
        team = teams.get(name)
        figures = (team.mobilise_day_minutes, team.mobilise_night_minutes) if team else (None,)
        if None in figures:
            yield Gap(
                "mobilisation_unknown",
                Severity.MEDIUM,
                "team",
                name,
                None,
                Message(
                    gettext_noop("nobody knows how long the team “%(team)s” takes to mobilise"),
                    {"team": name},
                ),
                Message(gettext_noop("Enter its mobilisation time for the day and for the night")),
            )


def _contact_gaps(contact: Contact, on_path: bool, today: date) -> Iterator[Gap]:
    severity = Severity.MEDIUM if on_path or contact.may_declare else Severity.LOW
    verified_on = contact.verified_on
    age = 0 if verified_on is None else (today - verified_on).days
    if verified_on is None or age >= STALE_AFTER_DAYS:
        yield Gap(
            "stale_contact",
            severity,
            "contact",
            contact.key,
            None,
            Message(
                gettext_noop("the details of %(contact)s were never verified"),
                {"contact": contact.name},
            )
            if verified_on is None
            else Message(
                gettext_noop("the details of %(contact)s were last verified %(days)s days ago"),
                {"contact": contact.name, "days": Passing(age, since=verified_on)},
            ),
            Message(gettext_noop("Call every number once and record the date")),
        )
    if on_path and not contact.independent_phone:
        yield Gap(
            "no_independent_phone",
            Severity.MEDIUM,
            "contact",
            contact.key,
            None,
            Message(
                gettext_noop(
                    "%(contact)s is on an escalation path and has no phone that works when our "
                    "own systems do not"
                ),
                {"contact": contact.name},
            ),
            Message(gettext_noop("Record a mobile or private number")),
        )
    try:
        parse_coverage(contact.coverage)
    except BadCoverage as error:
        yield Gap(
            "bad_coverage",
            severity,
            "contact",
            contact.key,
            None,
            Message(
                gettext_noop(
                    "the coverage of %(contact)s cannot be read, so nobody counts on it: %(text)s"
                ),
                {"contact": contact.name, "text": error.values["text"]},
            ),
            Message(gettext_noop("Write it as %(allowed)s"), {"allowed": error.values["allowed"]}),
        )


def _only_declarer(estate: Estate) -> Iterator[Gap]:
    declarers = [contact for contact in estate.contacts if contact.may_declare]
    if len(declarers) == 1:
        (only,) = declarers
        yield Gap(
            "single_point_of_failure",
            Severity.HIGH,
            "contact",
            only.key,
            None,
            Message(
                gettext_noop("%(contact)s is the only one who may declare a disaster"),
                {"contact": only.name},
            ),
            Message(gettext_noop("Give a second person the authority to declare")),
        )
