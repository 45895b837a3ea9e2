"""The interview: one question a page, left and resumed, changed, and answered by two at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from bcp.engine.impact_questions import NEVER
from bcp.engine.impacts import Category
from bcp.engine.interview import QUESTIONS, key_of
from bcp.engine.permissions import Role
from bcp.models import System
from bcp.queries import impacts as reads
from bcp.services import impacts
from tests.conftest import Cast
from tests.factories import answer_everything, make_system

LIST = "/o/acme/impacts/"
CLIENTS = Category.CLIENTS


@pytest.fixture
def payroll(acme: Cast) -> System:
    return make_system(acme.organisation, "Payroll", kind="business process")


@pytest.fixture
def executive(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.EXECUTIVE))
    return client


class Sitting:
    """Somebody who answers in a browser without scripts: sends what the page holds."""

    def __init__(self, client: Client, process: System) -> None:
        self.client = client
        self.base = f"{LIST}{process.pk}/"

    def open(self, question: str = "", query: str = "") -> HttpResponse:
        """A question, or the first open one; where there is none the check page."""
        path = f"questions/{question}/" if question else "go-on/"
        self.page = self.client.get(self.base + path + query, follow=True)
        assert self.page.status_code == 200
        return self.page

    def send(self, **typed: Any) -> HttpResponse:
        context = self.page.context
        held = {"version": context["version"]}
        if context["from_check"]:
            held["from"] = "check"
        self.page = self.client.post(self.page.wsgi_request.path, held | typed, follow=True)
        return self.page

    @property
    def place(self) -> str:
        """Where one has come to: the key of a question, "check" or "list"."""
        rest = self.page.wsgi_request.path.removeprefix(LIST).split("/")
        return "list" if not rest[0] else (rest[2] if rest[1] == "questions" else "check")

    @property
    def text(self) -> str:
        return " ".join(self.page.content.decode().split())

    @property
    def offered(self) -> list[str]:
        return [str(key) for key, _label in self.page.context["form"].fields["answer"].choices]


@pytest.fixture
def sitting(executive: Client, payroll: System) -> Sitting:
    return Sitting(executive, payroll)


def stored(cast: Cast) -> reads.ProcessAnswers:
    return reads.listing(cast.organisation)[0]


def reached(cast: Cast) -> dict[int, int | None]:
    return dict(stored(cast).given.reached.get(CLIENTS, {}))


def test_one_is_led_through_all_questions_to_the_check_page(acme: Cast, sitting: Sitting) -> None:
    sitting.open()
    seen = []
    while sitting.place not in ("check", "list"):
        seen.append(sitting.place)
        sitting.send(answer="unknown", known="unknown", any="no")
    assert seen == [key_of(one) for one in QUESTIONS]
    assert stored(acme).open == ()
    assert "To 20 questions the answer is" in sitting.text


def test_later_levels_offer_only_what_is_not_sooner_and_say_why(sitting: Sitting) -> None:
    sitting.open("clients-1")
    assert sitting.offered == [
        *("60", "240", "480", "1440", "4320", "10080", "20160", "never", "unknown")
    ]
    sitting.send(answer="1440")
    assert sitting.place == "clients-2"
    assert sitting.offered == ["1440", "4320", "10080", "20160", "never", "unknown"]
    assert "Not sooner than 1 day, for only then, by the answers, clients notice." in sitting.text


def test_a_level_that_is_never_reached_skips_the_rest_of_its_category(
    acme: Cast, sitting: Sitting
) -> None:
    sitting.open("clients-2")
    assert "Question 10 of at most 23" in sitting.text
    sitting.send(answer="never")
    assert sitting.place == "legal-1"
    assert "Question 11 of at most 21" in sitting.text
    sitting.open("clients-3")  # by hand: it is not asked
    assert sitting.place == "check"
    assert reached(acme) == {2: NEVER}


def test_no_choice_is_refused_in_the_summary_and_at_the_question(
    acme: Cast, sitting: Sitting
) -> None:
    sitting.open("clients-1")
    for typed in ({}, {"answer": "90"}, {"answer": "-1"}, {"answer": "soon"}):
        refused = sitting.send(**typed)
        assert refused.status_code == 422
        assert 'href="#id_answer_0"' in sitting.text
    assert not stored(acme).assessment


def test_saving_and_leaving_keeps_the_answer_and_one_resumes_at_the_first_open_question(
    acme: Cast, sitting: Sitting
) -> None:
    sitting.open()
    sitting.send(answer="60")
    sitting.send(answer="240", leave="1")
    assert sitting.place == "list"
    assert "are kept. Go on whenever you like." in sitting.text
    sitting.open()
    assert sitting.place == "financial-3"


def test_leaving_without_an_answer_just_leaves(acme: Cast, sitting: Sitting) -> None:
    sitting.open()
    sitting.send(leave="1")
    assert sitting.place == "list"
    assert stored(acme).assessment is None


def test_back_leads_to_the_question_before_and_from_the_first_to_the_list(
    sitting: Sitting,
) -> None:
    assert sitting.open("financial-1").context["back_url"] == LIST
    back = sitting.open("financial-2").context["back_url"]
    assert back == f"{sitting.base}questions/financial-1/"


def test_from_the_check_page_one_changes_an_answer_and_comes_back(
    acme: Cast, payroll: System, sitting: Sitting
) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    sitting.open("clients-4", "?from=check")
    assert sitting.page.context["form"]["answer"].value() == "4320"
    sitting.send(answer="10080")
    assert sitting.place == "check"
    assert reached(acme)[4] == 10080
    assert not stored(acme).is_confirmed


def test_an_answer_that_contradicts_later_ones_says_so_and_asks_only_those_again(
    acme: Cast, payroll: System, sitting: Sitting
) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE))  # 4 h, 8 h, 1 d, 3 d
    sitting.open("clients-1", "?from=check")
    sitting.send(answer="1440")
    assert sitting.place == "clients-2"
    assert (
        "By your answer clients notice after 1 day. That clients are seriously affected after 8"
        " hours, as was answered before, cannot be; it is asked again."
    ) in sitting.text
    assert reached(acme) == {1: 1440, 3: 1440, 4: 4320}
    sitting.send(answer="1440")
    assert sitting.place == "check"
    assert stored(acme).open == ()


def test_never_takes_back_what_was_said_of_higher_levels(
    acme: Cast, payroll: System, sitting: Sitting
) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    sitting.open("clients-2", "?from=check")
    sitting.send(answer="never")
    assert sitting.place == "check"
    assert sitting.text.count("it does not count any more") == 2
    assert reached(acme) == {1: 240, 2: NEVER}
    assert stored(acme).open == ()


def test_the_second_of_two_is_shown_both_answers_and_loses_nothing(
    acme: Cast, payroll: System, sitting: Sitting
) -> None:
    sitting.open("clients-1")
    impacts.answer(acme.organisation, payroll.pk, CLIENTS, 1, 240, seen_version=0, by=acme.actor())
    told = sitting.send(answer="480")
    assert told.status_code == 409
    assert "Somebody else answered while you were on this page." in sitting.text
    assert "it.director@acme.example saved it" in sitting.text
    (difference,) = told.context["differences"]
    assert (difference["mine"], difference["theirs"]) == ("8 hours", "4 hours")
    assert told.context["form"]["answer"].value() == "480"
    assert reached(acme) == {1: 240}
    sitting.send(answer="480")
    assert reached(acme) == {1: 480}


def test_the_cost_is_an_amount_or_not_known(acme: Cast, sitting: Sitting) -> None:
    sitting.open("cost")
    for typed, fault in (
        ({}, "Choose one of the answers"),
        ({"known": "yes"}, "Give the amount; 0 is allowed."),
        ({"known": "unknown", "cost_per_hour": "5"}, "keep one of them"),
        ({"known": "yes", "cost_per_hour": "-1"}, "greater than or equal to 0"),
        ({"known": "yes", "cost_per_hour": "much"}, "Enter a number"),
    ):
        assert sitting.send(**typed).status_code == 422
        assert fault in sitting.text
    sitting.send(known="yes", cost_per_hour="1250.50", cost_basis="Turnover / hours")
    assert sitting.place == "peaks"
    one = stored(acme).assessment
    assert one is not None
    assert (one.cost_per_hour, one.cost_basis) == (Decimal("1250.50"), "Turnover / hours")
    sitting.open("cost")
    assert sitting.page.context["form"]["known"].value() == "yes"
    sitting.send(known="unknown", cost_per_hour="", cost_basis="Nobody counted")
    one = stored(acme).assessment
    assert one is not None
    assert (one.cost_per_hour, one.cost_basis) == (None, "Nobody counted")


def row(position: int, name: str, when: str = "", cost: str = "") -> dict[str, str]:
    return {
        f"peaks-{position}-name": name,
        f"peaks-{position}-when": when,
        f"peaks-{position}-cost": cost,
    }


def test_peaks_are_added_and_removed_without_scripts_and_nothing_typed_is_lost(
    acme: Cast, sitting: Sitting
) -> None:
    sitting.open("peaks")
    first = {"any": "yes", "peaks-count": "1", **row(0, "Month end", "last days", "9000")}
    sitting.send(rows="add", **first)
    assert sitting.place == "peaks"
    assert 'name="peaks-1-name"' in sitting.text
    both = first | {"peaks-count": "2"} | row(1, "Christmas")
    sitting.send(rows="remove-0", **both)
    assert 'value="Christmas"' in sitting.text
    assert "Month end" not in sitting.text
    assert stored(acme).assessment is None
    sitting.send(**both)
    assert [(one.name, one.when, one.cost_per_hour) for one in stored(acme).peaks] == [
        ("Month end", "last days", 9000),
        ("Christmas", "", None),
    ]
    sitting.open("peaks")
    assert 'value="Month end"' in sitting.text
    sitting.send(any="no", **{"peaks-count": "0"})
    assert stored(acme).peaks == ()


def test_faulty_peaks_are_named_by_their_row(acme: Cast, sitting: Sitting) -> None:
    sitting.open("peaks")
    for typed, fault in (
        ({"any": "yes"}, "Name at least one"),
        ({"any": "yes", "peaks-count": "x"}, "Name at least one"),
        ({"any": "yes", "peaks-count": "1", **row(0, "", "in May")}, "Peak 1: Give it a name"),
        ({"any": "yes", "peaks-count": "1", **row(0, "A", "", "x")}, "Peak 1: Enter a number"),
        ({"any": "yes", "peaks-count": "1", **row(0, "x" * 201)}, "Peak 1: Ensure this value"),
        ({"any": "no", "peaks-count": "1", **row(0, "A")}, "keep one of them"),
        ({"peaks-count": "1", **row(0, "A")}, "Choose one of the answers"),
    ):
        assert sitting.send(**typed).status_code == 422
        assert fault in sitting.text
    assert stored(acme).peaks == ()


def test_working_off_the_backlog_may_take_no_time_and_that_is_not_unknown(
    acme: Cast, sitting: Sitting
) -> None:
    for answer, minutes in (("0", 0), ("4320", 4320), ("unknown", None)):
        sitting.open("work-recovery")
        sitting.send(answer=answer)
        one = stored(acme).assessment
        assert one is not None
        assert one.work_recovery_minutes == minutes
        sitting.open("work-recovery")
        assert sitting.page.context["form"]["answer"].value() == answer


def test_a_backlog_from_a_file_that_is_no_band_is_offered_as_it_is(
    acme: Cast, payroll: System, sitting: Sitting
) -> None:
    impacts.answer_work_recovery(
        acme.organisation, payroll.pk, 90, seen_version=None, by=acme.actor()
    )
    sitting.open("work-recovery")
    assert sitting.page.context["form"]["answer"].value() == "90"
    assert "1 h 30 min" in sitting.text


@pytest.mark.parametrize("question", ["clients-9", "nothing", "cost-1"])
def test_an_unknown_question_is_not_there(
    question: str, payroll: System, executive: Client
) -> None:
    assert executive.get(f"{LIST}{payroll.pk}/questions/{question}/").status_code == 404
