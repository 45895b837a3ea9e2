"""Confirming dependencies over the API: what was read is what is confirmed."""

from __future__ import annotations

from typing import Any

from bcp.engine.permissions import Role
from tests.api.conftest import Caller
from tests.conftest import Cast
from tests.factories import make_dependency, make_system


def row(who: Caller, name: str) -> dict[str, Any]:
    listed = who.get("dependency-reviews/").json()["results"]
    return next(one for one in listed if one["system_name"] == name)


def test_what_was_read_is_confirmed_and_a_change_is_a_conflict(
    acme: Cast, director: Caller
) -> None:
    erp, database = (make_system(acme.organisation, name) for name in ("ERP", "Database"))
    make_dependency(erp, database, needed_to="run", bootstrap="By hand")
    read = row(director, "ERP")
    assert (read["state"], read["reviewed_at"]) == ("never", None)
    need = {"id": database.pk, "name": "Database", "needed_to": "run", "has_bootstrap_note": True}
    assert read["needs"] == [need]
    body = {"system": erp.pk, "facts": read["facts"], "note": "From the register"}
    made = director.post("dependency-reviews/", body)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["note"]) == ("current", "From the register")
    assert made.json()["reviewed_by_email"] == acme.user(Role.IT_DIRECTOR).email
    make_dependency(database, make_system(acme.organisation, "SAN"))
    assert row(director, "ERP")["state"] == "current"
    make_dependency(erp, make_system(acme.organisation, "DNS"))
    assert director.post("dependency-reviews/", body).status_code == 409
    changed = director.get("dependency-reviews/", state="changed").json()
    assert [one["system_name"] for one in changed["results"]] == ["ERP"]


def test_a_filter_that_is_not_there_is_refused(director: Caller) -> None:
    assert director.get("dependency-reviews/", state="old").status_code == 400
    assert director.get("dependency-reviews/", colour="red").status_code == 400
