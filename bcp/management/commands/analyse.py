"""Print the recovery analysis of an organisation, for people or for scripts."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from bcp.errors import BcpError
from bcp.queries import answers, organisations
from bcp.queries.answer_table import answer_table


class Command(BaseCommand):
    help = "Print in which order and until when an organisation's systems can be restored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the organisation's short name")
        parser.add_argument(
            "--scenario",
            default="everything",
            metavar="NAME",
            help="everything (default), site:NAME, supplier:NAME, system:NAME, ransomware:14d,"
            " stolen_credentials or a combination of your own",
        )
        parser.add_argument("--people", choices=["limited", "unlimited"], default="unlimited")
        parser.add_argument("--format", choices=["json", "table"], default="table")
        parser.add_argument(
            "--seconds",
            type=float,
            metavar="S",
            help="how long to look for the best schedule; without effect while people are"
            " unlimited, because that answer is exact at once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = organisations.by_slug(options["slug"])
        if organisation is None:
            raise CommandError(
                _("There is no organisation “%(slug)s”.") % {"slug": options["slug"]}
            )
        try:
            answer = answers.answer(organisation, options["scenario"], now=timezone.now())
        except BcpError as error:
            raise CommandError(str(error)) from error
        if options["people"] != answer["people"]:
            self.stderr.write(
                _("Limited people are not computed by this version; the answer is for unlimited.")
            )
        if options["format"] == "json":
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(answer_table(answer))
