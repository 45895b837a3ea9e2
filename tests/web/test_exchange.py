"""Exchange: send in, look, confirm; take out."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from bcp.engine.permissions import Role
from bcp.models import AuditEvent, ImportUpload, RecoveryTarget, System
from bcp.services import importing
from tests.conftest import CANARY, Cast
from tests.factories import make_site, make_system

HOME = "/o/acme/exchange/"
GOOD = b"name,tier,rto\nERP,1,4h\nDB,2,\n"


@pytest.fixture
def director(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.IT_DIRECTOR))
    return client


def send(client: Client, *files: tuple[str, bytes], **fields: str) -> HttpResponse:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(HOME + "upload/", {"upload": sent, **fields})


def seen(page: HttpResponse) -> str:
    return page.context["plan"].fingerprint


def zipped(*files: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


def test_nothing_is_saved_until_the_preview_is_confirmed(director: Client, acme: Cast) -> None:
    make_system(acme.organisation, "ERP", tier=3)
    response = send(director, ("systems.csv", GOOD))
    preview = response.headers["Location"]
    page = director.get(preview)
    words = page.content.decode()
    assert "Nothing has been saved yet" in words
    assert "<del>3</del> → <ins>1</ins>" in words
    assert "new target proposal" in words
    assert System.objects.get().tier == 3

    done = director.post(preview, {"seen": seen(page)}, follow=True)
    assert "Imported: 3 changes." in done.content.decode()
    assert System.objects.get(name="ERP").tier == 1
    assert RecoveryTarget.objects.get().proposed_by == acme.user(Role.IT_DIRECTOR)
    assert AuditEvent.objects.filter(via="web", record_type="system", action="changed").exists()
    assert not ImportUpload.objects.exists()
    assert director.get(preview).status_code == 404


def test_several_files_or_one_archive_do_the_same(director: Client) -> None:
    files = (("systems.csv", GOOD), ("dependencies.csv", b"dependent,depends_on\nERP,DB\n"))
    pages = [
        director.get(send(director, *sent).headers["Location"])
        for sent in (files, (("estate.ZIP", zipped(*files)),))
    ]
    assert seen(pages[0]) == seen(pages[1])
    assert len(pages[0].context["plan"].changes) == 4


def test_faults_are_listed_by_place_and_nothing_can_be_confirmed(director: Client) -> None:
    bad = b"name,tier\nERP,9\n,1\n"
    response = send(
        director, ("systems.csv", bad), ("contacts.csv", "name\nJürgen".encode("cp1252"))
    )
    preview = response.headers["Location"]
    page = director.get(preview)
    words = page.content.decode()
    assert "There is a problem" in words
    assert "3 faults were found" in words
    for place in ("systems.csv, row 2, tier", "systems.csv, row 3, name", "contacts.csv, row 2"):
        assert place in words
    assert "Import all of it" not in words
    assert director.post(preview, {"seen": seen(page)}).status_code == 422
    assert not System.objects.exists()


def test_missing_systems_can_be_added_after_a_look(director: Client) -> None:
    response = send(director, ("dependencies.csv", b"dependent,depends_on\nshop,cart\n"))
    preview = response.headers["Location"]
    assert "Add 2 missing systems" in director.get(preview).content.decode()
    assert director.post(preview + "add-missing/").headers["Location"] == preview
    page = director.get(preview)
    assert page.context["plan"].faults == ()
    director.post(preview, {"seen": seen(page)})
    assert System.objects.count() == 2


def test_a_change_in_the_meantime_is_shown_before_anything_is_saved(
    director: Client, acme: Cast
) -> None:
    preview = send(director, ("systems.csv", GOOD)).headers["Location"]
    page = director.get(preview)
    make_system(acme.organisation, "ERP", tier=4)
    answer = director.post(preview, {"seen": seen(page)})
    assert answer.status_code == 409
    assert "Somebody has changed the organisation since" in answer.content.decode()
    assert System.objects.get().tier == 4
    assert director.post(preview, {"seen": seen(answer)}).status_code == 302
    assert System.objects.get(name="ERP").tier == 1


def test_a_repeat_says_that_it_would_change_nothing(director: Client) -> None:
    for _time in range(2):
        page = director.get(send(director, ("systems.csv", GOOD)).headers["Location"])
        director.post(page.request["PATH_INFO"], {"seen": seen(page)})
    page = director.get(send(director, ("systems.csv", GOOD)).headers["Location"])
    assert "would change nothing" in page.content.decode()


def test_an_upload_can_be_given_up_and_does_not_stay_for_long(director: Client) -> None:
    preview = send(director, ("systems.csv", GOOD)).headers["Location"]
    ImportUpload.objects.all().update(expires_at=timezone.now() - timedelta(seconds=1))
    assert director.get(preview).status_code == 404
    preview = send(director, ("systems.csv", GOOD)).headers["Location"]
    assert ImportUpload.objects.count() == 1
    assert director.post(preview + "discard/").status_code == 302
    assert not ImportUpload.objects.exists()


def test_too_large_too_many_and_no_files_are_refused_at_the_field(
    director: Client,
    settings: Settings,
) -> None:
    settings.IMPORT_FILE_BYTES = 1000
    for files, says in (
        ((("systems.csv", b"x" * 1001),), "too large: systems.csv"),
        (tuple((f"{number}.csv", b"x") for number in range(21)), "At most 20 files"),
        (tuple((f"{number}.csv", b"x" * 1000) for number in range(9)), "in several parts"),
        ((("systems.csv", b"a"), ("systems.csv", b"b")), "the same name"),
        ((), "This field is required."),
    ):
        answer = send(director, *files)
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert not ImportUpload.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("bomb.zip", zipped(("systems.csv", b"0" * 10_000_000)), "10,000,000 bytes"),
        ("nested.zip", zipped(("../../systems.csv", GOOD)), "lies in a folder"),
        ("torn.zip", zipped(("systems.csv", GOOD))[:40], "damaged"),
        ("systems.csv", b"\x00\x01\x02", "NUL byte"),
        ("systems.csv", b"," * 1_000_000, "at most 200"),
        ("systems.csv", b"", "empty"),
        ("what<b>.csv", b"name", "no file to import"),
    ],
    ids=("bomb", "nested", "torn", "NUL bytes", "a million columns", "empty", "not a table"),
)
def test_hostile_files_are_a_clear_fault(
    director: Client, name: str, content: bytes, says: str
) -> None:
    page = director.get(send(director, (name, content)).headers["Location"])
    assert page.status_code == 200
    assert says in page.content.decode()
    assert "<b>" not in page.content.decode()


def test_markup_in_names_is_shown_as_text(director: Client) -> None:
    page = director.get(
        send(director, ("systems.csv", b"name\n<script>alert(1)</script>\n")).headers["Location"]
    )
    assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_a_role_that_cannot_edit_gets_the_exports_but_no_form(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.AUDITOR))
    words = client.get(HOME).content.decode()
    assert "exchange/export/" in words
    assert 'type="file"' not in words


def test_an_engineer_cannot_bring_in_targets(acme: Cast, client: Client) -> None:
    client.force_login(acme.user(Role.ENGINEER))
    page = client.get(send(client, ("systems.csv", GOOD)).headers["Location"])
    assert "may not propose targets" in page.content.decode()


def test_the_export_is_an_archive_that_changes_nothing(director: Client, acme: Cast) -> None:
    make_site(acme.organisation, "HQ", address="=1+1")
    response = director.get(HOME + "export/")
    assert response.headers["Content-Type"] == "application/zip"
    assert 'filename="acme-' in response.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert set(archive.namelist()) >= {"sites.csv", "systems.csv", "copies.csv"}
        assert b"'=1+1" in archive.read("sites.csv")
    page = director.get(send(director, ("acme.zip", response.content)).headers["Location"])
    assert "would change nothing" in page.content.decode()


def test_the_templates_can_be_imported_as_they_are(director: Client) -> None:
    content = director.get(HOME + "templates/").content
    assert not importing.from_files({"templates.zip": content}).findings.faults
    page = director.get(send(director, ("templates.zip", content)).headers["Location"])
    assert page.context["plan"].faults == ()


def test_another_organisation_is_in_no_export_and_no_upload_is_reached_from_it(
    director: Client, acme: Cast, rival: Cast
) -> None:
    make_site(rival.organisation, CANARY)
    with zipfile.ZipFile(io.BytesIO(director.get(HOME + "export/").content)) as archive:
        assert all(CANARY.encode() not in archive.read(name) for name in archive.namelist())
    preview = send(director, ("systems.csv", GOOD)).headers["Location"]
    director.force_login(rival.user(Role.ADMINISTRATOR))
    foreign = preview.replace("/o/acme/", "/o/rival/")
    for address in (preview, foreign):
        assert director.get(address).status_code == 404
        assert director.post(address, {"seen": ""}).status_code == 404
