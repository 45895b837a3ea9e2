"""What stands around the estate in a plan, as queries give it: words, people, steps, copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bcp.documents.snapshot import Surroundings
from bcp.engine.estate import Copy, Outcome
from bcp.engine.impact_questions import NEVER
from bcp.engine.impacts import Category

TODAY = date(2026, 1, 2)


PEOPLE = {
    "Ada Kern": ("Chief operating officer", "+49 151 777 0001", True, "24x7"),
    "Boris Lind": ("Head of IT", "+49 151 777 0002", True, "Mo-Fr 08:00-18:00"),
    "Carla Meier": ("Duty manager", "", False, "24x7"),
}


DAY = 1440


PAYROLL = "key000000006"


REACHED: dict[Category, dict[int, int | None]] = {
    Category.CLIENTS: {1: 240, 2: 480, 3: DAY, 4: 3 * DAY},
    Category.LEGAL: {1: None, 2: NEVER},
}


IMPACT: dict[str, Any] = {
    "answers": [
        {
            "category": category.value,
            "category_label": {"clients": "Clients", "legal": "Law and contracts"}[category.value],
            "reached": {str(level): after for level, after in reached.items()},
        }
        for category, reached in REACHED.items()
    ],
    "cost_per_hour": "12000.00",
    "cost_basis": "Wages of 40 people.",
    "peaks": [{"name": "Month end", "when": "the last two days", "cost_per_hour": None}],
    "work_recovery_minutes": 120,
    "confirmed_by": "Ada Kern",
    "confirmed_on": "2025-12-20",
}
"""What `queries.plan_impacts` says of the payroll."""


COMBINED = "Insider and flood"


def copies(database: int) -> tuple[Copy, ...]:
    """Of the ERP's database: hourly and open to an attacker, nightly and locked."""
    hourly = Copy(
        database,
        "copy1",
        "Hourly",
        medium="disk",
        site="Süd",
        repository="Vault",
        interval_minutes=60,
        run_minutes=5,
        lag_minutes=0,
        retention_minutes=7 * DAY,
        locked_minutes=0,
        offline=False,
        separate_credentials=False,
        restore_mb_s=Decimal(100),
        restore_tested_on=TODAY,
        restore_outcome=Outcome.SUCCESS,
    )
    nightly = replace(
        hourly,
        key="copy2",
        name="Nightly",
        medium="tape",
        site="Nord",
        interval_minutes=DAY,
        run_minutes=120,
        lag_minutes=60,
        retention_minutes=35 * DAY,
        locked_minutes=20 * DAY,
        restore_tested_on=None,
        restore_outcome=None,
    )
    return hourly, nightly


def printed_copy(copy: Copy) -> dict[str, Any]:
    """What `queries.plan_backups` says of it."""
    tested = copy.restore_tested_on
    return {
        "system": "ERP database",
        "name": copy.name,
        "content": "Data",
        "kind": copy.kind.value,
        "kind_label": "Backup",
        "policy": "Databases" if copy.name == "Nightly" else None,
        "source": "erp-db-1",
        "medium": copy.medium,
        "site": copy.site,
        "repository": copy.repository,
        "interval_minutes": copy.interval_minutes,
        "run_minutes": copy.run_minutes,
        "lag_minutes": copy.lag_minutes,
        "retention_minutes": copy.retention_minutes,
        "locked_minutes": copy.locked_minutes,
        "offline": copy.offline,
        "separate_credentials": copy.separate_credentials,
        "encrypted": True,
        "restore_mb_s": "100.00",
        "restore_fixed_minutes": None,
        "replica": False,
        "last_restore_test": tested.isoformat() if tested else None,
        "last_restore_result": "Success" if tested else "",
        "last_restore_minutes": 95 if tested else None,
    }


def step(instruction: str, **others: Any) -> dict[str, Any]:
    return {
        "instruction": instruction,
        "team": None,
        "contact": None,
        "heads": None,
        "minutes_low": None,
        "minutes": None,
        "minutes_high": None,
        "expected": "",
        "verification": "",
        "way_back": "",
        "decision": "",
        "covers": [],
        **others,
    }


PROCEDURES: list[dict[str, Any]] = [
    {
        "system": "ERP database",
        "number": 3,
        "approved_by": "Ada Kern",
        "approved_on": "2025-11-01",
        "summary": "",
        "has_draft": True,
        "steps": [
            step(
                "Mount the volume read-only.",
                team="Platform",
                heads=2,
                minutes=30,
                minutes_low=20,
                minutes_high=60,
                expected="The mount table lists it.",
                verification="Read one file.",
                way_back="Unmount it.",
                decision="Ada decides which point to take.",
            ),
            step("Start the listener.", contact="Carla Meier", minutes=60),
        ],
    },
    {
        "system": "ERP",
        "number": None,
        "approved_by": None,
        "approved_on": None,
        "summary": "",
        "has_draft": True,
        "steps": [],
    },
]


def result(system: str, rta: int | None, rpa: int | None) -> dict[str, Any]:
    return {
        "system": system,
        "outcome": "success",
        "outcome_label": "Success",
        "rta_minutes": rta,
        "rpa_minutes": rpa,
        "note": "",
    }


EXERCISES: list[dict[str, Any]] = [
    {
        "name": "Spring",
        "type": "parallel",
        "type_label": "Parallel",
        "planned_on": "2026-04-01",
        "done_on": None,
        "objectives": "",
        "note": "",
        "results": [],
    },
    {
        "name": "Autumn",
        "type": "full interruption",
        "type_label": "Full interruption",
        "planned_on": None,
        "done_on": "2025-12-01",
        "objectives": "Bring the order line back.",
        "note": "",
        "results": [result("ERP", 400, 60), result("ERP database", 90, 60)],
    },
]


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
        "copies": [printed_copy(one) for one in copies(0)],
        "procedures": PROCEDURES,
        "exercises": EXERCISES,
        "combinations": [
            {
                "name": COMBINED,
                "description": "A thief burns the river site down.",
                "tiers": [1],
                "parts": ["stolen_credentials", "site:Nord"],
            }
        ],
        "channels": {"phone": "Phone"},
        "currency": "EUR",
        "impacts": {PAYROLL: IMPACT},
        "accepted": {},
    }
    return Surroundings(**{**fields, **changes})
