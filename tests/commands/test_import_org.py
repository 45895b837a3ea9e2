"""`import_org`: what scripts rely on."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bcp.engine.permissions import Role
from bcp.models import (
    AuditEvent,
    Dependency,
    Organisation,
    ProposedDependency,
    RecoveryTarget,
    System,
)
from tests.conftest import Cast


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "systems.csv").write_text("name,tier,rto\nERP,1,4h\nDB,2,\n")
    (tmp_path / "dependencies.csv").write_text("dependent,depends_on\nERP,DB\n")
    return tmp_path


def run(*arguments: object) -> tuple[str, str]:
    """What the command says: (output, notices)."""
    out, err = StringIO(), StringIO()
    call_command("import_org", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_it_makes_the_organisation_and_changes_nothing_the_second_time(folder: Path) -> None:
    out, _err = run("acme", folder, "--create", "Acme Foods")
    assert "systems: 2 new, 0 changed, 0 unchanged" in out
    assert "Imported: 4 changes." in out
    events = AuditEvent.objects.count()
    out, _err = run("acme", folder, "--create", "Acme Foods")
    assert "Nothing has changed." in out
    assert AuditEvent.objects.count() == events
    assert Organisation.objects.get().name == "Acme Foods"


@pytest.mark.django_db
def test_one_bad_row_leaves_not_even_the_organisation(folder: Path) -> None:
    (folder / "systems.csv").write_text("name,tier,rto\nERP,9,4h\n,1,-1\n")
    with pytest.raises(CommandError) as error:
        run("acme", folder, "--create", "Acme Foods")
    lines = str(error.value).splitlines()
    assert lines[0] == "There are 4 faults; nothing was imported."
    assert [line.split(": ")[0] for line in lines[1:]] == [
        "dependencies.csv:2:depends_on",
        "systems.csv:2:tier",
        "systems.csv:3:rto",
        "systems.csv:3:name",
    ]
    assert error.value.returncode == 1
    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_a_dry_run_says_every_difference_and_saves_nothing(folder: Path) -> None:
    out, _err = run("acme", folder, "--create", "Acme Foods", "--dry-run")
    assert "systems.csv:2: new system ERP" in out
    assert "nothing was saved" in out
    assert not Organisation.objects.exists()
    run("acme", folder, "--create", "Acme Foods")
    (folder / "systems.csv").write_text("name,tier\nERP,3\n")
    out, _err = run("acme", folder, "--dry-run")
    assert "systems.csv:2: changed system ERP\n    tier: 1 → 3" in out
    assert System.objects.get(name="ERP").tier == 1


def test_add_missing_makes_systems_of_dependencies(acme: Cast, tmp_path: Path) -> None:
    (tmp_path / "dependencies.csv").write_text("dependent,depends_on\nshop,cart\n")
    with pytest.raises(CommandError):
        run("acme", tmp_path)
    run("acme", tmp_path, "--add-missing")
    assert set(System.objects.values_list("name", flat=True)) == {"shop", "cart"}


def test_targets_are_approved_as_a_member_who_may(acme: Cast, folder: Path) -> None:
    with pytest.raises(CommandError, match="not an active member"):
        run("acme", folder, "--approve-targets-as", "nobody@acme.example")
    with pytest.raises(CommandError, match="may not do this: approve target"):
        run("acme", folder, "--approve-targets-as", acme.user(Role.ENGINEER).email)
    out, _err = run("acme", folder, "--approve-targets-as", acme.user(Role.EXECUTIVE).email)
    assert "1 targets approved" in out
    assert RecoveryTarget.objects.get().decided_by == acme.user(Role.EXECUTIVE)


def test_notices_go_to_the_other_stream(acme: Cast, folder: Path) -> None:
    (folder / "impact.csv").write_text("process,category\n")
    (folder / "systems.csv").write_text("name,colour\nERP,red\nDB,blue\n")
    out, err = run("acme", folder)
    assert "impact.csv:-:-: ignored: not the name of a file that is imported" in err
    assert "systems.csv:1:colour" in err
    assert "colour" not in out


def test_unknown_organisations_folders_and_other_names_are_clear_errors(
    acme: Cast, folder: Path
) -> None:
    with pytest.raises(CommandError, match="There is no organisation “nowhere”"):
        run("nowhere", folder)
    with pytest.raises(CommandError, match="this is not a folder"):
        run("acme", folder / "nowhere")
    with pytest.raises(CommandError, match="is named “Acme Foods”"):
        run("acme", folder, "--create", "Another name")
    with pytest.raises(CommandError, match="slug"):
        run("not a slug", folder, "--create", "Name")


def test_a_huge_file_is_refused_before_it_is_read(acme: Cast, tmp_path: Path) -> None:
    with (tmp_path / "systems.csv").open("wb") as huge:
        huge.truncate(50 * 1024**2)
    with pytest.raises(CommandError, match="52,428,800 bytes; at most 5,242,880"):
        run("acme", tmp_path)


@pytest.mark.django_db
def test_impacts_arrive_and_the_analysis_tells_the_targets_that_follow(folder: Path) -> None:
    (folder / "systems.csv").write_text("name,kind\nPayroll,business process\nERP,\nDB,\n")
    (folder / "impacts.csv").write_text(
        "process,category,1h,4h,8h,1d,3d,1w,2w\nPayroll,clients,0,1,2,3,3,4,\n"
        "Payroll,legal,0,0,0,0,1,2,5\n"
    )
    with pytest.raises(CommandError, match=r"impacts\.csv:3:2w: “5” is not a level of impact"):
        run("acme", folder, "--create", "Acme Foods")
    (folder / "impacts.csv").write_text(
        "process,category,1h,4h,8h,1d,3d,1w,2w\nPayroll,clients,0,1,2,3,3,4,\n"
    )
    out, _err = run("acme", folder, "--create", "Acme Foods")
    assert "business impacts: 1 new, 0 changed, 0 unchanged" in out
    out, _err = run("acme", folder)
    assert "Nothing has changed." in out
    printed = StringIO()
    call_command("analyse", "acme", "--format", "json", stdout=printed)
    told = {one["name"]: one for one in json.loads(printed.getvalue())["systems"]}
    assert (told["Payroll"]["derived_rto_minutes"], told["Payroll"]["derived_rto_at_most"]) == (
        1440,
        True,
    )
    assert told["Payroll"]["derived_mtd_minutes"] == 10080
    assert told["ERP"]["derived_rto_minutes"] is None


@pytest.mark.django_db
def test_dependencies_wait_for_review_if_they_are_asked_to(folder: Path) -> None:
    out, _err = run("acme", folder, "--create", "Acme Foods", "--propose-dependencies")
    assert "proposed dependencies: 1 new, 0 changed, 0 unchanged" in out
    assert not Dependency.objects.exists()
    assert str(ProposedDependency.objects.get()) == "ERP → DB"
    out, _err = run("acme", folder, "--propose-dependencies")
    assert "Nothing has changed." in out
