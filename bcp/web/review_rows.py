"""Reviews of dependencies as pages show them: the state in a word, the differences in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from bcp.engine.reviews import Altered, Difference, Need, ReviewState
from bcp.queries.reviews import Standing
from bcp.web.forms.answers import KINDS, tier_fits
from bcp.web.forms.reviews import NEEDED_TO, REVIEW_STATES

_WORDS = dict(REVIEW_STATES)
_RANKS = {state: rank for rank, (state, _word) in enumerate(REVIEW_STATES)}


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One need in words. `note`: there is a bootstrap note."""

    key: str
    name: str
    needed_to: str | Promise
    note: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A system and where its review stands."""

    standing: Standing

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        return self.standing.system.key

    @property
    def name(self) -> str:
        return self.standing.system.name

    @property
    def kind(self) -> str:
        return str(KINDS[self.standing.system.kind.value])

    @property
    def tier(self) -> int | None:
        return self.standing.system.tier

    @property
    def needs(self) -> list[NeedRow]:
        return [need_row(one) for one in self.standing.needs]

    @property
    def needs_count(self) -> int:
        return len(self.standing.needs)

    @property
    def needs_words(self) -> str:
        return "; ".join(one.name for one in self.standing.needs)

    @property
    def state(self) -> ReviewState:
        return self.standing.state

    @property
    def word(self) -> str | Promise:
        return _WORDS[self.state.value]

    @property
    def rank(self) -> int:
        return _RANKS[self.state.value]

    @property
    def changes(self) -> list[str]:
        return list(changes_in_words(self.standing.changes))

    @property
    def changes_words(self) -> str:
        return " ".join(self.changes)

    @property
    def review(self) -> Any:
        return self.standing.review

    @property
    def reviewed_at(self) -> datetime | None:
        return self.review.reviewed_at if self.review else None

    @property
    def reviewed_by(self) -> str | None:
        return str(self.review.reviewed_by) if self.review else None

    @property
    def note(self) -> str:
        return self.review.note if self.review else ""


def need_row(need: Need) -> NeedRow:
    purpose = NEEDED_TO.get(need.needed_to, need.needed_to)
    return NeedRow(need.key, need.name, purpose, bool(need.note))


def changes_in_words(changes: Difference) -> Iterator[str]:
    """One sentence for each need that came, went or changed."""
    for need in changes.came:
        yield gettext("It now needs “%(name)s” (%(purpose)s).") % _values(need)
    for need in changes.went:
        yield gettext("It no longer needs “%(name)s” (%(purpose)s).") % _values(need)
    for one in changes.altered:
        yield from _altered(one)


def _altered(one: Altered) -> Iterator[str]:
    if one.then.needed_to != one.now.needed_to:
        values = _values(one.now) | {"before": _purpose(one.then)}
        yield gettext("“%(name)s” is needed to: %(purpose)s; it was: %(before)s.") % values
    if one.then.note != one.now.note:
        if not one.then.note:
            says = gettext("The need of “%(name)s” has a bootstrap note now: it waits no more.")
        elif not one.now.note:
            says = gettext("The need of “%(name)s” has no bootstrap note any more: it waits again.")
        else:
            says = gettext("The bootstrap note of “%(name)s” says something else.")
        yield says % {"name": one.now.name}


def _values(need: Need) -> dict[str, str]:
    return {"name": need.name, "purpose": _purpose(need)}


def _purpose(need: Need) -> str:
    return str(NEEDED_TO.get(need.needed_to, need.needed_to)).lower()


def review_fits(row: ReviewRow, wanted: Mapping[str, Any]) -> bool:
    """Whether a row is among those that the cleaned `ReviewFilter` asks for."""
    if wanted.get("state") and row.state.value not in wanted["state"]:
        return False
    if wanted.get("kind") and row.standing.system.kind.value not in wanted["kind"]:
        return False
    if wanted.get("none") and row.standing.needs:
        return False
    if not tier_fits(row.tier, wanted.get("tier", [])):
        return False
    text = (wanted.get("q") or "").casefold()
    return not text or any(
        text in said.casefold()
        for said in (row.name, row.note, row.reviewed_by or "", row.needs_words)
    )
