"""What rows make of sites, contacts, teams, systems and dependencies.

Only columns that a file has are touched; the name is what finds a record and is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.estate import NeededTo, Status
from bcp.engine.graph import strong_components
from bcp.exchange.findings import quoted
from bcp.exchange.reading import Bundle, Sheet
from bcp.exchange.rows import AnyRow, ContactRow, DependencyRow, TeamRow
from bcp.models.base import OrgOwned
from bcp.models.contacts import Contact
from bcp.models.dependencies import Dependency
from bcp.models.escalation import EscalationPath
from bcp.models.sites import Site
from bcp.models.systems import System
from bcp.models.teams import Team
from bcp.services.import_plan import Difference
from bcp.services.import_workbench import Draft, Index, Workbench

_GATING = (NeededTo.REBUILD, NeededTo.RUN)
_SHOWN_LOOPS = 20
_SHOWN_SYSTEMS = 8


def enrol(bench: Workbench, bundle: Bundle, *, add_missing: bool) -> int:
    """Make every record that the files name known, so that they can name each other in any
    order. `add_missing` makes systems of those that only the dependencies name; the answer is
    how many of them are still missing."""
    for sheet, index, model in (
        (bundle.sites, bench.sites, Site),
        (bundle.contacts, bench.contacts, Contact),
        (bundle.teams, bench.teams, Team),
        (bundle.systems, bench.systems, System),
    ):
        index.whole = sheet.whole
        for row in sheet.rows:
            bench.enrol(index, model, row.name, sheet.file, row.row)
    bench.paths.whole = bundle.escalation.whole
    for step in bundle.escalation.rows:
        bench.enrol(bench.paths, EscalationPath, step.path, bundle.escalation.file, step.row)
    missing = _missing_systems(bench, bundle.dependencies)
    if add_missing:
        for name, number in missing.items():
            bench.enrol(bench.systems, System, name, bundle.dependencies.file, number)
    elif missing:
        says = _(
            "%(count)d systems are named by this file alone; “add missing systems”"
            " (--add-missing) makes them"
        ) % {"count": len(missing)}
        bench.findings.notice(bundle.dependencies.file, None, None, says)
        return len(missing)
    return 0


def _missing_systems(bench: Workbench, sheet: Sheet[DependencyRow]) -> dict[str, int]:
    """Names, as first written, that no system has, with the row of their first mention."""
    missing: dict[str, tuple[str, int]] = {}
    for row in sheet.rows:
        for name in (row.dependent, row.dependency):
            if bench.systems.find(name) is None:
                missing.setdefault(name.lower(), (name, row.row))
    return dict(missing.values())


def fill(bench: Workbench, bundle: Bundle, *, dependencies: bool = True) -> None:
    """Set what the rows say, after `enrol`; `dependencies` only if they are not merely proposed."""
    _sites(bench, bundle)
    _contacts(bench, bundle)
    _teams(bench, bundle)
    _systems(bench, bundle)
    if dependencies:
        _dependencies(bench, bundle)


def _known(bench: Workbench, sheet: Sheet[Any], index: Index[Any]) -> Iterator[tuple[Any, Draft]]:
    for row in sheet.rows:
        record = index.find(row.name)
        if record is not None:
            yield row, bench.drafts[record.pk]


def plain(bench: Workbench, sheet: Sheet[Any], row: AnyRow, draft: Draft, *fields: str) -> None:
    """Fields whose cells are their values."""
    for field in fields:
        if field in sheet.headers:
            bench.put(draft, field, getattr(row, field))


def named(
    bench: Workbench,
    sheet: Sheet[Any],
    row: AnyRow,
    draft: Draft,
    index: Index[Any],
    *fields: str,
    to: str = "",
) -> None:
    """Fields whose cells name a record; an empty cell names none."""
    for field in fields:
        if field in sheet.headers:
            name = getattr(row, field)
            other = bench.refer(sheet, row, field, index, name) if name else None
            if other is not None or not name:
                bench.put(draft, to or field, other)


def _sites(bench: Workbench, bundle: Bundle) -> None:
    sheet = bundle.sites
    for row, draft in _known(bench, sheet, bench.sites):
        plain(bench, sheet, row, draft, "zone", "kind", "address")
        bench.check(sheet, row, draft)


def _contacts(bench: Workbench, bundle: Bundle) -> None:
    sheet = bundle.contacts
    for row, draft in _known(bench, sheet, bench.contacts):
        contact = draft.record
        plain(bench, sheet, row, draft, "title", "email", "may_declare", "may_spend")
        plain(bench, sheet, row, draft, "may_fail_over", "coverage", "verified_on")
        if "phones" in sheet.headers:
            bench.put(draft, "phones", list(row.phones))
        if "vendor" in sheet.headers:
            bench.put(draft, "vendor", str(contact) if row.vendor is True else row.vendor or "")
        if "independent_phone" in sheet.headers:
            _independent_phone(bench, sheet, row, draft)
        if "deputy" in sheet.headers:
            deputy = row.deputy and bench.refer(sheet, row, "deputy", bench.contacts, row.deputy)
            if deputy is contact:
                bench.fault(sheet, row, "deputy", _("nobody is their own deputy"))
            else:
                bench.put(draft, "deputy", deputy or None)
        bench.check(sheet, row, draft)


def _independent_phone(bench: Workbench, sheet: Sheet[Any], row: ContactRow, draft: Draft) -> None:
    phone = row.independent_phone
    if phone is True:
        phones: list[str] = getattr(draft.record, "phones", [])
        if not phones:
            says = _("yes means the first of the phones, but there is none; write a number")
            bench.fault(sheet, row, "independent_phone", says)
        phone = phones[0] if phones else ""
    bench.put(draft, "independent_phone", phone or "")


def _teams(bench: Workbench, bundle: Bundle) -> None:
    sheet = bundle.teams
    for row, draft in _known(bench, sheet, bench.teams):
        plain(bench, sheet, row, draft, "heads_day", "heads_night")
        plain(bench, sheet, row, draft, "mobilise_day_minutes", "mobilise_night_minutes")
        if "members" in sheet.headers:
            _members(bench, sheet, row, draft)
        bench.check(sheet, row, draft)


def _members(bench: Workbench, sheet: Sheet[Any], row: TeamRow, draft: Draft) -> None:
    team: Any = draft.record
    found = [
        bench.refer(sheet, row, "members", bench.contacts, name)
        for name in dict.fromkeys(row.members)
    ]
    after = {contact.pk: contact for contact in found if contact is not None}
    before = {} if draft.is_new else {contact.pk: contact for contact in team.members.all()}
    if set(after) == set(before):
        return
    if not draft.is_new:
        bench.touch(draft)
        label = str(Team._meta.get_field("members").verbose_name)
        draft.differences.append(Difference(label, _listed(before), _listed(after)))
    bench.members[team.pk] = list(after.values())


def _listed(people: dict[str, OrgOwned]) -> str:
    return ", ".join(sorted(str(person) for person in people.values())) or "—"


def _systems(bench: Workbench, bundle: Bundle) -> None:
    sheet = bundle.systems
    for row, draft in _known(bench, sheet, bench.systems):
        plain(bench, sheet, row, draft, "kind", "tier", "strategy", "status")
        plain(bench, sheet, row, draft, "recovery_low_minutes", "recovery_minutes")
        plain(bench, sheet, row, draft, "recovery_high_minutes", "data_gb", "description")
        people = ("owner", "technical_owner", "deputy")
        named(bench, sheet, row, draft, bench.contacts, *people)
        named(bench, sheet, row, draft, bench.teams, "team")
        named(bench, sheet, row, draft, bench.sites, "site")
        named(bench, sheet, row, draft, bench.paths, "escalation", to="escalation_path")
        bench.check(sheet, row, draft)


def _dependencies(bench: Workbench, bundle: Bundle) -> None:
    sheet = bundle.dependencies
    for row in sheet.rows:
        dependent = bench.refer(sheet, row, "dependent", bench.systems, row.dependent)
        dependency = bench.refer(sheet, row, "dependency", bench.systems, row.dependency)
        if dependent is None or dependency is None:
            continue
        edge = bench.edges.get((dependent.pk, dependency.pk))
        is_new = edge is None
        if edge is None:
            edge = Dependency(
                organisation=bench.organisation, dependent=dependent, dependency=dependency
            )
            bench.edges[dependent.pk, dependency.pk] = edge
        draft = bench.draft(edge, sheet.file, row.row, is_new=is_new)
        plain(bench, sheet, row, draft, "needed_to", "bootstrap")
        bench.check(sheet, row, draft)


def notice_loops(bench: Workbench, bundle: Bundle) -> None:
    """Systems that wait for each other are no fault of a file, but worth saying (Rule G5)."""
    if not bundle.dependencies.rows:
        return
    systems = [one for one in bench.systems.records if one.status == Status.LIVE.value]
    position = {system.pk: number for number, system in enumerate(systems)}
    needs: list[list[int]] = [[] for _system in systems]
    for edge in bench.edges.values():
        ends = edge.dependent_id, edge.dependency_id
        if edge.needed_to in _GATING and not edge.bootstrap and position.keys() >= set(ends):
            needs[position[ends[0]]].append(position[ends[1]])
    loops = (component for component in strong_components(needs) if len(component) > 1)
    for loop in islice(loops, _SHOWN_LOOPS):
        names = sorted(str(systems[number]) for number in loop)
        shown = ", ".join(quoted(name) for name in names[:_SHOWN_SYSTEMS])
        if len(names) > _SHOWN_SYSTEMS:
            shown += ", …"
        says = _(
            "%(count)d systems wait for each other: %(names)s; the analysis says which"
            " dependency to open"
        ) % {"count": len(names), "names": shown}
        bench.findings.notice(bundle.dependencies.file, None, None, says)
