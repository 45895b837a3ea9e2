"""Optimistic locking: no writer loses what another wrote, and nobody writes blind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from bcp.engine.permissions import Role
from bcp.models import AuditEvent, Site, System
from bcp.services import sites, systems
from tests.api.conftest import Caller, caller
from tests.conftest import Cast, make_cast
from tests.factories import make_site, make_system

STALE = "urn:problem-type:bcp:stale-version"
WRITERS = 8


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_write_without_a_version_is_refused(method: str, acme: Cast, director: Caller) -> None:
    system = make_system(acme.organisation, "ERP")
    response = director.send(method, f"systems/{system.pk}/", {"name": "X"})
    assert response.status_code == 428
    assert response.json()["type"] == "urn:problem-type:bcp:if-match-required"
    assert System.objects.get().name == "ERP"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_stale_version_is_refused_with_the_record_as_it_is(
    method: str, acme: Cast, director: Caller
) -> None:
    system = make_system(acme.organisation, "ERP")
    systems.change(acme.organisation, system.pk, {"tier": 1}, seen_version=1, by=acme.actor())
    path = f"systems/{system.pk}/"
    response = director.send(method, path, {"name": "X"}, etag='"1"')
    assert response.status_code == 412
    problem = response.json()
    assert problem["type"] == STALE
    assert problem["current"] == director.get(path).json()
    assert response.headers["ETag"] == '"2"'
    retried = director.patch(path, {"name": "X"}, etag=response.headers["ETag"])
    assert (retried.json()["name"], retried.json()["tier"]) == ("X", 1), "neither edit is lost"


def test_any_of_several_versions_may_be_the_current_one(acme: Cast, director: Caller) -> None:
    site = make_site(acme.organisation, "Hamburg")
    response = director.patch(f"sites/{site.pk}/", {"zone": "Elbe"}, etag='"7", "1"')
    assert response.status_code == 200


def test_a_star_says_that_the_writer_does_not_mind(acme: Cast, director: Caller) -> None:
    site = make_site(acme.organisation, "Hamburg")
    assert director.patch(f"sites/{site.pk}/", {"zone": "Elbe"}, etag="*").status_code == 200


@pytest.mark.parametrize("etag", ['W/"1"', '"1x"', '"-1"', '"99999999999999999999"'])
def test_a_weak_or_strange_etag_never_matches(etag: str, acme: Cast, director: Caller) -> None:
    site = make_site(acme.organisation, "Hamburg")
    assert director.patch(f"sites/{site.pk}/", {"zone": "E"}, etag=etag).status_code == 412


def test_a_header_that_is_no_etag_is_explained(acme: Cast, director: Caller) -> None:
    site = make_site(acme.organisation, "Hamburg")
    response = director.patch(f"sites/{site.pk}/", {"zone": "E"}, etag="1")
    assert response.status_code == 400
    assert "double quotes" in response.json()["detail"]


def test_a_patch_that_changes_nothing_keeps_the_version(acme: Cast, director: Caller) -> None:
    site = make_site(acme.organisation, "Hamburg", zone="Elbe")
    response = director.patch(f"sites/{site.pk}/", {"zone": "Elbe"}, etag='"1"')
    assert (response.status_code, response.headers["ETag"]) == (200, '"1"')
    assert AuditEvent.objects.filter(record_id=site.pk).count() == 1


def test_a_record_deleted_meanwhile_is_gone(acme: Cast, director: Caller) -> None:
    site = make_site(acme.organisation, "Hamburg")
    sites.delete(acme.organisation, site.pk, seen_version=1, by=acme.actor())
    assert director.patch(f"sites/{site.pk}/", {"zone": "E"}, etag='"1"').status_code == 404


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_of_writers_at_the_same_time_exactly_one_succeeds(method: str) -> None:
    """All name the same version and start together; the others learn what the one wrote."""
    cast = make_cast("acme", "Acme Foods")
    site = make_site(cast.organisation, "Hamburg")
    start = Barrier(WRITERS)

    def write(number: int) -> int:
        writer = caller(cast)
        body = {"name": "Hamburg", "zone": f"zone {number}"}
        start.wait(timeout=30)
        try:
            response = writer.send(method, f"sites/{site.pk}/", body, etag='"1"')
            return int(response.status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = sorted(pool.map(write, range(WRITERS)))
    done, late = (204, 404) if method == "delete" else (200, 412)
    assert answers == sorted([done, *[late] * (WRITERS - 1)])
    assert AuditEvent.objects.filter(record_id=site.pk).count() == 2
    assert Site.objects.count() == (0 if method == "delete" else 1)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_writers_who_read_again_after_412_all_get_their_edit_in() -> None:
    """The loop that a client is meant to run: nothing is lost, whatever the order."""
    cast = make_cast("acme", "Acme Foods")
    site = make_site(cast.organisation, "Hamburg", address="")
    start = Barrier(WRITERS)

    def append(number: int) -> None:
        writer = caller(cast, Role.ENGINEER)
        path = f"sites/{site.pk}/"
        start.wait(timeout=30)
        try:
            status = 0
            while status != 200:
                seen = writer.get(path)
                text = seen.json()["address"] + f"[{number}]"
                answer = writer.patch(path, {"address": text}, etag=seen.headers["ETag"])
                status = answer.status_code
                assert status in {200, 412}
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(append, range(WRITERS)))
    record = Site.objects.get()
    assert sorted(record.address) == sorted("".join(f"[{number}]" for number in range(WRITERS)))
    assert record.version == WRITERS + 1
