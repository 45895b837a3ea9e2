"""Print a plan into a file, here and now, without worker or broker."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bcp.errors import BcpError
from bcp.queries import organisations, systems
from bcp.services import plans
from bcp.services.actor import Actor


class Command(BaseCommand):
    help = (
        "Print the continuity plan of an organisation, the sheet of one system or the executive"
        " summary, as PDF."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the organisation's short name")
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--scenario",
            default="everything",
            help="everything (default), site:NAME, supplier:NAME, system:NAME, ransomware:14d,"
            " stolen_credentials, or a scenario of the organisation by its name",
        )
        what.add_argument("--system", metavar="NAME", help="only the sheet of this system")
        what.add_argument(
            "--summary", action="store_true", help="the executive summary, on two pages"
        )
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = organisations.by_slug(options["slug"])
        if organisation is None:
            raise CommandError(f"there is no organisation {options['slug']!r}")
        target: Path = options["out"]
        if not target.parent.is_dir():
            raise CommandError(f"there is no folder {target.parent}")
        key = None
        if options["system"] is not None:
            system = systems.by_name(organisation, options["system"])
            if system is None:
                raise CommandError(f"there is no system {options['system']!r}")
            key = system.pk
        try:
            version = plans.print_now(
                organisation,
                scenario=options["scenario"],
                system_key=key,
                is_summary=options["summary"],
                by=Actor.command_line(organisation),
                tick=self._progress,
            )
            content = plans.pdf_of(organisation, version)
            write_whole(target, content)
        except BcpError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"cannot write {target}: {error.strerror}") from error
        self.stdout.write(
            f"{target}: issue {version.issue}, {len(content) // 1024} KiB,"
            f" fingerprint {version.fingerprint}"
        )

    def _progress(self, done: int, everything: int) -> bool:
        if everything and self.stderr.isatty():
            self.stderr.write(f"\r{done} of {everything} parts", ending="")
        return True


def write_whole(target: Path, content: bytes) -> None:
    """The file is there whole or not at all, even on a full disk or after a power cut."""
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, 0o640)
        os.replace(beside, target)
    except BaseException:
        os.unlink(beside)
        raise
