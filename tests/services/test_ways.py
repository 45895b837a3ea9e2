"""Writing an offered set of changes: all of it, or nothing, and only if the time is met then."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.engine.results import SystemResult
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import AuditEvent, Dependency, RecoveryTarget, System
from bcp.queries import history, targets
from bcp.queries.analysis import analysis
from bcp.services import systems, undo, ways
from bcp.services.ways import Bootstrap, Estimate, Tighter
from tests.conftest import Cast
from tests.factories import make_dependency, make_procedure, make_system, make_target


@dataclass
class Chain:
    """Orders on an ERP on a database: 15 + 60 + 120 + 360 minutes."""

    cast: Cast
    database: System
    erp: System
    orders: System
    to_database: Dependency

    def apply(self, rto: int, *steps: ways.Step, role: Role = Role.IT_DIRECTOR) -> int:
        by = self.cast.actor(role)
        return ways.apply(self.cast.organisation, self.orders.pk, rto, steps, by=by)

    def restored(self) -> int:
        return self.result("Orders").restored_minutes

    def result(self, name: str) -> SystemResult:
        answer = analysis(self.cast.organisation, now=timezone.now())
        return next(one for one in answer.systems if one.name == name)


@pytest.fixture
def chain(acme: Cast) -> Chain:
    database = make_system(acme.organisation, "Database", recovery_minutes=360, tier=1)
    erp = make_system(
        acme.organisation, "ERP", recovery_minutes=120, recovery_low_minutes=90, strategy="restore"
    )
    orders = make_system(acme.organisation, "Orders", recovery_minutes=60)
    to_database = make_dependency(erp, database)
    make_dependency(orders, erp)
    return Chain(acme, database, erp, orders, to_database)


def test_what_is_written_makes_the_analysis_meet_the_time(chain: Chain) -> None:
    assert chain.restored() == 15 + 540
    told = chain.apply(
        240,
        Bootstrap(chain.to_database.pk, "  Start from last night's export.  ", 1),
        Estimate(chain.erp.pk, 60, 1),
    )
    assert told == chain.restored() == 15 + 60 + 60
    chain.erp.refresh_from_db()
    assert (chain.erp.recovery_minutes, chain.erp.recovery_low_minutes) == (60, 60)
    chain.to_database.refresh_from_db()
    assert chain.to_database.bootstrap == "Start from last night's export."


def test_each_record_can_be_set_back_from_its_history(chain: Chain) -> None:
    chain.apply(240, Bootstrap(chain.to_database.pk, "By hand.", 1), ways.stand_by(chain.erp.pk, 1))
    chain.erp.refresh_from_db()
    assert (chain.erp.strategy, chain.erp.recovery_minutes) == ("hot standby", 30)
    for record_type, key in (("system", chain.erp.pk), ("dependency", chain.to_database.pk)):
        event = history.of_record(chain.cast.organisation, record_type, key).first()
        assert event is not None
        undo.undo(chain.cast.organisation, event, by=chain.cast.actor())
    assert chain.restored() == 15 + 540
    chain.erp.refresh_from_db()
    assert (chain.erp.strategy, chain.erp.recovery_minutes) == ("restore", 120)


def test_nothing_is_written_if_the_time_would_not_be_met(chain: Chain) -> None:
    """A procedure goes before an estimate: the shorter one changes nothing."""
    make_procedure(chain.erp, 100, approved_by=chain.cast.user(Role.EXECUTIVE))
    events = AuditEvent.objects.count()
    with pytest.raises(Conflict, match="would be back after 8 h 25 min, not within 4 h"):
        chain.apply(240, Estimate(chain.erp.pk, 30, 1), Estimate(chain.orders.pk, 30, 1))
    chain.orders.refresh_from_db()
    assert chain.orders.recovery_minutes == 60
    assert AuditEvent.objects.count() == events


def test_a_record_that_was_changed_since_stops_everything(chain: Chain) -> None:
    by = chain.cast.actor()
    systems.change(chain.cast.organisation, chain.erp.pk, {"tier": 2}, seen_version=1, by=by)
    with pytest.raises(Conflict, match="Somebody else changed this record"):
        chain.apply(240, Estimate(chain.database.pk, 10, 1), Estimate(chain.erp.pk, 30, 1))
    chain.database.refresh_from_db()
    assert chain.database.recovery_minutes == 360


def test_a_note_must_say_something(chain: Chain) -> None:
    with pytest.raises(InvalidInput) as refused:
        chain.apply(240, Bootstrap(chain.to_database.pk, " ", 1))
    assert list(refused.value.fields) == [ways.note_field(chain.to_database.pk)]
    assert chain.restored() == 15 + 540


def test_a_tighter_target_becomes_a_proposal_that_somebody_else_decides(chain: Chain) -> None:
    make_target(chain.database, chain.cast.user(Role.EXECUTIVE), rto=480, rpo=60)
    shorter = Estimate(chain.database.pk, 30, 1)
    chain.apply(240, shorter, Tighter(chain.database.pk, 60))
    [proposal] = targets.proposals(chain.cast.organisation)
    assert (proposal.system_id, proposal.rto_minutes, proposal.rpo_minutes) == (
        chain.database.pk,
        60,
        60,
    )
    assert "“Orders” can be back within 4 h" in proposal.reason
    assert targets.approved(chain.cast.organisation)[chain.database.pk].rto_minutes == 480
    # Applied once more it stays the one proposal.
    chain.apply(240, Estimate(chain.database.pk, 30, 2), Tighter(chain.database.pk, 60))
    assert RecoveryTarget.objects.of(chain.cast.organisation).count() == 2


def test_it_takes_the_right_to_edit_and_for_targets_the_right_to_propose(chain: Chain) -> None:
    shorter = Estimate(chain.database.pk, 30, 1)
    for role, steps in (
        (Role.EXECUTIVE, [shorter]),
        (Role.AUDITOR, [shorter]),
        (Role.ENGINEER, [shorter, Tighter(chain.database.pk, 60)]),
    ):
        with pytest.raises(NotAllowed):
            chain.apply(240, *steps, role=role)
    assert chain.restored() == 15 + 540
    assert chain.apply(240, shorter, role=Role.ENGINEER) == 15 + 30 + 180


def test_records_of_another_organisation_are_not_there(chain: Chain, rival: Cast) -> None:
    foreign = make_system(rival.organisation, "Foreign", recovery_minutes=90)
    with pytest.raises(Conflict):
        chain.apply(240, Estimate(chain.database.pk, 30, 1), Estimate(foreign.pk, 30, 1))
    chain.database.refresh_from_db()
    foreign.refresh_from_db()
    assert (chain.database.recovery_minutes, foreign.recovery_minutes) == (360, 90)
