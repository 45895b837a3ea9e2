"""Create an organisation, and let its first administrator in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from bcp.errors import BcpError
from bcp.management.admission import add_address, link_base, outcome
from bcp.services import invitations, organisations
from bcp.services.actor import Actor
from bcp.services.invitations import Invited


class Command(BaseCommand):
    help = "Create an organisation. What is in it is seen by its members alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="its short name, which stands in its addresses")
        parser.add_argument("name", help="its full name")
        parser.add_argument("--time-zone", default="UTC", metavar="TZ", help="as Europe/Berlin")
        parser.add_argument(
            "--administrator", metavar="EMAIL", help="who will manage its members and settings"
        )
        add_address(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        email, admitted = options["administrator"], None
        try:
            with transaction.atomic():  # nobody let in, nothing created
                organisation = organisations.create(
                    options["slug"], options["name"], time_zone=options["time_zone"]
                )
                if email:
                    admitted = invitations.admit(
                        organisation,
                        email,
                        "administrator",
                        link_base=link_base(options["address"]),
                        by=Actor.command_line(organisation),
                    )
        except BcpError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(name)s is there, at /o/%(slug)s/.")
            % {"name": organisation.name, "slug": organisation.slug}
        )
        if email:
            self.stdout.write(outcome(email, admitted if isinstance(admitted, Invited) else None))
