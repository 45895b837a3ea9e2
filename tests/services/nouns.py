"""Every noun that is written through the common frame, so that a rule is shown for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bcp.models import (
    BackupCopy,
    BackupPolicy,
    Contact,
    Dependency,
    EscalationPath,
    Exercise,
    Organisation,
    OrgOwned,
    RestoreTest,
    Site,
    System,
    Team,
)
from bcp.services import (
    contacts,
    copies,
    dependencies,
    escalation,
    exercises,
    policies,
    restore_tests,
    sites,
    systems,
    teams,
)
from tests.factories import make_contact, make_copy, make_policy, make_site, make_system

Values = dict[str, Any]


def _nothing(_organisation: Organisation) -> Values:
    return {}


def _two_systems(organisation: Organisation) -> Values:
    return {
        "dependent": make_system(organisation, "Dependent"),
        "dependency": make_system(organisation, "Dependency"),
    }


def _one_system(organisation: Organisation) -> Values:
    return {"name": "Nightly", "system": make_system(organisation, "Copied")}


def _one_copy(organisation: Organisation) -> Values:
    return {"copy": make_copy(make_system(organisation, "Restored"), "Nightly")}


@dataclass(frozen=True)
class Noun:
    model: type[OrgOwned]
    service: Any
    values: Values
    """What a record needs, in itself."""
    edit: Values
    """A change of it."""
    edited: Values
    """What the audit trail says of that change."""
    needs: Callable[[Organisation], Values] = _nothing
    """Other records it needs, made in the same organisation."""
    references: dict[str, Callable[[Organisation], OrgOwned]] = field(default_factory=dict)

    def values_in(self, organisation: Organisation) -> Values:
        return {**self.values, **self.needs(organisation)}

    def make(self, organisation: Organisation, by: Any) -> Any:
        return self.service.create(organisation, self.values_in(organisation), by=by)


NOUNS = {
    "site": Noun(Site, sites, {"name": "HQ"}, {"zone": "River"}, {"zone": "River"}),
    "contact": Noun(
        Contact,
        contacts,
        {"name": "Ann", "phones": ["+49 30 1"], "may_spend": 5000},
        {"may_spend": 6000},
        {"may_spend": "6000.00"},
        references={"deputy": lambda organisation: make_contact(organisation, "Deputy")},
    ),
    "team": Noun(Team, teams, {"name": "Network"}, {"heads_day": 3}, {"heads_day": 3}),
    "escalation path": Noun(
        EscalationPath, escalation, {"name": "Default"}, {"name": "Other"}, {"name": "Other"}
    ),
    "system": Noun(
        System,
        systems,
        {"name": "ERP", "data_gb": 20},
        {"recovery_minutes": 90},
        {"recovery_minutes": 90},
        references={
            "site": lambda organisation: make_site(organisation, "Place"),
            "owner": lambda organisation: make_contact(organisation, "Owner"),
        },
    ),
    "dependency": Noun(
        Dependency,
        dependencies,
        {},
        {"needed_to": "run"},
        {"needed_to": "run"},
        _two_systems,
        {"dependency": lambda organisation: make_system(organisation, "Else")},
    ),
    "backup copy": Noun(
        BackupCopy,
        copies,
        {},
        {"offline": True},
        {"offline": True},
        _one_system,
        {
            "site": lambda organisation: make_site(organisation, "Vault"),
            "policy": lambda organisation: make_policy(organisation, "Daily"),
        },
    ),
    "backup policy": Noun(
        BackupPolicy,
        policies,
        {"name": "Daily", "interval_minutes": 1440},
        {"restore_mb_s": 120},
        {"restore_mb_s": "120.00"},
        references={"site": lambda organisation: make_site(organisation, "Vault")},
    ),
    "restore test": Noun(
        RestoreTest,
        restore_tests,
        {"done_on": date(2026, 5, 1), "outcome": "success"},
        {"minutes": 90},
        {"minutes": 90},
        _one_copy,
        {"copy": lambda organisation: make_copy(make_system(organisation, "Else"), "Nightly")},
    ),
    "exercise": Noun(
        Exercise,
        exercises,
        {"name": "Autumn", "type": "tabletop", "planned_on": date(2030, 1, 1)},
        {"planned_on": date(2030, 2, 1)},
        {"planned_on": "2030-02-01"},
    ),
}
