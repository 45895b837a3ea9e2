"""Answering what the downtime of a business process does, question by question."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bcp.engine.impact_levels import impact_from
from bcp.engine.impact_questions import NEVER, reached_of
from bcp.engine.impacts import Category
from bcp.engine.permissions import Capability, Role, allows
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import ImpactAssessment, System
from bcp.queries import history
from bcp.queries import impacts as reads
from bcp.queries.estate import load
from bcp.services import impacts, systems
from bcp.services.impacts import Document, PeakValues
from tests.conftest import Cast
from tests.factories import answer_everything, make_system

CLIENTS = Category.CLIENTS


@pytest.fixture
def payroll(acme: Cast) -> System:
    return make_system(acme.organisation, "Payroll", kind="business process")


def say(cast: Cast, threshold: int, value: int | None, *, seen: int | None = None) -> None:
    process = System.objects.of(cast.organisation).get(name="Payroll")
    impacts.answer(
        cast.organisation, process.pk, CLIENTS, threshold, value, seen_version=seen, by=cast.actor()
    )


def stored(cast: Cast) -> reads.ProcessAnswers:
    return reads.listing(cast.organisation)[0]


def test_the_first_answer_begins_the_assessment_and_says_who_gave_it(
    acme: Cast, payroll: System
) -> None:
    say(acme, 1, 240, seen=0)
    now = stored(acme)
    assert now.given.reached == {CLIENTS: {1: 240}}
    assert now.answers[0].answered_by == acme.user(Role.IT_DIRECTOR)
    assert now.answers[0].levels == [0, None, None, None, None, None, None]
    assert now.answers[0].at_least == [0, 1, 1, 1, 1, 1, 1]


def test_the_engine_reads_what_was_answered(acme: Cast, payroll: System) -> None:
    for threshold, value in ((1, 240), (2, 480), (3, 1440), (4, NEVER)):
        say(acme, threshold, value)
    (impact,) = load(acme.organisation).impacts
    assert impact.answers[0].levels == (0, 1, 2, 3, 3, 3, 3)


def test_i_do_not_know_is_recorded_and_is_not_the_same_as_no_answer(
    acme: Cast, payroll: System
) -> None:
    say(acme, 3, None)
    assert stored(acme).given.reached == {CLIENTS: {3: None}}
    assert stored(acme).derived.rto.minutes is None
    assert stored(acme).derived.rto.may_be_earlier


def test_a_level_cannot_be_reached_before_a_lower_one(acme: Cast, payroll: System) -> None:
    say(acme, 1, 1440)
    with pytest.raises(InvalidInput, match="less bad") as refused:
        say(acme, 2, 60)
    assert list(refused.value.fields) == ["answer"]
    assert stored(acme).given.reached == {CLIENTS: {1: 1440}}


@pytest.mark.parametrize("value", [0, 61, -2, 20161])
def test_an_answer_is_one_of_the_bands(value: int, acme: Cast, payroll: System) -> None:
    with pytest.raises(InvalidInput, match="bands of time"):
        say(acme, 1, value)
    assert not ImpactAssessment.objects.exists()


def test_a_later_answer_to_a_lower_level_takes_away_only_what_contradicts_it(
    acme: Cast, payroll: System
) -> None:
    for threshold, value in ((1, 60), (2, 240), (3, 1440), (4, NEVER)):
        say(acme, threshold, value)
    result = impacts.answer(
        acme.organisation, payroll.pk, CLIENTS, 1, 480, seen_version=None, by=acme.actor()
    )
    assert result.dropped == {2: 240}
    assert stored(acme).given.reached == {CLIENTS: {1: 480, 3: 1440, 4: NEVER}}


def test_what_a_file_said_of_the_levels_stays_as_long_as_answers_only_add_to_it(
    acme: Cast, payroll: System
) -> None:
    """A row of levels may hold more than answers can: intolerable after a day, nobody knows what
    before."""
    row = impact_from(CLIENTS, [None, None, None, (3, 3), (3, 3), (3, 3), (3, 3)])
    said = Document({CLIENTS: (reached_of(row), row)}, frozenset())
    impacts.replace(acme.organisation, payroll.pk, said, seen_version=None, by=acme.actor())
    assert stored(acme).derived.rto.minutes == 1440
    say(acme, 1, 60)
    assert stored(acme).derived.rto.minutes == 1440
    assert stored(acme).answers[0].at_least == [1, 1, 1, 3, 3, 3, 3]


def test_cost_peaks_and_work_recovery_are_answers_too(acme: Cast, payroll: System) -> None:
    organisation, by = acme.organisation, acme.actor()
    impacts.answer_cost(
        organisation, payroll.pk, Decimal(1200), "Turnover / hours", seen_version=None, by=by
    )
    impacts.answer_work_recovery(organisation, payroll.pk, None, seen_version=None, by=by)
    peaks = [PeakValues("Month end", "last three days", Decimal(5000)), PeakValues("Christmas")]
    impacts.answer_peaks(organisation, payroll.pk, peaks, seen_version=None, by=by)
    now = stored(acme)
    assert now.assessment is not None
    assert now.assessment.asked == ["cost", "peaks", "work recovery"]
    assert now.assessment.cost_per_hour == 1200
    assert now.assessment.work_recovery_minutes is None
    assert [(one.name, one.cost_per_hour) for one in now.peaks] == [
        ("Month end", 5000),
        ("Christmas", None),
    ]


def test_every_faulty_peak_is_named_and_nothing_is_written(acme: Cast, payroll: System) -> None:
    peaks = [PeakValues(""), PeakValues("Good"), PeakValues("Bad", "", Decimal(-1))]
    with pytest.raises(InvalidInput) as refused:
        impacts.answer_peaks(
            acme.organisation, payroll.pk, peaks, seen_version=None, by=acme.actor()
        )
    assert [fault[:7] for fault in refused.value.fields["peaks"]] == ["Peak 1:", "Peak 3:"]
    assert not ImpactAssessment.objects.exists()


def test_a_confirmation_says_who_and_when_and_falls_with_any_change(
    acme: Cast, payroll: System
) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    now = stored(acme)
    assert now.assessment is not None
    assert now.assessment.confirmed_by == acme.user(Role.EXECUTIVE)
    say(acme, 1, None)
    now = stored(acme)
    assert now.assessment is not None
    assert (now.assessment.confirmed_by, now.assessment.confirmed_at) == (None, None)


def test_the_same_answer_again_is_no_edit(acme: Cast, payroll: System) -> None:
    answer_everything(
        payroll, acme.user(Role.EXECUTIVE), levels={1: 240, 2: 480, 3: 1440, 4: NEVER}
    )
    before = stored(acme).assessment
    say(acme, 1, 240)
    after = stored(acme).assessment
    assert before is not None
    assert after is not None
    assert (after.version, after.confirmed_by) == (before.version, before.confirmed_by)


def test_nothing_is_confirmed_while_a_question_is_open(acme: Cast, payroll: System) -> None:
    say(acme, 1, NEVER)
    with pytest.raises(InvalidInput, match="Open: 19"):
        impacts.confirm(acme.organisation, payroll.pk, seen_version=None, by=acme.actor())


def test_only_a_person_confirms(acme: Cast, payroll: System) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    with pytest.raises(NotAllowed, match="person"):
        impacts.confirm(acme.organisation, payroll.pk, seen_version=None, by=acme.shell)


def test_whoever_answers_second_is_told_and_overwrites_nothing(acme: Cast, payroll: System) -> None:
    say(acme, 1, 240, seen=0)
    with pytest.raises(Conflict):
        say(acme, 1, 60, seen=0)
    assert stored(acme).given.reached == {CLIENTS: {1: 240}}


def test_only_business_processes_are_asked_about(acme: Cast) -> None:
    server = make_system(acme.organisation, "Server", kind="compute")
    with pytest.raises(InvalidInput, match="not a business process"):
        impacts.answer(
            acme.organisation, server.pk, CLIENTS, 1, 60, seen_version=None, by=acme.actor()
        )


@pytest.mark.parametrize("role", Role)
def test_who_may_not_answer_writes_nothing(role: Role, acme: Cast, payroll: System) -> None:
    def attempt() -> None:
        impacts.answer(
            acme.organisation, payroll.pk, CLIENTS, 1, 60, seen_version=None, by=acme.actor(role)
        )

    if allows(role, Capability.ANSWER_IMPACT):
        attempt()
    else:
        with pytest.raises(NotAllowed):
            attempt()
    assert ImpactAssessment.objects.exists() == allows(role, Capability.ANSWER_IMPACT)


def test_a_process_of_another_organisation_is_not_there(
    acme: Cast, rival: Cast, payroll: System
) -> None:
    foreign = make_system(rival.organisation, "Theirs", kind="business process")
    with pytest.raises(Conflict, match="deleted"):
        impacts.answer(
            acme.organisation, foreign.pk, CLIENTS, 1, 60, seen_version=None, by=acme.actor()
        )
    with pytest.raises(NotAllowed):
        impacts.answer(
            rival.organisation, foreign.pk, CLIENTS, 1, 60, seen_version=None, by=acme.actor()
        )


def test_the_audit_trail_tells_each_answer(acme: Cast, payroll: System) -> None:
    say(acme, 1, 240)
    say(acme, 2, NEVER)
    event = history.events(acme.organisation).first()
    assert event is not None
    assert (event.record_type, event.action) == ("impactassessment", "changed")
    assert event.after == {
        "answers": [
            {"category": "clients", "level": 1, "reached_minutes": 240},
            {"category": "clients", "level": 2, "reached": "never"},
        ]
    }


def test_a_deleted_process_takes_its_answers_along_each_with_its_row_in_the_audit_trail(
    acme: Cast, payroll: System
) -> None:
    answer_everything(payroll, acme.user(Role.EXECUTIVE))
    systems.delete(acme.organisation, payroll.pk, seen_version=None, by=acme.actor())
    assert not ImpactAssessment.objects.exists()
    gone = history.events(acme.organisation).filter(action="deleted")
    assert {"system", "impactassessment", "impactanswer"} <= {one.record_type for one in gone}
