"""A small estate with everything a plan has to say, made by hand: no database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from bcp.documents import snapshot as snapshots
from bcp.documents.snapshot import Print, Snapshot, Surroundings
from bcp.engine.analysis import analyse
from bcp.engine.estate import (
    Contact,
    Dependency,
    DurationSource,
    EscalationPath,
    EscalationStep,
    Estate,
    Kind,
    NeededTo,
    Site,
    Strategy,
    System,
    Team,
    TierPolicy,
)
from bcp.engine.results import Analysis

TODAY = date(2026, 1, 2)

PEOPLE = {
    "Ada Kern": ("Chief operating officer", "+49 151 777 0001", True, "24x7"),
    "Boris Lind": ("Head of IT", "+49 151 777 0002", True, "Mo-Fr 08:00-18:00"),
    "Carla Meier": ("Duty manager", "", False, "24x7"),
}
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
    )
    return analyse(estate, scenario, today=TODAY)


def surroundings(**changes: Any) -> Surroundings:
    """What stands around it; `changes` replace whole fields, `paper` and `note` are shorthands."""
    paper = changes.pop("paper", "A4")
    note = changes.pop("note", "Runs on two nodes.\n\nThe licence is in safe 2.")
    fields: dict[str, Any] = {
        "organisation": {
            "name": "Acme Foods",
            "slug": "acme",
            "paper": paper,
            "time_zone": "Europe/Berlin",
            "review_months": 6,
        },
        "systems": {
            "key000000005": {
                "kind_label": "Application",
                "strategy_label": "Restore from backup",
                "description": note,
            }
        },
        "contacts": [
            {
                "name": name,
                "title": title,
                "vendor": "",
                "email": f"{name.split()[0].lower()}@acme.example",
                "phones": ["+49 40 555 01"],
                "independent_phone": phone,
                "may_declare": declares,
                "may_spend": "5000.00" if declares else None,
                "may_fail_over": declares,
                "coverage": coverage,
                "deputy": None,
                "verified_on": "2026-01-02",
            }
            for name, (title, phone, declares, coverage) in PEOPLE.items()
        ],
        "teams": [
            {
                "name": "Platform",
                "members": ["Carla Meier"],
                "heads_day": 4,
                "heads_night": 2,
                "mobilise_day_minutes": 15,
                "mobilise_night_minutes": None,
            }
        ],
        "sites": [
            {"name": "Nord", "zone": "river", "kind": "Data centre", "address": "Hafen 1\nHamburg"},
            {"name": "Süd", "zone": "", "kind": "", "address": ""},
        ],
        "copies": [
            {
                "system": "ERP database",
                "name": "Nightly",
                "content": "Data",
                "medium": "tape",
                "site": "Nord",
                "interval_minutes": 1440,
                "run_minutes": 120,
                "lag_minutes": 60,
                "retention_minutes": 43200,
                "locked_minutes": 20160,
                "offline": True,
                "separate_credentials": True,
                "replica": False,
                "last_restore_test": None,
                "last_restore_result": "",
            }
        ],
        "channels": {"phone": "Phone"},
    }
    return Surroundings(**{**fields, **changes})


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


def plan(**changes: Any) -> Snapshot:
    """The snapshot of the whole plan."""
    return snapshots.build(analysed(), surroundings(**changes), printed())
