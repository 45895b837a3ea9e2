"""Which files there are, and which columns each has: the contract with users' spreadsheets.

The first name of a column is the one that exports and templates write; the others are
understood as well.
"""

from __future__ import annotations

from typing import Any

from bcp.engine.estate import Area, CopyKind, ExerciseType, Kind, NeededTo, Status, Strategy
from bcp.engine.impacts import Category
from bcp.exchange import impact_cells, values
from bcp.exchange.columns import Layout, column_of, minutes_of
from bcp.exchange.rows import (
    ContactRow,
    CopyRow,
    DependencyRow,
    ExerciseRow,
    ImpactRow,
    PolicyRow,
    ProcedureStepRow,
    SiteRow,
    StepRow,
    SystemRow,
    TeamRow,
)

LONGEST_NAME = 200
LONGEST_PHONE = 60
MOST_HEADS = 10_000
LAST_POSITION = 32_767


_NAME = values.text(LONGEST_NAME)
_PHONE = values.text(LONGEST_PHONE)
_HEADS = values.whole_number(0, MOST_HEADS)

SITES = Layout(
    "sites.csv",
    SiteRow,
    ("name",),
    (
        column_of("name site site_name", _NAME, required=True),
        column_of("zone shared_fate_zone fate_zone", _NAME),
        column_of(
            "kind type",
            values.choice(
                ("data centre", "office", "cloud region", "provider"),
                {"data_center": "data centre", "datacenter": "data centre"}
                | {"datacentre": "data centre", "cloud": "cloud region"},
            ),
        ),
        column_of("address location", values.text(2000, lines=True)),
    ),
)

CONTACTS = Layout(
    "contacts.csv",
    ContactRow,
    ("name",),
    (
        column_of("name contact contact_name full_name person", _NAME, required=True),
        column_of("title role job_title", _NAME),
        column_of("email e_mail mail email_address e_mail_address", values.EMAIL),
        column_of("phones phone phone_numbers telephone phone_number", values.several(_PHONE)),
        column_of("independent_phone", values.yes_no_or(_PHONE)),
        column_of("vendor company supplier", values.yes_no_or(_NAME)),
        column_of("may_declare can_declare", values.YES_NO),
        column_of("may_spend can_spend spending_limit", values.decimal(14, 2)),
        column_of("may_fail_over may_failover can_fail_over can_failover", values.YES_NO),
        column_of("coverage coverage_hours hours", values.COVERAGE),
        column_of("deputy substitute", _NAME),
        column_of("verified_on verified last_verified", values.DATE),
    ),
)

TEAMS = Layout(
    "teams.csv",
    TeamRow,
    ("name",),
    (
        column_of("name team team_name", _NAME, required=True),
        column_of("members member contacts people", values.several(_NAME)),
        column_of("heads_day heads", _HEADS),
        column_of("heads_night heads_off_hours", _HEADS),
        minutes_of("mobilise_day mobilize_day"),
        minutes_of("mobilise_night mobilize_night mobilise_off_hours"),
    ),
)

SYSTEMS = Layout(
    "systems.csv",
    SystemRow,
    ("name",),
    (
        column_of("name system system_name", _NAME, required=True),
        column_of(
            "kind type category",
            values.choice(
                tuple(Kind),
                {"process": "business process", "app": "application", "service": "application"}
                | {"database": "data store", "db": "data store", "datastore": "data store"}
                | {"server": "compute", "vm": "compute", "saas": "supplier"}
                | {"vendor": "supplier", "end_user": "end-user service"},
            ),
        ),
        column_of("tier criticality", values.whole_number(1, 4)),
        column_of("owner business_owner", _NAME),
        column_of("technical_owner tech_owner it_owner", _NAME),
        column_of("deputy", _NAME),
        column_of("team recovery_team", _NAME),
        column_of("site location", _NAME),
        column_of(
            "strategy recovery_strategy",
            values.choice(
                tuple(Strategy),
                {"warm_standby": "warm", "manual": "manual workaround"}
                | {"restore_from_backup": "restore", "hot": "hot standby"},
            ),
        ),
        column_of("status state", values.choice(tuple(Status))),
        minutes_of("rto recovery_time_objective"),
        minutes_of("rpo recovery_point_objective"),
        minutes_of("mtd maximum_tolerable_downtime mtpd"),
        column_of("target_reason reason_of_target", values.text(5000, lines=True)),
        minutes_of("recovery_low"),
        minutes_of("recovery recovery_time recovery_likely"),
        minutes_of("recovery_high"),
        column_of("data_gb data_size_gb size_gb", values.decimal(14, 3)),
        column_of("escalation escalation_path", _NAME),
        column_of("description notes comment", values.text(20_000, lines=True)),
    ),
)

