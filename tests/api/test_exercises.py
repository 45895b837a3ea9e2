"""Exercises over the API: planned, recorded as one document, and what is due."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.models import Exercise
from tests.api.conftest import Caller
from tests.conftest import CANARY, Cast
from tests.factories import make_exercise, make_system
from tests.web.large_estate import grow

PLANNED = {"name": "Autumn", "type": "tabletop", "planned_on": "2030-10-01"}


def test_an_exercise_is_planned_and_then_recorded(acme: Cast, director: Caller) -> None:
    erp = make_system(acme.organisation, "ERP")
    made = director.post("exercises/", {**PLANNED, "results": [{"system": erp.pk}]})
    assert made.status_code == 201
    path, etag = f"exercises/{made.json()['id']}/", made.headers["ETag"]
    assert made.json()["results"] == [
        {
            "system": erp.pk,
            "system_name": "ERP",
            "outcome": "",
            "rta_minutes": None,
            "rpa_minutes": None,
            "note": "",
        }
    ]
    result = {"system": erp.pk, "outcome": "success", "rta_minutes": 90, "rpa_minutes": 0}
    done = director.patch(path, {"done_on": "2026-09-01", "results": [result]}, etag=etag)
    assert done.status_code == 200
    assert result.items() <= done.json()["results"][0].items()
    assert director.get(path).json() == done.json()
    assert director.get("exercises/", system=erp.pk).json()["results"] == [done.json()]
    stale = director.patch(path, {"note": "Late"}, etag=etag)
    assert stale.status_code == 412


def test_what_is_wrong_is_said_at_its_field(acme: Cast, rival: Cast, director: Caller) -> None:
    erp, foreign = make_system(acme.organisation, "ERP"), make_system(rival.organisation, CANARY)
    for results, word in (
        ([{"system": foreign.pk}], "no such system"),
        ([{"system": "0" * 12}], "no such system"),
        ([{"system": erp.pk}, {"system": erp.pk}], "twice"),
        ([{"system": erp.pk, "outcome": "success"}], "when the exercise was done"),
        ([{"outcome": "success"}], "required"),
    ):
        refused = director.post("exercises/", {**PLANNED, "results": results})
        assert refused.status_code == 400, results
        assert word in str(refused.json()["fields"])
        assert CANARY not in refused.content.decode()
    future = director.post("exercises/", {**PLANNED, "done_on": "2100-01-01"})
    assert "done_on" in future.json()["fields"]
    assert not Exercise.objects.exists()


def test_what_is_due_is_listed_with_its_reasons(acme: Cast, director: Caller) -> None:
    core = make_system(acme.organisation, "Core", tier=1)
    make_exercise(core, name="Table", done_on=date(2026, 9, 1), outcome="success")
    planned = make_exercise(core, name="Coming")
    make_system(acme.organisation, "Rest", tier=4)
    [first, second] = director.get("exercises/due/").json()["results"]
    assert (first["system"], first["state"], first["proved_on"]) == (core.pk, "never", None)
    assert (first["minimum_type"], first["cadence_days"]) == ("full interruption", 92)
    assert (first["planned"], first["planned_on"]) == (planned.pk, "2030-01-01")
    assert "does not count" in first["says"][1]
    assert (second["system_name"], second["planned"]) == ("Rest", None)
    assert director.get("exercises/due/", state="overdue").json()["count"] == 0
    assert director.get("exercises/due/", state="soonish").status_code == 400
    assert director.get("exercises/due/", tier="1").status_code == 400


def test_thousands_of_results_cost_as_many_queries_as_two(acme: Cast, director: Caller) -> None:
    many = grow(acme.organisation, 1000)
    counts = []
    for size in (2, 1000):
        body = {**PLANNED, "name": f"Over {size}"}
        body["results"] = [{"system": one.pk} for one in many[:size]]
        with CaptureQueriesContext(connection) as queries:
            assert director.post("exercises/", body).status_code == 201
            director.get("exercises/")
            director.get("exercises/due/")
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1000 // 80 + 2
