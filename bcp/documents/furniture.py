"""What stands on every page (rule P3): which plan, which issue, page n of m, until when.

It is laid over the chapters when the book is bound, because only then is the number of pages
known; so a chapter that has not changed is the same in every issue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from bcp.documents import wording
from bcp.documents.layout import lay_out
from bcp.documents.snapshot import Snapshot

TABS = (*"12345", *"ABCDEFG", "☎")
"""Thumb tabs, from the top of the edge downwards."""

_LONGEST_NAME = 70
_PAGES_IN_FILE = 250


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its thumb tab, and whether nothing else is on it."""

    number: int
    tab: str
    blank: bool = False

    @property
    def side(self) -> str:
        return "right" if self.number % 2 else "left"

    @property
    def place(self) -> int:
        """The height of the tab on the edge, counted from 1; 0 is none."""
        return TABS.index(self.tab) + 1 if self.tab in TABS else 0


def print_furniture(snapshot: Snapshot, code: str, pages: Sequence[Page]) -> Iterator[bytes]:
    """As many pages as given, in several files, with nothing but furniture on them."""
    for start in range(0, len(pages), _PAGES_IN_FILE):
        part = pages[start : start + _PAGES_IN_FILE]
        yield _print_part(snapshot, code, part, len(pages))


def _print_part(snapshot: Snapshot, code: str, part: Sequence[Page], count: int) -> bytes:
    printed = snapshot["print"]
    review = wording.day(printed["review_on"])
    issue = printed["issue"]
    html = render_to_string(
        "documents/furniture.html",
        {
            "language": printed["language"],
            "title": _short(printed["title"]),
            "organisation": _short(snapshot["organisation"]["name"]),
            "issue": _("Issue %(number)s") % {"number": issue} if issue else _("Draft, no issue"),
            "effective": wording.day(printed["effective_on"]),
            "review": review,
            "copy": _("Copy %(number)s") % {"number": printed["copy"]}
            if printed["copy"]
            else _("Uncontrolled copy"),
            "code": code,
            "pages": part,
            "count": count,
        },
    )
    return lay_out(html, paper=snapshot["organisation"]["paper"], tagged=False).pdf


def _short(name: str) -> str:
    """Names of 200 characters are legal; a header line holds fewer."""
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
