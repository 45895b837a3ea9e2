"""Which half of a recovery is there: backups, a recovery plan, both or neither (rule B5).

Each half that is missing has its reasons, and the class has its consequence, told from the
system's own facts: what would be lost, what nobody wrote down, who waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from bcp.engine.contents import Holds
from bcp.engine.effects import Scenario
from bcp.engine.estate import Area, Procedure, Strategy, System
from bcp.engine.exercises import Proof
from bcp.engine.loss import LossState, OwnLoss
from bcp.engine.messages import Joined, Message, Minutes, gettext_noop
from bcp.engine.shared_loss import SystemLoss
from bcp.engine.words import area_word, scenario_words, type_word


class ReadinessClass(StrEnum):
    BOTH = "both"
    ONLY_BACKUPS = "only backups"
    ONLY_PLAN = "only a recovery plan"
    NEITHER = "neither"


class Shortfall(StrEnum):
    """Why a half is missing, as a code; the first group is of the backups, the second of the
    plan."""

    NO_COPY = "no_copy"
    NOTHING_SURVIVES = "nothing_survives"
    RPO_MISSED = "rpo_missed"
    LOSS_UNKNOWN = "loss_unknown"
    RPO_MISSING = "rpo_missing"
    CONFIGURATION_UNSAFE = "configuration_unsafe"
    SITE_UNKNOWN = "site_unknown"
    SCENARIO_UNKNOWN = "scenario_unknown"

    STRATEGY_MISSING = "strategy_missing"
    PROCEDURE_MISSING = "procedure_missing"
    PROCEDURE_UNAPPROVED = "procedure_unapproved"
    OWNER_MISSING = "owner_missing"
    EXERCISE_NEVER = "exercise_never"
    EXERCISE_OVERDUE = "exercise_overdue"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a half is missing; `loss` is the loss that it is about, if it is of one, and
    `demand` a demand of the tier that cannot be evaluated."""

    code: Shortfall
    says: Message
    loss: SystemLoss | None = None
    demand: str = ""

    @property
    def scenario(self) -> str:
        """The name of the scenario that it is about; empty if it is of none alone."""
        return self.demand if self.loss is None else self.loss.scenario.name


