"""An offered set of changes, chosen on a page: as text in an address and back, and what it would
write into which record.

Only what somebody typed in can be written at once. A time that was measured, or that a procedure
or a restore adds up to, changes when those do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from bcp.engine.changes import Change, Open, Shorten, StandBy, Tighten
from bcp.engine.durations import format_minutes
from bcp.engine.estate import DurationSource
from bcp.engine.offers import Offer
from bcp.engine.permissions import Capability
from bcp.engine.results import Analysis
from bcp.errors import InvalidInput
from bcp.queries import dependencies, systems
from bcp.services import ways as writes
from bcp.services.ways import Bootstrap, Estimate, Step, Tighter

_SHORTEN, _STAND_BY, _OPEN, _TIGHTEN = "shorten", "standby", "open", "tighten"
NEVER_SEEN = 0
"""Versions count from 1."""
_TYPED_IN = (DurationSource.ESTIMATE, DurationSource.CONTRACT)


def can_be_written(answer: Analysis, offer: Offer, capabilities: Iterable[Capability]) -> bool:
    """Whether all of an offer is plain data, and the reader may write it."""
    may = set(capabilities)
    if Capability.EDIT_ESTATE not in may or len(offer.targets) > writes.MOST_PROPOSALS:
        return False
    if offer.targets and Capability.PROPOSE_TARGET not in may:
        return False
    return bool(offer.changes) and all(_is_plain(answer, change) for change in offer.changes)


def _is_plain(answer: Analysis, change: Change) -> bool:
    if isinstance(change, Shorten | StandBy):
        return answer.systems[change.system].duration_source in _TYPED_IN
    return True


def address_of(answer: Analysis, rto_minutes: int, offer: Offer) -> str:
    """The query string that names an offer; systems by their keys."""
    query = QueryDict(mutable=True)
    query["rto_minutes"] = str(rto_minutes)
    changes = (*offer.changes, *offer.targets)
    query.setlist("change", [_word(answer, change) for change in changes])
    return query.urlencode(safe=":")


def _word(answer: Analysis, change: Change) -> str:
    keys = [system.key for system in answer.estate.systems]
    if isinstance(change, Open):
        return f"{_OPEN}:{keys[change.dependent]}:{keys[change.dependency]}"
    if isinstance(change, StandBy):
        return f"{_STAND_BY}:{keys[change.system]}"
    kind = _SHORTEN if isinstance(change, Shorten) else _TIGHTEN
    return f"{kind}:{keys[change.system]}:{change.to_minutes}"


def changes_in(answer: Analysis, words: Sequence[str]) -> list[Change]:
    """The changes that an address names, as of now. Raises `InvalidInput` if it names none, or
    something that cannot be done in this estate (any more)."""
    places = {system.key: place for place, system in enumerate(answer.estate.systems)}
    found = [_change(answer, places, word.split(":")) for word in words]
    changes = [change for change in found if change is not None]
    if not changes or len(changes) != len(found):
        raise InvalidInput(_("These changes cannot be made any more; choose again."))
    return changes


def _change(answer: Analysis, places: dict[str, int], parts: list[str]) -> Change | None:
    kind, *rest = parts
    place = places.get(rest[0]) if rest else None
    if place is None:
        return None
    takes = answer.systems[place].duration_minutes or 0
    if kind == _STAND_BY and len(rest) == 1:
        return StandBy(place, takes)
    if kind == _OPEN and len(rest) == 2 and rest[1] in places:
        return Open(place, places[rest[1]])
    if len(rest) != 2 or not (rest[1].isascii() and rest[1].isdigit() and len(rest[1]) < 8):
        return None
    minutes = int(rest[1])
    if kind == _SHORTEN:
        return Shorten(place, takes, minutes)
    rto = answer.systems[place].rto_minutes
    return Tighten(place, rto, minutes) if kind == _TIGHTEN and rto is not None else None


@dataclass(frozen=True, slots=True)
class Row:
    """One fact that would be written: of which record, which fact, what it says now and then."""

    record: str
    fact: str
    now: str
    then: str


class Chosen:
    """The records that a set of changes touches, as they are now; two queries, whatever their
    number. Raises `InvalidInput` if a dependency is not there."""

    def __init__(self, organisation: Any, answer: Analysis, changes: Sequence[Change]) -> None:
        self._answer = answer
        self.changes = changes
        self._keys = [system.key for system in answer.estate.systems]
        retimed = [self._keys[one.system] for one in changes if isinstance(one, Shorten | StandBy)]
        found = systems.listing(organisation).filter(pk__in=retimed)
        self._systems = {one.pk: one for one in found}
        pairs = {
            (self._keys[one.dependent], self._keys[one.dependency])
            for one in changes
            if isinstance(one, Open)
        }
        edges = dependencies.listing(organisation).filter(
            dependent__in={above for above, _below in pairs},
            dependency__in={below for _above, below in pairs},
        )
        self.edges = [one for one in edges if (one.dependent_id, one.dependency_id) in pairs]
        if len(self.edges) != len(pairs) or len(self._systems) != len(set(retimed)):
            raise InvalidInput(_("These changes cannot be made any more; choose again."))

    def versions(self) -> list[str]:
        """Key and version of each record that would be written, for the form to send back."""
        records = (*self._systems.values(), *self.edges)
        return [f"{record.pk}:{record.version}" for record in records]

    def rows(self) -> list[Row]:
        """What the records say now and would say then; notes are typed in beside."""
        return [row for change in self.changes for row in self._rows(change)]

    def _rows(self, change: Change) -> Iterable[Row]:
        if isinstance(change, Open):
            return
        name = self._answer.estate.systems[change.system].name
        if isinstance(change, Tighten):
            now, then = format_minutes(change.from_minutes), format_minutes(change.to_minutes)
            yield Row(name, _("RTO, as a proposal"), now, then)
            return
        system = self._systems[self._keys[change.system]]
        step = self._estimate(change, None)
        values = writes.estimated(system, step.minutes, stands_by=step.stands_by)
        facts = {
            "strategy": (_("Recovery strategy"), system.get_strategy_display() or _("unknown")),
            "recovery_minutes": (_("Recovery work"), format_minutes(system.recovery_minutes)),
            "recovery_low_minutes": (
                _("Recovery work at best"),
                format_minutes(system.recovery_low_minutes),
            ),
        }
        for field, (fact, now) in facts.items():
            if field in values:
                minutes = values[field] if field != "strategy" else None
                then = _("Hot standby") if minutes is None else format_minutes(minutes)
                yield Row(name, fact, now, then)

    def _estimate(self, change: Shorten | StandBy, seen_version: int | None) -> Estimate:
        key = self._keys[change.system]
        if isinstance(change, StandBy):
            return writes.stand_by(key, seen_version)
        return Estimate(key, change.to_minutes, seen_version)

    def steps(self, notes: dict[str, str], seen: dict[str, int]) -> list[Step]:
        """What the service writes: with the notes typed in and the versions seen, each by the key
        of its record. A record that was not shown counts as changed since."""
        of_edge = {(one.dependent_id, one.dependency_id): one.pk for one in self.edges}
        steps: list[Step] = []
        for change in self.changes:
            if isinstance(change, Open):
                edge = of_edge[self._keys[change.dependent], self._keys[change.dependency]]
                steps.append(Bootstrap(edge, notes.get(edge, ""), seen.get(edge, NEVER_SEEN)))
            elif isinstance(change, Tighten):
                steps.append(Tighter(self._keys[change.system], change.to_minutes))
            else:
                steps.append(
                    self._estimate(change, seen.get(self._keys[change.system], NEVER_SEEN))
                )
        return steps
