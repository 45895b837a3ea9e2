"""Policies and copies as the typed rows of their exchange files."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bcp.engine.estate import CopyKind
from bcp.exchange.rows import CopyRow, PolicyRow


def policy_row(number: int, policy: Any) -> PolicyRow:
    return PolicyRow(
        row=number, name=policy.name, description=policy.description, **_copying(policy)
    )


def copy_row(number: int, copy: Any, zone: ZoneInfo) -> CopyRow:
    """A row of `copies.listing`; times stand in the organisation's zone."""
    return CopyRow(
        row=number,
        system=copy.system.name,
        name=copy.name,
        replica=copy.kind == CopyKind.REPLICA.value,
        source=copy.source,
        policy=copy.policy.name if copy.policy else "",
        last_success=copy.last_success.astimezone(zone) if copy.last_success else None,
        last_restore_test=copy.last_restore_test,
        last_restore_result=copy.last_restore_result or "",
        last_restore_minutes=copy.last_restore_minutes,
        **_copying(copy),
    )


def _copying(record: Any) -> dict[str, Any]:
    """What policies and copies have in common."""
    return {
        "content": record.content,
        "kind": record.kind,
        "medium": record.medium,
        "site": record.site.name if record.site else "",
        "repository": record.repository,
        "interval_minutes": record.interval_minutes,
        "run_minutes": record.run_minutes,
        "lag_minutes": record.lag_minutes,
        "retention_minutes": record.retention_minutes,
        "locked": record.locked_minutes,
        "offline": record.offline,
        "separate_credentials": record.separate_credentials,
        "encrypted": record.encrypted,
        "restore_mb_s": record.restore_mb_s,
        "restore_fixed_minutes": record.restore_fixed_minutes,
    }
