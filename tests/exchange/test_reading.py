"""Files are read however they were written; what is wrong is named at its place, all of it."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bcp.exchange.findings import Findings
from bcp.exchange.layouts import LAYOUTS
from bcp.exchange.reading import Bundle, read_files
from bcp.exchange.tables import MOST_COLUMNS, MOST_ROWS


def read(**files: bytes | str) -> tuple[Bundle, Findings]:
    """Files by their names without `.csv`."""
    findings = Findings()
    contents = {
        f"{name}.csv": content.encode() if isinstance(content, str) else content
        for name, content in files.items()
    }
    return read_files(contents, findings), findings


def faults(**files: bytes | str) -> list[str]:
    return [str(fault) for fault in read(**files)[1].faults]


@pytest.mark.parametrize(
    "content",
    [
        b"name,rto,owner\nERP,4h,Ann\n",
        b"\xef\xbb\xbfname,rto,owner\r\nERP,4h,Ann",
        b"Name;RTO;Owner\rERP;240;Ann\r",
        b" OWNER \tname\tRecovery Time Objective\nAnn\t ERP \tPT4H\n\n",
        b'"owner";"system_name";"rto_minutes"\n"Ann";"ERP";"4 h"\n;;\n',
    ],
)
def test_a_file_is_understood_however_it_was_written(content: bytes) -> None:
    bundle, findings = read(systems=content)
    assert findings.faults == []
    [row] = bundle.systems.rows
    assert (row.name, row.rto_minutes, row.owner, row.row) == ("ERP", 240, "Ann", 2)


def test_the_usual_synonyms_of_dependencies_are_understood() -> None:
    bundle, findings = read(dependencies="system,depends_on\nERP,DB\n")
    assert not findings.faults
    assert (bundle.dependencies.rows[0].dependent, bundle.dependencies.rows[0].dependency) == (
        "ERP",
        "DB",
    )


def test_unknown_columns_and_files_are_reported_and_ignored() -> None:
    _bundle, findings = read(sites="name,colour\nHQ,red\n", notes="y")
    assert not findings.faults
    assert [str(notice) for notice in findings.notices] == [
        "notes.csv:-:-: ignored: not the name of a file that is imported",
        "sites.csv:1:colour: this column is not known and is ignored",
    ]


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks() -> None:
    bundle, findings = read(sites='name,address\nHQ,"Road 1,\nLondon ""E1"""\nDC,\n')
    assert not findings.faults
    assert [row.address for row in bundle.sites.rows] == ['Road 1,\nLondon "E1"', ""]
    assert [row.row for row in bundle.sites.rows] == [2, 3]


def test_an_empty_cell_is_unknown_and_a_missing_column_is_not_touched() -> None:
    bundle, _findings = read(systems="name,rto,tier\nERP,,\n")
    row = bundle.systems.rows[0]
    assert (row.rto_minutes, row.tier) == (None, None)
    assert set(bundle.systems.headers) == {"name", "rto_minutes", "tier"}


def test_marks_against_formulas_are_taken_off_again() -> None:
    bundle, _findings = read(contacts="name,phones\n'=Ann,+49 170 1; +49 30 2\n@Bob,'-\n")
    assert [row.name for row in bundle.contacts.rows] == ["=Ann", "@Bob"]
    assert bundle.contacts.rows[0].phones == ("+49 170 1", "+49 30 2")


def test_every_fault_of_every_file_is_listed_at_once() -> None:
    found = faults(
        systems="name,tier,RTO\nERP,9,-4h\nerp,1,1h\n,2,2h\nDB,1,4h,extra\n",
        dependencies="dependent,depends_on\nERP,erp\nERP,\nERP,DB\nerp,db\n",
        teams="heads_day\n3\n",
    )
    assert [fault.split(": ")[0] for fault in found] == [
        "dependencies.csv:2:depends_on",
        "dependencies.csv:3:depends_on",
        "dependencies.csv:5:depends_on",
        "systems.csv:2:tier",
        "systems.csv:2:RTO",
        "systems.csv:3:name",
        "systems.csv:4:name",
        "systems.csv:5:-",
        "teams.csv:1:name",
    ]
    assert "stands in row 2 already" in found[5]


MANY_ROWS = b"name\n" + b"".join(b"%d\n" % number for number in range(MOST_ROWS + 1))


@pytest.mark.parametrize(
    ("content", "place", "says"),
    [
        ("name\nHQ\nMünchen".encode("latin-1"), "sites.csv:3:-", "byte 0xFC"),
        ("name\nHQ".encode("utf-16"), "sites.csv:1:-", "UTF-16"),
        (b"name\nHQ\nD\x00C", "sites.csv:3:-", "NUL byte (byte 10 of the file)"),
        (b"", "sites.csv:-:-", "empty"),
        (b'name\n"HQ\n', "sites.csv:2:-", "quotation marks do not match"),
        (b"," * 1_000_000, "sites.csv:1:-", f"at most {MOST_COLUMNS}"),
        (b"name\n" + b"," * 300, "sites.csv:2:-", f"at most {MOST_COLUMNS}"),
        (b"name\n" + b"x" * 200_000, "sites.csv:2:-", "longer than"),
        (MANY_ROWS, f"sites.csv:{MOST_ROWS + 2}:-", "more than"),
        (b"name,Site Name\nHQ,HQ", "sites.csv:1:Site Name", "means the same"),
        ("name\n" + "x" * 201, "sites.csv:2:name", "at most 200"),
    ],
)
def test_a_hopeless_file_is_one_clear_fault(content: bytes | str, place: str, says: str) -> None:
    found = faults(sites=content)
    assert found[0].startswith(place + ":")
    assert says in found[0]
    assert len(found) == 1


def test_two_files_of_one_name_are_a_fault() -> None:
    findings = Findings()
    read_files({"sites.csv": b"name\nHQ", "Sites.CSV": b"name\nDC"}, findings)
    assert [str(fault) for fault in findings.faults] == [
        "sites.csv:-:-: this file is there twice; send it once"
    ]


def test_nothing_to_import_says_which_files_there_could_be() -> None:
    assert "sites.csv, contacts.csv" in faults(notes="x")[0]


def test_names_and_headers_from_outside_stay_on_one_line() -> None:
    found = faults(sites='name,"a\nb\x1b[31m"\n"x\ny",1\n') + [
        str(notice) for notice in read(sites='name,"a\nb\x1b[31m"\nx,1\n')[1].notices
    ]
    assert found
    assert all(line.isprintable() for line in found)


FRAGMENTS = st.sampled_from(
    ["name", "dependent", "depends_on", "rto", ",", ";", "\t", '"', "\n", "\r", "=1", "ERP", "é"]
)


@given(st.binary() | st.lists(FRAGMENTS).map("".join).map(str.encode))
@example(b"\xff\xfe\x00")
@example(b'name\n"')
def test_no_bytes_raise_anything(content: bytes) -> None:
    findings = Findings()
    bundle = read_files({layout.file: content for layout in LAYOUTS}, findings)
    rows: list[Any] = [
        row
        for sheet in (bundle.systems, bundle.dependencies, bundle.contacts)
        for row in sheet.rows
    ]
    assert findings.faults or not rows or all(row.row >= 2 for row in rows)
    assert all(str(fault).count(":") >= 3 for fault in findings.faults)
