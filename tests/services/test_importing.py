"""Importing: new, changed, unchanged; all of it or nothing; the second time nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.errors import Conflict, NotAllowed
from bcp.models import (
    AuditEvent,
    BackupCopy,
    Contact,
    Dependency,
    EscalationPath,
    Organisation,
    RecoveryTarget,
    Site,
    System,
    Team,
)
from bcp.queries import estate, history
from bcp.services import exporting, importing
from bcp.services.import_plan import ImportPlan, ImportRefused, Outcome
from bcp.services.importing import Options
from tests.conftest import CANARY, Cast
from tests.factories import make_contact, make_system, make_team

FILES = {
    "sites": "name,zone,kind\nHQ,River,office\nDC,River,Data_Centre\n",
    "contacts": "name,phones,independent_phone,vendor,may_declare,may_spend,coverage,deputy\n"
    'Ann,"+49 30 23125 1; +49 30 23125 2",yes,,yes,"5000,5",24x7,Bob\n'
    "Bob,,no,no,,,,Ann\nTessel,+44 20 7946 0001,,yes,,,,\n",
    "teams": "name,members,heads_day,mobilise_night\nOps,Ann; bob,2,1h\n",
    "escalation": "path,position,contact,channel,wait,default\n"
    "Main,20,Bob,PBX,5 min,\nMain,10,Ann,phone,,yes\n",
    "systems": "name,kind,tier,owner,team,site,escalation,recovery,data_gb,description\n"
    'ERP,app,1,ann,ops,dc,main,90,12.5,"two\nlines"\nDB,database,,,,,,4h,,\nPBX,network,,,,,,,,\n',
    "dependencies": "dependent,depends_on,needed_to,bootstrap\nERP,DB,,\nERP,PBX,Full Service,\n",
    "copies": "system,name,content,retention,locked,interval,last_success\n"
    "DB,Nightly,data,30d,yes,1d,2026-06-01 03:00\nDB,Weekly,data,,no,7d,\n",
}
MODELS = (Site, Contact, Team, EscalationPath, System, Dependency, BackupCopy, RecoveryTarget)


def run(cast: Cast, files: dict[str, str], **options: Any) -> ImportPlan:
    incoming = importing.from_files(
        {f"{name}.csv": content.encode() for name, content in files.items()}
    )
    return importing.apply(cast.organisation, incoming, Options(**options), by=cast.shell)


def refused(cast: Cast, files: dict[str, str], **options: Any) -> list[str]:
    with pytest.raises(ImportRefused) as refusal:
        run(cast, files, **options)
    return [str(fault) for fault in refusal.value.plan.faults]


def figures(organisation: Organisation) -> list[int]:
    return [model.objects.of(organisation).count() for model in (*MODELS, AuditEvent)]


def test_everything_arrives_whatever_the_order_of_the_files(acme: Cast) -> None:
    plan = run(acme, FILES)
    assert {change.outcome for change in plan.changes} == {Outcome.NEW}
    ann, tessel = (Contact.objects.get(name=name) for name in ("Ann", "Tessel"))
    assert ann.phones == ["+49 30 23125 1", "+49 30 23125 2"]
    assert (ann.independent_phone, ann.may_spend, ann.deputy.name) == (ann.phones[0], 5000.5, "Bob")
    assert tessel.vendor == "Tessel"
    erp = System.objects.get(name="ERP")
    assert (erp.kind, erp.owner, erp.team.name, erp.site.name) == ("application", ann, "Ops", "DC")
    assert (erp.escalation_path.name, erp.recovery_minutes) == ("Main", 90)
    assert erp.description == "two\nlines"
    assert {member.name for member in Team.objects.get().members.all()} == {"Ann", "Bob"}
    path = EscalationPath.objects.get()
    steps = path.steps.values_list(
        "position", "contact__name", "channel", "channel_system__name", "wait_minutes"
    )
    assert path.is_default
    assert list(steps) == [(1, "Ann", "phone", None, 15), (2, "Bob", "phone", "PBX", 5)]
    edges = Dependency.objects.values_list("dependency__name", "needed_to")
    assert set(edges) == {("DB", "rebuild"), ("PBX", "full service")}
    nightly = BackupCopy.objects.get(name="Nightly")
    assert nightly.locked_minutes == nightly.retention_minutes == 43200
    assert nightly.last_success.isoformat() == "2026-06-01T01:00:00+00:00"
    assert BackupCopy.objects.get(name="Weekly").locked_minutes == 0


def test_the_second_time_changes_nothing_and_leaves_no_trace(acme: Cast) -> None:
    files = FILES | {"systems": "name,rto\nERP,4h\nDB,2h\nPBX,\n"}
    run(acme, FILES)
    run(acme, files)
    before = figures(acme.organisation)
    plan = run(acme, files)
    assert not plan.changes_something
    assert figures(acme.organisation) == before


def test_every_record_is_audited_as_if_it_had_been_typed_in(acme: Cast) -> None:
    run(acme, FILES)
    run(acme, {"systems": "name,tier\nERP,2\nDB,\n", "teams": "name,members\nOps,Ann\n"})
    assert history.first_broken(acme.organisation) is None
    erp = System.objects.get(name="ERP")
    changed, created = history.of_record(acme.organisation, "system", erp.pk)
    assert (changed.action, changed.before, changed.after) == ("changed", {"tier": 1}, {"tier": 2})
    assert created.after["owner"]["name"] == "Ann"
    assert (erp.version, System.objects.get(name="DB").version) == (2, 1)
    team = Team.objects.get()
    changed, created = history.of_record(acme.organisation, "team", team.pk)
    assert len(created.after["members"]) == 2
    assert [member["name"] for member in changed.after["members"]] == ["Ann"]
    [made] = history.of_record(acme.organisation, "escalationpath", EscalationPath.objects.get().pk)
    assert [step["contact"]["name"] for step in made.after["steps"]] == ["Ann", "Bob"]


def test_only_listed_columns_are_touched_and_an_empty_cell_clears(acme: Cast) -> None:
    run(acme, FILES)
    plan = run(acme, {"systems": "NAME,owner,Recovery\nerp,,2h\n"})
    erp = System.objects.get(name="ERP")
    assert (erp.owner, erp.recovery_minutes, erp.tier, erp.team.name) == (None, 120, 1, "Ops")
    [change] = plan.changes
    assert (change.file, change.row, change.record) == ("systems.csv", 2, "ERP")
    assert [(one.field, one.before, one.after) for one in change.differences] == [
        ("recovery work", "1 h 30 min", "2 h"),
        ("owner", "Ann", "—"),
    ]


def test_a_preview_saves_nothing(acme: Cast) -> None:
    before = figures(acme.organisation)
    incoming = importing.from_files({"sites.csv": b"name\nHQ"})
    plan = importing.preview(acme.organisation, incoming, Options(), by=acme.actor())
    assert [change.record for change in plan.changes] == ["HQ"]
    assert figures(acme.organisation) == before


def test_one_bad_row_and_nothing_is_imported_but_every_fault_is_named(acme: Cast) -> None:
    before = figures(acme.organisation)
    faults = refused(
        acme,
        {
            "contacts": "name,email,phones,deputy,independent_phone\n"
            f"Ann,nobody,{'; '.join(['1'] * 11)},ann,\nBob,,,,yes\n",
            "teams": "name,members,heads_day\nOps,Anne,10001\n",
            "systems": "name,owner,site,tier,rto,mtd\nERP,Bobb,HQ,1,2d,1d\n",
            "dependencies": "dependent,dependency\nERP,ERPP\n",
            "escalation": "path,position,contact,channel\nMain,1,Ann,pigeon\n",
            "copies": "system,name,locked\nERP,Nightly,yes\n",
        },
    )
    assert [fault.split(": ")[0] for fault in faults] == [
        "contacts.csv:2:email",
        "contacts.csv:2:deputy",
        "contacts.csv:2:phones",
        "contacts.csv:3:independent_phone",
        "copies.csv:2:locked",
        "dependencies.csv:2:dependency",
        "escalation.csv:2:channel",
        "systems.csv:2:owner",
        "systems.csv:2:site",
        "systems.csv:2:rto",
        "teams.csv:2:heads_day",
        "teams.csv:2:members",
    ]
    assert "did you mean “Bob”?" in faults[7]
    assert "did you mean “ERP”?" in faults[5]
    assert figures(acme.organisation) == before


def test_an_unreadable_file_does_not_make_its_names_unknown_in_others(acme: Cast) -> None:
    incoming = importing.from_files(
        {"contacts.csv": "name\nJürgen".encode("latin-1"), "systems.csv": b"name,owner\nERP,Ann\n"}
    )
    with pytest.raises(ImportRefused) as refusal:
        importing.apply(acme.organisation, incoming, Options(), by=acme.shell)
    assert [fault.file for fault in refusal.value.plan.faults] == ["contacts.csv"]


def test_systems_that_only_dependencies_name_are_made_when_asked_for(acme: Cast) -> None:
    files = {"dependencies": "dependent,depends_on\nshop,Cart\nCART,db\nshop,DB\n"}
    faults = refused(acme, files)
    assert len(faults) == 6
    plan = run(acme, files, add_missing=True)
    assert [change.record for change in plan.changes if change.kind == "system"] == [
        "shop",
        "Cart",
        "db",
    ]
    assert not run(acme, files, add_missing=True).changes_something


def test_a_loop_is_no_fault_but_said(acme: Cast) -> None:
    plan = run(acme, {"dependencies": "dependent,depends_on\nA,B\nB,C\nC,A\n"}, add_missing=True)
    [notice] = plan.notices
    assert "3 systems wait for each other: “A”, “B”, “C”" in notice.says


def test_names_are_found_whatever_their_case_and_kept_as_they_are(acme: Cast) -> None:
    make_system(acme.organisation, "ERP")
    plan = run(acme, {"systems": "name,tier\neRp,1\n"})
    assert [change.outcome for change in plan.changes] == [Outcome.CHANGED]
    assert System.objects.get().name == "ERP"


def test_formulas_html_and_foreign_scripts_are_plain_text(acme: Cast) -> None:
    names = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "שרת ראשי", "🔥 wall", "x" * 200]
    rows = "".join('"{}"\n'.format(name.replace('"', '""')) for name in names)
    run(acme, {"systems": "name\n" + rows})
    assert set(System.objects.values_list("name", flat=True)) == set(names)


def test_a_path_that_becomes_the_default_unmakes_the_other(acme: Cast) -> None:
    run(acme, FILES)
    second = "path,position,contact,default\nNight,1,Bob,yes\n"
    plan = run(acme, {"escalation": second})
    assert [(change.record, change.outcome.value) for change in plan.changes] == [
        ("Night", "new"),
        ("Main", "changed"),
    ]
    assert EscalationPath.objects.get(is_default=True).name == "Night"
    swapped = "path,position,contact,channel,default\nNight,1,Bob,,no\nMain,1,Ann,,yes\n"
    run(acme, {"escalation": swapped})
    assert EscalationPath.objects.get(is_default=True).name == "Main"
    both = "path,position,contact,default\nNight,1,Bob,yes\nMain,1,Ann,yes\n"
    assert "only one path can be" in refused(acme, {"escalation": both})[0]


def test_a_ladder_is_replaced_and_keeps_what_its_file_does_not_say(acme: Cast) -> None:
    run(acme, FILES)
    plan = run(acme, {"escalation": "path,position,contact\nMain,1,Ann\nMain,2,Tessel\n"})
    [change] = plan.changes
    assert change.differences[0].before == ("1. Ann (Phone, 15 min); 2. Bob (Phone: PBX, 5 min)")
    steps = EscalationPath.objects.get().steps.values_list("contact__name", "wait_minutes")
    assert list(steps) == [("Ann", 15), ("Tessel", 15)]
    too_many = "".join(f"Main,{position},Ann\n" for position in range(1, 52))
    assert (
        "at most 50 steps" in refused(acme, {"escalation": "path,position,contact\n" + too_many})[0]
    )


def test_an_import_needs_the_right_to_edit(acme: Cast) -> None:
    incoming = importing.from_files({"sites.csv": b"name\nHQ"})
    for call in (importing.preview, importing.apply):
        door: Callable[..., Any] = call
        with pytest.raises(NotAllowed):
            door(acme.organisation, incoming, Options(), by=acme.actor(Role.AUDITOR))


def test_names_of_another_organisation_are_unknown_and_never_suggested(
    acme: Cast, rival: Cast
) -> None:
    make_contact(rival.organisation, f"{CANARY} Ann")
    make_system(rival.organisation, f"{CANARY} ERP")
    faults = refused(
        acme,
        {
            "systems": f"name,owner\nERP,{CANARY} An\n",
            "dependencies": f"dependent,dependency\nERP,{CANARY} ER\n",
        },
    )
    assert len(faults) == 2
    assert not any("did you mean" in fault for fault in faults)


def test_confirming_a_preview_that_no_longer_holds_is_a_conflict(acme: Cast) -> None:
    incoming = importing.from_files({"systems.csv": b"name,tier\nERP,1\n"})
    seen = importing.preview(acme.organisation, incoming, Options(), by=acme.shell).fingerprint
    make_system(acme.organisation, "ERP", tier=3)
    with pytest.raises(Conflict):
        importing.apply(acme.organisation, incoming, Options(), seen=seen, by=acme.shell)
    assert System.objects.get().tier == 3


def test_an_export_imported_again_changes_nothing(acme: Cast) -> None:
    run(acme, FILES | {"systems": FILES["systems"].replace("owner", "rto", 1).replace("ann", "4h")})
    ann = Contact.objects.get(name="Ann")
    make_contact(acme.organisation, "=Semi; colon\\", phones=["+49-30 1", "'=2"], deputy=ann)
    make_team(acme.organisation, "Odd", Contact.objects.get(name="=Semi; colon\\"))
    make_system(acme.organisation, "  @home ", description="-a\r\n=b\r\n", data_gb="1.125")
    archive = exporting.organisation_zip(acme.organisation)
    before = figures(acme.organisation)
    plan = importing.apply(
        acme.organisation,
        importing.from_files({"export.zip": archive}),
        Options(),
        by=acme.shell,
    )
    assert plan.changes == ()
    assert sum(count[Outcome.UNCHANGED] for count in plan.counts.values()) >= 14
    assert figures(acme.organisation) == before


def test_an_export_moves_a_whole_organisation(acme: Cast, rival: Cast) -> None:
    run(acme, FILES)
    archive = importing.from_files({"a.zip": exporting.organisation_zip(acme.organisation)})
    importing.apply(rival.organisation, archive, Options(), by=rival.shell)
    assert exporting.organisation_zip(rival.organisation) == exporting.organisation_zip(
        acme.organisation
    )


def _estate_files(size: int) -> dict[str, str]:
    names = [f"System {number}" for number in range(size)]
    return {
        "systems": "name,tier,rto\n" + "".join(f"{name},1,4h\n" for name in names),
        "dependencies": "dependent,dependency\n"
        + "".join(f"{name},{names[0]}\n" for name in names[1:]),
    }


def test_the_number_of_queries_does_not_grow_with_the_number_of_rows(
    acme: Cast, rival: Cast
) -> None:
    counts = []
    for cast, size in ((acme, 5), (rival, 40)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run(cast, _estate_files(size), approver=cast.user(Role.EXECUTIVE).email)
        counts.append(len(queries))
    assert counts[0] <= 61
    assert counts[1] - counts[0] <= 8
    with CaptureQueriesContext(connection) as queries:
        estate.load(rival.organisation)
    assert len(queries) <= 18
