"""The estate: everything the engine knows of an organisation, as frozen data.

`queries.estate.load` builds it from rows; tests and counterfactuals build it by hand.
Edges name systems by their position in `Estate.systems`, so that an analysis of tens of
thousands of systems never looks a name up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


class DurationSource(StrEnum):
    """Where a recovery duration comes from, best first (rule G9)."""

    TEST = "test"
    PROCEDURE = "procedure"
    RESTORE = "restore"
    ESTIMATE = "estimate"
    CONTRACT = "supplier contract"


TIERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class System:
    """One recoverable thing. Targets are the approved ones only (rule T4).

    `duration_minutes` is the recovery work alone, already chosen by rule G9, `None` if nobody
    knows; `duration_source` says which source won and `duration_as_of` when it was measured.
    People and sites are named by their names, which are unique in an organisation.
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
    """What a tier promises; used where a promise contradicts an edge (G4)."""

    tier: int
    name: str
    rto_minutes: int | None = None
    rpo_minutes: int | None = None


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
