"""From a snapshot to the printed plan, and from nothing else (rule P1).

Chapters are laid out one after the other, the front matter last, because its contents name the
pages; then everything is bound. The same snapshot gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import segno
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bcp.documents import cover, summary, wording
from bcp.documents.anchors import anchor
from bcp.documents.binding import Attachment, Chapter, Title, bind, first_pages, page_count
from bcp.documents.chapters import plan_drafts, sheet_drafts
from bcp.documents.drafts import Draft, Fill, places
from bcp.documents.furniture import Page, print_furniture
from bcp.documents.layout import LaidOut, lay_out
from bcp.documents.people import PhoneBook
from bcp.documents.rendered import Rendered
from bcp.documents.snapshot import (
    PRINTABLE,
    Snapshot,
    canonical,
    fingerprint,
    short_code,
)
from bcp.documents.summary_print import summary_drafts

ATTACHMENT_NAME = "plan.json"
_SUMMARY_NAME = "summary.json"
_UNKNOWN_PAGE = 9999
"""Stands where a page number will be, and keeps the room for it."""

Part = TypeVar("Part")

Progress = Callable[[int, int], None]
"""Called with the parts done and all parts there are."""


def render(snapshot: Snapshot, progress: Progress = lambda done, everything: None) -> Rendered:
    """The PDF of a snapshot. Raises `ValueError` for a snapshot of another schema."""
    known = (*PRINTABLE, summary.SCHEMA)
    if snapshot.get("schema") not in known:
        raise ValueError(f"this prints {' and '.join(known)}, not {snapshot.get('schema')!r}")
    with translation.override(snapshot["print"]["language"]):
        return _Book(snapshot, progress).render()


class _Book:
    def __init__(self, snapshot: Snapshot, progress: Progress) -> None:
        self._snapshot = snapshot
        self._progress = progress
        self._paper = snapshot["organisation"]["paper"]
        self._code = short_code(fingerprint(snapshot))
        self._is_summary = snapshot["kind"] == summary.KIND
        self._alone = self._is_summary or snapshot["kind"] == "sheet"
        self._done = 0
        self._all = 0

    def render(self) -> Rendered:
        drafts = self._drafts()
        # The front matter, the furniture and the binding are parts of their own.
        self._all = len(drafts) + (2 if self._alone else 3)
        self._progress(0, self._all)
        laid_out = [self._step(partial(self._lay_out, draft)) for draft in drafts]
        if not self._alone:
            front = self._step(partial(self._front, drafts, laid_out))
            drafts = [Draft("documents/front.html", dict, tab="", heading=_("Contents")), *drafts]
            laid_out = [front, *laid_out]
        chapters = [
            Chapter(one.pdf, one.pages, draft.side, draft.continues)
            for draft, one in zip(drafts, laid_out, strict=True)
        ]
        furniture = self._step(partial(self._furniture, drafts, chapters))
        book = self._step(partial(self._bind, chapters, furniture))
        return Rendered(book, page_count(chapters))

    def _drafts(self) -> list[Draft]:
        if self._is_summary:
            return summary_drafts(self._snapshot)
        return sheet_drafts(self._snapshot) if self._alone else list(plan_drafts(self._snapshot))

    def _step(self, work: Callable[[], Part]) -> Part:
        answer = work()
        self._done += 1
        self._progress(self._done, self._all)
        return answer

    def _lay_out(self, draft: Draft) -> LaidOut:
        context = {**self._frame(), "heading": draft.heading, "anchor": draft.anchor}

        def filled(fill: Fill) -> LaidOut:
            return lay_out(
                render_to_string(draft.template, {**context, **fill()}), paper=self._paper
            )

        laid_out = filled(draft.fill)
        return laid_out if laid_out.pages == 1 else _longest_page(draft.shorter, filled, laid_out)

    def _frame(self) -> dict[str, object]:
        return {
            "snapshot": self._snapshot,
            "organisation": self._snapshot["organisation"],
            "language": self._snapshot["print"]["language"],
            "places": places(self._snapshot),
        }

    def _front(self, drafts: Sequence[Draft], laid_out: Sequence[LaidOut]) -> LaidOut:
        """Twice: the first time to learn how many pages the contents themselves take."""
        empty = self._front_once(drafts, [], laid_out, front_pages=0)
        return self._front_once(drafts, laid_out, laid_out, front_pages=empty.pages)

    def _front_once(
        self,
        drafts: Sequence[Draft],
        known: Sequence[LaidOut],
        laid_out: Sequence[LaidOut],
        *,
        front_pages: int,
    ) -> LaidOut:
        chapters = [Chapter(b"", max(1, front_pages))]
        chapters += [
            Chapter(b"", one.pages, draft.side) for draft, one in zip(drafts, laid_out, strict=True)
        ]
        starts = first_pages(chapters)[1:]
        pages: dict[str, int] = {}
        for one, start in zip(known, starts, strict=False):
            for name, offset in one.anchors.items():
                pages.setdefault(name, start + offset)
        headings = [
            {
                "heading": draft.heading,
                "anchor": draft.anchor,
                "page": pages.get(draft.anchor, 9999),
            }
            for draft in drafts
            if draft.heading
        ]
        printed = self._snapshot["print"]
        context = {
            **self._frame(),
            **cover.context(self._snapshot, PhoneBook(self._snapshot["contacts"])),
            "printed": printed,
            "effective": wording.day(printed["effective_on"]),
            "review": wording.day(printed["review_on"]),
            "made": wording.day(printed["made_at"][:10]),
            "scenario": wording.scenario(self._snapshot["scenario"]),
            "code": self._code,
            "qr": _qr(self._code, printed["issue"]),
            "headings": headings,
            "index": [
                {
                    "name": one["name"],
                    "sheet": one["sheet"],
                    "anchor": anchor(one),
                    "page": pages.get(anchor(one), _UNKNOWN_PAGE),
                }
                for one in sorted(self._snapshot["systems"], key=lambda one: one["name"].casefold())
            ],
        }
        return lay_out(render_to_string("documents/front.html", context), paper=self._paper)

    def _furniture(self, drafts: Sequence[Draft], chapters: Sequence[Chapter]) -> list[bytes]:
        pages: list[Page] = []
        for draft, chapter, start in zip(drafts, chapters, first_pages(chapters), strict=True):
            while len(pages) < start - 1:
                pages.append(Page(len(pages) + 1, tab="", blank=True))
            pages += [Page(start + offset, draft.tab) for offset in range(chapter.pages)]
        return list(print_furniture(self._snapshot, self._code, pages))

    def _bind(self, chapters: Sequence[Chapter], furniture: Sequence[bytes]) -> bytes:
        printed = self._snapshot["print"]
        title = Title(
            title=printed["title"],
            author=self._snapshot["organisation"]["name"],
            language=printed["language"],
            created=printed["made_at"],
        )
        name = _SUMMARY_NAME if self._is_summary else ATTACHMENT_NAME
        attachment = Attachment(
            name, canonical(self._snapshot), _("This print as machine-readable data")
        )
        return bind(chapters, furniture, title=title, attachment=attachment)


def _longest_page(
    fills: Sequence[Fill], filled: Callable[[Fill], LaidOut], otherwise: LaidOut
) -> LaidOut:
    """Of fills that say less and less, the first that takes one page, by halving; without any
    fill, what was laid out before."""
    low, high = 0, len(fills) - 1
    found = otherwise
    while low <= high:
        middle = (low + high) // 2
        laid_out = filled(fills[middle])
        if laid_out.pages == 1:
            found, high = laid_out, middle - 1
        else:
            low = middle + 1
    return found


def _qr(code: str, issue: int | None) -> SafeString:
    """The short code as a QR picture of vectors."""
    target = io.BytesIO()
    segno.make(f"BCP {issue or 0} {code}", error="m").save(
        target,
        kind="svg",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        border=2,
        scale=3,
        title=_("QR code of this print: %(code)s") % {"code": code},
    )
    # Written by the library from the code above, which holds nothing but letters and figures.
    return SafeString(target.getvalue().decode())
