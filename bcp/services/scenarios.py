"""Writing the organisation's own scenarios with their parts, as one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.engine.scenario import is_built_in
from bcp.errors import InvalidInput
from bcp.models.organisations import Organisation
from bcp.models.scenarios import PartKind, ScenarioCombination, ScenarioPart
from bcp.models.sites import Site
from bcp.models.systems import KindChoice, System
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Facts, Ledger, facts_of, writing

FEWEST_PARTS, MOST_PARTS = 2, 20


@dataclass(frozen=True, slots=True)
class PartValues:
    """One of the losses that happen at once; `str` names it as the contract does."""

    kind: str
    site: Site | None = None
    system: System | None = None
    dwell_minutes: int | None = None

    def __str__(self) -> str:
        return ScenarioPart(
            kind=self.kind, site=self.site, system=self.system, dwell_minutes=self.dwell_minutes
        ).scenario


def create(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    parts: Sequence[PartValues] = (),
    by: Actor,
) -> ScenarioCombination:
    """Raises `InvalidInput` for fewer than two parts, a part given twice, or a name that reads
    like a built-in scenario."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        _check_name(values)
        combination = records.create(ledger, ScenarioCombination, _cleaned(values))
        _set_parts(ledger, combination, parts)
        return combination


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    parts: Sequence[PartValues] | None = None,
    seen_version: int | None,
    by: Actor,
) -> ScenarioCombination:
    """`parts` `None` leaves what happens as it is."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        combination = records.locked(ledger, ScenarioCombination, key)
        records.check_version(combination, seen_version)
        _check_name(values)
        combination = records.change(
            ledger, combination, _cleaned(values), seen_version=seen_version
        )
        if parts is not None:
            _set_parts(ledger, combination, parts)
        return combination


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    """No tier has to withstand it any more."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        combination = records.locked(ledger, ScenarioCombination, key)
        records.check_version(combination, seen_version)
        parts = [_part_facts(part) for part in records.with_names(combination.parts.all())]
        combination.parts.all().delete()
        records.delete(ledger, combination, seen_version=seen_version, parts={"parts": parts})


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """Tiers once each and in order, so that the same demand is the same fact."""
    cleaned = dict(values)
    tiers = cleaned.get("tiers")
    if isinstance(tiers, list) and all(type(tier) is int for tier in tiers):
        cleaned["tiers"] = sorted(set(tiers))
    return cleaned


def _check_name(values: Mapping[str, Any]) -> None:
    name = str(values.get("name") or "")
    if is_built_in(name):
        fault = _(
            "“%(name)s” reads like a built-in scenario; choose a name that says what happens."
        ) % {"name": name.strip()[:80]}
        raise InvalidInput(fault, {"name": [fault]})


def _set_parts(
    ledger: Ledger, combination: ScenarioCombination, parts: Sequence[PartValues]
) -> None:
    """Replace what happens if it differs; positions count from 1 in the order given."""
    old = [_part_facts(part) for part in records.with_names(combination.parts.all())]
    rows = [
        ScenarioPart(
            organisation=ledger.organisation,
            combination=combination,
            position=position,
            kind=part.kind,
            site=part.site,
            system=part.system,
            dwell_minutes=part.dwell_minutes,
        )
        for position, part in enumerate(parts, start=1)
    ]
    new = [_part_facts(row) for row in rows]
    if rows and new == old:
        return
    _check_count(rows)
    combination.parts.all().delete()
    _check_each(rows)
    ScenarioPart.objects.bulk_create(rows)
    if old:
        records.touch(combination)
    ledger.changed(combination, {"parts": old}, {"parts": new})


def _check_count(rows: Sequence[ScenarioPart]) -> None:
    if FEWEST_PARTS <= len(rows) <= MOST_PARTS:
        return
    fault = _("Name at least %(fewest)d things that happen at once, and at most %(most)d.") % {
        "fewest": FEWEST_PARTS,
        "most": MOST_PARTS,
    }
    raise InvalidInput(fault, {"parts": [fault]})


def _check_each(rows: Sequence[ScenarioPart]) -> None:
    faults: list[str] = []
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        try:
            records.validate(row)
        except InvalidInput as error:
            found = [message for messages in error.fields.values() for message in messages]
        else:
            found = _wrong(row, seen)
        faults += [
            _("Part %(position)d: %(fault)s") % {"position": row.position, "fault": message}
            for message in found
        ]
    if faults:
        raise InvalidInput(faults[0], {"parts": faults})


def _wrong(row: ScenarioPart, seen: set[tuple[Any, ...]]) -> list[str]:
    """What only the whole scenario, or the record behind a part, can show."""
    same = (row.kind, row.site_id, row.system_id, row.dwell_minutes)
    if same in seen:
        return [_("“%(part)s” is there already.") % {"part": row.scenario}]
    seen.add(same)
    system = row.system
    if row.kind == PartKind.SUPPLIER and system and system.kind != KindChoice.SUPPLIER:
        return [_("“%(system)s” is not a supplier.") % {"system": system}]
    return []


def _part_facts(part: ScenarioPart) -> Facts:
    """A part as a fact of its scenario."""
    facts = facts_of(part)
    del facts["combination"]
    return facts
