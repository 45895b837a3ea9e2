"""What rows make of backup policies, copies and restore tests.

A copy that follows a policy says what the policy says: an empty cell of its row is silent, and
one that says otherwise is a fault.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from bcp.engine.estate import Content, CopyKind
from bcp.exchange.findings import quoted
from bcp.exchange.reading import Bundle, Sheet
from bcp.exchange.rows import CopyRow, PolicyRow
from bcp.models.copies import BackupCopy, BackupPolicy, RestoreTest
from bcp.services.copies import said_by
from bcp.services.import_estate import plain
from bcp.services.import_plan import in_words
from bcp.services.import_workbench import Draft, Workbench

_AS_THEY_ARE = (
    *("medium", "repository", "interval_minutes", "run_minutes", "lag_minutes"),
    *("retention_minutes", "offline", "separate_credentials", "encrypted"),
    *("restore_mb_s", "restore_fixed_minutes"),
)
"""The figures whose cells are their values."""


def fill(bench: Workbench, bundle: Bundle) -> None:
    """Set what the rows say, after `import_estate.fill`: policies first, copies name them."""
    sheet = bundle.policies
    bench.policies.whole = sheet.whole
    for row in sheet.rows:
        _policy(bench, sheet, row)
    for copy_row in bundle.copies.rows:
        _copy(bench, bundle.copies, copy_row)


def _policy(bench: Workbench, sheet: Sheet[PolicyRow], row: PolicyRow) -> None:
    draft = bench.enrol(bench.policies, BackupPolicy, row.name, sheet.file, row.row)
    policy: Any = draft.record
    plain(bench, sheet, row, draft, "description")
    for name, value in _figures(bench, sheet, row, policy, set(sheet.headers)).items():
        bench.put(draft, name, value)
    bench.check(sheet, row, draft)
    if not draft.differences:
        return
    for copy in bench.copies.values():
        if copy.policy_id == policy.pk:
            _follow(bench, bench.draft(copy, sheet.file, row.row, is_new=False), policy)


def _copy(bench: Workbench, sheet: Sheet[CopyRow], row: CopyRow) -> None:
    system = bench.refer(sheet, row, "system", bench.systems, row.system)
    if system is None:
        return
    copy = bench.copies.get((system.pk, row.name.lower()))
    is_new = copy is None
    if copy is None:
        copy = BackupCopy(organisation=bench.organisation, system=system, name=row.name)
        bench.copies[system.pk, row.name.lower()] = copy
    draft = bench.draft(copy, sheet.file, row.row, is_new=is_new)
    zone = ZoneInfo(bench.organisation.time_zone)
    plain(bench, sheet, row, draft, "source")
    if "last_success" in sheet.headers:
        bench.put(draft, "last_success", _local(row.last_success, zone))
    if "policy" in sheet.headers:
        named = (
            bench.refer(sheet, row, "policy", bench.policies, row.policy) if row.policy else None
        )
        if named is not None or not row.policy:
            bench.put(draft, "policy", named)
    if copy.policy is None:
        for name, value in _figures(bench, sheet, row, copy, set(sheet.headers)).items():
            bench.put(draft, name, value)
    else:
        _check_against(bench, sheet, row, copy.policy)
        _follow(bench, draft, copy.policy)
    bench.check(sheet, row, draft)
    _restore_test(bench, sheet, row, copy, zone)


def _figures(
    bench: Workbench, sheet: Sheet[Any], row: PolicyRow | CopyRow, current: Any, told: set[str]
) -> dict[str, Any]:
    """Field → value, of the columns `told`; `current` is what was said so far."""
    found = {name: getattr(row, name) for name in _AS_THEY_ARE if name in told}
    if "content" in told:
        found["content"] = row.content or Content.DATA.value
    if "kind" in told or "replica" in told:
        found["kind"] = _kind(row, told, current.kind)
    if "site" in told:
        site = bench.refer(sheet, row, "site", bench.sites, row.site) if row.site else None
        if site is not None or not row.site:
            found["site"] = site
    if "locked" in told:
        kept = found.get("retention_minutes", current.retention_minutes)
        found["locked_minutes"] = _locked(bench, sheet, row, kept)
    return found


def _kind(row: PolicyRow | CopyRow, told: set[str], current: str) -> str:
    """`kind` decides. Of `replica`, a yes makes a replica, anything else only takes that back."""
    if row.kind:
        return row.kind
    if isinstance(row, CopyRow) and "replica" in told:
        if row.replica:
            return CopyKind.REPLICA.value
        return CopyKind.BACKUP.value if current == CopyKind.REPLICA.value else current
    return CopyKind.BACKUP.value


def _locked(
    bench: Workbench, sheet: Sheet[Any], row: PolicyRow | CopyRow, kept: int | None
) -> int | None:
    if row.locked is False:
        return 0
    if row.locked is not True:
        return row.locked
    if kept is None:
        says = _("yes means as long as it is kept, but no retention is known; write how long")
        bench.fault(sheet, row, "locked", says)
    return kept


def _check_against(
    bench: Workbench, sheet: Sheet[CopyRow], row: CopyRow, policy: BackupPolicy
) -> None:
    """A fault for every cell that is not empty and says something else than the policy."""
    told = {name for name in sheet.headers if getattr(row, name) not in (None, "")}
    columns = {"locked_minutes": "locked", "kind": "kind" if row.kind else "replica"}
    for name, value in _figures(bench, sheet, row, policy, told).items():
        ruled = getattr(policy, name)
        if value == ruled:
            continue
        field: Any = BackupPolicy._meta.get_field(name)
        says = _(
            "this copy follows the policy %(policy)s, which says %(ruled)s; change the policy, or"
            " leave the cell empty"
        ) % {"policy": quoted(policy.name), "ruled": in_words(field, ruled)}
        bench.fault(sheet, row, columns.get(name, name), says)


def _follow(bench: Workbench, draft: Draft, policy: BackupPolicy) -> None:
    for name, value in said_by(policy).items():
        bench.put(draft, name, value)


def _restore_test(
    bench: Workbench, sheet: Sheet[CopyRow], row: CopyRow, copy: BackupCopy, zone: ZoneInfo
) -> None:
    """The test of that day, made or brought up to date. A file deletes none."""
    day = row.last_restore_test
    if day is None:
        if row.last_restore_result or row.last_restore_minutes is not None:
            says = _("ignored: when it was is not known; write the day in last_restore_test")
            column = "last_restore_result" if row.last_restore_result else "last_restore_minutes"
            bench.findings.notice(sheet.file, row.row, sheet.headers[column], says)
        return
    if day > timezone.now().astimezone(zone).date():
        bench.fault(sheet, row, "last_restore_test", _("is still to come; write a day in the past"))
        return
    test = bench.restore_tests.get((copy.pk, day))
    is_new = test is None
    if test is None:
        test = RestoreTest(organisation=bench.organisation, copy=copy, done_on=day)
        bench.restore_tests[copy.pk, day] = test
    draft = bench.draft(test, sheet.file, row.row, is_new=is_new)
    if "last_restore_result" in sheet.headers:
        bench.put(draft, "outcome", row.last_restore_result)
    if "last_restore_minutes" in sheet.headers:
        bench.put(draft, "minutes", row.last_restore_minutes)
    bench.check(sheet, row, draft)


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A time without a zone is the organisation's wall clock."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=zone)
