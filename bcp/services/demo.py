"""The demonstration: two firms that do not know of each other, loaded through the same import
that a user has, from files that serve as templates as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bcp.engine.permissions import Role
from bcp.errors import InvalidInput
from bcp.exchange.reading import Bundle, Sheet
from bcp.models.organisations import Organisation
from bcp.models.users import User
from bcp.services import demo_stories, importing, members, organisations
from bcp.services.actor import Actor
from bcp.services.importing import Incoming, Options

FILES = Path(settings.BASE_DIR) / "bcp" / "demo"
KNOWN_TO_ALL = "demo"
"""Opens every login of the demonstration, which is why it is loaded on one's own machine only."""

# The files speak as of this day; loaded, their dates are as far back from the day of loading.
_WRITTEN_ON = date(2026, 6, 1)
_DATES = ("verified_on", "last_success", "last_restore_test", "planned_on", "done_on")


@dataclass(frozen=True)
class Firm:
    """`people` are the members: e-mail address → name and role."""

    slug: str
    name: str
    time_zone: str
    currency: str
    people: Mapping[str, tuple[str, Role]]

    def email_of(self, role: Role) -> str:
        return next(email for email, (_name, held) in self.people.items() if held is role)


@dataclass
class Loaded:
    """What became of a firm: loaded now, or there already and left as it is."""

    firm: Firm
    is_new: bool
    logins: dict[str, str] = field(default_factory=dict)
    """E-mail address → role, in words."""


_CONSULTANT = "consultant@continuity.example"
FIRMS = (
    Firm(
        "brightwater",
        "Brightwater Foods",
        "Europe/London",
        "GBP",
        {
            "executive@brightwater.example": ("Helen Marsh", Role.EXECUTIVE),
            "director@brightwater.example": ("Priya Nair", Role.IT_DIRECTOR),
            "engineer@brightwater.example": ("Tom Becker", Role.ENGINEER),
            "auditor@brightwater.example": ("Nadia Haddad", Role.AUDITOR),
            "administrator@brightwater.example": ("Grace Lee", Role.ADMINISTRATOR),
            _CONSULTANT: ("Robin Castell", Role.AUDITOR),
        },
    ),
    Firm(
        "kestrel",
        "Kestrel Logistik",
        "Europe/Berlin",
        "EUR",
        {
            "executive@kestrel.example": ("Jonas Weber", Role.EXECUTIVE),
            "director@kestrel.example": ("Clara Vogt", Role.IT_DIRECTOR),
            "engineer@kestrel.example": ("Emre Yilmaz", Role.ENGINEER),
            "auditor@kestrel.example": ("Ines Brandt", Role.AUDITOR),
            "administrator@kestrel.example": ("Clara Vogt", Role.ADMINISTRATOR),
            _CONSULTANT: ("Robin Castell", Role.IT_DIRECTOR),
        },
    ),
)


def load(now: datetime) -> list[Loaded]:
    """Load each firm, as a whole or not at all, unless it is there. Raises `InvalidInput` where
    this is not one's own machine."""
    if not settings.DEBUG:
        raise InvalidInput(
            _("The demonstration has a password that everybody knows; it needs DEBUG=on.")
        )
    return [_load(firm, now) for firm in FIRMS]


def _load(firm: Firm, now: datetime) -> Loaded:
    logins = {email: role.value for email, (_name, role) in firm.people.items()}
    if Organisation.objects.filter(slug=firm.slug).exists():
        return Loaded(firm, False, logins)
    today = timezone.localdate(now)
    with transaction.atomic():
        organisation = organisations.create(firm.slug, firm.name, time_zone=firm.time_zone)
        by = Actor.command_line(organisation)
        organisations.change(organisation, {"currency": firm.currency}, seen_version=None, by=by)
        roles = {}
        for email, (name, role) in firm.people.items():
            user = User.objects.filter(email=email).first()
            if user is None:
                user = User.objects.create_user(email, KNOWN_TO_ALL, name=name)
            roles[role] = members.add(organisation, user, role, by=by)
        approving = Options(approver=firm.email_of(Role.EXECUTIVE))
        folder = FILES / firm.slug
        incoming = _as_of(today, folder)
        steps, estate = incoming.bundle.steps, replace(incoming.bundle, steps=Bundle().steps)
        importing.apply(organisation, replace(incoming, bundle=estate), approving, by=by)
        # Procedures have an author, who is somebody else than the one who approves them.
        engineer = Actor.member(roles[Role.ENGINEER], via="command line")
        written = replace(incoming, bundle=Bundle(steps=steps))
        importing.apply(organisation, written, Options(), by=engineer)
        proposals = folder / "proposals"
        if proposals.is_dir():
            director = Actor.member(roles[Role.IT_DIRECTOR], via="command line")
            importing.apply(organisation, _as_of(today, proposals), Options(), by=director)
        demo_stories.tell(organisation, roles, now)
    return Loaded(firm, True, logins)


def _as_of(today: date, folder: Path) -> Incoming:
    """The files of a folder, with their dates moved up to `today`."""
    incoming = importing.from_folder(folder)
    later, bundle = today - _WRITTEN_ON, incoming.bundle
    return replace(
        incoming,
        bundle=replace(
            bundle,
            contacts=_moved(bundle.contacts, later),
            copies=_moved(bundle.copies, later),
            exercises=_moved(bundle.exercises, later),
        ),
    )


def _moved(sheet: Sheet[Any], later: timedelta) -> Sheet[Any]:
    return replace(
        sheet,
        rows=tuple(
            replace(
                row,
                **{
                    name: value + later
                    for name in _DATES
                    if (value := getattr(row, name, None)) is not None
                },
            )
            for row in sheet.rows
        ),
    )
