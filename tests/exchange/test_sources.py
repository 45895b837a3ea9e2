"""Folders and archives: sizes before contents, and no way out of the archive."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.exchange.findings import Findings
from bcp.exchange.sources import MOST_FILES, from_folder, from_zip, to_zip

LONGEST = 1000


def unzip(archive: bytes) -> tuple[dict[str, bytes], list[str]]:
    findings = Findings()
    files = from_zip(archive, findings, longest=LONGEST)
    return files, [str(fault) for fault in findings.faults]


def make_zip(*entries: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


def test_an_archive_gives_back_its_files_and_is_always_the_same() -> None:
    files = {"sites.csv": b"name\nHQ", "teams.csv": b"name\n"}
    assert unzip(to_zip(files)) == (files, [])
    assert to_zip(files) == to_zip(dict(reversed(files.items())))


def test_what_systems_put_beside_the_files_is_left_out() -> None:
    archive = make_zip(("sites.csv", b"x"), ("__MACOSX/._sites.csv", b"y"), (".DS_Store", b"z"))
    assert unzip(archive) == ({"sites.csv": b"x"}, [])


@pytest.mark.parametrize(
    ("archive", "says"),
    [
        (make_zip(("../../etc/sites.csv", b"x")), "in a folder of the archive"),
        (make_zip(("a\\sites.csv", b"x")), "in a folder of the archive"),
        (make_zip(("sites.csv", b"0" * (LONGEST + 1))), "has 1,001 bytes"),
        (make_zip(("sites.csv", b"0" * 10**7)), "has 10,000,000 bytes"),
        (make_zip(*((f"{i}.csv", b"0" * LONGEST) for i in range(9))), "has 9,000 bytes"),
        (make_zip(*((f"{i}.csv", b"") for i in range(MOST_FILES + 1))), "at most 20"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"", "damaged"),
        (make_zip(("sites.csv", b"0" * 500))[:-30], "damaged"),
    ],
)
def test_a_dangerous_archive_is_refused(archive: bytes, says: str) -> None:
    files, faults = unzip(archive)
    assert files == {}
    assert says in faults[0]


def test_an_archive_whose_directory_lies_about_sizes_is_refused() -> None:
    honest = make_zip(("sites.csv", b"0" * 5000))
    lying = honest.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    files, faults = unzip(lying)
    assert len(files.get("sites.csv", b"")) <= LONGEST + 1
    assert faults


def test_an_archive_with_a_password_is_refused() -> None:
    plain = bytearray(make_zip(("sites.csv", b"x")))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        plain[plain.index(signature) + offset] |= 1
    assert "encrypted" in unzip(bytes(plain))[1][0]


@given(st.data())
def test_no_damage_to_an_archive_raises_anything(data: st.DataObject) -> None:
    archive = bytearray(make_zip(("sites.csv", b"name\nHQ\n" * 20), ("teams.csv", b"name\n")))
    for _change in range(data.draw(st.integers(1, 8))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    findings = Findings()
    from_zip(bytes(archive), findings, longest=LONGEST)


def test_a_folder_gives_its_csv_files_and_refuses_a_huge_one_unread(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_bytes(b"name\nHQ")
    (tmp_path / "readme.txt").write_text("x")
    (tmp_path / ".hidden.csv").write_text("x")
    (tmp_path / "inner").mkdir()
    with (tmp_path / "systems.csv").open("wb") as huge:
        huge.truncate(50 * 1024**2)
    findings = Findings()
    assert from_folder(tmp_path, findings, longest=LONGEST) == {"sites.csv": b"name\nHQ"}
    assert [str(fault) for fault in findings.faults] == [
        "systems.csv:-:-: has 52,428,800 bytes; at most 1,000 are allowed, so split it"
    ]
    assert [notice.file for notice in findings.notices] == ["readme.txt"]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    findings = Findings()
    assert from_folder(tmp_path / "nowhere", findings, longest=LONGEST) == {}
    assert "not a folder" in str(findings.faults[0])
