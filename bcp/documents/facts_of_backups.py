"""The facts of backups and recovery plans, taken from an analysis: parts of a snapshot.

Nothing in them depends on the minute: what a backup job last reported is not a fact of a plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bcp.engine.estate import System
from bcp.engine.exercises import JudgedExercise, Proof
from bcp.engine.loss_standing import loss_standing
from bcp.engine.messages import Message
from bcp.engine.policies import tier_rules
from bcp.engine.results import Analysis
from bcp.engine.results_of_backups import BackupResult
from bcp.engine.scenario import SITE, SUPPLIER
from bcp.engine.shared_loss import SystemLoss, worst_of
from bcp.engine.survival import Fate
from bcp.engine.wording_of_backups import explain_restore

Fact = dict[str, Any]
Say = Callable[[Message], str]


def scenarios(analysis: Analysis, combinations: Sequence[Mapping[str, Any]]) -> Fact:
    """The columns of the matrix, the organisation's own scenarios, and what each tier is to
    withstand and how it is to be tested (B5, X2); the last row is for systems without a tier."""
    names = {policy.tier: policy.name for policy in analysis.estate.tier_policies}
    rules = tier_rules(analysis.estate)
    return {
        "columns": list(analysis.scenarios),
        "own": [dict(one) for one in combinations],
        "demands": [
            {
                "tier": tier,
                "name": "" if tier is None else names.get(tier, ""),
                "scenarios": list(dict.fromkeys(rules[tier].scenarios)),
                "minimum_exercise": rules[tier].minimum_exercise.value,
                "cadence_days": rules[tier].cadence_days,
                "restore_test_days": rules[tier].restore_test_days,
                "change_test_days": rules[tier].change_test_days,
            }
            for tier in sorted(rules, key=lambda tier: (tier is None, tier or 0))
        ],
    }


def backups(analysis: Analysis, say: Say, *, only: str | None = None) -> list[Fact]:
    """One fact per system by name: class, losses, digits, restore and proof (B1 to B5, G9, X4);
    `only` keeps that of one system."""
    answers = [
        analysis.backups[index]
        for index, system in enumerate(analysis.estate.systems)
        if only in (None, system.name)
    ]
    return [_system(analysis, answer, say) for answer in answers]


def _system(analysis: Analysis, answer: BackupResult, say: Say) -> Fact:
    system = analysis.estate.systems[answer.index]
    readiness, rule = answer.readiness, answer.copies_rule
    return {
        "system": answer.name,
        "holds": answer.holds.value,
        "readiness": {
            "class": readiness.kind.value,
            "backups": [say(reason.says) for reason in readiness.backups],
            "plan": [say(reason.says) for reason in readiness.plan],
            "rumour": readiness.rumour,
            "consequence": [say(sentence) for sentence in readiness.consequence],
        },
        "losses": [_loss(analysis, answer, loss, system, say) for loss in answer.losses.values()],
        "matrix": _matrix(analysis, answer),
        "digits": None
        if rule is None
        else [[digit.value, there] for digit, there in rule.digits.items()],
        "missing": []
        if rule is None
        else [
            {"digit": one.digit.value, "says": say(one.says), "fix": say(one.fix)}
            for one in rule.missing
        ],
        "restore": _restore(analysis, answer.index, say),
        "proof": _proof(answer.proof),
    }


def _matrix(analysis: Analysis, answer: BackupResult) -> dict[str, str]:
    """Column → which loss it shows: of several sites or suppliers the worst."""
    shown: dict[str, list[SystemLoss]] = {}
    for loss in answer.losses.values():
        kind = loss.scenario.kind
        shown.setdefault(kind if kind in (SITE, SUPPLIER) else loss.scenario.name, []).append(loss)
        # The plan's own scenario has a column of its own, a lost site for one.
        if loss.scenario.name == analysis.scenario.name:
            shown[loss.scenario.name] = [loss]
    return {column: worst_of(losses).scenario.name for column, losses in shown.items()}


def _loss(
    analysis: Analysis, answer: BackupResult, loss: SystemLoss, system: System, say: Say
) -> Fact:
    systems, copies = analysis.estate.systems, analysis.estate.copies
    name = loss.scenario.name
    own = answer.own_losses.get(name)
    attacked = loss.scenario.dwell_minutes is not None
    return {
        "scenario": name,
        "dwell_minutes": loss.scenario.dwell_minutes,
        "state": loss.state.value,
        "minutes": loss.loss_minutes,
        "at_least_minutes": loss.at_least_minutes,
        "rpo_loss_minutes": loss.rpo_loss_minutes,
        "standing": loss_standing(answer, loss, system).value,
        "demanded": name in answer.demanded,
        "tested": loss.tested,
        "spared": not loss.shared,
        "copy": None if loss.copy is None else copies[loss.copy].name,
        "of": None if loss.system is None else systems[loss.system].name,
        "newest": None if loss.newest is None else systems[loss.newest].name,
        "stranded": [systems[one].name for one in loss.stranded],
        "fates": [_fate(analysis, fate, attacked, say) for fate in own.fates] if own else [],
    }


def _fate(analysis: Analysis, fate: Fate, attacked: bool, say: Say) -> Fact:
    """What becomes of one copy; the reasons where an attacker was inside, for the annex."""
    return {
        "copy": analysis.estate.copies[fate.copy].name,
        "verdict": fate.verdict.value,
        "minutes": fate.loss_minutes,
        "why": [say(reason) for reason in fate.reasons] if attacked else [],
    }


def _restore(analysis: Analysis, index: int, say: Say) -> Fact | None:
    restore = analysis.systems[index].restore
    if restore is None:
        return None
    volume = analysis.estate.systems[index].data_gb
    return {
        "copy": analysis.estate.copies[restore.copy].name,
        "repository": restore.repository,
        "volume_gb": None if volume is None else f"{volume.normalize():f}",
        "alone_minutes": restore.alone_minutes,
        "minutes": restore.minutes,
        "beside": restore.beside,
        "verdict": restore.verdict.value,
        "says": [say(one) for one in explain_restore(analysis.estate, restore)],
    }


def _proof(proof: Proof) -> Fact:
    last = proof.last
    return {
        "last": None if last is None else last.exercise.name,
        "last_type": None if last is None else last.exercise.type.value,
        "last_on": None if last is None else last.done_on.isoformat(),
        "due": proof.due.isoformat(),
        "in_date": proof.in_date,
        "changed": proof.changed,
    }


def exercises(
    analysis: Analysis,
    records: Sequence[Mapping[str, Any]],
    say: Say,
    *,
    only: str | None = None,
) -> list[Fact]:
    """The exercises of `records`, each result with whether it qualifies and why not (X3); `only`
    keeps those of one system."""
    verdicts: dict[tuple[str, str], JudgedExercise] = {
        (system.name, judged.exercise.name): judged
        for index, system in enumerate(analysis.estate.systems)
        if only in (None, system.name)
        for judged in analysis.backups[index].proof.judged
    }
    found = []
    for record in records:
        results = [one for one in record["results"] if only in (None, one["system"])]
        if only is None or results:
            judged = [
                _judged(one, verdicts.get((one["system"], record["name"])), say) for one in results
            ]
            found.append({**record, "results": judged})
    return found


def _judged(result: Mapping[str, Any], verdict: JudgedExercise | None, say: Say) -> Fact:
    return {
        **result,
        "qualifies": None if verdict is None else verdict.qualifies,
        "why_not": [] if verdict is None else [say(reason) for reason in verdict.reasons],
    }
