"""Everything a plan says, as plain data: frozen once, printed and compared for ever (rules P1, P2).

A snapshot is a JSON object of text, numbers, lists and objects. Times are whole minutes, days are
ISO 8601, unknown is null. Sentences are stored as they were said, so a later release that words
them differently does not change an old plan.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from bcp.documents import facts, facts_of_backups, facts_of_impacts
from bcp.documents.edges import EdgeIndex
from bcp.engine.messages import Message
from bcp.engine.results import Analysis

SCHEMA = "bcp-plan/3"
PRINTABLE = ("bcp-plan/1", "bcp-plan/2", SCHEMA)
"""What can be printed: plans of before the sections on backups (2) and on business impact (3) are
printed without them."""

SECTIONS = (
    "organisation",
    "activation",
    "systems",
    "dependencies",
    "problems",
    "contacts",
    "teams",
    "sites",
    "copies",
    "scenarios",
    "backups",
    "procedures",
    "exercises",
    "impacts",
)
"""The parts of a snapshot that are facts; the rest says which print this is."""

Snapshot = dict[str, Any]

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Print:
    """Which print this is. `copy` is the number of a controlled copy; `None` where there is none
    ("uncontrolled copy")."""

    title: str
    issue: int | None
    effective_on: date
    review_on: date
    made_at: datetime
    made_by: str
    language: str
    copy: int | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is printed beside the analysis, in plain data (see `queries.plans.surroundings`)."""

    organisation: Mapping[str, Any]
    systems: Mapping[str, Mapping[str, Any]]
    contacts: Sequence[Mapping[str, Any]]
    teams: Sequence[Mapping[str, Any]]
    sites: Sequence[Mapping[str, Any]]
    copies: Sequence[Mapping[str, Any]]
    channels: Mapping[str, str]
    procedures: Sequence[Mapping[str, Any]]
    exercises: Sequence[Mapping[str, Any]]
    combinations: Sequence[Mapping[str, Any]]
    currency: str
    impacts: Mapping[str, Mapping[str, Any]]
    accepted: Mapping[str, Mapping[str, Any]]
    """Which gaps are accepted: `engine.acceptance.identity_of` → by whom, until when and why."""


def build(
    analysis: Analysis,
    surroundings: Surroundings,
    printed: Print,
    *,
    system_key: str | None = None,
) -> Snapshot:
    """A whole plan, or with `system_key` the sheet of one system with its neighbours.

    Raises `LookupError` if that system is not in the analysed estate.
    """
    systems = facts.systems(analysis, surroundings.systems)
    dependencies = facts.dependencies(analysis)
    focus = None
    if system_key is not None:
        focus = next((one for one in systems if one["key"] == system_key), None)
        if focus is None:
            raise LookupError(system_key)
        dependencies = EdgeIndex(dependencies).around(focus["name"])
        near = {end for edge in dependencies for end in edge[:2]} | {focus["name"]}
        systems = [one for one in systems if one["name"] in near]
    names = {one["name"] for one in systems}
    only = None if focus is None else focus["name"]
    snapshot = {
        "schema": SCHEMA,
        "kind": "plan" if focus is None else "sheet",
        "system": only,
        "print": telling(printed),
        "scenario": analysis.scenario.name,
        "organisation": dict(surroundings.organisation),
        "activation": facts.activation(analysis, surroundings.channels),
        "systems": systems,
        "dependencies": dependencies,
        "problems": facts.problems(analysis, surroundings.accepted, say, only=only),
        "contacts": list(surroundings.contacts),
        "teams": list(surroundings.teams),
        "sites": list(surroundings.sites),
        "copies": [one for one in surroundings.copies if one["system"] in names],
        "scenarios": facts_of_backups.scenarios(analysis, surroundings.combinations),
        "backups": facts_of_backups.backups(analysis, say, only=only),
        "procedures": [one for one in surroundings.procedures if only in (None, one["system"])],
        "exercises": facts_of_backups.exercises(analysis, surroundings.exercises, say, only=only),
    }
    if focus is None:
        snapshot["impacts"] = facts_of_impacts.impacts(
            analysis, surroundings.impacts, surroundings.currency
        )
    return cleaned(snapshot)


def telling(printed: Print) -> dict[str, Any]:
    """Which print it is, as data."""
    return {
        "title": printed.title,
        "issue": printed.issue,
        "copy": printed.copy,
        "effective_on": printed.effective_on.isoformat(),
        "review_on": printed.review_on.isoformat(),
        "made_at": printed.made_at.isoformat(timespec="seconds"),
        "made_by": printed.made_by,
        "language": printed.language,
    }


def canonical(snapshot: Snapshot) -> bytes:
    """The one JSON text of a snapshot: keys in order, no spaces, UTF-8."""
    return json.dumps(
        snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def fingerprint(snapshot: Snapshot) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def changed_sections(
    before: Snapshot, now: Snapshot, sections: Sequence[str] = SECTIONS
) -> list[str]:
    """The `sections` that no longer say the same (rule P2); dates, issue number and
    title of the print itself do not count."""
    return [section for section in sections if before.get(section) != now.get(section)]


def tells_of_backups(snapshot: Snapshot) -> bool:
    """Whether it has the sections on backups and recovery plans."""
    return "backups" in snapshot


def tells_of_impacts(snapshot: Snapshot) -> bool:
    """Whether it has the section on business impact."""
    return "impacts" in snapshot


def short_code(digest: str) -> str:
    """A fingerprint in the twelve characters that a person can compare, in groups of four."""
    return "-".join(digest[start : start + 4].upper() for start in (0, 4, 8))


def say(message: Message) -> str:
    """A sentence of the engine as it is frozen: in the language of the print."""
    return message.said(gettext)


def cleaned(value: Any) -> Any:
    """The same data with text that can be printed: no control characters, no invisible marks that
    turn the reading direction of what follows, no half characters."""
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode()
        return unicodedata.normalize("NFC", _HIDDEN.sub("\ufffd", text.replace("\r\n", "\n")))
    if isinstance(value, Mapping):
        return {str(key): cleaned(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(one) for one in value]
    return value
