"""Gaps as an executive reads them: kinds in plain words, with how many have them and what closes
them. What each system lacks stands in the gap list and in the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, ngettext_lazy

from bcp.documents.snapshot import say
from bcp.engine.acceptance import subject_of
from bcp.engine.results import Analysis, Gap, Severity
from bcp.engine.severity import RANK

Fact = dict[str, Any]

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """Gaps that one sentence tells and one thing closes. `says` is a plural with a `count`."""

    codes: tuple[str, ...]
    says: Any
    fix: Any


KINDS: tuple[Kind, ...] = (
    Kind(
        ("mtd_exceeded",),
        ngettext_lazy(
            "%(count)d business process is promised back later than the organisation can bear",
            "%(count)d business processes are promised back later than the organisation can bear",
            "count",
        ),
        gettext_lazy("Approve a shorter time, and shorten what it waits for"),
    ),
    Kind(
        ("loop",),
        ngettext_lazy(
            "In %(count)d place systems wait for each other, so none of them could start",
            "In %(count)d places systems wait for each other, so none of them could start",
            "count",
        ),
        gettext_lazy("Write down how one of them can start without the others, and try it"),
    ),
    Kind(
        ("rto_missed",),
        ngettext_lazy(
            "%(count)d system would be back later than was approved",
            "%(count)d systems would be back later than was approved",
            "count",
        ),
        gettext_lazy("Shorten the work on what they wait for, or approve a longer time"),
    ),
    Kind(
        ("no_copy", "nothing_survives", "replica_only"),
        ngettext_lazy(
            "Nothing would be left of the data or settings of %(count)d system after an event that"
            " it must survive",
            "Nothing would be left of the data or settings of %(count)d systems after an event"
            " that they must survive",
            "count",
        ),
        gettext_lazy("Keep a copy at another site, offline or locked against deletion"),
    ),
    Kind(
        ("rpo_missed", "loss_unknown", "no_common_point"),
        ngettext_lazy(
            "%(count)d system would lose more data than was accepted, or nobody can say how much",
            "%(count)d systems would lose more data than was accepted, or nobody can say how much",
            "count",
        ),
        gettext_lazy("Copy more often, or accept a greater loss"),
    ),
    Kind(
        ("no_authority", "no_default_path"),
        ngettext_lazy(
            "At some hours nobody can be reached who may declare an emergency",
            "At some hours nobody can be reached who may declare an emergency",
            "count",
        ),
        gettext_lazy("Give the authority to somebody who is on call at those hours"),
    ),
    Kind(
        ("duration_unknown", "mobilisation_unknown"),
        ngettext_lazy(
            "Of %(count)d system or team nobody knows how long its part of the recovery takes",
            "Of %(count)d systems or teams nobody knows how long their part of the recovery takes",
            "count",
        ),
        gettext_lazy("Measure it in an exercise, or estimate it"),
    ),
    Kind(
        ("rto_required_missed", "conflict_g1", "conflict_g3", "conflict_g4"),
        ngettext_lazy(
            "%(count)d system is promised, or comes back, too late for what depends on it",
            "%(count)d systems are promised, or come back, too late for what depends on them",
            "count",
        ),
        gettext_lazy("Decide which of the promises gives way"),
    ),
    Kind(
        ("target_missing", "rpo_missing"),
        ngettext_lazy(
            "For %(count)d system nobody decided how long it may be out or what it may lose",
            "For %(count)d systems nobody decided how long they may be out or what they may lose",
            "count",
        ),
        gettext_lazy("Propose the missing targets, and have them approved"),
    ),
    Kind(
        ("impact_missing",),
        ngettext_lazy(
            "For %(count)d business process nobody has said what its outage does",
            "For %(count)d business processes nobody has said what their outage does",
            "count",
        ),
        gettext_lazy("Have somebody who leads it answer the questions on business impact"),
    ),
    Kind(
        ("target_looser_than_impact",),
        ngettext_lazy(
            "%(count)d business process may be out for longer than the answers about it allow",
            "%(count)d business processes may be out for longer than the answers about them allow",
            "count",
        ),
        gettext_lazy("Approve a shorter time, or correct the answers"),
    ),
    Kind(
        ("procedure_missing", "procedure_unapproved", "strategy_missing"),
        ngettext_lazy(
            "How %(count)d system is brought back is not decided, written down or approved",
            "How %(count)d systems are brought back is not decided, written down or approved",
            "count",
        ),
        gettext_lazy("Write the steps down, and have them approved by somebody else"),
    ),
    Kind(
        ("exercise_never", "exercise_overdue"),
        ngettext_lazy(
            "%(count)d system was never proved to come back, or not for too long",
            "%(count)d systems were never proved to come back, or not for too long",
            "count",
        ),
        gettext_lazy("Hold an exercise that brings them back"),
    ),
    Kind(
        ("untested_copy", "restore_test_failed"),
        ngettext_lazy(
            "The copies of %(count)d system were not restored in a test in time, or with errors",
            "The copies of %(count)d systems were not restored in a test in time, or with errors",
            "count",
        ),
        gettext_lazy("Restore each in a test: an untried copy is a rumour"),
    ),
    Kind(
        (
            *("copies_rule_3", "copies_rule_2", "copies_rule_1", "copies_rule_1_offline"),
            "configuration_unsafe",
        ),
        ngettext_lazy(
            "%(count)d system has too few copies, or all of them can be lost at once",
            "%(count)d systems have too few copies, or all of them can be lost at once",
            "count",
        ),
        gettext_lazy("Add a copy elsewhere, on another medium, or offline"),
    ),
    Kind(
        ("owner_missing", "technical_owner_missing", "single_point_of_failure"),
        ngettext_lazy(
            "%(count)d system has nobody responsible, or rests on a single person",
            "%(count)d systems have nobody responsible, or rest on a single person",
            "count",
        ),
        gettext_lazy("Name an owner and a deputy for each"),
    ),
    Kind(
        ("stale_contact", "no_independent_phone", "bad_coverage"),
        ngettext_lazy(
            "%(count)d person could perhaps not be reached in an emergency",
            "%(count)d people could perhaps not be reached in an emergency",
            "count",
        ),
        gettext_lazy("Check their numbers and hours with them"),
    ),
    Kind(
        ("measured_slower", "restore_longer"),
        ngettext_lazy(
            "%(count)d system takes longer than its written procedure says",
            "%(count)d systems take longer than their written procedures say",
            "count",
        ),
        gettext_lazy("Correct the procedure, or speed the work up"),
    ),
    Kind(
        ("site_missing", "scenario_unknown"),
        ngettext_lazy(
            "What %(count)d system must survive cannot be judged: its records are incomplete",
            "What %(count)d systems must survive cannot be judged: their records are incomplete",
            "count",
        ),
        gettext_lazy("Complete the records"),
    ),
)
"""The more telling first; a gap of a code that is in none of them is told in its own words."""


def kinds(analysis: Analysis, gaps: Sequence[Gap]) -> list[Fact]:
    """The kinds of the given gaps, the worst first: by severity, then in the order of `KINDS`.
    `count` counts what has such a gap, `severity` is its worst, `names` are the first few."""
    subject = subject_of(analysis.estate)
    found = [_fact(kind, gaps, subject) for kind in KINDS]
    known = {code for kind in KINDS for code in kind.codes}
    found += [_single(gap, subject) for gap in gaps if gap.code not in known]
    present = [one for one in found if one["count"]]
    return sorted(present, key=lambda one: RANK[Severity(one["severity"])])


def _fact(kind: Kind, gaps: Iterable[Gap], subject: Callable[[Gap], str]) -> Fact:
    of_kind = [gap for gap in gaps if gap.code in kind.codes]
    worst = min((gap.severity for gap in of_kind), key=RANK.__getitem__, default=Severity.LOW)
    count = len({(gap.subject_kind, gap.subject_key) for gap in of_kind})
    names = dict.fromkeys(name for name in map(subject, of_kind) if name)
    return {
        "codes": list(kind.codes),
        "severity": worst.value,
        "count": count,
        "names": list(names)[:_NAMED],
        "says": str(kind.says % {"count": count}),
        "fix": str(kind.fix),
    }


def _single(gap: Gap, subject: Callable[[Gap], str]) -> Fact:
    name = subject(gap)
    return {
        "codes": [gap.code],
        "severity": gap.severity.value,
        "count": 1,
        "names": [name] if name else [],
        "says": say(gap.says),
        "fix": say(gap.fix),
    }
