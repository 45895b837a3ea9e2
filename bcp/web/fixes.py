"""From a gap to the pages that close it: links that the reader's role may really use."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.engine.results import Gap
from bcp.queries import escalation, teams
from bcp.web.fixes_of_backups import WAYS, Way

# The field of the edit page at which a gap of a record is closed.
_FIELDS = {
    "duration_unknown": "recovery_minutes",
    "owner_missing": "owner",
    "technical_owner_missing": "technical_owner",
    "single_point_of_failure": "deputy",
    "strategy_missing": "strategy",
    "site_missing": "site",
    "conflict_g4": "tier",
    "stale_contact": "verified_on",
    "no_independent_phone": "independent_phone",
    "bad_coverage": "coverage",
    "mobilisation_unknown": "mobilise_day_minutes",
}
_BY_A_TARGET = {
    *("target_missing", "rto_missed", "conflict_g1", "conflict_g3"),
    *("target_looser_than_impact", "mtd_exceeded"),
    *("rpo_missing", "rpo_missed"),
}
_BY_ANSWERS = {"impact_missing", "target_looser_than_impact", "mtd_exceeded"}
_BY_THE_ORDER = {"rto_missed", "rto_required_missed", "conflict_g3"}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


class Fixes:
    """Knows the addresses for the gaps of one organisation; two queries at most, whatever the
    number of gaps. Who may not edit is led to the record instead."""

    def __init__(
        self, organisation: Any, capabilities: Collection[Capability], gaps: Iterable[Gap]
    ) -> None:
        self._slug = organisation.slug
        self._may_edit = Capability.EDIT_ESTATE in capabilities
        self._may_propose = Capability.PROPOSE_TARGET in capabilities
        self._may_answer = Capability.ANSWER_IMPACT in capabilities
        named: dict[str, set[str]] = {"team": set(), "path": set()}
        for gap in gaps:
            if gap.subject_kind in named:
                named[gap.subject_kind].add(gap.subject_key)
        # Teams and paths are named by their names in the engine.
        self._keys = {
            ("team", name): key for name, key in _keys(teams.listing(organisation), named["team"])
        } | {
            ("path", name): key
            for name, key in _keys(escalation.listing(organisation), named["path"])
        }

    def of(self, gap: Gap) -> list[Link]:
        """Where to go for this gap, the most direct first."""
        if gap.subject_kind == "system":
            return list(self._of_system(gap))
        if gap.subject_kind == "contact" and gap.code == "single_point_of_failure":
            # It takes somebody else to close it.
            return [Link(_("Contacts"), self._url("contacts-list"))]
        if gap.subject_kind == "contact":
            return [self._record("contacts", gap, gap.subject_key)]
        noun = {"team": "teams", "path": "escalation"}.get(gap.subject_kind)
        key = self._keys.get((gap.subject_kind, gap.subject_key))
        if noun and key:
            return [self._record(noun, gap, key)]
        return [Link(_("Escalation paths"), self._url("escalation-list"))]

    def _of_system(self, gap: Gap) -> Iterable[Link]:
        key = gap.subject_key
        if gap.code == "loop":
            yield Link(_("Why, and how to open it"), self._url("loops-detail", key=key))
            return
        yield from self._by_decision(gap)
        if gap.code in WAYS:
            yield from self._ways(WAYS[gap.code], key)
        elif gap.code in _FIELDS:
            yield self._record("systems", gap, key)
        elif gap.code in _BY_THE_ORDER:
            yield Link(_("See why"), self._url("systems-detail", key=key))
        elif gap.code in _BY_ANSWERS:
            yield Link(_("Its answers"), self._url("impacts-check", key=key))
        elif gap.code not in _BY_A_TARGET or not self._may_propose:
            yield Link(_("Look at it"), self._url("systems-detail", key=key))

    def _by_decision(self, gap: Gap) -> Iterable[Link]:
        """What those who decide can do about it: answer, propose, see what would help."""
        key = gap.subject_key
        if gap.code in _BY_ANSWERS and self._may_answer:
            yield Link(_("Answer the questions"), self._url("impacts-interview", key=key))
        if gap.code in _BY_A_TARGET and self._may_propose:
            yield Link(_("Propose a target"), self._url("targets-propose", key=key))
        if gap.code == "rto_missed":
            query = urlencode({"focus": key, "show": "chain"})
            yield Link(_("Its chain on the map"), f"{self._url('map')}?{query}")
            yield Link(_("What would make it possible"), self._url("targets-ways", key=key))

    def _ways(self, ways: Iterable[Way], key: str) -> Iterable[Link]:
        for way in ways:
            if way.to_edit and not self._may_edit:
                continue
            address = self._url(way.url_name, **({"key": key} if way.on_system else {}))
            query = way.query.format(key=key)
            yield Link(str(way.label), f"{address}?{query}" if query else address)

    def _record(self, noun: str, gap: Gap, key: str) -> Link:
        if not self._may_edit:
            return Link(_("Look at it"), self._url(f"{noun}-detail", key=key))
        field = _FIELDS.get(gap.code)
        anchor = f"#id_{field}" if field else ""
        return Link(_("Edit it"), self._url(f"{noun}-edit", key=key) + anchor)

    def _url(self, name: str, **kwargs: str) -> str:
        return reverse(name, kwargs={"slug": self._slug, **kwargs})


def _keys(records: Any, names: set[str]) -> Iterable[tuple[str, str]]:
    if not names:
        return []
    return list(records.filter(name__in=names).prefetch_related(None).values_list("name", "pk"))
