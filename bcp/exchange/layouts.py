"""Which files there are, and which columns each has: the contract with users' spreadsheets.

The first name of a column is the one that exports and templates write; the others are
understood as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any, Generic, TypeVar

from bcp.engine.estate import Area, CopyKind, ExerciseType, Kind, NeededTo, Status, Strategy
from bcp.exchange import values
from bcp.exchange.rows import (
    AnyRow,
    ContactRow,
    CopyRow,
    DependencyRow,
    ExerciseRow,
    PolicyRow,
    ProcedureStepRow,
    SiteRow,
    StepRow,
    SystemRow,
    TeamRow,
)
from bcp.exchange.values import CellKind, fold

RowT = TypeVar("RowT", bound=AnyRow)

LONGEST_NAME = 200
LONGEST_PHONE = 60
MOST_HEADS = 10_000
LAST_POSITION = 32_767


@dataclass(frozen=True)
class Column:
    """`field` is the name in the row's dataclass, `names` what the header may say."""

    field: str
    kind: CellKind
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Layout(Generic[RowT]):
    """One file. `key` are the fields by which a row is found again; of the columns of `either`
    a file has at least one."""

    file: str
    row: Callable[..., RowT]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    either: tuple[str, ...] = ()

    @cached_property
    def by_header(self) -> dict[str, Column]:
        """Folded header → column."""
        found = {fold(name): column for column in self.columns for name in column.names}
        return {column.field: column for column in self.columns} | found

    @cached_property
    def empty(self) -> dict[str, Any]:
        """Field → what an empty cell of it means."""
        row_type: Any = self.row
        return {one.name: one.default for one in fields(row_type) if one.default is not MISSING}


def _column(names: str, kind: CellKind, *, field: str = "", required: bool = False) -> Column:
    """`names` separated by blanks; the field is called as the first unless said otherwise."""
    listed = tuple(names.split())
    return Column(field or listed[0], kind, listed, required)


def _minutes(names: str) -> Column:
    return _column(names, values.MINUTES, field=f"{names.split()[0]}_minutes")


_NAME = values.text(LONGEST_NAME)
_PHONE = values.text(LONGEST_PHONE)
_HEADS = values.whole_number(0, MOST_HEADS)

SITES = Layout(
    "sites.csv",
    SiteRow,
    ("name",),
    (
        _column("name site site_name", _NAME, required=True),
        _column("zone shared_fate_zone fate_zone", _NAME),
        _column(
            "kind type",
            values.choice(
                ("data centre", "office", "cloud region", "provider"),
                {"data_center": "data centre", "datacenter": "data centre"}
                | {"datacentre": "data centre", "cloud": "cloud region"},
            ),
        ),
        _column("address location", values.text(2000, lines=True)),
    ),
)

CONTACTS = Layout(
    "contacts.csv",
    ContactRow,
    ("name",),
    (
        _column("name contact contact_name full_name person", _NAME, required=True),
        _column("title role job_title", _NAME),
        _column("email e_mail mail email_address e_mail_address", values.EMAIL),
        _column("phones phone phone_numbers telephone phone_number", values.several(_PHONE)),
        _column("independent_phone", values.yes_no_or(_PHONE)),
        _column("vendor company supplier", values.yes_no_or(_NAME)),
        _column("may_declare can_declare", values.YES_NO),
        _column("may_spend can_spend spending_limit", values.decimal(14, 2)),
        _column("may_fail_over may_failover can_fail_over can_failover", values.YES_NO),
        _column("coverage coverage_hours hours", values.COVERAGE),
        _column("deputy substitute", _NAME),
        _column("verified_on verified last_verified", values.DATE),
    ),
)

TEAMS = Layout(
    "teams.csv",
    TeamRow,
    ("name",),
    (
        _column("name team team_name", _NAME, required=True),
        _column("members member contacts people", values.several(_NAME)),
        _column("heads_day heads", _HEADS),
        _column("heads_night heads_off_hours", _HEADS),
        _minutes("mobilise_day mobilize_day"),
        _minutes("mobilise_night mobilize_night mobilise_off_hours"),
    ),
)

