"""impacts.csv: what the downtime of business processes does, and what follows from it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.estate import Kind
from bcp.engine.estate import System as EngineSystem
from bcp.engine.impacts import Category, Impact, Peak, ProcessImpact, derive
from bcp.engine.permissions import Role
from bcp.errors import NotAllowed
from bcp.models import AuditEvent, ImpactAnswer, ImpactAssessment, Organisation, PeakPeriod
from bcp.queries import estate, history
from bcp.services import exporting, importing, organisations
from bcp.services.actor import Actor
from bcp.services.import_plan import ImportPlan, ImportRefused
from bcp.services.importing import Options
from tests.conftest import Cast
from tests.factories import make_system

FILE = (
    "process;category;1h;4h;8h;1d;3d;1w;2w;cost_per_hour;work_recovery;peaks;cost_basis\n"
    "Payroll;Customers;0;0;1;2;3;;4;1500,50;4h;"
    '"Month end | last three working days | 4000; Year end";"Overtime,\ncontracts"\n'
    "payroll;legal;;;;;2;3;4;;;;\n"
    "Claims;Money;0;0;0;0;0;0;0;0;;;\n"
)


@pytest.fixture
def processes(acme: Cast) -> Cast:
    for name in ("Payroll", "Claims"):
        make_system(acme.organisation, name, kind=Kind.PROCESS.value)
    make_system(acme.organisation, "ERP")
    return acme


def run(cast: Cast, impacts: str, role: Role | None = None, **others: str) -> ImportPlan:
    files = {"impacts": impacts} | others
    incoming = importing.from_files({f"{name}.csv": text.encode() for name, text in files.items()})
    by = cast.actor(role) if role else cast.shell
    return importing.apply(cast.organisation, incoming, Options(), by=by)


def refused(cast: Cast, impacts: str, role: Role | None = None) -> list[str]:
    with pytest.raises(ImportRefused) as refusal:
        run(cast, impacts, role)
    return [str(fault) for fault in refusal.value.plan.faults]


def told(organisation: Organisation) -> dict[str, ProcessImpact]:
    """What the engine is given, by the name of the process."""
    loaded = estate.load(organisation)
    systems: tuple[EngineSystem, ...] = loaded.systems
    return {systems[one.system].name: one for one in loaded.impacts}


def levels(one: ProcessImpact, category: Category) -> tuple[int | None, ...]:
    return next(answer.levels for answer in one.answers if answer.category is category)


def confirm(cast: Cast) -> None:
    ImpactAssessment.objects.of(cast.organisation).update(
        confirmed_at=timezone.now(), confirmed_by=cast.user(Role.EXECUTIVE)
    )


def test_answers_arrive_and_targets_follow_from_them(processes: Cast) -> None:
    plan = run(processes, FILE, Role.IT_DIRECTOR)
    assert [(change.record, change.outcome.value) for change in plan.changes] == [
        ("Payroll", "new"),
        ("Claims", "new"),
    ]
    payroll, claims = (told(processes.organisation)[name] for name in ("Payroll", "Claims"))
    assert levels(payroll, Category.CLIENTS) == (0, 0, 1, 2, 3, None, 4)
    assert levels(payroll, Category.LEGAL) == (None, None, None, None, 2, 3, 4)
    assert (payroll.cost_per_hour, payroll.work_recovery_minutes) == (Decimal("1500.50"), 240)
    assert payroll.peaks == (
        Peak("Month end", "last three working days", Decimal("4000")),
        Peak("Year end"),
    )
    assert (claims.cost_per_hour, claims.work_recovery_minutes) == (0, None), "0 is not unknown"
    derived = derive(payroll.answers)
    assert (derived.rto.minutes, derived.rto.category) == (4320, Category.CLIENTS)
    assert derived.mtd.may_be_earlier
    answer = ImpactAnswer.objects.get(assessment__process__name="Payroll", category="clients")
    assert answer.reached == {"1": 480, "2": 1440, "3": 4320, "4": None}
    assert answer.answered_by == processes.user(Role.IT_DIRECTOR)
    assert answer.assessment.cost_basis == "Overtime,\ncontracts"
    assert answer.assessment.asked == ["cost", "peaks", "work recovery"]
    [event] = history.of_record(processes.organisation, "impactassessment", answer.assessment_id)
    assert {one["category"] for one in (event.after or {})["answers"]} == {"clients", "legal"}
    assert history.first_broken(processes.organisation) is None


def test_what_is_missing_is_bounded_by_what_is_known(processes: Cast) -> None:
    run(processes, "process,category,1h,4h,1d,2w\nPayroll,clients,,1,2 to 3,3-4\n")
    [answer] = told(processes.organisation)["Payroll"].answers
    assert answer == Impact(
        Category.CLIENTS,
        (None, 1, None, None, None, None, None),
        at_most=(1, 1, 3, 3, 4, 4, 4),
        at_least=(0, 1, 1, 2, 2, 2, 3),
    )


def test_the_same_file_again_changes_nothing(processes: Cast) -> None:
    run(processes, FILE)
    confirm(processes)
    before = AuditEvent.objects.count()
    plan = run(processes, FILE)
    assert not plan.changes_something
    assert AuditEvent.objects.count() == before
    assert ImpactAssessment.objects.filter(confirmed_at=None).count() == 0


def test_an_answer_that_changes_has_to_be_confirmed_again(processes: Cast) -> None:
    run(processes, FILE)
    confirm(processes)
    plan = run(processes, "process,category,3d\nPayroll,clients,4\n")
    [change] = plan.changes
    assert [(one.field, one.before, one.after) for one in change.differences] == [
        ("Clients", "3d: 3, 1w: 3 to 4", "3d: 4, 1w: 4"),
        ("confirmed", "yes", "no"),
    ]
    payroll, claims = ImpactAssessment.objects.order_by("-process__name")
    assert (payroll.confirmed_at, payroll.confirmed_by, payroll.version) == (None, None, 2)
    assert (claims.confirmed_at is None, claims.version) == (False, 1), "nothing was said of it"
    assert told(processes.organisation)["Payroll"].cost_per_hour == Decimal("1500.50")


def test_empty_cells_are_unknown_and_columns_that_are_missing_stay(processes: Cast) -> None:
    run(processes, FILE)
    run(
        processes,
        "process,category,1h,4h,8h,1d,3d,1w,2w,cost_per_hour,peaks\nPayroll,clients,,,,,,,,,\n",
    )
    payroll = told(processes.organisation)["Payroll"]
    assert levels(payroll, Category.CLIENTS) == (None,) * 7
    assert levels(payroll, Category.LEGAL)[-1] == 4, "the file does not speak of it"
    assert (payroll.cost_per_hour, payroll.peaks) == (None, ())
    assert payroll.work_recovery_minutes == 240
    assert PeakPeriod.objects.count() == 0


def test_a_row_without_a_level_says_something_of_the_process_alone(processes: Cast) -> None:
    run(processes, "process,category,1h,cost_per_hour\nPayroll,legal,,75\n")
    payroll = told(processes.organisation)["Payroll"]
    assert (payroll.answers, payroll.cost_per_hour) == ((), 75)
    assert not run(processes, "process,category,1h\nClaims,legal,\n").changes_something


def test_every_fault_is_listed_with_its_place_and_nothing_is_saved(processes: Cast) -> None:
    faults = refused(
        processes,
        "process,category,1h,4h,2w,cost_per_hour,work_recovery,peaks\n"
        "Payroll,clients,0,5,1.5,10,soon,| at night\n"
        "Payroll,legal,3,,2,20,,\n"
        "Payroll,weather,,,,,,\n"
        "Payroll,Client,1,1,1,,,\n"
        "Payrol,legal,1,,,-5,,\n"
        "ERP,legal,3 to 2,,,,,\n",
    )
    assert sorted(fault.split(": ")[0] for fault in faults) == [
        *("impacts.csv:2:2w", "impacts.csv:2:4h", "impacts.csv:2:peaks"),
        *("impacts.csv:2:work_recovery", "impacts.csv:3:2w", "impacts.csv:3:cost_per_hour"),
        *("impacts.csv:4:category", "impacts.csv:5:category", "impacts.csv:6:cost_per_hour"),
        *("impacts.csv:6:process", "impacts.csv:7:1h", "impacts.csv:7:process"),
    ]
    said = "\n".join(faults)
    assert "“5” is not a level of impact; write a whole number from 0 to 4" in said
    assert "after 1 h the impact is 3 and after 14 d only 2" in said
    assert "row 2 says something else of “Payroll”" in said
    assert "there is no system named “Payrol”; did you mean “Payroll”?" in said
    assert "“ERP” is of the kind Application; impacts are answered for business" in said
    assert "“weather” is not one of: financial, operations, clients, legal, reputation" in said
    assert not ImpactAssessment.objects.exists()


def test_an_answer_contradicts_also_what_the_file_leaves_as_it_is(processes: Cast) -> None:
    run(processes, FILE)
    [fault] = refused(processes, "process,category,4h\nPayroll,clients,2\n")
    assert fault.startswith("impacts.csv:2:4h: after 4 h the impact is 2 and after 8 h only 1")


def test_a_process_may_come_with_the_same_import(acme: Cast) -> None:
    systems = "name,kind\nBilling,process\n"
    run(acme, "process,category,1d\nBilling,ops,3\n", systems=systems)
    assert levels(told(acme.organisation)["Billing"], Category.OPERATIONS)[3] == 3


def test_who_edits_the_estate_without_answering_for_it_is_told(processes: Cast) -> None:
    [fault] = refused(processes, FILE, Role.ENGINEER)
    assert fault.startswith("impacts.csv:1:-: your role (engineer) may not answer")
    run(processes, FILE)
    assert not run(processes, FILE, Role.ENGINEER).changes_something
    with pytest.raises(NotAllowed):
        run(processes, FILE, Role.AUDITOR)


def export_into_another(cast: Cast) -> Organisation:
    copy = organisations.create("copy", "Copy")
    archive = exporting.organisation_zip(cast.organisation)
    by = Actor.command_line(copy)
    importing.apply(copy, importing.from_files({"all.zip": archive}), Options(), by=by)
    return copy


def test_an_export_gives_another_organisation_the_same_answers(processes: Cast) -> None:
    odd = (
        "process,category,1h,4h,1d,3d,2w,peaks,target_reason\n"
        'Claims,reputation,,1,2 to 3,3 to 4,,"A \\\\| B | =1+1; C | | 0.5",x\n'
        "Claims,legal,,,,,0 to 4,,\n"
    )
    run(processes, FILE)
    run(processes, odd)
    copy = export_into_another(processes)
    assert told(copy) == told(processes.organisation)
    assert told(copy)["Claims"].peaks[0].name == "A | B"
    kept = {
        (row.assessment.process.name, row.category): row.reached
        for row in ImpactAnswer.objects.of(copy).select_related("assessment__process")
    }
    assert kept == {
        (row.assessment.process.name, row.category): row.reached
        for row in ImpactAnswer.objects.of(processes.organisation).select_related(
            "assessment__process"
        )
    }
    archive = exporting.organisation_zip(processes.organisation)
    incoming = importing.from_files({"all.zip": archive})
    again = importing.apply(processes.organisation, incoming, Options(), by=processes.shell)
    assert not again.changes_something


def test_the_reason_of_a_target_travels_with_it(processes: Cast) -> None:
    systems = "name,kind,rto,target_reason\nClaims,process,4h,The regulator asks for it\n"
    run(processes, FILE, systems=systems)
    copy = export_into_another(processes)
    rows: Any = exporting.export_rows(copy)["systems.csv"]
    assert {row.name: row.target_reason for row in rows}["Claims"] == "The regulator asks for it"


def test_many_processes_take_as_many_queries_as_one(processes: Cast) -> None:
    def queries(names: list[str]) -> int:
        rows = "".join(
            f"{name},{category},0,3,{number},Peak\n"
            for number, name in enumerate(names)
            for category in ("legal", "clients")
        )
        text = f"process,category,1h,2w,cost_per_hour,peaks\n{rows}"
        with CaptureQueriesContext(connection) as captured:
            run(processes, text)
        with CaptureQueriesContext(connection) as again:
            run(processes, text.replace(",0,3,", ",1,4,"))
        return len(captured) + len(again)

    names = [f"Process {number}" for number in range(12)]
    for name in names:
        make_system(processes.organisation, name, kind=Kind.PROCESS.value)
    run(processes, f"process,category,1h\n{names.pop()},legal,0\n")
    assert queries([names.pop()]) == queries(names)
