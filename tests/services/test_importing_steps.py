"""steps.csv: a whole procedure per system, which somebody has to approve."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.errors import NotAllowed
from bcp.models import Procedure
from bcp.queries import history
from bcp.queries import procedures as reads
from bcp.services import exporting, importing, procedures
from bcp.services.import_plan import ImportPlan, ImportRefused
from bcp.services.importing import Options
from bcp.services.procedures import StepValues
from tests.conftest import Cast
from tests.factories import make_contact, make_procedure, make_system, make_team

FILE = (
    "system;position;instruction;team;heads;minutes_low;minutes;minutes_high;expected;covers;person\n"
    'ERP;20;"Start it;\ncarefully";ops;2;10 min;;1h;It answers;application, Data;\n'
    "erp;7;Open the gate;;;;15;;;access;Ann\n"
    "DB;1;Restore;;;;90;;;;\n"
)


@pytest.fixture
def estate(acme: Cast) -> Cast:
    for name in ("ERP", "DB"):
        make_system(acme.organisation, name)
    make_team(acme.organisation, "Ops")
    make_contact(acme.organisation, "Ann")
    return acme


def run(cast: Cast, steps: str, role: Role | None = None) -> ImportPlan:
    incoming = importing.from_files({"steps.csv": steps.encode()})
    by = cast.actor(role) if role else cast.shell
    return importing.apply(cast.organisation, incoming, Options(), by=by)


def refused(cast: Cast, steps: str) -> list[str]:
    with pytest.raises(ImportRefused) as refusal:
        run(cast, steps)
    return [str(fault) for fault in refusal.value.plan.faults]


def said(version: Procedure) -> list[tuple[int, str, int | None]]:
    return [(step.position, step.instruction, step.minutes) for step in version.steps.all()]


def drafts(cast: Cast) -> dict[str, Procedure]:
    return {one.system.name: one for one in reads.drafts(cast.organisation).values()}


def test_a_file_gives_each_system_a_draft_in_the_order_of_the_positions(estate: Cast) -> None:
    plan = run(estate, FILE, Role.ENGINEER)
    erp = drafts(estate)["ERP"]
    assert said(erp) == [(1, "Open the gate", 15), (2, "Start it;\ncarefully", None)]
    gate, start = erp.steps.all()
    assert (gate.contact.name, gate.team, gate.covers) == ("Ann", None, ["access"])
    assert (start.team.name, start.heads, start.minutes_low, start.minutes_high) == (
        "Ops",
        2,
        10,
        60,
    )
    assert (start.covers, start.expected) == (["application", "data"], "It answers")
    assert erp.author == estate.user(Role.ENGINEER)
    assert any("2 procedures become drafts" in notice.says for notice in plan.notices)
    told = history.of_record(estate.organisation, "procedure", erp.pk).get()
    assert len((told.after or {})["steps"]) == 2
    assert history.first_broken(estate.organisation) is None


def test_the_same_file_again_changes_nothing_also_when_it_is_approved(estate: Cast) -> None:
    run(estate, FILE)
    assert not run(estate, FILE).changes_something
    erp = drafts(estate)["ERP"]
    procedures.approve(
        estate.organisation, erp.pk, seen_version=erp.version, by=estate.actor(Role.EXECUTIVE)
    )
    assert not run(estate, FILE).changes_something
    assert list(drafts(estate)) == ["DB"]


def test_what_differs_from_the_approved_version_becomes_a_draft(estate: Cast) -> None:
    run(estate, FILE)
    erp = drafts(estate)["ERP"]
    by = estate.actor(Role.EXECUTIVE)
    approved = procedures.approve(estate.organisation, erp.pk, seen_version=1, by=by)
    plan = run(estate, "system,position,instruction\nERP,1,Open the gate\nERP,3,Wait\n")
    [change] = plan.changes
    assert change.differences[0].after == "Draft, waits for approval"
    draft = drafts(estate)["ERP"]
    assert (draft.number, said(draft)) == (2, [(1, "Open the gate", 15), (2, "Wait", None)])
    assert draft.steps.all()[0].contact is not None, "columns that are not in the file stay"
    assert reads.current(estate.organisation)[approved.system_id] == approved
    assert len(approved.steps.all()) == 2
    run(estate, "system,position,instruction\nERP,1,Wait longer\n")
    draft.refresh_from_db()
    assert (draft.version, said(drafts(estate)["ERP"])) == (2, [(1, "Wait longer", None)])


def test_an_import_answers_a_draft_that_was_sent_back(estate: Cast) -> None:
    run(estate, FILE)
    draft = drafts(estate)["DB"]
    by = estate.actor()
    procedures.send_back(estate.organisation, draft.pk, "Say how", seen_version=1, by=by)
    run(estate, "system,position,instruction\nDB,1,Restore the last full copy\n", Role.ENGINEER)
    draft = drafts(estate)["DB"]
    assert (draft.sent_back_reason, draft.author) == ("", estate.user(Role.ENGINEER))


def test_every_fault_is_listed_with_its_place_and_nothing_is_saved(estate: Cast) -> None:
    faults = refused(
        estate,
        "system,position,instruction,team,minutes_low,minutes,covers,person,heads\n"
        "ERP,1,Start,Nobody,2h,1h,roof,,\n"
        "ERP,1,Again,,,,,,\n"
        "ERP,x,,,,,,Bob,0\n"
        "CRM,1,Start,,soon,,,,\n",
    )
    assert [fault.split(": ")[0] for fault in faults] == [
        *("steps.csv:2:covers", "steps.csv:2:team", "steps.csv:2:minutes_low"),
        *("steps.csv:3:position", "steps.csv:4:position", "steps.csv:4:heads"),
        *("steps.csv:4:instruction", "steps.csv:5:minutes_low", "steps.csv:5:system"),
    ]
    assert not drafts(estate)


def test_a_procedure_that_is_too_long_is_a_fault(estate: Cast) -> None:
    rows = "".join(f"DB,{number},Do {number}\n" for number in range(1, 202))
    [fault] = refused(estate, f"system,position,instruction\n{rows}")
    assert fault.startswith("steps.csv:202:position")


def test_an_export_imported_again_changes_nothing(estate: Cast) -> None:
    """The approved version goes out; a draft beside it stays as it is."""
    run(estate, FILE)
    erp = drafts(estate)["ERP"]
    by = estate.actor(Role.EXECUTIVE)
    procedures.approve(estate.organisation, erp.pk, seen_version=1, by=by)
    start: Any = procedures.start(estate.organisation, erp.system_id, by=estate.shell)
    steps = [StepValues("=1+1\r\nand wait")]
    procedures.save(estate.organisation, start.pk, steps, seen_version=1, by=estate.shell)
    make_procedure(make_system(estate.organisation, "CRM"), 5, None, instruction="+49 calls")
    archive = exporting.organisation_zip(estate.organisation)
    incoming = importing.from_files({"all.zip": archive})
    plan = importing.apply(estate.organisation, incoming, Options(), by=estate.shell)
    assert not plan.changes_something
    assert said(drafts(estate)["ERP"]) == [(1, "=1+1\nand wait", None)]


def test_many_procedures_take_as_many_queries_as_one(estate: Cast) -> None:
    def queries(names: list[str]) -> int:
        rows = "".join(f"{name},{step},Do,Ops\n" for name in names for step in (1, 2))
        with CaptureQueriesContext(connection) as captured:
            run(estate, f"system,position,instruction,team\n{rows}")
        return len(captured)

    names = [f"System {number}" for number in range(20)]
    for name in names:
        make_system(estate.organisation, name)
    run(estate, f"system,position,instruction\n{names.pop()},1,Do\n")
    assert queries([names.pop()]) == queries(names)


def test_a_reader_imports_nothing(estate: Cast) -> None:
    with pytest.raises(NotAllowed):
        run(estate, FILE, Role.AUDITOR)
