"""Losses and restores in sentences: how much is lost, whose copy decides, who waits for whom.

What a scenario does to each copy is told by `survival.Fate.reasons`, why a half is missing by
`readiness.Readiness`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bcp.engine.estate import Estate
from bcp.engine.loss import LossState
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.restore import Restore
from bcp.engine.shared_loss import SystemLoss
from bcp.engine.survival import Verdict
from bcp.engine.words import scenario_words

_BOUNDED = gettext_noop(
    "After %(scenario)s at worst %(loss)s are lost; the copy “%(copy)s” of “%(decides)s” decides."
)
_SPARED = gettext_noop("After %(scenario)s nothing is lost: its data are somewhere else.")
_UNKNOWN = gettext_noop("How much is lost after %(scenario)s cannot be said.")
_UNKNOWN_AT_LEAST = gettext_noop(
    "How much is lost after %(scenario)s cannot be said; it is at least %(at_least)s."
)
_TOTAL = gettext_noop("After %(scenario)s all of it is lost: no copy of “%(decides)s” is left.")
_UNTOUCHED = gettext_noop("Nothing of it is lost after %(scenario)s.")
_NOTHING_HELD = gettext_noop("It holds nothing that could be lost.")
_DWELL = gettext_noop(
    "%(dwell)s of that is the time in which nobody noticed the attacker; against the RPO counts "
    "the rest, %(rpo_loss)s."
)
_RUMOUR = gettext_noop("Untested: a rumour. Nobody restored what decides in time.")
_PAIR = gettext_noop(
    "“%(newest)s” comes back as of the same moment as “%(decides)s”, however new its own points "
    "are."
)
_STRANDED = gettext_noop("“%(system)s” may keep no point as old as that.")

_SHARED = gettext_noop(
    "Restoring %(volume)s GB at %(throughput)s MB/s takes %(minutes)s: %(alone)s alone, but "
    "“%(repository)s” is shared meanwhile; other restores from it: %(beside)s."
)
_ALONE = gettext_noop(
    "Restoring %(volume)s GB at %(throughput)s MB/s takes %(minutes)s; nothing else is read from "
    "“%(repository)s” meanwhile."
)
_FROM_LOST = gettext_noop("The copy that this counts on, “%(copy)s”, does not survive.")
_FROM_UNSURE = gettext_noop("Whether the copy that this counts on, “%(copy)s”, survives is open.")


def explain_loss(estate: Estate, loss: SystemLoss) -> tuple[Message, ...]:
    """One cell of the matrix in sentences: figure, deciding copy, pair, and what is doubtful."""
    return tuple(_of_loss(estate, loss))


def _of_loss(estate: Estate, loss: SystemLoss) -> Iterator[Message]:
    systems = estate.systems
    values: dict[str, object] = {
        "scenario": scenario_words(loss.scenario),
        "loss": Minutes(loss.loss_minutes),
        "at_least": Minutes(loss.at_least_minutes),
        "rpo_loss": Minutes(loss.rpo_loss_minutes),
        "dwell": Minutes(loss.scenario.dwell_minutes),
        "copy": None if loss.copy is None else estate.copies[loss.copy].name,
        "decides": None if loss.system is None else systems[loss.system].name,
    }
    yield Message(_figure(loss), values)
    if loss.state is LossState.BOUNDED and loss.shared:
        if loss.scenario.dwell_minutes:
            yield Message(_DWELL, values)
        if not loss.tested:
            yield Message(_RUMOUR)
    if loss.newest is not None:
        yield Message(_PAIR, {**values, "newest": systems[loss.newest].name})
    for system in loss.stranded:
        yield Message(_STRANDED, {"system": systems[system].name})


def _figure(loss: SystemLoss) -> str:
    if loss.state is LossState.BOUNDED:
        return _BOUNDED if loss.copy is not None else _SPARED
    if loss.state is LossState.UNKNOWN:
        return _UNKNOWN_AT_LEAST if loss.at_least_minutes else _UNKNOWN
    return {
        LossState.TOTAL: _TOTAL,
        LossState.UNTOUCHED: _UNTOUCHED,
        LossState.NOTHING_HELD: _NOTHING_HELD,
    }[loss.state]


def explain_restore(estate: Estate, restore: Restore) -> tuple[Message, ...]:
    """How long a restore takes and why (rule G9), and whether its copy is there at all."""
    copy = estate.copies[restore.copy]
    values: dict[str, object] = {
        "volume": _plain(estate.systems[copy.system].data_gb),
        "throughput": _plain(copy.restore_mb_s),
        "minutes": Minutes(restore.minutes),
        "alone": Minutes(restore.alone_minutes),
        "repository": restore.repository,
        "beside": restore.beside,
        "copy": copy.name,
    }
    doubt = {Verdict.LOST: _FROM_LOST, Verdict.UNKNOWN: _FROM_UNSURE}.get(restore.verdict)
    sentences = [Message(_SHARED if restore.beside else _ALONE, values)]
    if doubt is not None:
        sentences.append(Message(doubt, values))
    return tuple(sentences)


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"
