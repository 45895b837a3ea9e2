"""Let a person into an organisation, in one role."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bcp.errors import BcpError
from bcp.management.admission import add_address, link_base, outcome
from bcp.queries import organisations
from bcp.services import invitations
from bcp.services.actor import Actor
from bcp.services.invitations import Invited


class Command(BaseCommand):
    help = (
        "Make a person a member of an organisation. Whoever has no login yet is sent a link that"
        " makes one; the link is printed as well."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the organisation's short name")
        parser.add_argument("email", help="the person's e-mail address, which is the login")
        parser.add_argument(
            "role", help="administrator, executive, it-director, engineer or auditor"
        )
        add_address(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = organisations.by_slug(options["slug"])
        if organisation is None:
            raise CommandError(
                _("There is no organisation “%(slug)s”.") % {"slug": options["slug"]}
            )
        try:
            admitted = invitations.admit(
                organisation,
                options["email"],
                options["role"],
                link_base=link_base(options["address"]),
                by=Actor.command_line(organisation),
            )
        except BcpError as error:
            raise CommandError(str(error)) from error
        invited = admitted if isinstance(admitted, Invited) else None
        self.stdout.write(outcome(options["email"], invited))
