"""Whether a copy survives a scenario and how old its newest good point is, with the reasons (B2).

A copy survives if nothing that the scenario does removes it. What nobody recorded is never
assumed to be good: a copy of which that matters is "unknown", and its reasons say what is missing.

How points come and go (the tests simulate it minute by minute): a run starts every interval and
takes a point; the point is at its destination after run time and shipping lag; retention and lock
count from then on. An attacker who was inside for the dwell time has spoilt whatever was not yet
at its destination when he came, and deletes whatever he can reach. At the worst moment the newest
point of the time before him has been at its destination for dwell time + interval: so long must
it be kept, and locked if it is not offline. Without an attacker the same holds with no dwell time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from bcp.engine.estate import Copy, CopyKind, System
from bcp.engine.messages import Joined, Message, Minutes, gettext_noop
from bcp.engine.scenario_on_copies import Blow, Zones


class Verdict(StrEnum):
    SURVIVES = "survives"
    UNKNOWN = "unknown"
    """Cannot be shown to survive: a fact that decides is not recorded."""
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a scenario does to the copy at position `copy` of `Estate.copies`.

    `loss_minutes`: the worst loss if it survives, rules B1 and B2; `None` if it does not or if
    a part of the sum is unknown. `known_minutes` is the sum of the known parts.
    """

    copy: int
    verdict: Verdict
    loss_minutes: int | None
    known_minutes: int
    _asked: _Question = field(repr=False, compare=False)

    @property
    def reasons(self) -> tuple[Message, ...]:
        """Why, in sentences: what removes it, what is not recorded, or what saves it; then how
        old its newest good point is. Made when asked for: an estate has thousands of fates."""
        asked = self._asked
        decisive = [one.says for one in _findings(asked) if one.verdict is self.verdict]
        if self.verdict is not Verdict.LOST:
            decisive.append(_newest(asked.copy, asked.blow))
        return tuple(decisive)


@dataclass(frozen=True, slots=True)
class _Question:
    copy: Copy
    system: System
    blow: Blow
    zones: Zones


@dataclass(frozen=True, slots=True)
class _Finding:
    verdict: Verdict
    says: Message


def judge(position: int, copy: Copy, system: System, blow: Blow, zones: Zones) -> Fate:
    """Rule B2 for one copy, which is at `position` and belongs to `system`."""
    asked = _Question(copy, system, blow, zones)
    verdict = Verdict.SURVIVES
    for finding in _findings(asked):
        if finding.verdict is Verdict.LOST:
            verdict = finding.verdict
            break
        if finding.verdict is Verdict.UNKNOWN:
            verdict = finding.verdict
    known, missing = _sum(copy, blow)
    figure = verdict is Verdict.SURVIVES and not missing
    return Fate(position, verdict, known if figure else None, known, asked)


def _findings(asked: _Question) -> Iterator[_Finding]:
    copy, blow, zones = asked.copy, asked.blow, asked.zones
    yield from _place(copy, blow, zones)
    yield from _same_storage(copy, asked.system, blow, zones)
    yield from _protection(copy, blow)
    yield from _kept(copy, blow)


_ELSEWHERE = gettext_noop("kept at “%(site)s”, which is not touched")
_GONE = gettext_noop("kept at “%(site)s”, which is lost")
_NOWHERE = gettext_noop("nobody recorded where it is kept, so it may be lost with the place")
_SNAPSHOT_DIES = gettext_noop(
    "a snapshot lies on the storage that it was taken from, which is lost"
)
_SNAPSHOT_ELSEWHERE = gettext_noop("a snapshot at “%(site)s”, away from the lost storage")
_SNAPSHOT_WHERE = gettext_noop(
    "a snapshot at “%(site)s”; nobody recorded where “%(system)s” runs, so it may lie on the "
    "lost storage"
)


def _place(copy: Copy, blow: Blow, zones: Zones) -> Iterator[_Finding]:
    if not blow.zones:
        return
    zone = zones.known(copy.site)
    if zone is None:
        yield _Finding(Verdict.UNKNOWN, Message(_NOWHERE))
    elif zone in blow.zones:
        yield _Finding(Verdict.LOST, Message(_GONE, {"site": copy.site}))
    else:
        yield _Finding(Verdict.SURVIVES, Message(_ELSEWHERE, {"site": copy.site}))


