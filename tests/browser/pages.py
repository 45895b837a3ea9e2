"""The addresses of every page that can be opened, with real records of an organisation."""

from __future__ import annotations

from django.urls import reverse

from bcp.engine.permissions import Role
from bcp.models import Membership, Organisation
from tests.conftest import Cast
from tests.web.permission_table import PAGES


def cast_of(organisation: Organisation) -> Cast:
    rows = Membership.objects.of(organisation).select_related("user")
    return Cast(organisation, {Role(row.role): row for row in rows})


def paths(organisation: Organisation) -> list[str]:
    """Every page that answers GET with HTML: downloads and fragments have their own tests."""
    cast = cast_of(organisation)
    return [
        reverse(name, kwargs={"slug": organisation.slug, **page.kwargs(cast)})
        for name, page in sorted(PAGES.items())
        if page.get is not None and not (page.download or page.fragment)
    ]
