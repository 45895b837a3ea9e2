"""Load the demonstration: two firms, their people and everything they run."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from bcp.errors import BcpError
from bcp.services import demo
from bcp.services.import_plan import ImportRefused


class Command(BaseCommand):
    help = "Load two demonstration organisations; what is loaded already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = demo.load(timezone.now())
        except ImportRefused as refusal:
            faults = "\n".join(str(fault) for fault in refusal.plan.faults)
            raise CommandError(f"{refusal}\n{faults}") from refusal
        except BcpError as error:
            raise CommandError(str(error)) from error
        for one in loaded:
            says = _("%(name)s is loaded.") if one.is_new else _("%(name)s is there already.")
            self.stdout.write(says % {"name": f"{one.firm.name} (/o/{one.firm.slug}/)"})
            for email, role in one.logins.items():
                self.stdout.write(f"    {email}  ({role})")
        if not any(one.is_new for one in loaded):
            self.stdout.write(_("Nothing has changed."))
        self.stdout.write(
            _("The password of every login is: %(password)s") % {"password": demo.KNOWN_TO_ALL}
        )
