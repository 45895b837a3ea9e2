"""A small estate with everything a plan has to say, made by hand: no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bcp.documents import snapshot as snapshots
from bcp.documents.snapshot import Print, Snapshot
from bcp.engine.analysis import analyse
from bcp.engine.estate import (
    Area,
    Combination,
    Contact,
    Dependency,
    DurationSource,
    EscalationPath,
    EscalationStep,
    Estate,
    Exercise,
    ExerciseType,
    Kind,
    NeededTo,
    Outcome,
    Procedure,
    Site,
    Step,
    Strategy,
    System,
    Team,
    TierPolicy,
)
from bcp.engine.impact_questions import impact_of
from bcp.engine.impacts import Peak, ProcessImpact
from bcp.engine.results import Analysis
from tests.documents.plan_surroundings import COMBINED, PEOPLE, REACHED, TODAY, copies, surroundings

SYSTEMS = (
    ("Power", Kind.FACILITY, 1, 20, None),
    ("SAN", Kind.STORAGE, 1, 60, 240),
    ("DNS", Kind.NETWORK, 1, 15, 120),
    ("AD", Kind.IDENTITY, 1, 45, 240),
    ("ERP database", Kind.DATA_STORE, 2, 90, 480),
    ("ERP", Kind.APPLICATION, 2, 30, 180),
    ("Payroll", Kind.PROCESS, 2, 0, 1440),
    ("Intranet", Kind.APPLICATION, 4, None, None),
    ("Badge reader", Kind.END_USER, 3, 10, 600),
    ("Payment provider", Kind.SUPPLIER, 2, 240, None),
)
RPOS = {"ERP database": 240, "ERP": 240, "Payroll": 240}
NEEDS = (
    ("SAN", "Power", NeededTo.REBUILD, ""),
    ("DNS", "AD", NeededTo.RUN, ""),
    ("AD", "DNS", NeededTo.RUN, ""),
    ("AD", "SAN", NeededTo.REBUILD, ""),
    ("ERP database", "SAN", NeededTo.REBUILD, ""),
    ("ERP", "ERP database", NeededTo.REBUILD, ""),
    ("ERP", "AD", NeededTo.RUN, ""),
    ("ERP", "Intranet", NeededTo.FULL_SERVICE, ""),
    ("Payroll", "ERP", NeededTo.RUN, ""),
    ("Payroll", "Payment provider", NeededTo.REBUILD, "Send the file by courier; see safe 2."),
    ("Intranet", "AD", NeededTo.RUN, ""),
)


def exercises(erp: int, database: int) -> tuple[Exercise, ...]:
    """One that proves the database, and not the ERP: it took longer than it may."""
    tried = Exercise(
        database, "Autumn", ExerciseType.FULL, date(2025, 12, 1), Outcome.SUCCESS, 90, 60
    )
    return tried, replace(tried, system=erp, rta_minutes=400)


def analysed(names: dict[str, str] | None = None, scenario: str = "everything") -> Analysis:
    """The estate, with some systems renamed."""
    called = names or {}
    place = {name: index for index, (name, *_rest) in enumerate(SYSTEMS)}
    systems = tuple(
        System(
            key=f"key{index:09d}",
            name=called.get(name, name),
            kind=kind,
            tier=tier,
            site="Nord" if index % 2 else "Süd",
            strategy=Strategy.RESTORE,
            rto_minutes=rto,
            rpo_minutes=RPOS.get(name),
            data_gb=Decimal(600) if name == "ERP database" else None,
            duration_minutes=minutes,
            duration_source=None if minutes is None else DurationSource.ESTIMATE,
            owner="Ada Kern",
            technical_owner="Carla Meier",
            deputy="Boris Lind" if index % 2 else None,
            team="Platform",
        )
        for index, (name, kind, tier, minutes, rto) in enumerate(SYSTEMS)
    )
    estate = Estate(
        organisation="Acme Foods",
        systems=systems,
        dependencies=tuple(
            Dependency(place[one], place[other], needed, note) for one, other, needed, note in NEEDS
        ),
        sites=(Site("Nord", "river"), Site("Süd")),
        contacts=tuple(
            Contact(name, name, ("+49 40 555 01",), phone, coverage, declares, None, TODAY)
            for name, (_title, phone, declares, coverage) in PEOPLE.items()
        ),
        teams=(Team("Platform", 4, 2, 15, 45),),
        paths=(
            EscalationPath(
                "Ladder",
                tuple(EscalationStep(name, "phone", 10) for name in reversed(PEOPLE)),
                is_default=True,
            ),
        ),
        tier_policies=(TierPolicy(1, "Mission-critical", 240, 15),),
        detection_minutes=15,
        copies=copies(place["ERP database"]),
        procedures=(
            Procedure(
                place["ERP database"],
                (Step(30, 20, 60), Step(60)),
                frozenset({Area.DATA}),
                approved=True,
                approved_on=date(2025, 11, 1),
            ),
            Procedure(place["ERP"], (Step(10),)),
        ),
        exercises=exercises(place["ERP"], place["ERP database"]),
        combinations=(Combination(COMBINED, ("stolen_credentials", "site:Nord")),),
        impacts=(
            ProcessImpact(
                place["Payroll"],
                tuple(impact_of(category, reached) for category, reached in REACHED.items()),
                Decimal(12000),
                (Peak("Month end", "the last two days"),),
                120,
                date(2025, 12, 20),
            ),
        ),
    )
    return analyse(estate, scenario, today=TODAY)


def printed(**changes: Any) -> Print:
    fields: dict[str, Any] = {
        "title": "Continuity plan: Everything is lost",
        "issue": 7,
        "effective_on": TODAY,
        "review_on": date(2026, 7, 2),
        "made_at": datetime(2026, 1, 2, 9, 30, tzinfo=UTC),
        "made_by": "it.director@acme.example",
        "language": "en",
    }
    return Print(**{**fields, **changes})


def plan(scenario: str = "everything", **changes: Any) -> Snapshot:
    """The snapshot of the whole plan."""
    return snapshots.build(analysed(scenario=scenario), surroundings(**changes), printed())
