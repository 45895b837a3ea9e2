"""The tag tree of a book, put together chapter by chapter: what a screen reader reads.

On the way the tree is thinned: the layout wraps every run of text in an element of its own, half
of all objects of the file, which say nothing that the paragraph or cell around them does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pikepdf import Array, Dictionary, Name, Page, String

_WRAPPERS = {"/Span", "/NonStruct"}
_MAY_HOLD_TEXT = {
    *("/P", "/H1", "/H2", "/H3", "/H4", "/TD", "/TH", "/LBody", "/Lbl", "/Caption"),
    *_WRAPPERS,
}
_MEANINGFUL = (Name.A, Name.Alt, Name.ID, Name.ActualText, Name.Lang)


class TagTree:
    """Collects the kids of the book's one Document element and the book's parent tree."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.kids: list[Any] = []
        self.parents: list[object] = []
        self.next_key = 0

    def take(self, tree: Any, pages: Sequence[Page], chapter: int) -> None:
        """Move a chapter's tags over. Keys of marked content and names of header cells count
        from zero in each chapter; here they must differ."""
        base = self.next_key
        for page in pages:
            if Name.StructParents in page.obj:
                page.obj.StructParents = int(page.obj.StructParents) + base
            for annotation in page.obj.get(Name.Annots, ()):
                if Name.StructParent in annotation:
                    annotation.StructParent = int(annotation.StructParent) + base
        thinner = _Thinner(f"{chapter}-")
        for part in tree.K:
            for element in part.K:
                element.P = self.document
                self.kids.append(element)
                thinner.thin(element)
        numbers = list(tree.ParentTree.Nums)
        for key, parent in zip(numbers[::2], numbers[1::2], strict=True):
            self.parents += [int(key) + base, thinner.now(parent)]
            self.next_key = max(self.next_key, int(key) + base + 1)


class _Thinner:
    """Takes wrappers out of a chapter's tree and remembers who holds their content now."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._holders: dict[tuple[int, int], Any] = {}

    def thin(self, root: Any) -> None:
        waiting = [root]
        while waiting:
            element = waiting.pop()
            self._rename(element)
            kids = self._unwrapped(element)
            element.K = Array(kids)
            waiting += [kid for kid in kids if _is_element(kid)]

    def now(self, parent: Any) -> Any:
        """A value of the parent tree with the elements that hold the content by now."""
        if isinstance(parent, Array):
            return Array([self._holders.get(one.objgen, one) for one in parent])
        return self._holders.get(parent.objgen, parent)

    def _unwrapped(self, element: Any) -> list[Any]:
        """The kids of an element, with wrappers replaced by what they wrap, however deep."""
        waiting = list(reversed(list(element.K)))
        kids: list[Any] = []
        while waiting:
            kid = waiting.pop()
            if self._is_wrapper(kid, element):
                self._holders[kid.objgen] = element
                for inner in reversed(list(kid.K)):
                    if _is_element(inner):
                        inner.P = element
                    waiting.append(inner)
            else:
                kids.append(kid)
        return kids

    def _is_wrapper(self, kid: Any, element: Any) -> bool:
        return (
            str(element.S) in _MAY_HOLD_TEXT
            and _is_element(kid)
            and str(kid.S) in _WRAPPERS
            and _page(kid) == _page(element)
            and not any(mark in kid for mark in _MEANINGFUL)
        )

    def _rename(self, element: Any) -> None:
        if Name.ID in element:
            element.ID = String(self._prefix + str(element.ID))
        attributes = element.get(Name.A)
        if attributes is not None and Name.Headers in attributes:
            attributes.Headers = Array(
                [String(self._prefix + str(header)) for header in attributes.Headers]
            )


def _is_element(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and kid.get(Name.Type) == Name.StructElem


def _page(element: Any) -> tuple[int, int] | None:
    page = element.get(Name.Pg)
    return None if page is None else page.objgen
