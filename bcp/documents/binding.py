"""Bind chapters into one book: pages, links, bookmarks, tags, furniture and the attached data.

Chapters are laid out apart, because layout time and memory do not grow evenly with a document's
length. What a joined file usually loses is carried over here: named destinations, links from one
chapter into another, the outline, and the tag tree that a screen reader reads. The result is
PDF/A-3 (archival) and PDF/UA-1 (accessible) at once, and equal input gives equal bytes.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Page, Pdf, Stream, String

from bcp.documents.tagging import TagTree

LINK_SCHEME = "plan:"
"""A chapter links into another with `plan:ANCHOR`; binding turns that into an inner link."""

_FURNITURE = Name("/BcpFurniture")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Side(StrEnum):
    """On which page of a duplex print a chapter starts."""

    RIGHT = "right"
    EITHER = "either"
    BACK = "back"
    """Its last page is the back of a sheet, so that the binder's back cover shows it."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A laid-out chapter. `pdf` is tagged PDF/A-3a without page furniture. One that `continues`
    the chapter before it has its bookmarks below that one's."""

    pdf: bytes
    pages: int
    side: Side = Side.RIGHT
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """What the file says of itself. `created` is ISO 8601 with its offset from UTC."""

    title: str
    author: str
    language: str
    created: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """The plan as data, inside the plan (rule P4)."""

    name: str
    content: bytes
    description: str


def first_pages(chapters: Sequence[Chapter]) -> list[int]:
    """The page, counted from 1, on which each chapter starts."""
    starts, page = [], 1
    for chapter in chapters:
        last = page + chapter.pages - 1
        misplaced = {
            Side.RIGHT: page % 2 == 0,
            Side.EITHER: False,
            Side.BACK: last % 2 == 1,
        }
        page += misplaced[chapter.side]
        starts.append(page)
        page += chapter.pages
    return starts


def page_count(chapters: Sequence[Chapter]) -> int:
    """All pages of the book, blank ones included."""
    return first_pages(chapters)[-1] + chapters[-1].pages - 1


def bind(
    chapters: Sequence[Chapter],
    furniture: Iterable[bytes],
    *,
    title: Title,
    attachment: Attachment,
) -> bytes:
    """One PDF. The files of `furniture` have together as many pages as `page_count` says; each is
    laid over the page of the same number as an artifact, which readers' software passes over."""
    book = Pdf.new()
    root = book.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = book.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    tags = TagTree(document)
    anchors: dict[str, Any] = {}
    bookmarks: list[_Bookmark] = []
    for chapter, start in zip(chapters, first_pages(chapters), strict=True):
        _blank_pages(book, start - 1)
        with Pdf.open(io.BytesIO(chapter.pdf)) as source:
            found = _add(book, source, tags, anchors)
        if chapter.continues and bookmarks:
            bookmarks[-1].children.extend(found)
        else:
            bookmarks += found
    root.K = Array([document])
    document.K = Array(tags.kids)
    root.ParentTree = book.make_indirect(Dictionary(Nums=Array(tags.parents)))
    root.ParentTreeNextKey = tags.next_key
    book.Root.StructTreeRoot = root
    _name_anchors(book, anchors)
    _join_links(book, anchors)
    _outline(book, bookmarks)
    pages = iter(book.pages)
    for file in furniture:
        _lay_over(book, pages, file)
    _describe(book, title)
    _attach(book, attachment)
    return _written(book)


@dataclass(frozen=True, slots=True)
class _Bookmark:
    title: str
    target: Any
    children: list[_Bookmark]


def _blank_pages(book: Pdf, wanted: int) -> None:
    """Empty pages until there are `wanted`, of the size of the page before."""
    while len(book.pages) < wanted:
        _left, _bottom, width, height = (float(edge) for edge in book.pages[-1].mediabox)
        book.add_blank_page(page_size=(width, height))


def _add(
    book: Pdf,
    source: Pdf,
    tags: TagTree,
    anchors: dict[str, Any],
) -> list[_Bookmark]:
    before = len(book.pages)
    for page in source.pages:
        book.pages.append(page)
    added = [book.pages[number] for number in range(before, len(book.pages))]
    # References to pages are carried over because the pages themselves already were.
    tags.take(book.copy_foreign(source.Root.StructTreeRoot), added, before)
    names = source.Root.get(Name.Names, Dictionary())
    if Name.Dests in names:
        pairs = list(book.copy_foreign(source.make_indirect(names.Dests)).Names)
        for anchor, target in zip(pairs[::2], pairs[1::2], strict=True):
            anchors.setdefault(str(anchor), target)
    if Name.OutputIntents not in book.Root:
        intents = source.make_indirect(source.Root.OutputIntents)
        book.Root.OutputIntents = book.copy_foreign(intents)
    if Name.Outlines not in source.Root:
        return []
    return _bookmarks(book.copy_foreign(source.Root.Outlines))


def _bookmarks(parent: Any) -> list[_Bookmark]:
    found = []
    item = parent.get(Name.First)
    while item is not None:
        found.append(_Bookmark(str(item.Title), item.Dest, _bookmarks(item)))
        item = item.get(Name.Next)
    return found


