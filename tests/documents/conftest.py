"""Printing takes seconds: the plan that most tests look at is printed once."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property

import pdfplumber
import pypdf
import pytest

from bcp.documents.anchors import anchor
from bcp.documents.render import render
from bcp.documents.snapshot import Snapshot
from tests.documents.plan_estate import plan


@dataclass(frozen=True)
class Book:
    """A printed plan, and the ways to look at it. Pages count from 1."""

    snapshot: Snapshot
    pdf: bytes

    @cached_property
    def reader(self) -> pypdf.PdfReader:
        return pypdf.PdfReader(io.BytesIO(self.pdf))

    @cached_property
    def texts(self) -> list[str]:
        with pdfplumber.open(io.BytesIO(self.pdf)) as opened:
            return [page.extract_text() for page in opened.pages]

    def flow(self, *pages: int) -> str:
        """The text of pages in the order of reading, column after column."""
        return " ".join(
            " ".join(self.reader.pages[page - 1].extract_text() for page in pages).split()
        )

    @cached_property
    def characters(self) -> list[list[dict]]:
        with pdfplumber.open(io.BytesIO(self.pdf)) as opened:
            return [page.chars for page in opened.pages]

    def page_of(self, anchor: str) -> int:
        destination = self.reader.named_destinations[anchor]
        return self.reader.get_destination_page_number(destination) + 1


def sheet_text(book: Book, name: str) -> str:
    """All of a system's sheet, in the order of reading."""
    systems = book.snapshot["systems"]
    place = next(index for index, one in enumerate(systems) if one["name"] == name)
    after = "programme" if place + 1 == len(systems) else anchor(systems[place + 1])
    return book.flow(*range(book.page_of(anchor(systems[place])), book.page_of(after)))


def printed_book(snapshot: Snapshot) -> Book:
    return Book(snapshot, render(snapshot).pdf)


@pytest.fixture(scope="session")
def book() -> Book:
    return printed_book(plan())
