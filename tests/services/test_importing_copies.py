"""policies.csv and copies.csv: kinds, policies and restore tests come in, go out, and stay."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from bcp.errors import BcpError
from bcp.models import AuditEvent, BackupCopy, BackupPolicy, Organisation, RestoreTest
from bcp.queries import history
from bcp.services import demo, exporting, importing, policies
from bcp.services.actor import Actor
from bcp.services.import_plan import ImportRefused
from bcp.services.importing import Options
from tests.conftest import Cast
from tests.factories import make_copy, make_policy, make_restore_test, make_site, make_system


def bring(cast: Cast, **files: str) -> importing.ImportPlan:
    incoming = importing.from_files(
        {f"{name}.csv": content.encode() for name, content in files.items()}
    )
    return importing.apply(cast.organisation, incoming, Options(), by=cast.shell)


def faults(cast: Cast, **files: str) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        bring(cast, **files)
    return [str(fault) for fault in refused.value.plan.faults]


def the_copy(cast: Cast) -> BackupCopy:
    return BackupCopy.objects.of(cast.organisation).get()


def test_every_field_comes_in(acme: Cast) -> None:
    make_system(acme.organisation, "ERP")
    make_site(acme.organisation, "Vault")
    bring(
        acme,
        copies="system,name,kind,source,repository,encrypted,restore_fixed,site,locked,retention,"
        "last_restore_test,last_restore_result,last_restore_minutes\n"
        "ERP,Nightly,snapshot,/srv,repo 1,yes,15,Vault,yes,35d,2026-05-01,success,2h\n",
    )
    copy = the_copy(acme)
    assert (copy.kind, copy.source, copy.repository) == ("snapshot", "/srv", "repo 1")
    assert (copy.encrypted, copy.restore_fixed_minutes) == (True, 15)
    assert copy.locked_minutes == copy.retention_minutes == 35 * 24 * 60
    test = copy.restore_tests.get()
    assert (test.done_on, test.outcome, test.minutes) == (date(2026, 5, 1), "success", 120)


@pytest.mark.parametrize(
    ("was", "cells", "becomes"),
    [
        ("snapshot", {"replica": "no"}, "snapshot"),
        ("snapshot", {"replica": ""}, "snapshot"),
        ("replica", {"replica": "no"}, "backup"),
        ("backup", {"replica": "yes"}, "replica"),
        ("backup", {"replica": "yes", "kind": "export"}, "SaaS export"),
        ("snapshot", {"kind": ""}, "backup"),
        ("backup", {"kind": "saas_EXPORT"}, "SaaS export"),
    ],
)
def test_a_kind_decides_and_replica_only_tells_replicas(
    was: str, cells: dict[str, str], becomes: str, acme: Cast
) -> None:
    make_copy(make_system(acme.organisation, "ERP"), "Nightly", kind=was)
    header, row = (
        ",".join(["system", "name", *cells]),
        ",".join(["ERP", "Nightly", *cells.values()]),
    )
    bring(acme, copies=f"{header}\n{row}\n")
    assert the_copy(acme).kind == becomes


def test_an_empty_yes_or_no_is_unknown(acme: Cast) -> None:
    make_copy(make_system(acme.organisation, "ERP"), "Nightly", offline=True, encrypted=False)
    bring(acme, copies="system,name,offline,encrypted\nERP,Nightly,,\n")
    assert (the_copy(acme).offline, the_copy(acme).encrypted) == (None, None)


def test_a_copy_follows_a_policy_that_comes_along(acme: Cast) -> None:
    make_system(acme.organisation, "ERP")
    bring(
        acme,
        policies="name,content,interval,retention,locked\nVault,network,1d,35d,yes\n",
        copies="system,name,policy,content,interval,offline\nERP,Nightly,vault,,,\n",
    )
    copy = the_copy(acme)
    assert copy.policy is not None
    assert (copy.content, copy.interval_minutes, copy.locked_minutes) == ("network", 1440, 50400)
    bring(acme, policies="name,interval\nVault,2d\n")
    assert the_copy(acme).interval_minutes == 2880
    event = history.of_record(acme.organisation, "backupcopy", copy.pk)[0]
    assert event.after == {"interval_minutes": 2880}
    bring(acme, copies="system,name,policy,interval\nERP,Nightly,,3d\n")
    assert (the_copy(acme).policy, the_copy(acme).interval_minutes) == (None, 4320)


def test_a_cell_that_says_otherwise_than_the_policy_is_a_fault_at_its_place(acme: Cast) -> None:
    policy = make_policy(acme.organisation, "Vault", interval_minutes=1440, offline=True)
    system = make_system(acme.organisation, "ERP")
    policies.assign(acme.organisation, policy.pk, [system.pk], by=acme.shell)
    said = faults(acme, copies="system,name,interval,offline,replica\nERP,Vault,2d,no,yes\n")
    columns = ("interval", "offline", "replica")
    assert [fault.split(": ")[0] for fault in said] == [f"copies.csv:2:{one}" for one in columns]
    assert all("follows the policy “Vault”" in fault for fault in said)
    plan = bring(acme, copies="system,name,interval,offline,replica\nERP,Vault,24h,yes,no\n")
    assert not plan.changes_something


def test_a_policy_that_nobody_knows_is_a_fault(acme: Cast) -> None:
    make_system(acme.organisation, "ERP")
    make_policy(acme.organisation, "Daily to the vault")
    [fault] = faults(acme, copies="system,name,policy\nERP,Nightly,Daily to vault\n")
    assert "did you mean “Daily to the vault”" in fault


def test_a_restore_test_is_brought_up_to_date_and_none_is_deleted(acme: Cast) -> None:
    copy = make_copy(make_system(acme.organisation, "ERP"), "Nightly")
    make_restore_test(copy, done_on=date(2026, 5, 1), outcome="failure", note="disk full")
    header = "system,name,last_restore_test,last_restore_result\n"
    bring(acme, copies=f"{header}ERP,Nightly,2026-05-01,partial\n")
    test = RestoreTest.objects.get()
    assert (test.outcome, test.note) == ("partial", "disk full")
    bring(acme, copies=f"{header}ERP,Nightly,2026-06-01,success\n")
    bring(acme, copies=f"{header}ERP,Nightly,,\n")
    assert RestoreTest.objects.count() == 2
    plan = bring(acme, copies=f"{header}ERP,Nightly,,success\n")
    assert "when it was is not known" in str(plan.notices[-1])
    [fault] = faults(acme, copies=f"{header}ERP,Nightly,2150-01-01,success\n")
    assert "still to come" in fault


def test_what_was_exported_makes_the_same_organisation_and_changes_nothing_here(
    acme: Cast, rival: Cast
) -> None:
    site = make_site(acme.organisation, "Vault")
    policy = make_policy(
        acme.organisation,
        "Daily",
        site=site,
        interval_minutes=1440,
        restore_mb_s="120.5",
        encrypted=False,
    )
    system = make_system(acme.organisation, "ERP")
    [copy] = policies.assign(acme.organisation, policy.pk, [system.pk], by=acme.shell)
    make_restore_test(copy, minutes=90)
    make_copy(system, "Snapshots", kind="snapshot", source="=1+1", offline=None)
    packed = {"all.zip": exporting.organisation_zip(acme.organisation)}
    events = AuditEvent.objects.of(acme.organisation).count()
    incoming = importing.from_files(packed)
    plan = importing.apply(acme.organisation, incoming, Options(), by=acme.shell)
    assert not plan.changes_something
    assert AuditEvent.objects.of(acme.organisation).count() == events
    importing.apply(rival.organisation, incoming, Options(), by=rival.shell)
    assert _said(rival.organisation) == _said(acme.organisation)


def _said(organisation: Organisation) -> list[tuple[object, ...]]:
    rows = BackupCopy.objects.of(organisation).order_by("name")
    names = ("name", "policy__name", "site__name", "kind", "source", "interval_minutes")
    more = ("restore_mb_s", "encrypted", "offline", "restore_tests__minutes")
    return list(rows.values_list(*names, *more))


def test_the_demo_exported_and_imported_again_changes_nothing(db: None, settings: Settings) -> None:
    settings.DEBUG = True
    demo.load(timezone.now())
    for firm in demo.FIRMS:
        organisation = Organisation.objects.get(slug=firm.slug)
        incoming = importing.from_files({"all.zip": exporting.organisation_zip(organisation)})
        by = Actor.command_line(organisation)
        plan = importing.preview(organisation, incoming, Options(), by=by)
        assert (plan.faults, plan.changes) == ((), ())


def test_one_bad_row_imports_nothing(acme: Cast) -> None:
    with pytest.raises(BcpError):
        bring(acme, policies="name,interval\nVault,soon\n")
    assert not BackupPolicy.objects.exists()
