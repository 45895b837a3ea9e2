"""Check that the audit trail is whole: no event changed, removed, put in or cut off."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bcp.queries import history, organisations


class Command(BaseCommand):
    help = "Check the audit trail of the organisations named, or of all; exits 1 if one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="none: every organisation")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for organisation in self.chosen(options["slugs"]):
            first = history.first_broken(organisation)
            broken += first is not None
            self.stdout.write(self.verdict(organisation, first))
        if broken:
            raise CommandError(
                ngettext(
                    "%(count)d audit trail is broken.", "%(count)d audit trails are broken.", broken
                )
                % {"count": broken}
            )

    def chosen(self, slugs: list[str]) -> list[Any]:
        if not slugs:
            return list(organisations.every())
        found = []
        for slug in dict.fromkeys(slugs):
            organisation = organisations.by_slug(slug)
            if organisation is None:
                raise CommandError(_("There is no organisation “%(slug)s”.") % {"slug": slug})
            found.append(organisation)
        return found

    def verdict(self, organisation: Any, first: int | None) -> str:
        if first is not None:
            return _("%(slug)s: broken at event %(number)d.") % {
                "slug": organisation.slug,
                "number": first,
            }
        count = history.events(organisation).count()
        says = ngettext(
            "%(slug)s: %(count)d event, whole.", "%(slug)s: %(count)d events, whole.", count
        )
        return says % {"slug": organisation.slug, "count": count}
