"""Gaps of backups and recovery plans: what is not copied, proved, written down or in time.

What a tier demands and a system does not have is a gap of that system for every scenario in
which it shows (B5); digits of 3-2-1-1-0 (B3), copies that report late (B6) and data that cannot
come back as of one moment (B4) are there whatever the tier demands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bcp.engine.backup_answers import BackupAnswers
from bcp.engine.estate import Copy, CopyKind, DurationSource, Outcome, System
from bcp.engine.loss import LossState
from bcp.engine.messages import Message, Minutes, Passing, gettext_noop
from bcp.engine.observed import CopyState, copy_state, observed_loss_minutes
from bcp.engine.readiness import Reason, Shortfall
from bcp.engine.recovery_durations import Durations
from bcp.engine.remedies import (
    ADD_A_COPY,
    DECIDE_THE_RPO,
    RECORD_THE_FACTS,
    to_meet,
    to_survive,
)
from bcp.engine.results import Gap, Severity
from bcp.engine.severity import by_tier
from bcp.engine.three_two_one import Digit
from bcp.engine.words import scenario_words


def backup_gaps(
    answers: BackupAnswers, durations: Durations, *, now: datetime | None
) -> Iterator[Gap]:
    """Every gap of the backups half, system by system; without `now` none of lateness."""
    for index, system in enumerate(answers.backups.estate.systems):
        one = _OneSystem(index, system, answers)
        yield from one.demanded()
        yield from one.untested()
        yield from one.digits()
        yield from one.uncommon()
        yield from one.contradicted(durations)
        if now is not None:
            yield from one.reported(now)


# Shortfall → up to which tier it is high, up to which medium.
_SEVERITY = {
    Shortfall.NO_COPY: (2, 3),
    Shortfall.NOTHING_SURVIVES: (2, 3),
    Shortfall.RPO_MISSED: (2, 3),
    Shortfall.LOSS_UNKNOWN: (1, 2),
    Shortfall.RPO_MISSING: (1, 2),
    Shortfall.CONFIGURATION_UNSAFE: (0, 2),
    Shortfall.SCENARIO_UNKNOWN: (0, 2),
    Shortfall.PROCEDURE_MISSING: (1, 2),
    Shortfall.PROCEDURE_UNAPPROVED: (0, 2),
    Shortfall.EXERCISE_NEVER: (1, 2),
    Shortfall.EXERCISE_OVERDUE: (0, 2),
}
"""Strategy, owner and site are gaps of the records already."""

_SAYS = gettext_noop("“%(system)s”: %(reason)s")

_FIXES = {
    Shortfall.NO_COPY: ADD_A_COPY,
    Shortfall.LOSS_UNKNOWN: RECORD_THE_FACTS,
    Shortfall.RPO_MISSING: DECIDE_THE_RPO,
    Shortfall.CONFIGURATION_UNSAFE: gettext_noop(
        "Keep a copy of its configuration that survives that as well"
    ),
    Shortfall.SCENARIO_UNKNOWN: gettext_noop("Correct the policy of its tier"),
    Shortfall.PROCEDURE_MISSING: gettext_noop(
        "Write down the steps by which it comes back, and who takes them"
    ),
    Shortfall.PROCEDURE_UNAPPROVED: gettext_noop(
        "Have the procedure approved by somebody other than its author"
    ),
    Shortfall.EXERCISE_NEVER: gettext_noop("Hold an exercise of the kind that its tier asks for"),
    Shortfall.EXERCISE_OVERDUE: gettext_noop("Repeat the exercise, and record what it showed"),
}
_REPLICAS_SAY = gettext_noop(
    "“%(system)s” has only replicas: what corrupts or deletes its data does so in all of them"
)
_REPLICAS_FIX = gettext_noop("Add a backup that keeps older points, offline or locked")
_UNTESTED_SAYS = gettext_noop(
    "nobody restored these copies of “%(system)s” within %(days)s days: %(copies)s"
)
_UNTESTED_FIX = gettext_noop("Restore each of them in a test, and record the result")
_ERRORS_SAY = gettext_noop("the last restore test of “%(copy)s” of “%(system)s” had errors")
_ERRORS_FIX = gettext_noop("Find out why, and restore it again without errors")
_DIGIT_SAYS = gettext_noop("“%(system)s” lacks a digit of 3-2-1-1-0: %(reason)s")
_STRANDED_SAYS = gettext_noop(
    "after %(scenario)s the data of “%(oldest)s” come back up to %(loss)s old; “%(system)s” "
    "shares their moment, but keeps no points that old"
)
_STRANDED_FIX = gettext_noop(
    "Keep the points of “%(system)s” for %(loss)s, or copy “%(oldest)s” oftener"
)
_SLOWER_SAYS = gettext_noop(
    "“%(system)s” took %(measured)s in the exercise of %(date)s; the plan counts on %(planned)s"
)
_SLOWER_FIX = gettext_noop("Correct the planned time, or find out what took so long")
_LONGER_SAYS = gettext_noop(
    "the procedure of “%(system)s” takes %(planned)s, but restoring its data alone takes "
    "%(measured)s"
)
_LONGER_FIX = gettext_noop("Correct the minutes of its restore step, or raise the throughput")
_LATE_SAYS = gettext_noop(
    "the copy “%(copy)s” of “%(system)s” is late: it reported success %(observed)s ago and runs "
    "every %(interval)s"
)
_FAILED_SAYS = gettext_noop("the last run of the copy “%(copy)s” of “%(system)s” failed")
_SILENT_SAYS = gettext_noop("the copy “%(copy)s” of “%(system)s” never reported a success")
_LATE_FIX = gettext_noop("Look at the backup job, and run it now")
_SILENT_FIX = gettext_noop("Let the backup job call the copy's reporting address")


class _OneSystem:
    """Asks only for what can show a gap: in a large estate most systems have no copies yet."""

    def __init__(self, index: int, system: System, answers: BackupAnswers) -> None:
        self._index = index
        self._system = system
        self._answers = answers
        self._backups = answers.backups
        self._needed = answers.backups.needed_copies(index)
        self._only_replicas = bool(self._needed) and all(
            copy.kind is CopyKind.REPLICA for copy in self._needed
        )

    def _gap(
        self, code: str, severity: Severity, says: Message, fix: Message, case: str = ""
    ) -> Gap:
        return Gap.of_system(self._index, self._system, code, severity, says, fix, case)

    def _by_tier(self, up_to_high: int, up_to_medium: int) -> Severity:
        return by_tier(self._system, up_to_high=up_to_high, up_to_medium=up_to_medium)

    def demanded(self) -> Iterator[Gap]:
        """Rule B5: each reason why a half is missing, with what would close it."""
        name = {"system": self._system.name}
        if self._only_replicas:
            severity = self._by_tier(2, 3)
            yield self._gap(
                "replica_only", severity, Message(_REPLICAS_SAY, name), Message(_REPLICAS_FIX)
            )
        readiness = self._answers.readiness(self._index)
        for reason in (*readiness.backups, *readiness.plan):
            if reason.code not in _SEVERITY or self._said_of_replicas(reason):
                continue
            yield self._gap(
                reason.code.value,
                self._by_tier(*_SEVERITY[reason.code]),
                Message(_SAYS, {**name, "reason": reason.says}),
                self._fix(reason),
                case=reason.scenario,
            )

    def _said_of_replicas(self, reason: Reason) -> bool:
        return (
            self._only_replicas
            and reason.code is Shortfall.NOTHING_SURVIVES
            and reason.loss is not None
            and reason.loss.system == self._index
        )

    def _fix(self, reason: Reason) -> Message:
        if reason.loss is None or reason.code in _FIXES:
            return Message(_FIXES[reason.code])
        if reason.code is Shortfall.NOTHING_SURVIVES:
            return to_survive(self._backups, reason.loss)
        return to_meet(self._backups, self._index, reason.loss)

    def untested(self) -> Iterator[Gap]:
        """Rule B1: copies that nobody restored within the cadence; a replica is not restored."""
        never: list[Copy] = []
        for position in self._backups.contents.needed[self._index]:
            copy = self._backups.estate.copies[position]
            if copy.kind is CopyKind.REPLICA:
                continue
            if copy.restore_outcome in (Outcome.PARTIAL, Outcome.FAILURE):
                yield self._gap(
                    "restore_test_failed",
                    self._by_tier(2, 3),
                    Message(_ERRORS_SAY, {"copy": copy.name, "system": self._system.name}),
                    Message(_ERRORS_FIX),
                    case=copy.key,
                )
            elif not self._backups.tested(position):
                never.append(copy)
        if never:
            rumour = any(
                loss.state is LossState.BOUNDED and loss.shared and not loss.tested
                for loss in self._answers.losses(self._index).values()
            )
            yield self._gap(
                "untested_copy",
                self._by_tier(1, 2) if rumour else Severity.LOW,
                Message(
                    _UNTESTED_SAYS,
                    {
                        "system": self._system.name,
                        "days": self._backups.rules(self._index).restore_test_days,
                        "copies": _names(never),
                    },
                ),
                Message(_UNTESTED_FIX),
            )

    def digits(self) -> Iterator[Gap]:
        """Rule B3; a system without any copy has that gap alone, untested copies and a system
        whose site nobody recorded have theirs."""
        rule = self._answers.copies_rule(self._index) if self._needed else None
        if rule is None:
            return
        for missing in rule.missing:
            known_elsewhere = missing.digit is Digit.ERRORS or (
                missing.digit is Digit.OFF_SITE and self._system.site is None
            )
            if not known_elsewhere:
                values = {"system": self._system.name, "reason": missing.says}
                yield self._gap(
                    f"copies_rule_{missing.digit.value}",
                    self._by_tier(0, 2),
                    Message(_DIGIT_SAYS, values),
                    missing.fix,
                )

    def uncommon(self) -> Iterator[Gap]:
        """Rule B4: the first scenario in which the system cannot follow to the common point."""
        if not self._needed:
            return
        for loss in self._answers.losses(self._index).values():
            if self._index in loss.stranded and loss.system is not None:
                values = {
                    "system": self._system.name,
                    "oldest": self._backups.estate.systems[loss.system].name,
                    "loss": Minutes(loss.loss_minutes),
                    "scenario": scenario_words(loss.scenario),
                }
                yield self._gap(
                    "no_common_point",
                    self._by_tier(1, 2),
                    Message(_STRANDED_SAYS, values),
                    Message(_STRANDED_FIX, values),
                )
                return

    def contradicted(self, durations: Durations) -> Iterator[Gap]:
        """Rule G9: what the plan counts on is less than what was measured, or can be read."""
        duration = durations.of(self._index)
        if duration.minutes is None:
            return
        values: dict[str, object] = {
            "system": self._system.name,
            "planned": Minutes(duration.minutes),
        }
        last = next(
            (
                one
                for one in self._backups.proof(self._index).judged
                if one.exercise.rta_minutes is not None
            ),
            None,
        )
        if last is not None and (last.exercise.rta_minutes or 0) > duration.minutes:
            values |= {
                "measured": Minutes(last.exercise.rta_minutes),
                "date": last.done_on.isoformat(),
            }
            yield self._gap(
                "measured_slower",
                self._by_tier(1, 2),
                Message(_SLOWER_SAYS, values),
                Message(_SLOWER_FIX),
            )
        restore = durations.restores.get(self._index)
        written = duration.source is DurationSource.PROCEDURE
        if restore is not None and written and restore.minutes > duration.minutes:
            yield self._gap(
                "restore_longer",
                self._by_tier(1, 2),
                Message(_LONGER_SAYS, {**values, "measured": Minutes(restore.minutes)}),
                Message(_LONGER_FIX),
            )

    def reported(self, now: datetime) -> Iterator[Gap]:
        """Rule B6: late, failed and silent copies, of whatever content."""
        for position in self._backups.contents.all[self._index]:
            copy = self._backups.estate.copies[position]
            said = _REPORTS.get(copy_state(copy, now))
            if said is None:
                continue
            code, template, fix, (up_to_high, up_to_medium) = said
            values: dict[str, object] = {
                "system": self._system.name,
                "copy": copy.name,
                "interval": Minutes(copy.interval_minutes),
            }
            if copy.last_success is not None:
                observed = Minutes(observed_loss_minutes(copy, now))
                values["observed"] = Passing(observed, since=copy.last_success)
            severity = self._by_tier(up_to_high, up_to_medium)
            says = Message(template, values)
            yield self._gap(code, severity, says, Message(fix), case=copy.key)


_REPORTS: dict[CopyState, tuple[str, str, str, tuple[int, int]]] = {
    CopyState.LATE: ("late_copy", _LATE_SAYS, _LATE_FIX, (1, 2)),
    CopyState.FAILED: ("failed_copy", _FAILED_SAYS, _LATE_FIX, (1, 2)),
    CopyState.SILENT: ("silent_copy", _SILENT_SAYS, _SILENT_FIX, (0, 1)),
}


def _names(copies: Sequence[Copy]) -> str:
    return ", ".join(copy.name for copy in copies)
