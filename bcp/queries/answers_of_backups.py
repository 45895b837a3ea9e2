"""What the analysis says of one system's backups and readiness, as plain values for scripts.

Every figure is read from the analysis that pages and plans show; nothing is computed here. Losses
stand under the name of their scenario; a scenario that takes nothing from the system is not
named. Minutes are whole, `None` is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from bcp.engine.loss_standing import loss_standing
from bcp.engine.readiness import Reason
from bcp.engine.restore import Restore
from bcp.engine.results import Analysis
from bcp.engine.results_of_backups import BackupResult
from bcp.engine.three_two_one import CopiesRule


def backups_of(found: Analysis, index: int) -> dict[str, Any]:
    """Losses, class, copies and tests of the system at position `index` (rules B1 to B5, X4)."""
    answer: BackupResult = found.backups[index]
    system, losses = found.estate.systems[index], answer.losses
    rule = answer.copies_rule
    return {
        "loss_minutes": answer.loss_minutes,
        "loss_states": {name: loss.state.value for name, loss in losses.items()},
        "loss_at_least_minutes": {name: loss.at_least_minutes for name, loss in losses.items()},
        "loss_against_rpo_minutes": {name: loss.rpo_loss_minutes for name, loss in losses.items()},
        "loss_standings": {
            name: loss_standing(answer, loss, system).value for name, loss in losses.items()
        },
        "loss_tested": {name: loss.tested for name, loss in losses.items()},
        "loss_demanded": [name for name in losses if name in answer.demanded],
        "rpo_minutes": system.rpo_minutes,
        "readiness": answer.readiness.kind.value,
        "readiness_reasons": {
            "backups": _reasons(answer.readiness.backups),
            "plan": _reasons(answer.readiness.plan),
        },
        "readiness_says": [one.said(gettext) for one in answer.readiness.consequence],
        "copies_rule": None if rule is None else _digits(rule),
        "copies_rule_missing": [] if rule is None else _missing(rule),
        "next_test_due": answer.next_test_due.isoformat(),
    }


def restore_of(found: Analysis, restore: Restore | None) -> dict[str, Any] | None:
    """The restore of a system's volume (rule G9); `None` if nothing is known of one."""
    if restore is None:
        return None
    return {
        "copy": found.estate.copies[restore.copy].name,
        "repository": restore.repository,
        "minutes": restore.minutes,
        "alone_minutes": restore.alone_minutes,
        "beside": restore.beside,
        "copy_survives": restore.verdict.value,
    }


def _reasons(reasons: Sequence[Reason]) -> list[dict[str, str]]:
    return [{"code": one.code.value, "says": one.says.said(gettext)} for one in reasons]


def _digits(rule: CopiesRule) -> dict[str, bool | None]:
    return {digit.value: there for digit, there in rule.digits.items()}


def _missing(rule: CopiesRule) -> list[dict[str, str]]:
    return [
        {"digit": one.digit.value, "says": one.says.said(gettext), "fix": one.fix.said(gettext)}
        for one in rule.missing
    ]
