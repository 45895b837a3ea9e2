"""Business impact over the API: the answers of a process are one document with one version."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.api.serializers.impacts import AnswerSerializer
from bcp.engine.estate import Kind
from bcp.engine.impact_questions import NEVER
from bcp.engine.impacts import BANDS_MINUTES
from bcp.engine.permissions import Role
from bcp.models import ImpactAnswer, ImpactAssessment, System
from bcp.services import impacts, importing
from bcp.services.importing import Options
from tests.api.conftest import Caller, caller
from tests.conftest import CANARY, Cast
from tests.factories import answer_everything, make_system

REACHED = [
    {"level": 1, "after_minutes": 60},
    {"level": 2, "after_minutes": 480},
    {"level": 3, "after_minutes": 1440},
    {"level": 4},
]
BODY: dict[str, Any] = {
    "answers": [
        {"category": "clients", "reached": REACHED},
        {"category": "legal", "levels": [0, 0, None, 2, 2, 3, 3]},
    ],
    "cost_per_hour": 1500.5,
    "cost_basis": "Overtime",
    "work_recovery_minutes": None,
    "peaks": [{"name": "Month end", "when": "last day", "cost_per_hour": 4000}],
    "answered": ["work recovery"],
}


@pytest.fixture
def payroll(acme: Cast) -> System:
    return make_system(acme.organisation, "Payroll", kind=Kind.PROCESS.value)


def test_answers_are_written_read_back_and_confirmed(
    acme: Cast, payroll: System, executive: Caller
) -> None:
    address = f"impacts/{payroll.pk}/"
    empty = executive.get(address)
    assert (empty.headers["ETag"], empty.json()["answers"]) == ('"0"', [])
    assert empty.json()["derived_rto"] == {
        "minutes": None,
        "at_most": True,
        "category": None,
        "level": None,
    }
    written = executive.put(address, BODY, '"0"')
    assert written.status_code == 200, written.content
    row = written.json()
    assert row == executive.get(address).json()
    legal, clients = sorted(row["answers"], key=lambda one: one["category"], reverse=True)
    assert legal["levels"] == [0, 0, None, 2, 2, 3, 3]
    assert (legal["at_least"][2], legal["at_most"][2]) == (0, 2)
    assert clients["levels"] == [1, 1, 2, None, None, None, None]
    assert [one["after_minutes"] for one in clients["reached"]] == [60, 480, 1440, None]
    assert row["derived_rto"] == {
        "minutes": 1440,
        "at_most": True,
        "category": "clients",
        "level": 3,
    }
    assert row["answered"] == ["cost", "peaks", "work recovery"]
    assert row["open_count"] == 3 * 4
    refused = executive.post(f"{address}confirm/", None, written.headers["ETag"])
    assert (refused.status_code, "Open: 12" in refused.json()["detail"]) == (400, True)
    rest = [
        {"category": name, "levels": [0] * 7} for name in ("financial", "operations", "reputation")
    ]
    more = executive.patch(address, {"answers": rest}, written.headers["ETag"]).json()
    assert (len(more["answers"]), more["open_count"], more["cost_per_hour"]) == (5, 0, 1500.5)
    signed = executive.post(f"{address}confirm/", None, f'"{more["version"]}"').json()
    assert signed["confirmed_by_email"] == acme.user(Role.EXECUTIVE).email
    changed = executive.patch(address, {"cost_per_hour": 0}, f'"{signed["version"]}"').json()
    assert (changed["confirmed_at"], changed["cost_per_hour"]) == (None, 0)
    told = executive.get(f"{address}history/").json()["results"]
    assert told[0]["after"]["cost_per_hour"] == "0.00"


def test_what_was_read_can_be_written_back_and_changes_nothing(
    acme: Cast, payroll: System, executive: Caller
) -> None:
    claims = make_system(acme.organisation, "Claims", kind=Kind.PROCESS.value)
    answer_everything(claims, acme.user(Role.EXECUTIVE), peaks=[impacts.PeakValues("Year end")])
    file = "process,category,1h,1d,2w\nPayroll,legal,,2 to 3,\nPayroll,clients,,3,\n"
    incoming = importing.from_files({"impacts.csv": file.encode()})
    importing.apply(acme.organisation, incoming, Options(), by=acme.shell)
    for process in (payroll, claims):
        address = f"impacts/{process.pk}/"
        read = executive.get(address)
        assert read.json()["answers"]
        written = executive.put(address, read.json(), read.headers["ETag"])
        assert written.json() == read.json()


def test_what_is_left_out_of_a_replacement_is_open_again(
    payroll: System, executive: Caller
) -> None:
    address = f"impacts/{payroll.pk}/"
    executive.put(address, BODY, '"0"')
    answers = [{"category": "legal", "levels": [0] * 7}]
    row = executive.put(address, {"answers": answers}, "*").json()
    assert [one["category"] for one in row["answers"]] == ["legal"]
    assert (row["cost_per_hour"], row["peaks"], row["answered"]) == (None, [], [])


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({"levels": [0, 0, 0, 3, 2, 3, 4]}, "levels"),
        ({"levels": [0] * 6}, "levels"),
        ({"levels": [0, 0, 0, 0, 0, 0, 5]}, "levels"),
        ({"levels": [0, 0, 0, 0, 0, 0, 1.5]}, "levels"),
        ({"reached": [{"level": 5, "after_minutes": 60}]}, "reached"),
        ({"reached": [{"level": 1, "after_minutes": 61}]}, "reached"),
        ({"reached": [{"level": 1, "after_minutes": 60, "never": True}]}, "reached"),
        ({"reached": [{"level": 1}, {"level": 1}]}, "reached"),
        (
            {
                "reached": [
                    {"level": 1, "after_minutes": 480},
                    {"level": 2, "after_minutes": 60},
                ]
            },
            "reached",
        ),
        ({"levels": [0] * 7, "reached": REACHED}, "levels"),
        ({"levels": [None] * 7, "at_least": [3] * 7, "at_most": [2] * 7}, "levels"),
        ({"levels": [1] * 7, "at_most": [0] * 7}, "levels"),
        ({}, "levels"),
        ({"levels": [0] * 7, "at": 1}, "at"),
        ({"levels": [0] * 7, "category": "weather"}, "category"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_name(
    answer: dict[str, Any], place: str, payroll: System, executive: Caller
) -> None:
    body = {"answers": [{"category": "clients"} | answer]}
    refused = executive.put(f"impacts/{payroll.pk}/", body, '"0"')
    assert refused.status_code == 400
    [name] = refused.json()["fields"]
    assert name.startswith(f"answers.0.{place}")
    assert not ImpactAssessment.objects.exists()


def test_of_two_who_answer_at_once_the_second_is_told(
    acme: Cast, payroll: System, executive: Caller
) -> None:
    address = f"impacts/{payroll.pk}/"
    impacts.answer_cost(acme.organisation, payroll.pk, None, seen_version=0, by=acme.actor())
    refused = executive.put(address, BODY, '"0"')
    assert (refused.status_code, refused.json()["current"]["version"] > 0) == (412, True)
    assert executive.put(address, BODY).status_code == 428
    assert not ImpactAnswer.objects.exists()


def test_only_who_may_answer_writes_and_only_for_business_processes(
    acme: Cast, payroll: System, executive: Caller
) -> None:
    engineer = caller(acme, Role.ENGINEER)
    assert engineer.put(f"impacts/{payroll.pk}/", BODY, '"0"').status_code == 403
    assert engineer.get("impacts/").json()["count"] == 1
    erp = make_system(acme.organisation, "ERP")
    assert executive.put(f"impacts/{erp.pk}/", BODY, '"0"').status_code == 404


def test_nothing_of_another_organisation_is_shown(
    acme: Cast, rival: Cast, payroll: System, executive: Caller
) -> None:
    theirs = make_system(rival.organisation, f"{CANARY} process", kind=Kind.PROCESS.value)
    answer_everything(theirs, rival.user(Role.EXECUTIVE))
    listed = executive.get("impacts/")
    assert (listed.json()["count"], CANARY in listed.content.decode()) == (1, False)
    for path in ("", "history/"):
        assert executive.get(f"impacts/{theirs.pk}/{path}").status_code == 404
    assert executive.get("impacts/", state="open").status_code == 400


def test_many_processes_are_listed_in_as_many_queries_as_one(
    acme: Cast, payroll: System, executive: Caller
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert executive.get("impacts/", page_size=1000).status_code == 200
        return len(captured)

    user = acme.user(Role.EXECUTIVE)
    peak = [impacts.PeakValues("Year end")]
    answer_everything(payroll, user, peaks=peak)
    few = queries()
    for number in range(5):
        process = make_system(acme.organisation, f"P {number}", kind=Kind.PROCESS.value)
        answer_everything(process, user, peaks=peak)
    assert queries() == few <= 8


answers = st.fixed_dictionaries(
    {
        level: st.sampled_from(
            [{}, {"never": True}, *({"after_minutes": b} for b in BANDS_MINUTES)]
        )
        for level in (1, 2, 3, 4)
    }
)


@settings(max_examples=100)
@given(answers)
def test_every_set_of_answers_is_kept_as_given_or_refused(said: dict[int, dict[str, Any]]) -> None:
    reached = [{"level": level, **said[level]} for level in sorted(said)]
    times = [
        BANDS_MINUTES[-1] + 1 if one.get("never") else one["after_minutes"]
        for one in reached
        if len(one) > 1
    ]
    serializer = AnswerSerializer(data={"category": "clients", "reached": reached})
    assert serializer.is_valid() == (times == sorted(times))
    if serializer.is_valid():
        kept, _impact = serializer.validated_data["said"]
        assert kept == {
            one["level"]: NEVER if one.get("never") else one.get("after_minutes") for one in reached
        }