SYSTEMS = Layout(
    "systems.csv",
    SystemRow,
    ("name",),
    (
        _column("name system system_name", _NAME, required=True),
        _column(
            "kind type category",
            values.choice(
                tuple(Kind),
                {"process": "business process", "app": "application", "service": "application"}
                | {"database": "data store", "db": "data store", "datastore": "data store"}
                | {"server": "compute", "vm": "compute", "saas": "supplier"}
                | {"vendor": "supplier", "end_user": "end-user service"},
            ),
        ),
        _column("tier criticality", values.whole_number(1, 4)),
        _column("owner business_owner", _NAME),
        _column("technical_owner tech_owner it_owner", _NAME),
        _column("deputy", _NAME),
        _column("team recovery_team", _NAME),
        _column("site location", _NAME),
        _column(
            "strategy recovery_strategy",
            values.choice(
                tuple(Strategy),
                {"warm_standby": "warm", "manual": "manual workaround"}
                | {"restore_from_backup": "restore", "hot": "hot standby"},
            ),
        ),
        _column("status state", values.choice(tuple(Status))),
        _minutes("rto recovery_time_objective"),
        _minutes("rpo recovery_point_objective"),
        _minutes("mtd maximum_tolerable_downtime mtpd"),
        _minutes("recovery_low"),
        _minutes("recovery recovery_time recovery_likely"),
        _minutes("recovery_high"),
        _column("data_gb data_size_gb size_gb", values.decimal(14, 3)),
        _column("escalation escalation_path", _NAME),
        _column("description notes comment", values.text(20_000, lines=True)),
    ),
)

DEPENDENCIES = Layout(
    "dependencies.csv",
    DependencyRow,
    ("dependent", "dependency"),
    (
        _column("dependent system source consumer from", _NAME, required=True),
        _column("dependency depends_on requires needs target provider to", _NAME, required=True),
        _column("needed_to needed_for kind type", values.choice(tuple(NeededTo))),
        _column("bootstrap bootstrap_note break_glass", values.text(5000, lines=True)),
    ),
)

ESCALATION = Layout(
    "escalation.csv",
    StepRow,
    ("path", "position"),
    (
        _column("path escalation_path path_name", _NAME, required=True),
        _column("position step order", values.whole_number(1, LAST_POSITION), required=True),
        _column("contact contact_name person", _NAME, required=True),
        _column("channel", values.text(LONGEST_NAME + 20)),
        _minutes("wait"),
        _column("default is_default", values.YES_NO),
    ),
)

_CONTENT = _column(
    "content contents",
    values.choice(
        ("data", "configuration", "network", "access"),
        {"config": "configuration", "identity": "access"},
    ),
)
_COPY_KIND = _column(
    "kind type",
    values.choice(
        tuple(CopyKind),
        {"export": CopyKind.EXPORT.value, "saas": CopyKind.EXPORT.value}
        | {"replication": CopyKind.REPLICA.value},
    ),
)
_WHERE = (
    _column("medium media", _NAME),
    _column("site destination destination_site", _NAME),
)
_WHEN = (
    _minutes("interval"),
    _minutes("run run_time"),
    _minutes("lag shipping_lag"),
    _minutes("retention"),
    _column("locked lock immutable", values.yes_no_or(values.MINUTES)),
    _column("offline", values.YES_NO),
    _column("separate_credentials", values.YES_NO),
)
_OUTCOME = values.choice(
    ("success", "partial", "failure"),
    {"ok": "success", "passed": "success", "pass": "success"}
    | {"failed": "failure", "fail": "failure"},
)
_REPOSITORY = _column("repository repo", _NAME)
_ENCRYPTED = _column("encrypted encryption", values.YES_NO)
_RESTORE_MB_S = _column("restore_mb_s restore_throughput", values.decimal(10, 2))
_RESTORE_FIXED = _minutes("restore_fixed fixed_restore")

