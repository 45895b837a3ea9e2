"""What backup jobs reported, and their addresses, over the API."""

from __future__ import annotations

from django.test import Client

from bcp.engine.permissions import Role
from tests.api.conftest import Caller, caller
from tests.conftest import Cast
from tests.factories import make_copy, make_system


def test_a_job_reports_at_the_address_that_the_api_names_until_it_is_rolled(
    acme: Cast, director: Caller
) -> None:
    copy = make_copy(make_system(acme.organisation, "ERP"), "Nightly")
    place = f"copies/{copy.pk}/reporting-address/"
    known = director.get(place)
    address = known.json()["address"]
    job = Client()
    assert job.get(f"{address}/start").status_code == 200
    assert job.post(f"{address}/3?bytes=9").status_code == 200
    calls = director.get(f"copies/{copy.pk}/reports/").json()["results"]
    assert [(call["number"], call["event"], call["exit_code"]) for call in calls] == [
        (2, "failure", 3),
        (1, "start", None),
    ]
    stale = director.client.post(known.wsgi_request.path, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    rolled = director.client.post(
        known.wsgi_request.path, headers={"If-Match": known.headers["ETag"]}
    )
    assert rolled.status_code == 200
    assert job.get(address).status_code == 404
    assert job.get(rolled.json()["address"]).status_code == 200
    assert rolled.headers["ETag"] == f'"{rolled.json()["version"]}"' == '"2"'


def test_who_may_only_read_is_not_told_the_address(acme: Cast) -> None:
    copy = make_copy(make_system(acme.organisation, "ERP"), "Nightly")
    auditor = caller(acme, Role.AUDITOR)
    assert auditor.get(f"copies/{copy.pk}/reporting-address/").status_code == 403
    secret = caller(acme, Role.ENGINEER).get(f"copies/{copy.pk}/reporting-address/").json()
    told = auditor.get(f"copies/{copy.pk}/").content.decode()
    assert secret["address"].rsplit("/", 1)[1] not in told
