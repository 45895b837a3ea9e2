"""What would make a loss hold: the copy to add, the fact to record, the test to make.

One remedy for each loss, the most direct one. Gaps offer it for what a tier demands, the matrix
for every cell.
"""

from __future__ import annotations

from bcp.engine.backups import Backups
from bcp.engine.loss import LossState
from bcp.engine.messages import Message, Minutes, gettext_noop
from bcp.engine.readiness import misses_rpo
from bcp.engine.scenario import STOLEN_CREDENTIALS
from bcp.engine.shared_loss import SystemLoss
from bcp.engine.words import scenario_words

ADD_A_COPY = gettext_noop(
    "Add a copy at another site, and one that is offline or locked against deletion"
)
RECORD_THE_FACTS = gettext_noop(
    "Record interval, run time, shipping lag, retention and lock of its copies, and where "
    "they are kept"
)
DECIDE_THE_RPO = gettext_noop("Propose how much may be lost, and have it approved")

_SURVIVE_ATTACK = gettext_noop(
    "Add a copy that is offline, or locked for longer than %(dwell)s and its interval, and keep "
    "it as long"
)
_SURVIVE_THIEF = gettext_noop(
    "Put a copy under credentials of its own, lock it against deletion, or take one offline"
)
_SURVIVE_PLACE = gettext_noop("Keep a copy in a zone that %(scenario)s spares")
_SURVIVE_MACHINE = gettext_noop("Add a copy that does not lie on the storage of production")
_OFTENER = gettext_noop(
    "Make a copy that survives at least every %(rpo)s, run time and shipping included, or "
    "approve an RPO of %(loss)s or more"
)
_TEST_THE_BETTER = gettext_noop(
    "Restore “%(copy)s” in a test: it survives and would lose at most %(loss)s"
)
_TEST_IT = gettext_noop("Restore “%(copy)s” of “%(system)s” in a test, and record the result")


def remedy(backups: Backups, index: int, loss: SystemLoss) -> Message | None:
    """What would help the system at position `index` in one scenario; `None` if the loss holds
    as it is, or there is nothing to lose."""
    if loss.state is LossState.TOTAL:
        decides = index if loss.system is None else loss.system
        if not backups.contents.needed[decides]:
            return Message(ADD_A_COPY)
        return to_survive(backups, loss)
    if loss.state is LossState.UNKNOWN:
        return Message(RECORD_THE_FACTS)
    if loss.state is not LossState.BOUNDED or not loss.shared:
        return None
    system = backups.estate.systems[index]
    if misses_rpo(loss, system):
        return to_meet(backups, index, loss)
    if system.rpo_minutes is None and backups.coupling.data_of[index]:
        return Message(DECIDE_THE_RPO)
    return None if loss.tested else _to_know(backups, loss)


def to_survive(backups: Backups, loss: SystemLoss) -> Message:
    """A copy that this scenario would leave."""
    scenario = loss.scenario
    if scenario.dwell_minutes is not None:
        return Message(_SURVIVE_ATTACK, {"dwell": Minutes(scenario.dwell_minutes)})
    if backups.blow(scenario).zones:
        return Message(_SURVIVE_PLACE, {"scenario": scenario_words(scenario)})
    return Message(_SURVIVE_THIEF if scenario.kind == STOLEN_CREDENTIALS else _SURVIVE_MACHINE)


def to_meet(backups: Backups, index: int, loss: SystemLoss) -> Message:
    """A test, if a copy that nobody restored would do; otherwise a copy made oftener."""
    rpo, dwell = backups.estate.systems[index].rpo_minutes or 0, loss.scenario.dwell_minutes or 0
    deciding = next((one for one in loss.shared if one.system == loss.system), None)
    for fate in () if deciding is None else deciding.fates:
        if fate.loss_minutes is not None and fate.loss_minutes - dwell <= rpo:
            copy = backups.estate.copies[fate.copy]
            minutes = Minutes(fate.loss_minutes)
            return Message(_TEST_THE_BETTER, {"copy": copy.name, "loss": minutes})
    return Message(_OFTENER, {"rpo": Minutes(rpo), "loss": Minutes(loss.rpo_loss_minutes)})


def _to_know(backups: Backups, loss: SystemLoss) -> Message | None:
    """The first copy behind the figure that nobody restored in time."""
    untested = next((one for one in loss.shared if not one.tested and one.copy is not None), None)
    if untested is None or untested.copy is None:
        return None
    copy = backups.estate.copies[untested.copy]
    values = {"copy": copy.name, "system": backups.estate.systems[copy.system].name}
    return Message(_TEST_IT, values)
