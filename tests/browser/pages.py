"""The addresses of every page that can be opened, with real records of an organisation."""

from __future__ import annotations

from django.urls import reverse

from bcp.engine.permissions import Role, allows
from bcp.models import Membership, Organisation
from tests.conftest import Cast
from tests.web.permission_records import a_process
from tests.web.permission_table import PAGES


def cast_of(organisation: Organisation) -> Cast:
    rows = Membership.objects.of(organisation).select_related("user")
    return Cast(organisation, {Role(row.role): row for row in rows})


def paths(organisation: Organisation) -> list[tuple[Role, str]]:
    """Every page that answers GET with HTML, and who opens it: an administrator, or where that
    one may not, an executive. Downloads and fragments have their own tests."""
    cast = cast_of(organisation)
    found = [
        (
            Role.ADMINISTRATOR if allows(Role.ADMINISTRATOR, page.get) else Role.EXECUTIVE,
            reverse(name, kwargs={"slug": organisation.slug, **page.kwargs(cast)}),
        )
        for name, page in sorted(PAGES.items())
        if page.get is not None and not (page.download or page.fragment)
    ]
    more = questions(organisation, cast) + choices(organisation)
    return found + [(Role.ADMINISTRATOR, path) for path in more]


def choices(organisation: Organisation) -> list[str]:
    """Pages about what was chosen in a list, which show nothing without a choice."""
    where = {"slug": organisation.slug}
    return [
        reverse("reviews-confirm", kwargs=where) + "?all=1",
        reverse("proposed-decide", kwargs=where) + "?all=1",
    ]


def questions(organisation: Organisation, cast: Cast) -> list[str]:
    """The questions of the interview that look unlike the one in the table."""
    where = {"slug": organisation.slug, **a_process(cast)}
    return [
        reverse("impacts-question", kwargs={**where, "question": question})
        for question in ("cost", "peaks", "work-recovery")
    ]