POLICIES = Layout(
    "policies.csv",
    PolicyRow,
    ("name",),
    (
        _column("name policy policy_name", _NAME, required=True),
        _CONTENT,
        _COPY_KIND,
        *_WHERE,
        _REPOSITORY,
        *_WHEN,
        _ENCRYPTED,
        _RESTORE_MB_S,
        _RESTORE_FIXED,
        _column("description notes comment", values.text(5000, lines=True)),
    ),
)

COPIES = Layout(
    "copies.csv",
    CopyRow,
    ("system", "name"),
    (
        _column("system system_name", _NAME, required=True),
        _column("name copy copy_name", _NAME, required=True),
        _CONTENT,
        *_WHERE,
        *_WHEN,
        _column("replica", values.YES_NO),
        _RESTORE_MB_S,
        _column("last_success", values.MOMENT),
        _column("last_restore_test", values.DATE),
        _column("last_restore_result", _OUTCOME),
        _column("last_restore_minutes last_restore_duration", values.MINUTES),
        _column("policy backup_policy", _NAME),
        _COPY_KIND,
        _column("source", _NAME),
        _REPOSITORY,
        _ENCRYPTED,
        _RESTORE_FIXED,
    ),
)

STEPS = Layout(
    "steps.csv",
    ProcedureStepRow,
    ("system", "position"),
    (
        _column("system system_name", _NAME, required=True),
        _column("position step order number", values.whole_number(1, LAST_POSITION), required=True),
        _column("instruction what action", values.text(5000, lines=True), required=True),
        _column("team recovery_team", _NAME),
        _column("person contact who", _NAME, field="contact"),
        _column("heads people", values.whole_number(1, MOST_HEADS)),
        _column("minutes_low best", values.MINUTES),
        _column("minutes likely duration", values.MINUTES),
        _column("minutes_high worst", values.MINUTES),
        _column("expected expected_result result", values.text(5000, lines=True)),
        _column("verification verify how_to_verify", values.text(5000, lines=True)),
        _column("way_back rollback", values.text(5000, lines=True)),
        _column("decision decision_point", values.text(5000, lines=True)),
        _column(
            "covers cover area areas",
            values.several_words(
                values.choice(
                    tuple(Area),
                    {"infra": "infrastructure", "app": "application", "identity": "access"},
                )
            ),
        ),
    ),
)

EXERCISES = Layout(
    "exercises.csv",
    ExerciseRow,
    ("name", "system"),
    (
        _column("name exercise exercise_name test", _NAME, required=True),
        _column(
            "type kind exercise_type",
            values.choice(
                tuple(ExerciseType),
                {"walkthrough": "tabletop", "walk_through": "tabletop", "desktop": "tabletop"}
                | {"table_top": "tabletop", "walkthrough_or_tabletop": "tabletop"}
                | {"simulation": "functional", "functional_test": "functional"}
                | {"simulation_or_functional": "functional", "parallel_test": "parallel"}
                | dict.fromkeys(
                    ("full", "fail_over", "failover", "full_fail_over", "full_failover"),
                    ExerciseType.FULL.value,
                )
                | {"restore": ExerciseType.RESTORE.value, "real_incident": "incident"},
            ),
            required=True,
        ),
        _column("done_on done date", values.DATE),
        _column("planned_on planned planned_for", values.DATE),
        _column("system system_name", _NAME, required=True),
        _column("result outcome", _OUTCOME, field="outcome"),
        _minutes("rta recovery_time_achieved recovery_time"),
        _minutes("rpa recovery_point_achieved data_loss"),
        _column("note notes comment", values.text(5000, lines=True)),
        _column("objectives objective goals", values.text(5000, lines=True)),
    ),
    either=("done_on", "planned_on"),
)

LAYOUTS: tuple[Layout[Any], ...] = (
    SITES,
    CONTACTS,
    TEAMS,
    SYSTEMS,
    DEPENDENCIES,
    ESCALATION,
    POLICIES,
    COPIES,
    STEPS,
    EXERCISES,
)

LATER_FILES = ("impacts.csv",)
"""Files of the contract whose records this version does not keep yet."""
