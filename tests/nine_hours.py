"""A business process that is back after nine hours, for tests of what four hours would ask for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bcp.engine.impact_questions import impact_of
from bcp.engine.impacts import Category
from bcp.models import Organisation, System
from bcp.models.impacts import ImpactAnswer, ImpactAssessment, PeakPeriod
from bcp.services import escalation
from tests.factories import make_contact, make_dependency, make_path, make_system


def make_payroll(organisation: Organisation) -> System:
    """A server of six hours, the programme of two, its own three quarters, and a quarter until
    somebody notices; all of tier 1."""
    ada = make_contact(organisation, "Ada", coverage="24x7", may_declare=True, phones=["+44 1"])
    make_path(organisation, "Default", escalation.StepValues(ada), is_default=True)
    server = make_system(organisation, "Server", recovery_minutes=360, tier=1)
    programme = make_system(organisation, "Programme", recovery_minutes=120, tier=1)
    payroll = make_system(
        organisation, "Payroll", kind="business process", recovery_minutes=45, tier=1
    )
    make_dependency(programme, server)
    make_dependency(payroll, programme)
    return payroll


def answer(process: System, **values: Any) -> ImpactAssessment:
    """Clients are harmed intolerably after eight hours; an hour costs 600, at the year's end 900.
    Nobody has confirmed it."""
    organisation = process.organisation
    usual = {"cost_per_hour": Decimal(600), "work_recovery_minutes": 120}
    made = ImpactAssessment.objects.create(
        organisation=organisation, process=process, **usual | values
    )
    reached = {1: 60, 2: 240, 3: 480, 4: 4320}
    impact = impact_of(Category.CLIENTS, reached)
    ImpactAnswer.objects.create(
        organisation=organisation,
        assessment=made,
        category=impact.category.value,
        reached={str(level): band for level, band in reached.items()},
        levels=list(impact.levels),
        at_most=list(impact.at_most),
        at_least=list(impact.at_least),
    )
    PeakPeriod.objects.create(
        organisation=organisation,
        assessment=made,
        position=1,
        name="Year end",
        cost_per_hour=Decimal(900),
    )
    make_system(organisation, f"Marker of {process}")  # so that the analysis is made anew
    return made
