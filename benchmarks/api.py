"""Lists of 1,000 rows over the API against a plain ModelSerializer: `python -m benchmarks.api`.

Both sides answer the same request in one run: the same rows by the same query, the same login,
paging and fields. The plain side is what the framework's own tutorial would have written. Prints
ratios and exits 1 if the one that the product promises does not hold. Times are processor seconds
of this process, with SQLite the database's work included; the two sides take turns and each keeps
its best.
"""

from __future__ import annotations

import benchmarks.installation

# isort: split

import gc
import json
import platform
import secrets
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import pairwise
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import ModelSerializer
from rest_framework.test import force_authenticate

from bcp import access
from bcp.api.views.contacts import ContactList
from bcp.api.views.dependencies import DependencyList
from bcp.api.views.records import ListView
from bcp.api.views.systems import SystemList
from bcp.engine.permissions import Role
from bcp.models import Contact, Dependency, Organisation, Site, System, Team, User
from bcp.services import members, organisations
from bcp.services.actor import Actor

ROWS = 1000
ROUNDS = 15
SPEED_PROMISED = 3.0
LISTS: tuple[type[ListView], ...] = (SystemList, DependencyList, ContactList)
PROMISED_FOR = SystemList


def furnish() -> tuple[Organisation, User]:
    """An organisation with 1,000 systems, each with all its relations, and its reader."""
    slug = f"benchmark-{secrets.token_hex(4)}"
    organisation = organisations.create(slug, "Benchmark")
    user = User.objects.create_user(f"reader@{slug}.example")
    by = Actor.command_line(organisation)
    members.add(organisation, user, Role.AUDITOR, by=by)
    owned: dict[str, Any] = {"organisation": organisation}
    boss = Contact.objects.create(name="Boss", **owned)
    Contact.objects.bulk_create(
        Contact(
            name=f"Contact {number}",
            title="Engineer on call",
            email=f"contact{number}@benchmark.example",
            phones=["+49 30 2312 5000", "+49 170 2312 5000"],
            deputy=boss,
            **owned,
        )
        for number in range(ROWS - 1)
    )
    relations = {
        "owner": boss,
        "technical_owner": boss,
        "deputy": boss,
        "team": Team.objects.create(name="Team", **owned),
        "site": Site.objects.create(name="Site", **owned),
    }
    systems = System.objects.bulk_create(
        System(
            name=f"System {number}",
            tier=number % 4 + 1,
            recovery_minutes=number,
            data_gb="12.5",
            description="Keeps the orders of every branch until they are billed.",
            **relations,
            **owned,
        )
        for number in range(ROWS)
    )
    Dependency.objects.bulk_create(
        Dependency(dependent=one, dependency=other, **owned) for one, other in pairwise(systems)
    )
    Dependency.objects.create(dependent=systems[-1], dependency=systems[0], **owned)
    return organisation, user


class PlainPages(PageNumberPagination):
    page_size = ROWS


def plain(fast: type[ListView]) -> Callable[..., HttpResponse]:
    """The same list as the framework alone gives it: a ModelSerializer over the same query."""
    ours = fast.serializer_class

    class PlainSerializer(ModelSerializer):
        class Meta:
            model = ours.Meta.model
            fields = ours.Meta.fields

    # What is no column of the model is declared as we declare it: names and counts.
    for name, field in ours._declared_fields.items():
        PlainSerializer._declared_fields.setdefault(name, field)

    class PlainList(ListAPIView):
        serializer_class = PlainSerializer
        pagination_class = PlainPages
        renderer_classes = [JSONRenderer]
        throttle_classes = []

        def get_queryset(self) -> Any:
            organisation = access.enter(self.request.user, self.kwargs["slug"]).organisation
            return fast.listing(organisation)

    return PlainList.as_view()


def best_of_turns(*sides: Callable[[], object]) -> list[float]:
    """Processor seconds of each side at its best."""
    best = [float("inf")] * len(sides)
    for _round in range(ROUNDS):
        for position, side in enumerate(sides):
            gc.collect()
            start = time.process_time()
            side()
            best[position] = min(best[position], time.process_time() - start)
    return best


def compare(fast: type[ListView], organisation: Organisation, user: User) -> float:
    """Print one line and return how many times faster our list is."""
    fast_view, plain_view = fast.as_view(throttle_classes=[]), plain(fast)

    def ask(view: Callable[..., HttpResponse]) -> bytes:
        request = RequestFactory().get("/", {"page_size": ROWS} if view is fast_view else {})
        force_authenticate(request, user)
        response: Any = view(request, slug=organisation.slug)
        return bytes(response.render().content)

    ours, theirs = (json.loads(ask(view)) for view in (fast_view, plain_view))
    assert ours["count"] == theirs["count"] == len(ours["results"]) == ROWS
    assert [set(row) for row in ours["results"]] == [set(row) for row in theirs["results"]]
    assert [row["id"] for row in ours["results"]] == [row["id"] for row in theirs["results"]]
    fast_seconds, plain_seconds = best_of_turns(lambda: ask(fast_view), lambda: ask(plain_view))
    ratio = plain_seconds / fast_seconds
    print(
        f"{fast.tag:<14}{fast_seconds * 1000:>10.1f} ms{plain_seconds * 1000:>14.1f} ms"
        f"{ratio:>10.1f}×"
    )
    return ratio


def main() -> int:
    call_command("migrate", verbosity=0)
    organisation, user = furnish()
    packages = ("django", "djangorestframework", "orjson")
    print(f"{platform.platform()}, {platform.machine()}, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in packages), f"on {connection.vendor}")
    print(f"lists of {ROWS} rows in {benchmarks.installation.FOLDER.name}")
    print(f"\n{'list':<14}{'ours':>13}{'ModelSerializer':>17}{'ratio':>11}")
    ratios = {fast: compare(fast, organisation, user) for fast in LISTS}
    held = ratios[PROMISED_FOR] >= SPEED_PROMISED
    print(f"\npromised: {SPEED_PROMISED}× for {PROMISED_FOR.tag}: {'holds' if held else 'BROKEN'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
