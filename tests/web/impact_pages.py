"""What the tests about pages of business impact share: a process, asking, reading a page."""

from __future__ import annotations

from typing import Any

from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import System
from bcp.services import impact_requests
from tests.conftest import Cast
from tests.factories import make_system

LIST = "/o/acme/impacts/"


def process(cast: Cast, name: str, **values: Any) -> System:
    return make_system(cast.organisation, name, kind="business process", **values)


def page(client: Client, system: System, status: int = 200) -> str:
    response = client.get(f"{LIST}{system.pk}/")
    assert response.status_code == status
    return response.content.decode()


def names(client: Client, query: str = "") -> list[str]:
    return [row.name for row in client.get(LIST + query).context["rows"]]


def ask(cast: Cast, system: System, role: Role = Role.EXECUTIVE, **values: Any) -> None:
    usual = {"link": "https://bcp.example/", "seen_version": None, "by": cast.actor()}
    impact_requests.ask(cast.organisation, system.pk, cast.members[role].pk, **(usual | values))
