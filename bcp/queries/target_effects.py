"""What each open proposal alone would change, kept for as long as the answer it was worked out
from: a board looks at the same dozens of proposals page by page."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from threading import Lock

from bcp.engine.alone import Alone, Effect
from bcp.engine.results import Analysis
from bcp.models.targets import RecoveryTarget
from bcp.queries.target_figures import target_of

_KEPT = 8
_boards: OrderedDict[int, Board] = OrderedDict()
_lock = Lock()


class Board:
    """The effects of proposals on one answer, each worked out when first asked for. The figures of
    a proposal never change, so its key names them."""

    def __init__(self, answer: Analysis, today: date) -> None:
        self.answer = answer
        self._alone = Alone(answer, today=today)
        self._effects: dict[str, Effect | None] = {}

    def effect(self, proposal: RecoveryTarget) -> Effect | None:
        """`None` for a system that takes no part in the recovery."""
        if proposal.pk not in self._effects:
            self._effects[proposal.pk] = self._alone.effect(proposal.system_id, target_of(proposal))
        return self._effects[proposal.pk]


def board(answer: Analysis, *, today: date) -> Board:
    """`answer` is one that `queries.analysis` keeps, so that it is met again; the board holds on
    to it, so that its identity names it."""
    with _lock:
        found = _boards.get(id(answer))
        if found is not None:
            _boards.move_to_end(id(answer))
            return found
    made = Board(answer, today)
    with _lock:
        _boards[id(answer)] = made
        while len(_boards) > _KEPT:
            _boards.popitem(last=False)
    return made
