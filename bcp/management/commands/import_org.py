"""Import a folder of CSV files into an organisation: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bcp.errors import BcpError
from bcp.queries import organisations
from bcp.services import importing
from bcp.services.actor import Actor
from bcp.services.import_plan import ImportPlan, ImportRefused, Outcome
from bcp.services.importing import Incoming, Options


class Command(BaseCommand):
    help = (
        "Import a folder of CSV files (sites, contacts, teams, systems, dependencies,"
        " escalation, copies) into an organisation. One bad row, and nothing is imported;"
        " running it twice changes nothing the second time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the organisation's short name")
        parser.add_argument("folder", type=Path, metavar="dir", help="the folder with the files")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, save nothing"
        )
        parser.add_argument(
            "--create", metavar="NAME", help="make the organisation, of that name, if it is new"
        )
        parser.add_argument(
            "--add-missing",
            action="store_true",
            help="make systems of those that only dependencies.csv names",
        )
        parser.add_argument(
            "--approve-targets-as",
            metavar="USER",
            default="",
            help="e-mail address of the member who approves the targets; without it they are"
            " proposals",
        )

        parser.add_argument(
            "--propose-dependencies",
            action="store_true",
            help="dependencies are proposals that wait for review and count in no answer until"
            " somebody accepts them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        incoming = importing.from_folder(options["folder"])
        wanted = Options(
            add_missing=options["add_missing"],
            approver=options["approve_targets_as"],
            propose_dependencies=options["propose_dependencies"],
        )
        try:
            plan = self._import(incoming, wanted, options)
            if plan.faults:
                raise ImportRefused(plan)
        except ImportRefused as refusal:
            self._say_notices(refusal.plan)
            faults = "\n".join(str(fault) for fault in refusal.plan.faults)
            raise CommandError(f"{refusal}\n{faults}") from refusal
        except BcpError as error:
            raise CommandError(str(error)) from error
        self._say_notices(plan)
        self._say_changes(plan, each=options["dry_run"])
        self.stdout.write(_outcome(plan, dry_run=options["dry_run"]))

    def _import(self, incoming: Incoming, wanted: Options, options: dict[str, Any]) -> ImportPlan:
        slug, name, dry_run = options["slug"], options["create"], options["dry_run"]
        organisation = organisations.by_slug(slug)
        if organisation is None:
            if not name:
                raise CommandError(
                    _("There is no organisation “%(slug)s”; make it with --create NAME.")
                    % {"slug": slug}
                )
            return importing.create_and_apply(slug, name, incoming, wanted, dry_run=dry_run)
        if name and name.strip() != organisation.name:
            raise CommandError(
                _("“%(slug)s” exists already and is named “%(name)s”; leave --create out.")
                % {"slug": slug, "name": organisation.name}
            )
        by = Actor.command_line(organisation)
        if dry_run:
            return importing.preview(organisation, incoming, wanted, by=by)
        return importing.apply(organisation, incoming, wanted, by=by)

    def _say_notices(self, plan: ImportPlan) -> None:
        for notice in plan.notices:
            self.stderr.write(str(notice))

    def _say_changes(self, plan: ImportPlan, *, each: bool) -> None:
        if each:
            for change in plan.changes:
                place = f"{change.file}:{change.row}"
                what = f"{change.outcome.value} {change.kind} {change.record}"
                self.stdout.write(f"{place}: {what}")
                for one in change.differences:
                    self.stdout.write(f"    {one.field}: {one.before} → {one.after}")
        for kind, count in plan.counts.items():
            figures = ", ".join(f"{count[outcome]} {outcome.value}" for outcome in Outcome)
            self.stdout.write(f"{kind}: {figures}")


def _outcome(plan: ImportPlan, *, dry_run: bool) -> str:
    if not plan.changes_something:
        return _("Nothing changes.") if dry_run else _("Nothing has changed.")
    counts = {"changes": len(plan.changes), "approved": plan.approves}
    if dry_run:
        return _("Dry run: %(changes)d changes, nothing was saved.") % counts
    if plan.approves:
        return _("Imported: %(changes)d changes, %(approved)d targets approved.") % counts
    return _("Imported: %(changes)d changes.") % counts
