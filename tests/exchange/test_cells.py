"""Cells that look like formulas leave as text and come back as they were."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bcp.exchange.cells import escape_cell, unescape_cell
from bcp.services.exporting import Format, spreadsheet

FORMULAS = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", " =1", "\t=1", "＝1", "+49-170-1"]


@given(st.text(alphabet=st.sampled_from("'=+-@ \tab1;,.＝\r\n")) | st.text())
def test_every_text_survives_the_way_out_and_back(text: str) -> None:
    assert unescape_cell(escape_cell(text)) == text


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_marked_as_text(text: str) -> None:
    assert escape_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["+49 170 1234567", "+49 30 1; +49 170 2", "-5", "-5.25", "+7"])
def test_phone_and_plain_numbers_are_left_alone(text: str) -> None:
    assert escape_cell(text) == text


@given(st.text(alphabet=st.sampled_from("'=+-@ A1;|!(")))
def test_no_escaped_cell_starts_a_formula_with_a_letter_or_a_call(text: str) -> None:
    cell = escape_cell(text).lstrip()
    starts_formula = cell[:1] in {"=", "+", "-", "@"}
    assert not starts_formula or set(cell) <= set("+-0123456789 ;.,")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_spreadsheet_cell_is_a_text_not_a_formula(text: str) -> None:
    file = spreadsheet(["name"], [[text]], Format.XLSX)
    cell = load_workbook(io.BytesIO(file)).active["A2"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_a_spreadsheet_keeps_numbers_and_replaces_what_xml_cannot_hold() -> None:
    file = spreadsheet(["name", "minutes"], [["bell \x07", 60], [None, None]], Format.XLSX)
    rows = list(load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True))
    assert rows[1] == ("bell �", 60)


def test_a_csv_file_is_utf8_that_spreadsheet_programs_recognise() -> None:
    file = spreadsheet(["name", "may"], [["Zürich, =1", True], ["=1", None]], Format.CSV)
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))
    assert file.startswith(b"\xef\xbb\xbf")
    assert rows == [["name", "may"], ["Zürich, =1", "yes"], ["'=1", ""]]
