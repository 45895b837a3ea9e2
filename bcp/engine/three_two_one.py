"""The rule 3-2-1-1-0, each digit on its own, with what is missing and what would add it (B3).

Counted are the copies of what the system needs: of its data, or of its configuration if it holds
none. A snapshot on the storage of production is not a copy of its own: it dies with production.
A replica counts for 3, 2 and off-site, never as offline or immutable nor as tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bcp.engine.estate import Copy, CopyKind, Outcome, System
from bcp.engine.loss import is_tested
from bcp.engine.messages import Message, gettext_noop
from bcp.engine.scenario_on_copies import Zones


class Digit(StrEnum):
    """The digits in order, under the names of the contract."""

    COPIES = "3"
    MEDIA = "2"
    OFF_SITE = "1"
    OFFLINE = "1_offline"
    ERRORS = "0"


@dataclass(frozen=True, slots=True)
class Missing:
    """A digit that is not there, or cannot be shown to be, and what would add it."""

    digit: Digit
    says: Message
    fix: Message


@dataclass(frozen=True, slots=True)
class CopiesRule:
    """Each digit: there, not there, or `None` if a fact that decides is not recorded."""

    digits: dict[Digit, bool | None]
    missing: tuple[Missing, ...]

    @property
    def holds(self) -> bool:
        return not self.missing


_COPIES_SAYS = gettext_noop("%(count)s of the 3 copies that it needs, production included")
_COPIES_FIX = gettext_noop("Add %(count)s more copies, other than snapshots beside production")
_MEDIA_NONE = gettext_noop("no copy has a recorded medium; 2 different ones are needed")
_MEDIA_ONE = gettext_noop("all copies with a recorded medium are on “%(medium)s”; 2 are needed")
_MEDIA_FIX = gettext_noop("Put a copy on another medium, such as object storage or tape")
_SITE_SAYS = gettext_noop("no copy is kept in another zone than production at “%(site)s”")
_SITE_FIX = gettext_noop("Add a copy at a site outside of the zone of “%(site)s”")
_SITE_UNKNOWN = gettext_noop(
    "nobody recorded where “%(system)s” runs, so no copy is known to be off-site"
)
_SITE_UNKNOWN_FIX = gettext_noop("Record the site of “%(system)s”")
_COPY_SITE_UNKNOWN = gettext_noop("nobody recorded where “%(copy)s” is kept, so it may be on-site")
_COPY_SITE_FIX = gettext_noop("Record the site of “%(copy)s”, or add a copy at another site")
_OFFLINE_SAYS = gettext_noop("no copy is offline or locked against deletion")
_OFFLINE_UNKNOWN = gettext_noop("nobody recorded whether “%(copy)s” is offline or locked")
_OFFLINE_FIX = gettext_noop("Lock a copy against deletion, or take one offline")
_NEVER_RESTORED = gettext_noop("no copy was restored in a test within %(days)s days")
_RESTORE_FAILED = gettext_noop("the last restore test of “%(copy)s” had errors")
_RESTORE_FIX = gettext_noop("Restore a copy in a test and record the result")
_RESTORE_FAILED_FIX = gettext_noop("Find out why, and restore “%(copy)s” again without errors")


def copies_rule(
    system: System, copies: Sequence[Copy], zones: Zones, *, cadence_days: int, today: date
) -> CopiesRule:
    """Rule B3 for one system; `copies` are those that it needs, not those of other content."""
    counted = [copy for copy in copies if not _beside_production(copy, system, zones)]
    answers = (
        _three(counted),
        _two(counted),
        _off_site(system, counted, zones),
        _offline([copy for copy in copies if copy.kind is not CopyKind.REPLICA]),
        _no_errors(
            [copy for copy in copies if copy.kind is not CopyKind.REPLICA], cadence_days, today
        ),
    )
    digits: dict[Digit, bool | None] = {}
    missing = []
    for digit, (there, says, fix) in zip(Digit, answers, strict=True):
        digits[digit] = there
        if not there:
            missing.append(Missing(digit, says, fix))
    return CopiesRule(digits, tuple(missing))


_Answer = tuple[bool | None, Message, Message]
_FINE = Message("")


def _beside_production(copy: Copy, system: System, zones: Zones) -> bool:
    if copy.kind is not CopyKind.SNAPSHOT:
        return False
    here = zones.known(copy.site)
    return here is None or here == zones.known(system.site)


def _three(copies: Sequence[Copy]) -> _Answer:
    count = 1 + len(copies)
    return (
        count >= 3,
        Message(_COPIES_SAYS, {"count": count}),
        Message(_COPIES_FIX, {"count": 3 - count}),
    )


def _two(copies: Sequence[Copy]) -> _Answer:
    media: dict[str, str] = {}
    for copy in copies:
        if copy.medium.strip():
            media.setdefault(copy.medium.strip().casefold(), copy.medium.strip())
    fix = Message(_MEDIA_FIX)
    if not media:
        return (None if copies else False), Message(_MEDIA_NONE), fix
    return len(media) >= 2, Message(_MEDIA_ONE, {"medium": next(iter(media.values()))}), fix


def _off_site(system: System, copies: Sequence[Copy], zones: Zones) -> _Answer:
    home = zones.known(system.site)
    site = {"site": system.site, "system": system.name}
    if home is None:
        there = None if copies else False
        return there, Message(_SITE_UNKNOWN, site), Message(_SITE_UNKNOWN_FIX, site)
    places = [(zones.known(copy.site), copy.name) for copy in copies]
    if any(zone not in (None, home) for zone, _ in places):
        return True, _FINE, _FINE
    nowhere = next((name for zone, name in places if zone is None), None)
    if nowhere is not None:
        copy = {"copy": nowhere}
        return None, Message(_COPY_SITE_UNKNOWN, copy), Message(_COPY_SITE_FIX, copy)
    return False, Message(_SITE_SAYS, site), Message(_SITE_FIX, site)


def _offline(copies: Sequence[Copy]) -> _Answer:
    if any(copy.offline or copy.locked_minutes for copy in copies):
        return True, _FINE, _FINE
    fix = Message(_OFFLINE_FIX)
    for copy in copies:
        if copy.offline is None or copy.locked_minutes is None:
            return None, Message(_OFFLINE_UNKNOWN, {"copy": copy.name}), fix
    return False, Message(_OFFLINE_SAYS), fix


def _no_errors(copies: Sequence[Copy], cadence_days: int, today: date) -> _Answer:
    """A test within the cadence that succeeded, and no copy whose last test had errors."""
    for copy in copies:
        if copy.restore_outcome in (Outcome.PARTIAL, Outcome.FAILURE):
            name = {"copy": copy.name}
            return False, Message(_RESTORE_FAILED, name), Message(_RESTORE_FAILED_FIX, name)
    return (
        any(is_tested(copy, cadence_days, today) for copy in copies),
        Message(_NEVER_RESTORED, {"days": cadence_days}),
        Message(_RESTORE_FIX),
    )