def _same_storage(copy: Copy, system: System, blow: Blow, zones: Zones) -> Iterator[_Finding]:
    """A snapshot dies with the storage of production, unless it is known to be in another zone."""
    if copy.kind is not CopyKind.SNAPSHOT or not blow.destroys(copy.system):
        return
    here, home = zones.known(copy.site), zones.known(system.site)
    values = {"site": copy.site, "system": system.name}
    if here is None or here == home:
        yield _Finding(Verdict.LOST, Message(_SNAPSHOT_DIES))
    elif home is None:
        yield _Finding(Verdict.UNKNOWN, Message(_SNAPSHOT_WHERE, values))
    else:
        yield _Finding(Verdict.SURVIVES, Message(_SNAPSHOT_ELSEWHERE, values))


_REPLICA_STANDS_IN = gettext_noop("a replica stands in when a machine or a place is lost")
_REPLICA_SPOILT = gettext_noop("a replica repeats at once whatever is done to production")
_OFFLINE = gettext_noop("offline: an attacker cannot reach it")
_LOCKED = gettext_noop("locked %(locked)s, dwell %(dwell)s: nobody can delete what is needed")
_LOCKED_AT_ONCE = gettext_noop("locked %(locked)s: nobody can delete its newest point")
_LOCK_TOO_SHORT = gettext_noop(
    "locked only %(locked)s, but the newest clean point may have been there for %(needed)s"
)
_LOCK_WITHOUT_INTERVAL = gettext_noop(
    "locked %(locked)s, but nobody recorded its interval, so the lock may be too short"
)
_OPEN = gettext_noop("neither locked nor offline: the attacker deletes it")
_OPEN_TO_THIEF = gettext_noop(
    "no separate credentials, neither locked nor offline: the thief deletes it"
)
_SEPARATE = gettext_noop("separate credentials: the stolen ones do not open it")
_MAY_BE_OPEN = gettext_noop("nobody recorded whether it is %(what)s, so it may be deleted")
_IS_OFFLINE = gettext_noop("offline")
_IS_LOCKED = gettext_noop("locked")
_IS_SEPARATE = gettext_noop("under separate credentials")


def _protection(copy: Copy, blow: Blow) -> Iterator[_Finding]:
    corrupts = blow.dwell_minutes is not None
    attacked = corrupts or blow.stolen
    if copy.kind is CopyKind.REPLICA:
        yield (
            _Finding(Verdict.LOST, Message(_REPLICA_SPOILT))
            if attacked
            else _Finding(Verdict.SURVIVES, Message(_REPLICA_STANDS_IN))
        )
        return
    if blow.stolen and not corrupts and copy.separate_credentials:
        yield _Finding(Verdict.SURVIVES, Message(_SEPARATE))
    elif attacked:
        # What withstands an attacker with a dwell time withstands the thief as well.
        yield _out_of_reach(copy, blow)


def _out_of_reach(copy: Copy, blow: Blow) -> _Finding:
    """Offline, or locked for as long as the newest clean point must lie there.

    Separate credentials keep a thief out; against ransomware they do not count (rule B2).
    """
    if copy.offline:
        return _Finding(Verdict.SURVIVES, Message(_OFFLINE))
    thief = blow.dwell_minutes is None
    unrecorded = [
        Message(word)
        for word, fact in (
            (_IS_OFFLINE, copy.offline),
            (_IS_LOCKED, copy.locked_minutes),
            *(((_IS_SEPARATE, copy.separate_credentials),) if thief else ()),
        )
        if fact is None
    ]
    locked, interval, dwell = copy.locked_minutes, copy.interval_minutes, blow.dwell_minutes or 0
    values = {"locked": Minutes(locked), "dwell": Minutes(dwell)}
    if locked and interval is not None and locked >= dwell + interval:
        return _Finding(Verdict.SURVIVES, Message(_LOCKED_AT_ONCE if thief else _LOCKED, values))
    if unrecorded:
        says = Message(_MAY_BE_OPEN, {"what": Joined(tuple(unrecorded))})
        return _Finding(Verdict.UNKNOWN, says)
    if not locked:
        return _Finding(Verdict.LOST, Message(_OPEN_TO_THIEF if thief else _OPEN))
    if interval is None and locked >= dwell:
        return _Finding(Verdict.UNKNOWN, Message(_LOCK_WITHOUT_INTERVAL, values))
    needed = Minutes(dwell + (interval or 0))
    return _Finding(Verdict.LOST, Message(_LOCK_TOO_SHORT, {**values, "needed": needed}))


