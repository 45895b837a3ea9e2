"""One row of each file as typed data. A default is what an empty cell means.

`row` counts as a spreadsheet does, the header being row 1. Other records are named by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from bcp.engine.impact_levels import Stated


@dataclass(frozen=True, slots=True)
class SiteRow:
    row: int
    name: str
    zone: str = ""
    kind: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ContactRow:
    """`vendor` `True`: the contact is a vendor desk of its own name. `independent_phone` `True`:
    it is the first of the phones."""

    row: int
    name: str
    title: str = ""
    email: str = ""
    phones: tuple[str, ...] = ()
    independent_phone: str | bool = ""
    vendor: str | bool = ""
    may_declare: bool = False
    may_spend: Decimal | None = None
    may_fail_over: bool = False
    coverage: str = ""
    deputy: str = ""
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class TeamRow:
    row: int
    name: str
    members: tuple[str, ...] = ()
    heads_day: int | None = None
    heads_night: int | None = None
    mobilise_day_minutes: int | None = None
    mobilise_night_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class SystemRow:
    row: int
    name: str
    kind: str = "application"
    tier: int | None = None
    owner: str = ""
    technical_owner: str = ""
    deputy: str = ""
    team: str = ""
    site: str = ""
    strategy: str = ""
    status: str = "live"
    rto_minutes: int | None = None
    rpo_minutes: int | None = None
    mtd_minutes: int | None = None
    target_reason: str = ""
    recovery_low_minutes: int | None = None
    recovery_minutes: int | None = None
    recovery_high_minutes: int | None = None
    data_gb: Decimal | None = None
    escalation: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class DependencyRow:
    row: int
    dependent: str
    dependency: str
    needed_to: str = "rebuild"
    bootstrap: str = ""


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """How bad the downtime of a process is in one category, band by band: the lowest and the
    highest level that it may have, `None` where nothing is said. The rest is of the process: it
    may stand in any of its rows."""

    row: int
    process: str
    category: str
    after_1h: Stated = None
    after_4h: Stated = None
    after_8h: Stated = None
    after_1d: Stated = None
    after_3d: Stated = None
    after_1w: Stated = None
    after_2w: Stated = None
    cost_per_hour: Decimal | None = None
    cost_basis: str = ""
    work_recovery_minutes: int | None = None
    peaks: tuple[tuple[str, str, Decimal | None], ...] = ()


@dataclass(frozen=True, slots=True)
class StepRow:
    """One rung of an escalation path. `channel` is a kind of channel, the name of the system
    that it runs on, or both (`phone: PBX`)."""

    row: int
    path: str
    position: int
    contact: str
    channel: str = "phone"
    wait_minutes: int = 15
    default: bool = False


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """`locked` as in `CopyRow`."""

    row: int
    name: str
    content: str = "data"
    kind: str = "backup"
    medium: str = ""
    site: str = ""
    repository: str = ""
    interval_minutes: int | None = None
    run_minutes: int | None = None
    lag_minutes: int | None = None
    retention_minutes: int | None = None
    locked: int | bool | None = None
    offline: bool | None = None
    separate_credentials: bool | None = None
    encrypted: bool | None = None
    restore_mb_s: Decimal | None = None
    restore_fixed_minutes: int | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class CopyRow:
    """`locked` `True`: nobody can change or delete a copy for as long as it is kept. `kind` goes
    before `replica`, which can only tell a replica from what is none."""

    row: int
    system: str
    name: str
    content: str = ""
    medium: str = ""
    site: str = ""
    interval_minutes: int | None = None
    run_minutes: int | None = None
    lag_minutes: int | None = None
    retention_minutes: int | None = None
    locked: int | bool | None = None
    offline: bool | None = None
    separate_credentials: bool | None = None
    replica: bool | None = None
    restore_mb_s: Decimal | None = None
    last_success: datetime | None = None
    last_restore_test: date | None = None
    last_restore_result: str = ""
    last_restore_minutes: int | None = None
    policy: str = ""
    kind: str = ""
    source: str = ""
    repository: str = ""
    encrypted: bool | None = None
    restore_fixed_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ProcedureStepRow:
    """One step of the procedure of a system; `contact` is the column `person`, and `covers` are
    the areas that the step brings back."""

    row: int
    system: str
    position: int
    instruction: str
    team: str = ""
    contact: str = ""
    heads: int | None = None
    minutes_low: int | None = None
    minutes: int | None = None
    minutes_high: int | None = None
    expected: str = ""
    verification: str = ""
    way_back: str = ""
    decision: str = ""
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    """What one exercise showed of one system; every row of an exercise says its type and days
    again. `outcome` is the column `result`."""

    row: int
    name: str
    type: str
    system: str
    done_on: date | None = None
    planned_on: date | None = None
    outcome: str = ""
    rta_minutes: int | None = None
    rpa_minutes: int | None = None
    note: str = ""
    objectives: str = ""


AnyRow: TypeAlias = (
    SiteRow
    | ContactRow
    | TeamRow
    | SystemRow
    | DependencyRow
    | ImpactRow
    | StepRow
    | PolicyRow
    | CopyRow
    | ProcedureStepRow
    | ExerciseRow
)