def _name_anchors(book: Pdf, anchors: dict[str, Any]) -> None:
    pairs: list[Any] = []
    for anchor in sorted(anchors, key=lambda name: name.encode()):
        pairs += [String(anchor), anchors[anchor]]
    book.Root.Names = book.make_indirect(Dictionary())
    if pairs:
        book.Root.Names.Dests = book.make_indirect(Dictionary(Names=Array(pairs)))


def _join_links(book: Pdf, anchors: dict[str, Any]) -> None:
    for page in book.pages:
        for annotation in page.obj.get(Name.Annots, ()):
            action = annotation.get(Name.A)
            if action is None or not str(action.get(Name.URI, "")).startswith(LINK_SCHEME):
                continue
            anchor = str(action.URI).removeprefix(LINK_SCHEME)
            del annotation.A
            # A link to a chapter that this document leaves out goes nowhere, rather than out.
            annotation.Dest = String(anchor) if anchor in anchors else page_top(page)


def page_top(page: Page) -> Any:
    return Array([page.obj, Name.Fit])


def _outline(book: Pdf, bookmarks: Sequence[_Bookmark]) -> None:
    top = book.make_indirect(Dictionary(Type=Name.Outlines))
    _hang(book, top, bookmarks)
    # Chapters show, what is in them is folded away.
    top.Count = len(bookmarks)
    book.Root.Outlines = top
    book.Root.PageMode = Name.UseOutlines


def _hang(book: Pdf, parent: Any, bookmarks: Sequence[_Bookmark]) -> None:
    items = []
    for bookmark in bookmarks:
        item = book.make_indirect(
            Dictionary(Title=String(bookmark.title), Dest=bookmark.target, Parent=parent)
        )
        if bookmark.children:
            _hang(book, item, bookmark.children)
            item.Count = -len(bookmark.children)
        items.append(item)
    for earlier, later in pairwise(items):
        earlier.Next, later.Prev = later, earlier
    if items:
        parent.First, parent.Last = items[0], items[-1]


def _lay_over(book: Pdf, pages: Iterator[Page], furniture: bytes) -> None:
    with Pdf.open(io.BytesIO(furniture)) as source:
        for sheet in source.pages:
            page = next(pages)
            form = book.copy_foreign(sheet.as_form_xobject())
            resources: Any = Dictionary(dict(page.obj.get(Name.Resources, Dictionary()).items()))
            # The pages of a chapter share their resources; each now needs its own list of forms.
            resources.XObject = Dictionary(dict(resources.get(Name.XObject, Dictionary()).items()))
            resources.XObject[_FURNITURE] = form
            page.obj.Resources = resources
            page.contents_add(b"q", prepend=True)
            page.contents_add(
                b"Q\n/Artifact <</Type /Pagination>> BDC q %s Do Q EMC" % str(_FURNITURE).encode()
            )
            page.obj.Tabs = Name.S


def _describe(book: Pdf, title: Title) -> None:
    book.Root.Lang = String(title.language)
    book.Root.MarkInfo = Dictionary(Marked=True)
    book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True, Duplex=Name.DuplexFlipLongEdge)
    book.Root.Metadata = book.make_indirect(
        Stream(book, _xmp(title).encode(), Type=Name.Metadata, Subtype=Name.XML)
    )


def _xmp(title: Title) -> str:
    """Metadata that claims PDF/A-3a and PDF/UA-1; the latter's namespace is not among those that
    PDF/A knows, so it is declared."""
    title_text, author = (escape(_NOT_XML.sub("", text)) for text in (title.title, title.author))
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title_text}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{escape(title.language)}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{escape(title.created)}</xmp:CreateDate>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def _attach(book: Pdf, attachment: Attachment) -> None:
    content = Stream(
        book,
        zlib.compress(attachment.content),
        Filter=Name.FlateDecode,
        Type=Name.EmbeddedFile,
        Subtype=Name("/application/json"),
        Params=Dictionary(Size=len(attachment.content)),
    )
    specification = book.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(attachment.name),
            UF=String(attachment.name),
            Desc=String(attachment.description),
            AFRelationship=Name.Source,
            EF=Dictionary(F=book.make_indirect(content)),
        )
    )
    files = Dictionary(Names=Array([String(attachment.name), specification]))
    book.Root.Names.EmbeddedFiles = book.make_indirect(files)
    book.Root.AF = Array([specification])


def _written(book: Pdf) -> bytes:
    """The file. A stream whose last byte is a carriage return would read as one byte shorter,
    because the line feed that must follow makes a line end of both; such a one gets a byte more,
    behind the end of its compressed data, which no reader looks at. Any streams are made by
    the writer, out of reach, and therefore not used."""
    for item in book.objects:
        if isinstance(item, Stream) and item.get(Name.Interpolate):
            item.Interpolate = False  # emoji are small pictures; archives forbid smoothing them
        if isinstance(item, Stream) and item.read_raw_bytes().endswith((b"\r", b"\n")):
            packed = item.read_raw_bytes()
            if Name.Filter not in item:
                packed = zlib.compress(packed)
            parameters: Any = item.get(Name.DecodeParms)
            item.write(packed + b"\0", filter=Name.FlateDecode, decode_parms=parameters)
    target = io.BytesIO()
    book.save(
        target,
        force_version="1.7",
        deterministic_id=True,
        object_stream_mode=ObjectStreamMode.disable,
        compress_streams=False,
    )
    return target.getvalue()
