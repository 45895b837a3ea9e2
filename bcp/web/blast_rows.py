"""The rows of the blast radius as pages and files show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import Contact, EscalationStep, System
from bcp.engine.harm import limit_says
from bcp.engine.loss import LOSES
from bcp.engine.messages import Message
from bcp.engine.telling import Told
from bcp.engine.wording_of_matrix import loss_figure
from bcp.queries.blast_radius import Blast, StoppedProcess, first_phone

LOST, STOPS, BY_HAND, DEGRADES = "lost", "stops", "by hand", "degrades"
WORDS: dict[str, str | Promise] = {
    LOST: _("lost"),
    STOPS: _("stops"),
    BY_HAND: _("goes on by its break-glass way"),
    DEGRADES: _("degrades"),
}


@dataclass(frozen=True, slots=True)
class StruckRow:
    """One system and what happens to it. `steps` and the times are `None` for what goes on."""

    system: System
    effect: str
    steps: int | None
    through: str
    """The system by which it stops, or those that it goes without."""
    restored_minutes: int | None
    at_least: bool
    data_lost: Message | None
    """Only of what is lost itself and holds data."""

    @property
    def name(self) -> str:
        return self.system.name

    @property
    def effect_word(self) -> str:
        return str(WORDS[self.effect])

    @property
    def loss_said(self) -> str:
        return self.data_lost.said(gettext) if self.data_lost else ""


@dataclass(frozen=True, slots=True)
class ProcessRow:
    process: StoppedProcess
    serious: Message
    intolerable: Message
    beyond_repair: Message

    @property
    def name(self) -> str:
        return self.process.system.name


@dataclass(frozen=True, slots=True)
class PersonRow:
    told: Told
    phone: str
    is_independent: bool
    owns: list[str]
    runs: list[str]
    deputises: list[str]


@dataclass(frozen=True, slots=True)
class DeclarerRow:
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class StepRow:
    contact: str
    phone: str
    wait_minutes: int
    may_declare: bool
    is_down: bool
    """The channel runs on a system that stops."""


@dataclass(frozen=True, slots=True)
class PathRow:
    name: str
    systems: int
    steps: list[StepRow]


def stopped_rows(blast: Blast) -> Iterator[StruckRow]:
    """What is lost and what stops, the nearest first."""
    for steps, wave in enumerate(blast.radius.waves):
        for position in wave:
            yield _stopped(blast, position, steps)


def _stopped(blast: Blast, position: int, steps: int) -> StruckRow:
    systems, through = blast.found.estate.systems, blast.radius.through
    is_lost = position not in through
    loss = blast.loss(position) if is_lost else None
    return StruckRow(
        system=systems[position],
        effect=LOST if is_lost else STOPS,
        steps=steps,
        through="" if is_lost else systems[through[position]].name,
        restored_minutes=blast.recovery.timeline.restored[position],
        at_least=bool(blast.recovery.at_least[position]),
        data_lost=loss_figure(loss, position) if loss and loss.state in LOSES else None,
    )


def spared_rows(blast: Blast, effect: str) -> Iterator[StruckRow]:
    systems = blast.found.estate.systems
    found = blast.radius.by_hand if effect == BY_HAND else blast.radius.degraded
    for position, without in found.items():
        names = ", ".join(systems[one].name for one in without)
        yield StruckRow(
            systems[position], effect, None, names, None, at_least=False, data_lost=None
        )


def every_row(blast: Blast) -> Iterator[StruckRow]:
    """Everything that is touched, for a file."""
    yield from stopped_rows(blast)
    yield from spared_rows(blast, BY_HAND)
    yield from spared_rows(blast, DEGRADES)


def process_row(process: StoppedProcess) -> ProcessRow:
    onset = process.onset
    return ProcessRow(
        process,
        limit_says(onset.serious),
        limit_says(onset.intolerable),
        limit_says(onset.beyond_repair),
    )


def person_row(blast: Blast, told: Told) -> PersonRow:
    def names(positions: Sequence[int]) -> list[str]:
        return [blast.found.estate.systems[one].name for one in positions]

    contact = told.contact
    return PersonRow(
        told,
        first_phone(contact),
        bool(contact and contact.independent_phone),
        names(told.owns),
        names(told.runs),
        names(told.deputises),
    )


def declarer_rows(blast: Blast) -> list[DeclarerRow]:
    return [DeclarerRow(one.name, first_phone(one)) for one in blast.declarers]


def path_rows(blast: Blast) -> list[PathRow]:
    estate = blast.found.estate
    contacts = {contact.name: contact for contact in estate.contacts}
    down = {estate.systems[position].name for position in blast.stopped}
    return [
        PathRow(
            climbed.path.name,
            climbed.systems,
            [_step(step, contacts.get(step.contact), down) for step in climbed.path.steps],
        )
        for climbed in blast.paths
    ]


def _step(step: EscalationStep, contact: Contact | None, down: set[str]) -> StepRow:
    return StepRow(
        step.contact,
        first_phone(contact),
        step.wait_minutes,
        bool(contact and contact.may_declare),
        step.channel_system in down,
    )