@dataclass(frozen=True, slots=True)
class Readiness:
    """Rule B5 for one system. `backups` and `plan` hold why that half is missing; empty: it is
    there. `rumour`: the backups half rests on a copy that nobody restored in time (B1)."""

    kind: ReadinessClass
    backups: tuple[Reason, ...]
    plan: tuple[Reason, ...]
    rumour: bool
    _facts: Facts = field(repr=False, compare=False)

    @property
    def consequence(self) -> tuple[Message, ...]:
        """What the class means for this system, in sentences from its own facts."""
        return tuple(_consequence(self._facts, self.kind, self.backups, self.plan))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the class of the system at position `index` of `systems` is made from.

    `demanded` are its losses in the scenarios that its tier demands, `configuration` those of
    its own configuration if it holds no data; `unclear` says which demands cannot be evaluated.
    `stands_on_data`: it holds data, or needs systems that do. `has_copies`: there is at least
    one copy of what it needs. `dependents` counts the systems that need it directly.
    """

    systems: Sequence[System]
    index: int
    holds: Holds
    stands_on_data: bool
    has_copies: bool
    demanded: Sequence[SystemLoss]
    configuration: Sequence[tuple[Scenario, OwnLoss]]
    unclear: Sequence[Reason]
    procedure: Procedure | None
    proof: Proof
    dependents: int

    @property
    def system(self) -> System:
        return self.systems[self.index]


def readiness(facts: Facts) -> Readiness:
    """Rule B5 for one system."""
    backups, plan = tuple(_backups(facts)), tuple(_plan(facts))
    if backups:
        kind = ReadinessClass.NEITHER if plan else ReadinessClass.ONLY_PLAN
    else:
        kind = ReadinessClass.ONLY_BACKUPS if plan else ReadinessClass.BOTH
    bounded = [one for one in facts.demanded if one.state is LossState.BOUNDED and one.shared]
    return Readiness(
        kind=kind,
        backups=backups,
        plan=plan,
        rumour=any(not one.tested for one in bounded),
        _facts=facts,
    )


_NO_COPY = {
    Holds.DATA: gettext_noop("there is no copy of its data"),
    Holds.CONFIGURATION: gettext_noop("there is no copy of its configuration"),
}
_NOTHING_SURVIVES = gettext_noop("after %(scenario)s %(what)s is left")
_UNKNOWN = gettext_noop("how much is lost after %(scenario)s cannot be said")
_UNKNOWN_MISSED = gettext_noop(
    "how much is lost after %(scenario)s cannot be said, but it is more than the RPO of %(rpo)s"
)
_MISSED = gettext_noop("after %(scenario)s %(what)s is at worst %(loss)s old; the RPO is %(rpo)s")
_MISSED_BEFORE = gettext_noop(
    "after %(scenario)s %(what)s is at worst %(loss)s older than the attack; the RPO is %(rpo)s"
)
_NO_COPY_LEFT = gettext_noop("no copy")
_NO_COPY_OF = gettext_noop("no copy of “%(other)s”")
_POINT = gettext_noop("the newest good point")
_POINT_OF = gettext_noop("the newest good point of “%(other)s”")
_NO_RPO = gettext_noop("there is no approved RPO: nobody decided how much may be lost")
_CONFIGURATION = gettext_noop("after %(scenario)s no copy of its configuration is sure to be left")


def _backups(facts: Facts) -> Iterator[Reason]:
    yield from _own_copies(facts)
    yield from facts.unclear
    if facts.stands_on_data and facts.system.rpo_minutes is None:
        yield Reason(Shortfall.RPO_MISSING, Message(_NO_RPO))
    for loss in facts.demanded:
        yield from _of_loss(facts, loss)


def _own_copies(facts: Facts) -> Iterator[Reason]:
    """A system needs copies of its own, even if the data that it stands on are elsewhere."""
    if not facts.has_copies and facts.holds is not Holds.NOTHING:
        yield Reason(Shortfall.NO_COPY, Message(_NO_COPY[facts.holds]))
    elif facts.stands_on_data:
        unsafe = (one for one, own in facts.configuration if own.state is not LossState.BOUNDED)
        for scenario in islice(unsafe, 1):
            says = Message(_CONFIGURATION, {"scenario": scenario_words(scenario)})
            yield Reason(Shortfall.CONFIGURATION_UNSAFE, says)


def _of_loss(facts: Facts, loss: SystemLoss) -> Iterator[Reason]:
    if loss.state is LossState.TOTAL:
        if facts.has_copies or loss.system != facts.index:
            says = _says(_NOTHING_SURVIVES, facts, loss, _NO_COPY_LEFT, _NO_COPY_OF)
            yield Reason(Shortfall.NOTHING_SURVIVES, says, loss)
    elif loss.state is LossState.UNKNOWN:
        least, rpo = loss.rpo_loss_at_least_minutes, facts.system.rpo_minutes
        missed = least is not None and rpo is not None and least > rpo
        template = _UNKNOWN_MISSED if missed else _UNKNOWN
        yield Reason(Shortfall.LOSS_UNKNOWN, _says(template, facts, loss, _POINT, _POINT_OF), loss)
    elif misses_rpo(loss, facts.system):
        template = _MISSED if loss.scenario.dwell_minutes is None else _MISSED_BEFORE
        yield Reason(Shortfall.RPO_MISSED, _says(template, facts, loss, _POINT, _POINT_OF), loss)


def misses_rpo(loss: SystemLoss, system: System) -> bool:
    """The figure is known, and it is more than the approved RPO (rule B5)."""
    minutes, rpo = loss.rpo_loss_minutes, system.rpo_minutes
    return minutes is not None and rpo is not None and minutes > rpo


def _says(template: str, facts: Facts, loss: SystemLoss, own: str, of_other: str) -> Message:
    """`own` or `of_other` says whose copies it is about, as the value `what`."""
    what = Message(own)
    if loss.system is not None and loss.system != facts.index:
        what = Message(of_other, {"other": facts.systems[loss.system].name})
    return Message(
        template,
        {
            "scenario": scenario_words(loss.scenario),
            "what": what,
            "loss": Minutes(loss.rpo_loss_minutes),
            "rpo": Minutes(facts.system.rpo_minutes),
        },
    )


_NO_STRATEGY = gettext_noop("nobody decided how it comes back")
_NO_PROCEDURE = gettext_noop("nobody wrote down how it comes back")
_NOT_APPROVED = gettext_noop("nobody approved the procedure by which it comes back")
_NO_OWNER = gettext_noop("nobody answers for it")
_NEVER_PROVED = gettext_noop("nobody ever proved in an exercise that it comes back")
_OVERDUE = gettext_noop("that it comes back was last proved on %(date)s; due again on %(due)s")


def _plan(facts: Facts) -> Iterator[Reason]:
    system, proof = facts.system, facts.proof
    if system.strategy in (None, Strategy.NONE):
        yield Reason(Shortfall.STRATEGY_MISSING, Message(_NO_STRATEGY))
    if facts.procedure is None:
        yield Reason(Shortfall.PROCEDURE_MISSING, Message(_NO_PROCEDURE))
    elif not facts.procedure.approved:
        yield Reason(Shortfall.PROCEDURE_UNAPPROVED, Message(_NOT_APPROVED))
    if system.owner is None:
        yield Reason(Shortfall.OWNER_MISSING, Message(_NO_OWNER))
    if proof.last is None:
        yield Reason(Shortfall.EXERCISE_NEVER, Message(_NEVER_PROVED))
    elif not proof.in_date:
        dates = {"date": proof.last.done_on.isoformat(), "due": proof.due.isoformat()}
        yield Reason(Shortfall.EXERCISE_OVERDUE, Message(_OVERDUE, dates))


_BOTH = gettext_noop(
    "Both halves are there: %(backups)s, and a %(type)s of %(date)s proved the way back."
)
_AT_MOST = gettext_noop("at worst %(loss)s of data are lost (%(scenario)s)")
_CONFIGURATION_SAFE = gettext_noop("its configuration is safe")
_NOTHING_TO_SAVE = gettext_noop("it holds nothing that a copy could save")
_ONLY_BACKUPS = gettext_noop("Of “%(system)s”, %(backups)s, but nobody could work: %(reasons)s.")
_ONLY_PLAN = gettext_noop("“%(system)s” would be rebuilt and come up empty: %(reasons)s.")
_ONLY_PLAN_VOLUME = gettext_noop(
    "“%(system)s” would be rebuilt and come up without its %(volume)s GB: %(reasons)s."
)
_ONLY_PLAN_OLD = gettext_noop(
    "“%(system)s” would be rebuilt and come up with data older than accepted: %(reasons)s."
)
_ONLY_PLAN_UNSURE = gettext_noop(
    "“%(system)s” would be rebuilt, and nobody knows with which data: %(reasons)s."
)
_ONLY_PLAN_BARE = gettext_noop(
    "“%(system)s” would be rebuilt without the settings that it had: %(reasons)s."
)
_NEITHER = gettext_noop(
    "For “%(system)s” neither half is sure. Backups: %(reasons)s. Recovery plan: %(plan)s."
)
_AND_MORE = gettext_noop("%(reason)s (and %(more)s more such)")
_NOT_COVERED = gettext_noop("Its procedure does not say how these come back: %(areas)s.")
_WAITING = gettext_noop("Systems that need it directly and wait with it: %(count)s.")
_RUMOUR = gettext_noop("That the copies can be restored is a rumour: nobody tried it in time.")

_REBUILT = (Area.INFRASTRUCTURE, Area.NETWORK, Area.APPLICATION, Area.ACCESS)
"""What backups alone do not bring back."""


def _consequence(
    facts: Facts, kind: ReadinessClass, backups: tuple[Reason, ...], plan: tuple[Reason, ...]
) -> Iterator[Message]:
    system, proof = facts.system, facts.proof
    values: dict[str, object] = {"system": system.name, "reasons": _joined(backups)}
    if kind is ReadinessClass.BOTH and proof.last is not None:
        values |= {
            "backups": _what_is_safe(facts),
            "type": type_word(proof.last.exercise.type),
            "date": proof.last.done_on.isoformat(),
        }
        yield Message(_BOTH, values)
    elif kind is ReadinessClass.ONLY_BACKUPS:
        yield Message(
            _ONLY_BACKUPS, {**values, "backups": _what_is_safe(facts), "reasons": _joined(plan)}
        )
    elif kind is ReadinessClass.ONLY_PLAN:
        values["volume"] = None if system.data_gb is None else f"{system.data_gb.normalize():f}"
        yield Message(_come_up(facts, backups), values)
    else:
        yield Message(_NEITHER, {**values, "plan": _joined(plan)})
    if plan and facts.procedure is not None:
        areas = [area_word(area) for area in _REBUILT if area not in facts.procedure.covers]
        if areas:
            yield Message(_NOT_COVERED, {"areas": Joined(tuple(areas))})
    if kind is not ReadinessClass.BOTH and facts.dependents:
        yield Message(_WAITING, {"count": facts.dependents})
    if not backups and any(loss.shared and not loss.tested for loss in facts.demanded):
        yield Message(_RUMOUR)


def _joined(reasons: tuple[Reason, ...]) -> Joined:
    """The first reason of each kind: beside the sentence all of them stand in a list."""
    first: dict[Shortfall, Reason] = {}
    for reason in reasons:
        first.setdefault(reason.code, reason)
    counts = Counter(reason.code for reason in reasons)
    return Joined(
        tuple(
            Message(_AND_MORE, {"reason": reason.says, "more": counts[code] - 1})
            if counts[code] > 1
            else reason.says
            for code, reason in first.items()
        ),
        "; ",
    )


def _what_is_safe(facts: Facts) -> Message:
    if not facts.stands_on_data:
        nothing = facts.holds is Holds.NOTHING
        return Message(_NOTHING_TO_SAVE if nothing else _CONFIGURATION_SAFE)
    known = [loss for loss in facts.demanded if loss.loss_minutes is not None]
    worst = max(known, key=lambda loss: loss.loss_minutes or 0, default=None)
    if worst is None:
        return Message(_NOTHING_TO_SAVE)
    return Message(
        _AT_MOST,
        {"loss": Minutes(worst.loss_minutes), "scenario": scenario_words(worst.scenario)},
    )


def _come_up(facts: Facts, backups: tuple[Reason, ...]) -> str:
    """How a system comes back of which only the way back is there."""
    if not facts.stands_on_data:
        return _ONLY_PLAN_BARE
    codes = {reason.code for reason in backups}
    if codes & {Shortfall.NO_COPY, Shortfall.NOTHING_SURVIVES}:
        if facts.holds is Holds.CONFIGURATION and Shortfall.NOTHING_SURVIVES not in codes:
            return _ONLY_PLAN_BARE
        return _ONLY_PLAN if facts.system.data_gb is None else _ONLY_PLAN_VOLUME
    if Shortfall.RPO_MISSED in codes:
        return _ONLY_PLAN_OLD
    return _ONLY_PLAN_BARE if codes == {Shortfall.CONFIGURATION_UNSAFE} else _ONLY_PLAN_UNSURE