DEPENDENCIES = Layout(
    "dependencies.csv",
    DependencyRow,
    ("dependent", "dependency"),
    (
        column_of("dependent system source consumer from", _NAME, required=True),
        column_of("dependency depends_on requires needs target provider to", _NAME, required=True),
        column_of("needed_to needed_for kind type", values.choice(tuple(NeededTo))),
        column_of("bootstrap bootstrap_note break_glass", values.text(5000, lines=True)),
    ),
)

_LEVELS = tuple(
    column_of(names, impact_cells.LEVEL, field=f"after_{names.split()[0]}")
    for names in (
        "1h after_1h 1_h 1_hour",
        "4h after_4h 4_h 4_hours",
        "8h after_8h 8_h 8_hours",
        "1d after_1d 1_d 1_day 24h 24_h 24_hours",
        "3d after_3d 3_d 3_days 72h 72_h 72_hours",
        "1w after_1w 1_w 1_wk 1_week 7d 7_d 7_days",
        "2w after_2w 2_w 2_wk 2_weeks 14d 14_d 14_days",
    )
)
LEVEL_FIELDS = tuple(column.field for column in _LEVELS)
"""The columns of impacts.csv that hold levels, in the order of `engine.impacts.BANDS_MINUTES`."""

IMPACTS = Layout(
    "impacts.csv",
    ImpactRow,
    ("process", "category"),
    (
        column_of("process business_process process_name system", _NAME, required=True),
        column_of(
            "category impact_category",
            values.choice(
                tuple(Category),
                dict.fromkeys(("money", "finance", "finances", "financials"), "financial")
                | dict.fromkeys(("operation", "operational", "ops"), "operations")
                | dict.fromkeys(("client", "customer", "customers"), "clients")
                | dict.fromkeys(("law", "law_and_contracts", "legal_and_contracts"), "legal")
                | dict.fromkeys(("compliance", "regulatory", "contracts"), "legal")
                | dict.fromkeys(("reputational", "image", "brand"), "reputation"),
            ),
            required=True,
        ),
        *_LEVELS,
        column_of("cost_per_hour hourly_cost cost_of_an_hour", values.decimal(14, 2)),
        column_of("cost_basis cost_worked_out", values.text(2000, lines=True)),
        minutes_of("work_recovery work_recovery_time wrt backlog"),
        column_of("peaks peak_periods", impact_cells.PEAKS),
    ),
)

ESCALATION = Layout(
    "escalation.csv",
    StepRow,
    ("path", "position"),
    (
        column_of("path escalation_path path_name", _NAME, required=True),
        column_of("position step order", values.whole_number(1, LAST_POSITION), required=True),
        column_of("contact contact_name person", _NAME, required=True),
        column_of("channel", values.text(LONGEST_NAME + 20)),
        minutes_of("wait"),
        column_of("default is_default", values.YES_NO),
    ),
)

