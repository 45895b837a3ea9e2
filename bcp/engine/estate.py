"""The estate: everything the engine knows of an organisation, as frozen data.

`queries.estate.load` builds it from rows; tests and counterfactuals build it by hand.
Edges name systems by their position in `Estate.systems`, so that an analysis of tens of
thousands of systems never looks a name up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bcp.engine.impacts import ProcessImpact


class Kind(StrEnum):
    PROCESS = "business process"
    APPLICATION = "application"
    DATA_STORE = "data store"
    IDENTITY = "identity"
    NETWORK = "network"
    COMPUTE = "compute"
    STORAGE = "storage"
    FACILITY = "facility"
    END_USER = "end-user service"
    SUPPLIER = "supplier"


NEVER_AT_A_SITE = (Kind.SUPPLIER, Kind.PROCESS)
"""Kinds of which nobody has to record a site."""


class Strategy(StrEnum):
    ACTIVE_ACTIVE = "active-active"
    HOT_STANDBY = "hot standby"
    WARM = "warm"
    REBUILD = "rebuild"
    RESTORE = "restore"
    SUPPLIER = "supplier"
    MANUAL = "manual workaround"
    NONE = "none"


class Status(StrEnum):
    LIVE = "live"
    PLANNED = "planned"
    RETIRED = "retired"


class NeededTo(StrEnum):
    """What a dependency is needed for (rule section 1, *Dependency*)."""

    REBUILD = "rebuild"
    RUN = "run"
    FULL_SERVICE = "full service"


GATING = (NeededTo.REBUILD, NeededTo.RUN)
"""What a dependency must be needed for to hold its dependent up."""


class DurationSource(StrEnum):
    """Where a recovery duration comes from, best first (rule G9)."""

    TEST = "test"
    PROCEDURE = "procedure"
    RESTORE = "restore"
    ESTIMATE = "estimate"
    CONTRACT = "supplier contract"


class Content(StrEnum):
    """What a copy holds."""

    DATA = "data"
    CONFIGURATION = "configuration"
    NETWORK = "network"
    ACCESS = "access"


class CopyKind(StrEnum):
    """How a copy is made, as far as it decides what the copy survives.

    A snapshot is kept by the storage that it was taken from, a replica follows every change of
    production; both are copies and neither is a backup. A SaaS export is judged as a backup.
    """

    BACKUP = "backup"
    SNAPSHOT = "snapshot"
    REPLICA = "replica"
    EXPORT = "SaaS export"


class Outcome(StrEnum):
    """How a restore test or an exercise went. Success: its objectives were met."""

    SUCCESS = "success"
    PARTIAL = "partial"
    FAILURE = "failure"


class Area(StrEnum):
    """What a procedure brings back."""

    INFRASTRUCTURE = "infrastructure"
    NETWORK = "network"
    APPLICATION = "application"
    DATA = "data"
    ACCESS = "access"
    VALIDATION = "validation"


class ExerciseType(StrEnum):
    """The ladder of exercises (rule X1), lowest first, and what stands beside it.

    A restore test proves a copy, not a plan. An incident that was recovered from proves as much
    as a full interruption.
    """

    CHECKLIST = "checklist"
    TABLETOP = "tabletop"
    FUNCTIONAL = "functional"
    PARALLEL = "parallel"
    FULL = "full interruption"
    RESTORE = "restore test"
    INCIDENT = "incident"


TIERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class System:
    """One recoverable thing. Targets are the approved ones only (rule T4).

    `duration_minutes` is the recovery work alone as somebody typed it in, `None` if nobody
    knows; `duration_source` says where the figure comes from and `duration_as_of` from when it
    is. A test, a procedure or a restore goes before it (rule G9, `recovery_durations`).
    `data_gb` is the volume to restore, in units of 10^9 bytes, 0 for a system that holds no data.
    `changed_on` is the day of the last structural change (rule X4). People and sites are named
    by their names, which are unique in an organisation.
    """

    key: str
    name: str
    kind: Kind = Kind.APPLICATION
    tier: int | None = None
    site: str | None = None
    strategy: Strategy | None = None
    status: Status = Status.LIVE
    rto_minutes: int | None = None
    rpo_minutes: int | None = None
    mtd_minutes: int | None = None
    duration_minutes: int | None = None
    duration_source: DurationSource | None = None
    duration_as_of: date | None = None
    owner: str | None = None
    technical_owner: str | None = None
    deputy: str | None = None
    team: str | None = None
    escalation: str | None = None
    data_gb: Decimal | None = None
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Dependency:
    """`dependent` needs `dependency`; both are positions in `Estate.systems`.

    A `bootstrap` note is the documented way to start without it: the edge never gates (G5).
    """

    dependent: int
    dependency: int
    needed_to: NeededTo = NeededTo.REBUILD
    bootstrap: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A place. Sites of one shared-fate zone are lost together; no zone: the site alone."""

    name: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or a vendor desk. `coverage` is as written (`24x7`, `Mo-Fr 08:00-18:00`);
    empty means nobody said, which counts as no coverage."""

    key: str
    name: str
    phones: tuple[str, ...] = ()
    independent_phone: str = ""
    coverage: str = ""
    may_declare: bool = False
    deputy: str | None = None
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """People who can do the same recovery work; unknown figures are `None`."""

    name: str
    heads_day: int | None = None
    heads_night: int | None = None
    mobilise_day_minutes: int | None = None
    mobilise_night_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """Call `contact`, then wait before the next step.

    `channel_system` names the system that the channel runs on, if it is one of ours: a lost
    system takes its channel with it (E1).
    """

    contact: str
    channel: str = "phone"
    wait_minutes: int = 0
    channel_system: str | None = None


@dataclass(frozen=True, slots=True)
class EscalationPath:
    name: str
    steps: tuple[EscalationStep, ...] = ()
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class TierPolicy:
    """What a tier promises (G4), must withstand (B5) and is to be tested with (X2).

    `scenarios` are names as `scenario.parse_scenario` reads them, or `system`, `site` and
    `supplier` for the loss of each system itself, of its own site, of its own supplier. What is
    `None` follows the defaults in `policies`.
    """

    tier: int
    name: str
    rto_minutes: int | None = None
    rpo_minutes: int | None = None
    scenarios: tuple[str, ...] | None = None
    minimum_exercise: ExerciseType | None = None
    cadence_days: int | None = None
    restore_test_days: int | None = None
    change_test_days: int | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of the system at position `system`. Unknown is `None`, of yes-or-no facts too.

    A point of the copy is taken when a run starts, every `interval_minutes`; it is at its
    destination after `run_minutes` and `lag_minutes`, is kept there for `retention_minutes`, and
    for `locked_minutes` from its arrival nobody can change or delete it (0: not locked).
    Restores from one `repository` share its throughput; with no name, the copies on one medium
    at one site are one repository. `restore_mb_s` is in units of 10^6 bytes; the fixed minutes
    pass before the first of them (fetching, mounting). `last_success` and `last_failure` are
    what the job itself reported.
    """

    system: int
    key: str
    name: str
    content: Content = Content.DATA
    kind: CopyKind = CopyKind.BACKUP
    medium: str = ""
    site: str | None = None
    repository: str = ""
    interval_minutes: int | None = None
    run_minutes: int | None = None
    lag_minutes: int | None = None
    retention_minutes: int | None = None
    locked_minutes: int | None = None
    offline: bool | None = None
    separate_credentials: bool | None = None
    encrypted: bool | None = None
    restore_mb_s: Decimal | None = None
    restore_fixed_minutes: int = 0
    last_success: datetime | None = None
    last_failure: datetime | None = None
    restore_tested_on: date | None = None
    restore_outcome: Outcome | None = None
    restore_test_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its minutes, likely, at best and at worst, and how many people of which team it
    takes; `None` where nobody timed it or said. Without a team it is the system's own team's."""

    likely: int | None = None
    low: int | None = None
    high: int | None = None
    team: str | None = None
    heads: int | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """How one system is recovered, as far as the rules need it: its steps in order, what they
    bring back, and whether somebody other than the author approved them."""

    system: int
    steps: tuple[Step, ...] = ()
    covers: frozenset[Area] = frozenset()
    approved: bool = False
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """What one exercise or incident showed of one system; not done yet: `done_on` is `None`.

    `rta_minutes` and `rpa_minutes`: recovery time and data loss achieved.
    """

    system: int
    name: str
    type: ExerciseType
    done_on: date | None = None
    outcome: Outcome | None = None
    rta_minutes: int | None = None
    rpa_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Combination:
    """A scenario that the organisation named itself: several that happen at once.

    `parts` are names of scenarios that are no combinations.
    """

    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """The last time somebody confirmed what the system at position `system` needs. `facts` is
    `reviews.facts_of` the needs that were confirmed."""

    system: int
    facts: str
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class Estate:
    """One organisation's systems and what surrounds them. Retired and planned systems are not
    in it: they are not recovered."""

    organisation: str
    systems: tuple[System, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    sites: tuple[Site, ...] = ()
    contacts: tuple[Contact, ...] = ()
    teams: tuple[Team, ...] = ()
    paths: tuple[EscalationPath, ...] = ()
    tier_policies: tuple[TierPolicy, ...] = ()
    detection_minutes: int | None = None
    time_zone: str = "UTC"
    copies: tuple[Copy, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    combinations: tuple[Combination, ...] = ()
    impacts: tuple[ProcessImpact, ...] = ()
    reviews: tuple[Review, ...] = ()
