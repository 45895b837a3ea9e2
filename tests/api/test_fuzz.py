"""Whatever the OpenAPI document allows, and much that it forbids, is answered as it says: no
crash, no undeclared status, no body of another shape, nothing without credentials."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.urls import resolve
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings

from bcp.config.wsgi import application
from bcp.engine.estate import Kind
from bcp.engine.permissions import Capability, Role, allows
from bcp.models import (
    BackupCopy,
    BackupPolicy,
    Contact,
    Dependency,
    EscalationPath,
    EscalationStep,
    GapAcceptance,
    Job,
    OrgOwned,
    ProposedDependency,
    RecoveryTarget,
    RestoreTest,
    Site,
    System,
    Team,
    TierPolicy,
)
from bcp.services import tokens
from bcp.services.impacts import answer_cost
from tests.api.permission_table import RESOURCES
from tests.conftest import Cast

EXAMPLES = 3
KEY = "a" * 12
OTHER = "b" * 12
RELATIONS = {
    *("site", "owner", "technical_owner", "deputy", "team", "escalation_path", "system"),
    *("dependent", "dependency", "contact", "channel_system"),
    *("policy", "copy"),
}


def document() -> dict[str, Any]:
    """The OpenAPI document, with the names and keys of records that the test has made, so that
    most requests get past the door."""
    made = SchemaGenerator().get_schema(request=None, public=True)
    for operations in made["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "slug":
                    parameter["schema"]["enum"] = ["acme"]
                elif parameter["name"] == "key":
                    parameter["schema"]["enum"] = [KEY]
                elif parameter["name"] == "If-Match":
                    parameter["schema"]["enum"] = ['"1"', "*", '"2"']
    for name, schema in made["components"]["schemas"].items():
        if not name.endswith("Request"):
            continue
        for field in RELATIONS & set(schema["properties"]):
            relation = schema["properties"][field]
            relation["enum"] = [KEY, OTHER] + [None] * relation.get("nullable", False)
    return made


CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 1,
        "generation": {"deterministic": True, "database": "none"},
        "checks": {
            "missing_required_header": {"expected-statuses": ["403", "428"]},
            # A stale version is refused before the body is looked at.
            "negative_data_rejection": {
                "expected-statuses": ["400", "403", "404", "409", "412", "413", "415", "428"]
            },
            # A name that is taken and a key that nobody has are valid only as JSON.
            "positive_data_acceptance": {"enabled": False},
        },
    }
)
# What one view does for every noun in the same way is tried on systems alone.
SCHEMA = (
    schemathesis.openapi.from_dict(document(), config=CONFIG)
    .exclude(path_regex=r"/(?!systems)[a-z-]+/\{key\}/history/$")
    .exclude(path_regex=r"/(?!systems)[a-z-]+/\{key\}/$", method="PUT")
)
SCHEMA.app = application


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A real server ends a request's connection; the test's own transaction lives in it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def furnish(cast: Cast) -> None:
    """One record of every kind under the same key, and a second system."""

    def made(model: type[OrgOwned], key: str = KEY, **values: Any) -> Any:
        return model.objects.create(id=key, organisation=cast.organisation, **values)

    contact = made(Contact, name="Ada")
    made(Site, name="Hamburg")
    made(Team, name="DBA")
    path = made(EscalationPath, name="main")
    made(EscalationStep, path=path, position=1, contact=contact)
    system = made(System, name="ERP", kind=Kind.PROCESS.value)
    other = made(System, OTHER, name="DB")
    made(Dependency, dependent=system, dependency=other)
    made(BackupPolicy, name="daily")
    copy = made(BackupCopy, system=system, name="nightly")
    made(RestoreTest, copy=copy, done_on=date(2026, 5, 1))
    made(ProposedDependency, dependent=other, dependency=system, source="import")
    made(RecoveryTarget, system=system, rto_minutes=60)
    answer_cost(cast.organisation, KEY, None, seen_version=0, by=cast.shell)
    made(
        GapAcceptance,
        gap="owner_missing:system:x:",
        reason="Sold in spring",
        until=date(2099, 1, 1),
        accepted_by=cast.user(Role.EXECUTIVE),
        accepted_at=timezone.now(),
    )
    made(Job, kind="render plan", requested_via="web")
    TierPolicy.objects.filter(organisation=cast.organisation, tier=4).delete()
    made(TierPolicy, tier=4, name="Deferrable")


@pytest.fixture
def secrets(acme: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[Role, str]:
    """Tokens of those who between them may do everything, with no limit to how often they are
    used."""
    monkeypatch.setattr(
        "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", {"user": None, "anon": None}
    )
    furnish(acme)
    return {
        role: tokens.create(acme.organisation, "fuzz", days=7, by=acme.actor(role))[1]
        for role in (Role.IT_DIRECTOR, Role.EXECUTIVE, Role.ADMINISTRATOR)
    }


def who_may(case: Any) -> Role:
    """Who gets past the door of an operation: the IT director, who may most, or somebody else."""
    name = resolve(case.operation.full_path.format(slug="acme", key=KEY)).url_name
    needed = RESOURCES[name].needs[case.operation.method] if name in RESOURCES else Capability.READ
    roles = (Role.IT_DIRECTOR, Role.EXECUTIVE, Role.ADMINISTRATOR)
    return next(role for role in roles if allows(role, needed))


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_documented(case: Any, secrets: dict[Role, str]) -> None:
    with transaction.atomic():
        case.call_and_validate(headers={"Authorization": f"Bearer {secrets[who_may(case)]}"})
        transaction.set_rollback(True)
