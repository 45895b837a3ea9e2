"""Plans over the API: asked for, followed, stopped, fetched."""

from __future__ import annotations

import hashlib
import io

import pytest
from pypdf import PdfReader

from bcp.engine.permissions import Role
from bcp.models import Job, PlanFile
from bcp.models.jobs import JobState
from bcp.services import work
from tests.api.conftest import Caller, caller
from tests.conftest import Cast
from tests.factories import make_site, make_system


def test_a_plan_is_asked_for_followed_and_fetched_unless_it_was_damaged(acme: Cast) -> None:
    make_system(acme.organisation, "ERP", recovery_minutes=60)
    auditor = caller(acme, Role.AUDITOR)
    asked = auditor.post("plans/", {})
    assert asked.status_code == 202
    job = asked.json()
    assert (job["state"], job["plan"]) == ("queued", None)
    assert asked.headers["Location"].endswith(f"/api/v1/organisations/acme/jobs/{job['id']}/")
    assert work.run(job["id"])
    done = auditor.client.get(asked.headers["Location"]).json()
    assert done["state"] == "done"
    assert done["done_parts"] == done["all_parts"] > 0
    plan = auditor.get(f"plans/{done['plan']}/").json()
    assert (plan["issue"], plan["scenario"]) == (1, "everything")
    assert auditor.get("plans/").json()["results"] == [plan]
    file = auditor.get(f"plans/{done['plan']}/pdf/")
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"] == 'attachment; filename="acme-plan-1.pdf"'
    assert file.headers["Cache-Control"] == "no-store"
    assert hashlib.sha256(file.content).hexdigest() == plan["sha256"]
    pages = PdfReader(io.BytesIO(file.content)).pages
    assert len(pages) == plan["pages"]
    assert any("ERP" in page.extract_text() for page in pages)
    PlanFile.objects.update(content=b"%PDF-1.7 something else")
    damaged = auditor.get(f"plans/{done['plan']}/pdf/")
    assert damaged.status_code == 500
    assert damaged.headers["Content-Type"] == "application/problem+json"
    assert "damaged" in damaged.json()["detail"]


def test_the_executive_summary_is_asked_for_like_a_plan(acme: Cast) -> None:
    make_system(acme.organisation, "Payroll", kind="business process", recovery_minutes=60)
    auditor = caller(acme, Role.AUDITOR)
    job = auditor.post("plans/", {"summary": True}).json()
    assert work.run(job["id"])
    plan = auditor.get(f"jobs/{job['id']}/").json()["plan"]
    printed = auditor.get(f"plans/{plan}/").json()
    assert (printed["title"], printed["pages"]) == ("Executive summary", 2)


def test_a_waiting_job_is_stopped_at_once_and_only_once(acme: Cast, director: Caller) -> None:
    key = director.post("plans/", {"scenario": "everything"}).json()["id"]
    stopped = director.post(f"jobs/{key}/cancel/")
    assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
    assert not work.run(key)
    again = director.post(f"jobs/{key}/cancel/")
    assert again.status_code == 409
    assert again.json()["current"]["state"] == "cancelled"


def test_a_running_job_is_asked_to_stop(acme: Cast, director: Caller) -> None:
    key = director.post("plans/", {}).json()["id"]
    Job.objects.filter(pk=key).update(state=JobState.RUNNING)
    stopped = director.post(f"jobs/{key}/cancel/").json()
    assert (stopped["state"], stopped["cancel_requested"]) == ("running", True)


def test_jobs_are_listed_by_state(acme: Cast, director: Caller) -> None:
    keys = [director.post("plans/", {}).json()["id"] for _time in range(2)]
    director.post(f"jobs/{keys[0]}/cancel/")
    listed = director.get("jobs/", state="queued").json()
    assert [row["id"] for row in listed["results"]] == keys[1:]
    assert director.get("jobs/").json()["count"] == 2


@pytest.mark.parametrize(
    "body",
    [
        {"scenario": "site:Atlantis"},
        {"scenario": "flood"},
        {"scenario": ""},
        {"system": "0" * 12},
        {"system": "ERP"},
        {"sistem": "ERP"},
        {"summary": True, "system": "0" * 12},
        {"summary": True, "scenario": "ransomware"},
    ],
)
def test_a_plan_of_what_is_not_there_is_refused(
    body: dict[str, object], acme: Cast, director: Caller
) -> None:
    assert director.post("plans/", body).status_code == 400
    assert not Job.objects.exists()


def test_a_foreign_system_has_no_sheet_here(acme: Cast, rival: Cast, director: Caller) -> None:
    key = make_system(rival.organisation, "Theirs").pk
    refused = director.post("plans/", {"system": key})
    missing = director.post("plans/", {"system": "0" * 12})
    assert refused.status_code == 400
    assert refused.content == missing.content


def test_a_site_of_ones_own_is_a_scenario(acme: Cast, director: Caller) -> None:
    make_site(acme.organisation, "Hamburg")
    assert director.post("plans/", {"scenario": "site:hamburg"}).status_code == 202


def test_a_pdf_may_be_asked_for_by_its_type(acme: Cast, director: Caller) -> None:
    missing = director.client.get(
        director.root + f"plans/{'0' * 12}/pdf/", headers={"accept": "application/pdf"}
    )
    assert missing.status_code == 404
    assert missing.headers["Content-Type"] == "application/problem+json"
