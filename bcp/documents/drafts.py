"""Chapters to be laid out, where each stands in the binder, and how long tables are cut.

Layout time grows faster than a table's rows and than a chapter's pages; the cuts keep it even.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from bcp.documents.binding import Side
from bcp.documents.snapshot import Snapshot, tells_of_backups, tells_of_impacts

Fact = dict[str, Any]

Fill = Callable[[], Fact]
"""Makes what a template shows."""

_ROWS_IN_TABLE = 80
_TABLES_IN_CHAPTER = 12

_CHAPTERS = ("activation", "readiness", "order", "sheets", "programme")
_APPENDICES = (
    *("people", "sites", "dependencies", "impacts", "ransomware", "restores", "problems"),
)
_OF_BACKUPS = {"readiness", "programme", "ransomware", "restores"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A chapter to be laid out. `fill` makes what its template shows, `tab` is its thumb tab,
    `heading` its line in the contents; a chapter without heading continues the one before.
    `shorter` fill a chapter that must not take more than a page: with less and less to say, the
    first that fits is taken."""

    template: str
    fill: Fill
    tab: str
    heading: str = ""
    anchor: str = ""
    side: Side = Side.RIGHT
    shorter: Sequence[Fill] = ()

    @property
    def continues(self) -> bool:
        return not self.heading


def places(snapshot: Snapshot) -> dict[str, str]:
    """Anchor → number of the chapter or letter of the appendix, as other pages refer to it."""

    unsaid = set() if tells_of_backups(snapshot) else set(_OF_BACKUPS)
    if not tells_of_impacts(snapshot):
        unsaid.add("impacts")

    def printed(anchors: Sequence[str]) -> list[str]:
        return [one for one in anchors if one not in unsaid]

    chapters, appendices = printed(_CHAPTERS), printed(_APPENDICES)
    return {
        **{anchor: str(number) for number, anchor in enumerate(chapters, start=1)},
        **{anchor: chr(ord("A") + number) for number, anchor in enumerate(appendices)},
    }


def appendix(letter: str, title: str) -> str:
    return _("Appendix %(letter)s: %(title)s") % {"letter": letter, "title": title}


def split(draft: Draft, tables: Sequence[Fact]) -> Iterator[Draft]:
    """A chapter of many tables as several drafts; all but the first continue it."""
    groups = [
        tables[start : start + _TABLES_IN_CHAPTER]
        for start in range(0, len(tables), _TABLES_IN_CHAPTER)
    ]
    for number, group in enumerate(groups or [[]]):
        continues = number > 0

        def fill(group: Sequence[Fact] = group, continues: bool = continues) -> Fact:
            return {**draft.fill(), "tables": group, "continues": continues}

        if continues:
            yield Draft(draft.template, fill, draft.tab, side=Side.EITHER)
        else:
            yield replace(draft, fill=fill)


def cut(title: str, rows: Sequence[Fact], **common: Any) -> Iterator[Fact]:
    """A long table as several; each names its part and has what is `common` to all."""
    count = -(-len(rows) // _ROWS_IN_TABLE)
    for part in range(count):
        named = title
        if count > 1:
            named = _("%(title)s (%(part)s of %(count)s)") % {
                "title": title,
                "part": part + 1,
                "count": count,
            }
        yield {
            **common,
            "title": named,
            "rows": rows[part * _ROWS_IN_TABLE : (part + 1) * _ROWS_IN_TABLE],
        }
