"""What the printed plan says of backups, procedures and exercises is what the analysis says."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import page as validator
import pytest

from bcp.documents import gap_lists, losses, ransomware, readiness_chapter, wording
from bcp.documents import snapshot as snapshots
from bcp.documents.snapshot import Snapshot
from bcp.engine.analysis import analyse
from bcp.engine.loss import LossState
from bcp.engine.results import Analysis
from tests.documents.conftest import Book, printed_book, sheet_text
from tests.documents.plan_estate import analysed, plan, printed
from tests.documents.plan_surroundings import COMBINED, TODAY, surroundings

STORE = "key000000004"
EARLIER = Path(__file__).with_name("plan_of_schema_1.json")


def flat(text: str) -> str:
    return " ".join(text.split())


def answer_of(answer: Analysis, name: str):
    return next(one for one in answer.backups if one.name == name)


def chapter(book: Book, anchor: str, after: str) -> str:
    return book.flow(*range(book.page_of(anchor), book.page_of(after)))


@pytest.fixture(scope="module")
def attacked() -> Book:
    """The sheet of the data store in the plan for an attack, on Letter."""
    frozen = snapshots.build(
        analysed(scenario="ransomware:14d"),
        surroundings(paper="Letter"),
        printed(title="System sheet: ERP database"),
        system_key=STORE,
    )
    return printed_book(frozen)


def test_the_matrix_has_the_figures_of_the_analysis(book: Book) -> None:
    text = chapter(book, "readiness", "order")
    answer = answer_of(analysed(), "ERP database")
    expected = {
        "everything": "■ all of it",
        "system": "● 1 h 05",
        "site": "■ 27 h untested",
        "ransomware:14d": "■ 15 d 3 h untested",
        "stolen_credentials": "■ 27 h untested",
        COMBINED: "■ all of it",
    }
    assert answer.loss_minutes == {
        "system": 65,
        "site:Süd": 1620,
        "ransomware:14d": 20160 + 1620,
        "stolen_credentials": 1620,
        "everything": None,
        COMBINED: None,
    }
    row = " ".join(["4 ERP database ◑ Only a recovery plan 4 h", *expected.values()])
    assert row in text.replace(wording.NO_BREAK, " ")


def test_every_cell_is_the_worst_loss_of_its_column(book: Book) -> None:
    answer = analysed()
    for fact in book.snapshot["backups"]:
        given = answer_of(answer, fact["system"])
        assert {one["scenario"]: one["minutes"] for one in fact["losses"]} == given.loss_minutes
        for column, name in fact["matrix"].items():
            of_column = [
                loss
                for loss in given.losses.values()
                if column in (loss.scenario.name, loss.scenario.kind)
            ]
            shown = given.losses[name]
            assert shown in of_column
            if shown.state is LossState.BOUNDED:
                assert shown.loss_minutes == max(one.loss_minutes or 0 for one in of_column)


def test_each_class_names_its_systems_and_what_follows(book: Book) -> None:
    text = chapter(book, "readiness", "order")
    for one in analysed().backups:
        assert flat(" ".join(map(str, one.readiness.consequence))) in text


def test_a_sheet_says_what_each_scenario_leaves_of_its_copies(book: Book) -> None:
    text = sheet_text(book, "ERP database").replace(wording.NO_BREAK, " ")
    assert "◑ Only a recovery plan." in text
    assert "Everything is lost this plan ; Insider and flood all of it ■ no copy is left" in text
    assert "gone: Hourly, Nightly" in text
    assert "1 h 05 ● meets left: Hourly (1 h 05), Nightly (27 h)" in text
    assert "misses by 23 h left: Nightly (15 d 3 h); gone: Hourly" in text
    assert "● 3 copies · ● 2 media · ● 1 off-site · ● 1 offline or locked · ● 0 errors" in text
    assert "locked for 20 d, encrypted" in text
    assert "The copy that this counts on, “Hourly”, does not survive." in text
    assert "measured in a test, 1 December 2025" in text


def test_a_system_without_copies_follows_the_data_that_it_stands_on(book: Book) -> None:
    text = sheet_text(book, "ERP").replace(wording.NO_BREAK, " ")
    assert "No backup copy is recorded." in text
    assert "“Nightly” of “ERP database” decides" in text


def test_an_approved_procedure_is_printed_step_by_step(book: Book) -> None:
    text = sheet_text(book, "ERP database").replace(wording.NO_BREAK, " ")
    assert "Version 3, approved on 1 November 2025 by Ada Kern." in text
    assert "A newer draft is not printed, because nobody approved it." in text
    for said in (
        "1 Decide first: Ada decides which point to take. Mount the volume read-only.",
        "Expected: The mount table lists it.",
        "Verify: Read one file.",
        "Way back: Unmount it.",
        "Platform 2 people 30 min 20 min to 1 h",
        "2 Start the listener. Carla Meier 1 h",
    ):
        assert said in text


def test_without_an_approved_procedure_the_sheet_says_why_there_are_no_steps(book: Book) -> None:
    draft, none = sheet_text(book, "ERP"), sheet_text(book, "SAN")
    assert "No approved procedure: there is a draft, which is not printed" in draft
    assert "No approved procedure: nobody wrote down how it comes back." in none


def test_the_test_programme_says_what_was_proved_and_what_is_due(book: Book) -> None:
    text = chapter(book, "programme", "people").replace(wording.NO_BREAK, " ")
    assert "1 April 2026 Spring Parallel" in text
    assert "4 ERP database 2 Autumn, full interruption, 1 December 2025 ● 1 December 2026" in text
    assert "does not qualify: recovery took 6 h 40 min, more than the RTO of 3 h" in text
    assert re.search(r"4 ERP database Success 1 h 30 of 8 h 1 h of 4 h ● qualifies", text)
    never = text.partition("Never proved, and due now")[2].partition("Proved, and due")[0]
    assert "■ ERP 6" in never
    assert "ERP database" not in never


def test_the_annex_says_which_copies_an_attacker_leaves_and_why(book: Book) -> None:
    text = chapter(book, "ransomware", "restores").replace(wording.NO_BREAK, " ")
    assert "4 ERP database ■ 15 d 3 h misses by 23 h; untested" in text
    assert "■ Hourly (Süd, disk): neither locked nor offline: the attacker deletes it" in text
    assert "● Nightly (Nord, tape): locked 20 d, dwell 14 d" in text
    assert "newest clean point at worst 15 d 3 h old" in text


def test_restores_are_listed_by_what_they_share(book: Book) -> None:
    text = chapter(book, "restores", "problems").replace(wording.NO_BREAK, " ")
    assert "Vault" in text
    assert "600 GB" in text
    restore = analysed().systems[4].restore
    assert restore is not None
    assert wording.span(restore.minutes).replace(wording.NO_BREAK, " ") in text


def test_a_plan_for_an_attack_shows_it_first_and_its_losses_on_each_sheet(attacked: Book) -> None:
    text = attacked.flow(*range(1, len(attacked.texts) + 1)).replace(wording.NO_BREAK, " ")
    assert "Ransomware (14 d inside) ✓ this plan 15 d 3 h" in text
    assert "Mount the volume read-only." in text
    assert "Restored from “Nightly”." in text
    assert "Autumn, Full interruption, 1 December 2025: Success" in text
    frozen = plan("ransomware:14d")
    assert losses.columns(frozen)[0] == "ransomware:14d"
    assert readiness_chapter.tables(frozen)[0]["columns"][0]["heading"].startswith("Ransomware")
    assert ransomware.annex(frozen)["is_own"]


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_a_sheet_with_steps_is_accessible_and_fit_for_archives(
    attacked: Book, profile: str
) -> None:
    report = validator.validate_pdf_bytes(attacked.pdf, profile=profile)
    assert [(one.rule_id, one.message) for one in report.failures] == []


def test_ten_scenarios_are_split_into_tables_of_about_equal_width() -> None:
    frozen = plan()
    columns = [f"Own {number}" for number in range(10)]
    frozen["scenarios"]["columns"] = columns
    for fact in frozen["backups"]:
        fact["matrix"] = dict.fromkeys(columns, "everything") if fact["losses"] else {}
    widths = [
        len(table["columns"])
        for table in readiness_chapter.tables(frozen)
        if table["kind"] == "matrix"
    ]
    assert set(widths) == {5}
    assert len(widths) == 2 * len({one["tier"] for one in frozen["systems"]})


def test_many_gaps_of_one_kind_take_one_line() -> None:
    frozen = plan()
    reasons = [one for one in frozen["problems"]["gaps"] if one["code"] == "nothing_survives"]
    frozen["problems"]["gaps"] += [dict(one) for one in reasons * 200]
    tables = gap_lists.gap_tables(frozen)
    assert sum(len(one["rows"]) + len(one["kinds"]) for one in tables) < 60
    kinds = [kind for table in tables for kind in table["kinds"]]
    assert len(kinds) <= 3 * 8


def test_a_copy_that_is_late_makes_no_plan_stale() -> None:
    """Rule P2: what depends on the minute is no fact of a plan."""
    silent = analysed()
    reported = analyse(silent.estate, today=TODAY, now=datetime(2026, 1, 2, 9, tzinfo=UTC))
    assert "silent_copy" in {gap.code for gap in reported.gaps}
    later = snapshots.build(reported, surroundings(), printed())
    assert snapshots.changed_sections(plan(), later) == []


@pytest.mark.parametrize(
    ("changes", "sections"),
    [({"procedures": []}, ["procedures"]), ({"exercises": []}, ["exercises"])],
)
def test_a_changed_record_changes_its_own_section(changes: dict, sections: list[str]) -> None:
    assert snapshots.changed_sections(plan(), plan(**changes)) == sections


def test_a_plan_of_the_release_before_is_printed_without_what_it_does_not_say() -> None:
    """Rule P1: its data have none of the sections on backups; none is made up."""
    frozen: Snapshot = json.loads(EARLIER.read_text())
    old = printed_book(frozen)
    text = flat(" ".join(old.texts))
    assert "Backup copies" in text
    assert "ERP database" in text
    for unsaid in ("backup readiness", "Test programme", "No approved procedure:", "Neither"):
        assert unsaid not in text
    assert set(snapshots.changed_sections(frozen, plan())) >= {"backups", "exercises"}