_CONTENT = column_of(
    "content contents",
    values.choice(
        ("data", "configuration", "network", "access"),
        {"config": "configuration", "identity": "access"},
    ),
)
_COPY_KIND = column_of(
    "kind type",
    values.choice(
        tuple(CopyKind),
        {"export": CopyKind.EXPORT.value, "saas": CopyKind.EXPORT.value}
        | {"replication": CopyKind.REPLICA.value},
    ),
)
_WHERE = (
    column_of("medium media", _NAME),
    column_of("site destination destination_site", _NAME),
)
_WHEN = (
    minutes_of("interval"),
    minutes_of("run run_time"),
    minutes_of("lag shipping_lag"),
    minutes_of("retention"),
    column_of("locked lock immutable", values.yes_no_or(values.MINUTES)),
    column_of("offline", values.YES_NO),
    column_of("separate_credentials", values.YES_NO),
)
_OUTCOME = values.choice(
    ("success", "partial", "failure"),
    {"ok": "success", "passed": "success", "pass": "success"}
    | {"failed": "failure", "fail": "failure"},
)
_REPOSITORY = column_of("repository repo", _NAME)
_ENCRYPTED = column_of("encrypted encryption", values.YES_NO)
_RESTORE_MB_S = column_of("restore_mb_s restore_throughput", values.decimal(10, 2))
_RESTORE_FIXED = minutes_of("restore_fixed fixed_restore")

POLICIES = Layout(
    "policies.csv",
    PolicyRow,
    ("name",),
    (
        column_of("name policy policy_name", _NAME, required=True),
        _CONTENT,
        _COPY_KIND,
        *_WHERE,
        _REPOSITORY,
        *_WHEN,
        _ENCRYPTED,
        _RESTORE_MB_S,
        _RESTORE_FIXED,
        column_of("description notes comment", values.text(5000, lines=True)),
    ),
)

COPIES = Layout(
    "copies.csv",
    CopyRow,
    ("system", "name"),
    (
        column_of("system system_name", _NAME, required=True),
        column_of("name copy copy_name", _NAME, required=True),
        _CONTENT,
        *_WHERE,
        *_WHEN,
        column_of("replica", values.YES_NO),
        _RESTORE_MB_S,
        column_of("last_success", values.MOMENT),
        column_of("last_restore_test", values.DATE),
        column_of("last_restore_result", _OUTCOME),
        column_of("last_restore_minutes last_restore_duration", values.MINUTES),
        column_of("policy backup_policy", _NAME),
        _COPY_KIND,
        column_of("source", _NAME),
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
        column_of("system system_name", _NAME, required=True),
        column_of(
            "position step order number", values.whole_number(1, LAST_POSITION), required=True
        ),
        column_of("instruction what action", values.text(5000, lines=True), required=True),
        column_of("team recovery_team", _NAME),
        column_of("person contact who", _NAME, field="contact"),
        column_of("heads people", values.whole_number(1, MOST_HEADS)),
        column_of("minutes_low best", values.MINUTES),
        column_of("minutes likely duration", values.MINUTES),
        column_of("minutes_high worst", values.MINUTES),
        column_of("expected expected_result result", values.text(5000, lines=True)),
        column_of("verification verify how_to_verify", values.text(5000, lines=True)),
        column_of("way_back rollback", values.text(5000, lines=True)),
        column_of("decision decision_point", values.text(5000, lines=True)),
        column_of(
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
        column_of("name exercise exercise_name test", _NAME, required=True),
        column_of(
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
        column_of("done_on done date", values.DATE),
        column_of("planned_on planned planned_for", values.DATE),
        column_of("system system_name", _NAME, required=True),
        column_of("result outcome", _OUTCOME, field="outcome"),
        minutes_of("rta recovery_time_achieved recovery_time"),
        minutes_of("rpa recovery_point_achieved data_loss"),
        column_of("note notes comment", values.text(5000, lines=True)),
        column_of("objectives objective goals", values.text(5000, lines=True)),
    ),
    either=("done_on", "planned_on"),
)

LAYOUTS: tuple[Layout[Any], ...] = (
    SITES,
    CONTACTS,
    TEAMS,
    SYSTEMS,
    DEPENDENCIES,
    IMPACTS,
    ESCALATION,
    POLICIES,
    COPIES,
    STEPS,
    EXERCISES,
)
