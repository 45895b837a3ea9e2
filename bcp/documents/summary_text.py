"""How long a text of an executive summary may be, and durations that break in good places."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bcp.documents import wording
from bcp.engine.durations import format_minutes, unbroken


@dataclass(frozen=True, slots=True)
class Room:
    """How much there is room for. `letters` is the most of a name, `None` for all of it."""

    processes: int = 12
    ways: int = 3
    kinds: int = 5
    accepted: int = 5
    letters: int | None = None

    def name(self, text: str) -> str:
        return self.cut(text, 1)

    def cut(self, text: str, times: int) -> str:
        """`text` on one line, with an ellipsis if it is more than `times` names long."""
        flat = " ".join(text.split())
        if self.letters is None or len(flat) <= self.letters * times:
            return flat
        return flat[: self.letters * times - 1].rstrip() + "…"


def lasting(minutes: int | None, at_least: bool = False) -> str:
    """A duration that breaks over lines before figures only; unknown says so."""
    if minutes is None:
        return str(wording.UNKNOWN)
    time = unbroken(format_minutes(minutes))
    return _("at least %(time)s") % {"time": time} if at_least else time
