"""What the executive summary says is what the analysis says, in words that need no explanation."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bcp.documents import facts, summary_gaps, summary_words, wording
from bcp.documents.snapshot import Snapshot
from bcp.documents.summary import Decided
from bcp.documents.summary_text import Room
from bcp.engine.acceptance import identity_of
from bcp.engine.estate import Estate, Kind
from bcp.engine.results import Analysis, Standing
from bcp.engine.ways import ways_to_meet
from bcp.web.forms.answers import GAP_CODES
from tests.documents.plan_surroundings import TODAY
from tests.documents.summary_estate import accepting, answered, estate, everything, summary_of

PLAIN = Room(processes=1000)


def said(frozen: Snapshot, room: Room = PLAIN) -> dict:
    return summary_words.shown(frozen, frozen["organisation"]["currency"], room)


def sentence(frozen: Snapshot) -> str:
    return spaced(" ".join(said(frozen)["sentences"]))


def spaced(text: str) -> str:
    return text.replace(wording.NO_BREAK, " ")


def process(frozen: Snapshot, name: str) -> dict:
    return next(one for one in frozen["processes"] if one["name"] == name)


def row(frozen: Snapshot, name: str) -> dict:
    return next(one for one in said(frozen)["processes"] if one["name"] == name)


def reachable(answer: Analysis) -> Analysis:
    """The same estate with a ladder that reaches somebody, so that nothing is unknown."""
    whole = everything().estate
    return answered(replace(answer.estate, contacts=whole.contacts, paths=whole.paths))


def test_the_figures_are_those_of_the_analysis() -> None:
    answer = answered(estate(9))
    frozen = summary_of(answer)
    results = {one.name: one for one in answer.systems}
    assert len(frozen["processes"]) == 9
    for one in frozen["processes"]:
        result = results[one["name"]]
        assert one["restored_minutes"] == result.restored_minutes
        assert one["at_least"] == result.at_least
        assert one["standing"] == result.standing.value
        assert one["misses_minutes"] == result.misses_minutes
        assert one["rto_minutes"] == result.rto_minutes


def test_the_parts_of_what_holds_a_process_up_add_up_to_its_time() -> None:
    for one in summary_of(everything())["processes"] + summary_of(answered(estate(9)))["processes"]:
        links = sum(link["adds_minutes"] for link in one["chain"])
        assert one["begins_minutes"] + links == one["restored_minutes"]


def test_the_sentence_counts_who_misses_and_says_at_least_where_something_is_unknown() -> None:
    assert sentence(summary_of(answered(estate(9)))) == (
        "If everything stopped now, the last of 9 business processes would be back after at least"
        " 6 h 45 min. 2 of the 8 with an approved target miss it."
    )
    assert "would be back after 6 h 55 min. 2 of" in sentence(
        summary_of(reachable(answered(estate(9))))
    )


def test_it_says_when_every_target_is_met_and_when_that_is_not_sure() -> None:
    quick = replace(estate(7), systems=tuple(map(relaxed, estate(7).systems)))
    assert "None is known to miss its approved target" in sentence(summary_of(answered(quick)))
    assert "Every approved target is met; only 6 of them have one." in sentence(
        summary_of(reachable(answered(quick)))
    )


def relaxed(system):
    return system if system.rto_minutes is None else replace(system, rto_minutes=6000)


def test_without_targets_or_processes_it_says_what_is_missing() -> None:
    bare = replace(
        estate(3), systems=tuple(replace(one, rto_minutes=None) for one in estate(3).systems)
    )
    assert "No target has been approved yet" in sentence(summary_of(answered(bare)))
    nothing = sentence(summary_of(answered(estate(0))))
    assert "No business process is recorded" in nothing
    assert "the last system would be back after at least 6 h 45 min" in nothing


def test_the_worst_come_first_and_those_left_out_are_counted_by_how_they_stand() -> None:
    frozen = summary_of(answered(estate(40)))
    order = [one["standing"] for one in frozen["processes"]]
    first_other = next(place for place, one in enumerate(order) if one != "misses")
    assert "misses" not in order[first_other:]
    left_out = said(frozen, Room(processes=4))["processes_left_out"]
    missed = order.count("misses") - 4
    none = sum(one["rto_minutes"] is None for one in frozen["processes"])
    unknown = 40 - 4 - missed - none
    assert left_out == (
        f"And 36 more: {missed} miss their targets, {unknown} of which it is not known,"
        f" {none} without an approved target."
    )


def test_those_left_out_may_all_meet_their_targets() -> None:
    quick = replace(estate(6), systems=tuple(map(relaxed, estate(6).systems)))
    words = said(summary_of(reachable(answered(quick))), Room(processes=2))
    assert words["processes_left_out"] == "And 4 more, all of which meet their targets."


def test_what_holds_it_up_is_told_in_the_order_in_which_it_happens() -> None:
    told = spaced(row(summary_of(answered(estate(1))), "Payroll 0")["held_up"])
    assert told == "Waits for Storage array (4 h), Database (2 h), Application (45 min)."


def test_a_link_of_unknown_duration_is_named_even_if_others_are_longer() -> None:
    given = estate(1)
    systems = list(given.systems)
    systems[1] = replace(systems[1], duration_minutes=None, duration_source=None)
    told = row(summary_of(answered(replace(given, systems=tuple(systems)))), "Payroll 0")
    assert "Database (nobody knows how long)" in told["held_up"]


def test_an_outage_that_cannot_be_borne_is_said_in_strong_words() -> None:
    told = row(summary_of(everything()), "Payroll")
    assert spaced(told["beyond"]) == (
        "Longer than the organisation can bear: no more than 2 h was approved as bearable, and work"
        " would be as before only after 6 h 10 min."
    )
    late = summary_of(answered(estate(1, late=6)))
    assert process(late, "Payroll 0")["beyond"] == {
        "bearable_minutes": 1440,
        "over_minutes": 405 * 6 + 60 - 1440,
        "approved": False,
        "working_minutes": 405 * 6 + 60,
    }
    assert "after 1 d clients are harmed beyond repair" in spaced(row(late, "Payroll 0")["beyond"])


def test_cost_is_that_of_the_possible_time_and_of_the_dearest_peak() -> None:
    told = row(summary_of(everything()), "Payroll")
    minutes = process(summary_of(everything()), "Payroll")["restored_minutes"]
    assert told["cost"] == Decimal(12000) * minutes / 60
    assert told["peak"] == {"name": "Month end", "cost": Decimal(30000) * minutes / 60}
    assert row(summary_of(answered(estate(2))), "Order entry 1")["cost"] is None


def test_the_loss_is_the_worst_that_the_tier_demands_without_the_time_of_the_attacker() -> None:
    answer = everything()
    worst = next(one for one in answer.backups if one.name == "Payroll").worst
    assert worst is not None
    told = row(summary_of(answer), "Payroll")["loss"]
    assert process(summary_of(answer), "Payroll")["loss"]["minutes"] == worst.loss_minutes
    assert spaced(told["says"]) == "up to 1 d 3 h"
    assert spaced(told["event"]) == "after ransomware, besides the 14 d that it was inside"
    assert spaced(told["accepted"]) == "accepted: 4 h"
    assert told["shape"] == "■"


def test_what_is_offered_lets_the_process_meet_its_target() -> None:
    answer = reachable(answered(estate(1)))
    frozen = summary_of(answer)
    (way,) = frozen["ways"]
    best = ways_to_meet(answer.estate, 3, 240, today=TODAY).offers[0]
    assert way["then_minutes"] == best.restored_minutes <= 240
    assert len(way["changes"]) == len(best.changes) + len(best.targets)


def test_what_would_let_a_proposal_hold_is_told_after_what_is_missed() -> None:
    answer = answered(estate(30))
    proposal = {"system": "proc00000006", "rto_minutes": 180}
    open_ways = summary_of(answered(estate(7)), Decided({}, [proposal]))["ways"]
    assert [(one["process"], one["rto_minutes"]) for one in open_ways] == [
        *(("Payroll 0", 240), ("Reporting 6", 180)),
    ]
    assert "Reporting 6" not in {
        one["process"] for one in summary_of(answer, Decided({}, [proposal]))["ways"]
    }


def test_processes_that_the_same_changes_help_are_told_together() -> None:
    ways = said(summary_of(answered(estate(30))))["ways"]
    assert len(ways) == 1
    assert len(ways[0]["helps"]) == 3


def test_every_gap_has_a_kind_in_plain_words() -> None:
    known = [code for kind in summary_gaps.KINDS for code in kind.codes]
    assert len(known) == len(set(known))
    assert {*known, *facts.OF_THE_MOMENT} >= set(GAP_CODES)


def test_kinds_of_gaps_are_counted_by_who_has_them_worst_first() -> None:
    answer = everything()
    kinds = summary_of(answer)["open_gaps"]["kinds"]
    ranks = [["high", "medium", "low"].index(one["severity"]) for one in kinds]
    assert ranks == sorted(ranks)
    late = next(one for one in kinds if "rto_missed" in one["codes"])
    assert late["count"] == sum(gap.code == "rto_missed" for gap in answer.gaps)
    assert late["names"] == ["ERP"]


def test_a_gap_of_a_code_that_nobody_put_into_words_is_told_in_its_own() -> None:
    answer = everything()
    gap = replace(next(iter(answer.gaps)), code="something_new")
    (told,) = summary_gaps.kinds(answer, [gap])
    assert told["says"] == str(gap.says)
    assert told["fix"] == str(gap.fix)


def test_an_accepted_gap_is_no_open_one_and_says_who_why_and_until_when() -> None:
    answer = everything()
    gap = next(one for one in answer.gaps if one.code == "rto_missed")
    until = {"by": "Ada Kern", "until": "2026-06-30", "why": "Too dear."}
    frozen = summary_of(answer, Decided({identity_of(gap): until}, ()))
    assert not any("rto_missed" in one["codes"] for one in frozen["open_gaps"]["kinds"])
    (told,) = said(frozen)["accepted"]
    assert told["says"] == str(gap.says)
    assert (told["by"], told["until"], told["why"]) == ("Ada Kern", "30 June 2026", "Too dear.")
    counts = frozen["open_gaps"]["counts"]
    gaps = [one for one in answer.gaps if one.code not in facts.OF_THE_MOMENT]
    assert sum(counts.values()) == len(gaps) - 1


def test_the_four_counts_are_those_of_the_classes_and_the_last_full_test_is_named() -> None:
    answer = everything()
    words = said(summary_of(answer))
    assert sum(one["count"] for one in words["classes"]) == len(answer.systems)
    assert words["last_full_test"].startswith("The last full test was “Autumn” on 1 December 2025")
    assert "was never held" in said(summary_of(answered(estate(1))))["last_full_test"]


def test_what_is_asked_is_counted_and_nothing_is_asked_for_nothing() -> None:
    answer = answered(estate(7))
    asked = {
        one["about"]: one for one in said(summary_of(answer, accepting(answer, 0)))["decisions"]
    }
    assert asked["proposals"]["says"] == "Approve or send back the 1 target that was proposed."
    assert asked["without_target"]["count"] == 1
    assert asked["unanswered"]["count"] == 3
    assert "proposals" not in {one["about"] for one in said(summary_of(answer))["decisions"]}


def test_a_standing_is_told_by_word_and_shape() -> None:
    shapes = {one["shape"] for one in said(summary_of(answered(estate(7))))["processes"]}
    assert shapes == {wording.STANDINGS[one][0] for one in (Standing.MISSES, Standing.UNKNOWN)}


def test_the_bar_says_in_words_what_it_shows() -> None:
    bar = spaced(str(row(summary_of(answered(estate(1))), "Payroll 0")["bar"]))
    assert 'aria-label="Back after at least 6 h 45 min; promised within 4 h."' in bar
    assert "summary-late" in bar
    assert "summary-open" in bar


def test_names_are_cut_only_where_there_is_no_room() -> None:
    answer = answered(Estate("Acme", systems=(replace(estate(1).systems[3], name="A" * 200),)))
    assert answer.estate.systems[0].kind is Kind.PROCESS
    frozen = summary_of(answer)
    assert said(frozen)["processes"][0]["name"] == "A" * 200
    assert said(frozen, Room(letters=60))["processes"][0]["name"] == "A" * 59 + "…"