_KEPT = gettext_noop("kept %(kept)s, dwell %(dwell)s: older points than the attacker are there")
_KEPT_BY_LOCK = gettext_noop(
    "nobody recorded how long it is kept, but the lock keeps it for %(locked)s"
)
_KEPT_UNKNOWN = gettext_noop(
    "nobody recorded how long it is kept, so points older than the dwell time of %(dwell)s may "
    "be gone"
)
_KEPT_WITHOUT_INTERVAL = gettext_noop(
    "kept %(kept)s, but nobody recorded its interval, so no point may be older than the dwell "
    "time of %(dwell)s"
)
_KEPT_TOO_SHORT = gettext_noop(
    "kept only %(kept)s, but the newest clean point may have been there for %(needed)s"
)
_KEPT_NO_INTERVAL = gettext_noop(
    "kept only %(kept)s and made every %(interval)s: at times there is no point at all"
)


def _kept(copy: Copy, blow: Blow) -> Iterator[_Finding]:
    """Retention of at least dwell time + interval.

    Where nothing is corrupted the newest point is enough, and a copy is taken to keep that one
    until the next is there, unless its recorded retention says otherwise.
    """
    kept, interval, dwell = copy.retention_minutes, copy.interval_minutes, blow.dwell_minutes
    if copy.kind is CopyKind.REPLICA:
        return
    if dwell is None:
        if kept is not None and interval is not None and kept < interval:
            values = {"kept": Minutes(kept), "interval": Minutes(interval)}
            yield _Finding(Verdict.LOST, Message(_KEPT_NO_INTERVAL, values))
        return
    locked = copy.locked_minutes
    values = {"kept": Minutes(kept), "dwell": Minutes(dwell), "locked": Minutes(locked)}
    if kept is None:
        if locked is not None and interval is not None and locked >= dwell + interval:
            yield _Finding(Verdict.SURVIVES, Message(_KEPT_BY_LOCK, values))
        else:
            yield _Finding(Verdict.UNKNOWN, Message(_KEPT_UNKNOWN, values))
    elif interval is None and kept >= dwell:
        yield _Finding(Verdict.UNKNOWN, Message(_KEPT_WITHOUT_INTERVAL, values))
    elif kept >= dwell + (interval or 0):
        yield _Finding(Verdict.SURVIVES, Message(_KEPT, values))
    else:
        needed = Minutes(dwell + (interval or 0))
        yield _Finding(Verdict.LOST, Message(_KEPT_TOO_SHORT, {**values, "needed": needed}))


_NEWEST = gettext_noop(
    "newest point at worst %(loss)s old (interval %(interval)s, run %(run)s, shipping %(lag)s)"
)
_NEWEST_CLEAN = gettext_noop(
    "newest clean point at worst %(loss)s old (dwell %(dwell)s, interval %(interval)s, run "
    "%(run)s, shipping %(lag)s)"
)
_NEWEST_UNKNOWN = gettext_noop(
    "how old its newest point is cannot be said: nobody recorded its %(missing)s"
)
_INTERVAL = gettext_noop("interval")
_RUN = gettext_noop("run time")
_LAG = gettext_noop("shipping lag")


def worst_loss_minutes(copy: Copy) -> int | None:
    """Rule B1 for one copy while nothing attacks it; `None` if a part of the sum is unknown."""
    known, missing = _parts(copy)
    return None if missing else known


def _parts(copy: Copy) -> tuple[int, list[str]]:
    """Rule B1: the minutes that are known, and what is missing."""
    parts = (
        (_INTERVAL, copy.interval_minutes),
        (_RUN, copy.run_minutes),
        (_LAG, copy.lag_minutes),
    )
    known = sum(minutes for _, minutes in parts if minutes is not None)
    return known, [name for name, minutes in parts if minutes is None]


def _sum(copy: Copy, blow: Blow) -> tuple[int, list[str]]:
    """Rule B1 plus the dwell time: the minutes that are known, and what is missing."""
    known, missing = _parts(copy)
    return known + (blow.dwell_minutes or 0), missing


def _newest(copy: Copy, blow: Blow) -> Message:
    known, missing = _sum(copy, blow)
    if missing:
        return Message(_NEWEST_UNKNOWN, {"missing": Joined(tuple(map(Message, missing)))})
    return Message(
        _NEWEST if blow.dwell_minutes is None else _NEWEST_CLEAN,
        {
            "loss": Minutes(known),
            "dwell": Minutes(blow.dwell_minutes),
            "interval": Minutes(copy.interval_minutes),
            "run": Minutes(copy.run_minutes),
            "lag": Minutes(copy.lag_minutes),
        },
    )
