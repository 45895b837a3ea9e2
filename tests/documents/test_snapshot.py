"""A snapshot is frozen data: the same for ever, and comparable with what is so now."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bcp.documents import snapshot as snapshots
from tests.documents.plan_estate import analysed, plan, printed
from tests.documents.plan_surroundings import surroundings


def test_it_survives_being_written_as_json() -> None:
    before = plan()
    after = json.loads(snapshots.canonical(before))
    assert after == before
    assert snapshots.fingerprint(after) == snapshots.fingerprint(before)


def test_its_fingerprint_does_not_depend_on_the_order_of_its_keys() -> None:
    before = plan()
    turned = dict(reversed(before.items()))
    assert snapshots.fingerprint(turned) == snapshots.fingerprint(before)


def test_its_fingerprint_changes_with_every_fact() -> None:
    other = plan(teams=[])
    assert snapshots.fingerprint(other) != snapshots.fingerprint(plan())


def test_a_plan_made_anew_with_nothing_changed_differs_in_no_section() -> None:
    later = snapshots.build(
        analysed(), surroundings(), printed(issue=8, effective_on=date(2026, 3, 1))
    )
    assert snapshots.changed_sections(plan(), later) == []


def test_a_new_phone_number_changes_the_people_and_nothing_else() -> None:
    people = [{**one, "phones": ["+49 40 999"]} for one in surroundings().contacts]
    assert snapshots.changed_sections(plan(), plan(contacts=people)) == ["contacts"]


def test_a_renamed_system_changes_every_section_that_names_it() -> None:
    renamed = snapshots.build(analysed({"SAN": "Storage"}), surroundings(), printed())
    changed = snapshots.changed_sections(plan(), renamed)
    assert {"systems", "dependencies", "problems"} <= set(changed)
    assert "contacts" not in changed


def test_systems_stand_in_restore_order_and_carry_their_sheet_number() -> None:
    answer = analysed()
    frozen = snapshots.build(answer, surroundings(), printed())
    names = [answer.estate.systems[index].name for index in answer.order]
    assert [one["name"] for one in frozen["systems"]] == names
    assert [one["sheet"] for one in frozen["systems"]] == list(range(1, len(names) + 1))


def test_systems_that_a_scenario_does_not_touch_come_last() -> None:
    frozen = snapshots.build(
        analysed(scenario="system:ERP"), surroundings(), printed(title="ERP is lost")
    )
    waves = [one["wave"] for one in frozen["systems"]]
    assert waves.index(None) == len([wave for wave in waves if wave is not None])


def test_a_sheet_holds_its_system_and_the_neighbours_on_its_map_only() -> None:
    frozen = snapshots.build(analysed(), surroundings(), printed(), system_key="key000000008")
    assert frozen["kind"] == "sheet"
    assert [one["name"] for one in frozen["systems"]] == ["Badge reader"]
    assert frozen["dependencies"] == []
    assert frozen["copies"] == []
    assert {gap["system"] for gap in frozen["problems"]["gaps"]} <= {"Badge reader"}


def test_the_sheet_of_an_unknown_system_is_refused() -> None:
    with pytest.raises(LookupError):
        snapshots.build(analysed(), surroundings(), printed(), system_key="nobody")


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\u202e", "\u2066", "\ufeff", "\ud800"])
def test_what_cannot_be_printed_is_shown_as_such(mark: str) -> None:
    """A direction mark would turn the rest of its line round; half a character breaks fonts."""
    frozen = plan(note=f"before{mark}after")
    notes = [one["description"] for one in frozen["systems"] if one["description"]]
    assert notes in (["before\ufffdafter"], ["before?after"])
