"""Every address of an organisation's pages: what its visitor must be able to do, and how a test
reaches it. A page that is missing here fails `test_permissions.py`.

`GET` and `POST` name the capability that each method needs; a method that is absent answers 405.
`key` makes the record whose key the address carries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bcp.engine.permissions import Capability
from tests.conftest import Cast

READ = Capability.READ
EDIT = Capability.EDIT_ESTATE


@dataclass(frozen=True)
class Page:
    get: Capability | None = READ
    post: Capability | None = None
    download: bool = False
    """Answers with a file, not with a page."""
    kwargs: Callable[[Cast], dict[str, str]] = lambda cast: {}


PAGES: dict[str, Page] = {}
