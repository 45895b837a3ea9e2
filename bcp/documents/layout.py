"""From a chapter's HTML to its pages. Nothing outside of the text itself can be fetched."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

_STYLES = Path(settings.BASE_DIR) / "static" / "css" / "plan"
_SHEETS = ("base", "tables", "front", "readiness", "sheets", "summary", "furniture")
PAPERS = ("A4", "Letter")


class DataOnly(URLFetcher):
    """Fetches `data:` addresses. Everything else is refused: a plan is made of what the
    organisation wrote, and no text of it may make this machine open a file or an address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        return super().fetch(url, headers)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Pages as PDF; `anchors` says on which of them, counted from 0, each anchor stands."""

    pdf: bytes
    pages: int
    anchors: dict[str, int]


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _styles(paper: str) -> tuple[CSS, CSS]:
    """The look of a plan, read once per process, and the size of the sheet."""
    if paper not in PAPERS:
        raise ValueError(f"a plan is printed on {' or '.join(PAPERS)}, not on {paper!r}")
    look = "\n".join((_STYLES / f"{name}.css").read_text() for name in _SHEETS)
    return (
        CSS(string=look, font_config=_fonts(), url_fetcher=DataOnly()),
        CSS(string=f"@page {{ size: {paper} }}", url_fetcher=DataOnly()),
    )


def lay_out(html: str, *, paper: str, tagged: bool = True) -> LaidOut:
    """`tagged` pages carry the structure that screen readers use; furniture has none."""
    variant = "pdf/a-3a" if tagged else "pdf/a-3b"
    # The garbage collector would walk the growing layout tree again and again: a third of the
    # time. A chapter is short, and afterwards everything goes at once.
    gc.disable()
    try:
        document = HTML(string=html, url_fetcher=DataOnly()).render(
            stylesheets=list(_styles(paper)), font_config=_fonts(), pdf_variant=variant
        )
        anchors = {
            anchor: number for number, page in enumerate(document.pages) for anchor in page.anchors
        }
        return LaidOut(document.write_pdf(pdf_variant=variant), len(document.pages), anchors)
    finally:
        gc.enable()
        gc.collect()
