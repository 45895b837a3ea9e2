"""The two printed pages of an executive summary. Each is filled with as much as fits on it; what
does not is counted in words, so that an estate of any size takes two pages."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from bcp.documents import summary_words, wording
from bcp.documents.binding import Side
from bcp.documents.drafts import Draft
from bcp.documents.snapshot import Snapshot
from bcp.documents.summary_text import Room

_LETTERS = 60
_FIRST = tuple(Room(processes=count, letters=_LETTERS) for count in range(14, 0, -1))
_SECOND = tuple(
    Room(ways=ways, kinds=kinds, accepted=accepted, letters=_LETTERS)
    for ways, kinds, accepted in (
        *((3, 5, 5), (3, 5, 4), (3, 5, 3), (2, 5, 3), (2, 4, 3)),
        *((2, 4, 2), (1, 4, 2), (1, 3, 2), (1, 3, 1), (1, 2, 1)),
    )
)


def summary_drafts(snapshot: Snapshot) -> list[Draft]:
    """The first page says what was promised and what is possible, the second what to do."""
    first = [partial(_page, snapshot, room, continues=False) for room in _FIRST]
    second = [partial(_page, snapshot, room, continues=True) for room in _SECOND]
    return [
        Draft(
            "documents/summary_promises.html",
            first[0],
            tab="",
            heading=_("Executive summary"),
            anchor="summary",
            shorter=first[1:],
        ),
        Draft(
            "documents/summary_decisions.html",
            second[0],
            tab="",
            side=Side.EITHER,
            shorter=second[1:],
        ),
    ]


def _page(snapshot: Snapshot, room: Room, *, continues: bool) -> dict[str, Any]:
    return {
        "continues": continues,
        "made": wording.day(snapshot["print"]["made_at"][:10]),
        "summary": summary_words.shown(snapshot, snapshot["organisation"]["currency"], room),
    }
