"""The cast: two organisations that must never see each other, and the people of the first.

Names are used as fixtures; `members[Role.X]` gives anyone by role.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from hypothesis import settings as hypothesis_settings
from pytest_django.fixtures import Settings

from bcp.engine.permissions import Role
from bcp.models import Membership, Organisation, User
from bcp.services import members as member_service
from bcp.services import organisations
from bcp.services.actor import Actor
from tests.kept_rows import put_back

PASSWORD = "correct-horse-battery-staple"
LONGEST = {"browser", "documents", "workers"}
"""The folders of tests that take tens of seconds each."""
SWEEPS = {"test_permissions.py", "test_canary.py", "test_fuzz.py", "test_real_inputs.py"}
"""Files of tests that ask the same of every address, or print what was really sent in."""
ASKING_PAGES = {
    *("test_lists.py", "test_lists_search.py", "test_nouns.py", "test_sent_back.py"),
    *("test_audit.py", "test_exchange.py", "test_login.py", "test_login_invitation.py"),
    *("test_reporting.py", "test_members.py", "test_systems.py", "test_systems_edited_twice.py"),
    "test_tenancy.py",
}
"""Of the tests of pages those in which what somebody sent reaches a query. The other pages show
what services and queries give them, and these are tested on both databases."""
CANARY = "Zanzibar-Canary-7731"
"""Stands in every text of the rival organisation; must never reach anybody else."""

hypothesis_settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis_settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite tests use a file, as the product does, not shared memory with its own locking.
    PostgreSQL need not wait for the disk at each commit: no test pulls the plug of the machine."""
    if connection.vendor == "sqlite":
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "test.sqlite3")
    else:
        connection.settings_dict["OPTIONS"]["options"] = "-c synchronous_commit=off"


@pytest.fixture(autouse=True)
def _quiet_installation(settings: Settings) -> None:
    """Fast hashes, mail into the outbox, and nobody at work in the background."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SPARE_WORKER = False
    current_app.conf.broker_url = "memory://"


@dataclass(frozen=True)
class Cast:
    """One organisation and its people."""

    organisation: Organisation
    members: dict[Role, Membership]

    def user(self, role: Role) -> User:
        return self.members[role].user

    def actor(self, role: Role = Role.IT_DIRECTOR) -> Actor:
        return Actor.member(self.members[role], via="web")

    @property
    def shell(self) -> Actor:
        return Actor.command_line(self.organisation)


def make_cast(slug: str, name: str) -> Cast:
    """An organisation with one member per role: ROLE@SLUG.example, password `PASSWORD`."""
    put_back(("cast", slug, name), partial(_write_cast, slug, name))
    organisation = Organisation.objects.get(slug=slug)
    members = Membership.objects.of(organisation).select_related("user", "organisation")
    return Cast(organisation, {Role(member.role): member for member in members})


_FAR_NUMBERS = count(1_000_000, 1_000)
"""What is put back keeps its numbers, so they are none that a test counts up to."""


def _write_cast(slug: str, name: str) -> None:
    first = next(_FAR_NUMBERS)
    organisation = organisations.create(slug, name, id=first, time_zone="Europe/Berlin")
    by = Actor.command_line(organisation)
    for number, role in enumerate(Role, first):
        email = f"{role.value.replace(' ', '.')}@{slug}.example"
        called = f"{role.value} of {name}".title()
        user = User.objects.create_user(email, PASSWORD, id=number, name=called)
        member_service.add(organisation, user, role, by=by)


@pytest.fixture
def acme(db: None) -> Cast:
    return make_cast("acme", "Acme Foods")


@pytest.fixture
def rival(db: None) -> Cast:
    return make_cast("rival", f"{CANARY} Ltd")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--nothing-skipped",
        action="store_true",
        help="a skipped test fails the run, unless it only misses the inputs beside the project",
    )
    parser.addoption(
        "--only-what-meets-the-database",
        action="store_true",
        help="leave out what is the same on every database: what opens none, pages, who may what",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Not even read for the second database: what a browser makes of a page once it has it, pages
    that only show, and the long sweeps."""
    if not config.getoption("--only-what-meets-the-database"):
        return None
    name = collection_path.name
    only_shows = (
        collection_path.parent.name == "web"
        and name.startswith("test_")
        and name not in ASKING_PAGES
    )
    return True if only_shows or name in SWEEPS | {"browser"} else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The second database repeats only what a database can change. Which tests those are is not
    listed but seen: a test that may not open a database (pytest-django lets none do so unasked)
    cannot depend on which one it is.

    The longest go first: begun last, one of them would keep a single core busy at the end."""
    items.sort(key=lambda item: not LONGEST & set(item.path.parts))
    if not config.getoption("--only-what-meets-the-database"):
        return
    left_out = [item for item in items if not _opens_one(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def pytest_collection_finish() -> None:
    """The code and thousands of tests stay: the garbage collector need not look through them time
    and again."""
    gc.collect()
    gc.freeze()


def _opens_one(item: pytest.Item) -> bool:
    asked_for = set(getattr(item, "fixturenames", ()))
    return bool(
        item.get_closest_marker("django_db")
        or asked_for & {"db", "transactional_db", "live_server"}
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, Any, None]:
    """With --nothing-skipped, turn a skip into a failure that says why it was skipped."""
    outcome = yield
    report = outcome.get_result()
    if (
        report.skipped
        and item.config.getoption("--nothing-skipped")
        and "../shared" not in str(report.longrepr)
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes never name a test: archives carry the time they were made at, and parallel workers
    must all know a test by the same name."""
    return argname if isinstance(val, bytes) else None
