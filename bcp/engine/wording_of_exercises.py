"""Why an exercise is due, in sentences: what proved the way back last, and what did not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bcp.engine.estate import System
from bcp.engine.exercises import JudgedExercise, Proof
from bcp.engine.messages import Joined, Message, gettext_noop
from bcp.engine.policies import TierRules
from bcp.engine.words import type_word

_NEVER = gettext_noop(
    "No exercise has proved yet that it comes back. Its tier asks for a %(minimum)s, or more, "
    "every %(days)s days."
)
_PROVED = gettext_noop(
    "A %(type)s of %(date)s proved that it comes back. Its tier asks for a %(minimum)s, or more, "
    "every %(days)s days."
)
_CHANGED = gettext_noop(
    "It was changed on %(date)s: after that, a test is due within %(days)s days."
)
_NOT_COUNTED = gettext_noop("The %(type)s of %(date)s does not count: %(reasons)s.")
_MOST_NOT_COUNTED = 2


def explain_due(system: System, proof: Proof, rules: TierRules) -> tuple[Message, ...]:
    """Rules X2 to X4 for one system: the last that counted, the change since, and why the latest
    that were held after it do not count."""
    return tuple(_due(system, proof, rules))


def _due(system: System, proof: Proof, rules: TierRules) -> Iterator[Message]:
    asked = {"minimum": type_word(rules.minimum_exercise), "days": rules.cadence_days}
    if proof.last is None:
        yield Message(_NEVER, asked)
    else:
        yield Message(_PROVED, {**_of(proof.last), **asked})
    if proof.changed and system.changed_on is not None:
        date = system.changed_on.isoformat()
        yield Message(_CHANGED, {"date": date, "days": rules.change_test_days})
    failed = (one for one in proof.judged if not one.qualifies)
    since = (one for one in failed if proof.last is None or one.done_on >= proof.last.done_on)
    for one in islice(since, _MOST_NOT_COUNTED):
        yield Message(_NOT_COUNTED, {**_of(one), "reasons": Joined(one.reasons, "; ")})


def _of(judged: JudgedExercise) -> dict[str, object]:
    return {"type": type_word(judged.exercise.type), "date": judged.done_on.isoformat()}
