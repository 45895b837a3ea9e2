"""Do every job that waits, then end."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from bcp.services import pulse, spare_worker, work


class Command(BaseCommand):
    help = "Do every job that waits, then end. Needs neither a worker nor a broker."

    def handle(self, *args: Any, **options: Any) -> None:
        heart = pulse.Pulse(spare_worker.NAME)
        heart.start()
        try:
            count = work.run_waiting()
        finally:
            heart.stop()
        self.stdout.write(f"{count} jobs done")
