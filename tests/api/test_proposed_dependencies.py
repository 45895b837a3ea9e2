"""Proposed dependencies over the API: read, accepted, put back, refused."""

from __future__ import annotations

import pytest

from bcp.models import Dependency, ProposedDependency
from tests.api.conftest import Caller
from tests.conftest import Cast
from tests.factories import make_proposed, make_system


@pytest.fixture
def proposed(acme: Cast) -> ProposedDependency:
    crm, directory = (make_system(acme.organisation, name) for name in ("CRM", "Directory"))
    return make_proposed(crm, directory, reason="A scanner saw it")


def test_a_proposal_is_accepted_put_back_and_refused(
    director: Caller, proposed: ProposedDependency
) -> None:
    (row,) = director.get("proposed-dependencies/", state="waiting").json()["results"]
    assert (row["dependent_name"], row["reason"]) == ("CRM", "A scanner saw it")
    address = f"proposed-dependencies/{proposed.pk}/"
    accepted = director.post(f"{address}accept/", {"note": "Yes"}, '"1"').json()
    assert (accepted["state"], accepted["decision_reason"]) == ("accepted", "Yes")
    assert Dependency.objects.count() == 1
    assert director.post(f"{address}accept/", {}, '"1"').status_code == 412
    assert director.post(f"{address}accept/", {}, '"2"').status_code == 409
    back = director.post(f"{address}put-back/", None, '"2"').json()
    assert (back["state"], Dependency.objects.count()) == ("waiting", 0)
    assert director.post(f"{address}refuse/", {"reason": ""}, '"3"').status_code == 400
    refused = director.post(f"{address}refuse/", {"reason": "Wrong"}, '"3"').json()
    assert (refused["state"], refused["version"]) == ("refused", 4)
    assert director.get("proposed-dependencies/", state="waiting").json()["count"] == 0
