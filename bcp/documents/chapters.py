"""What a plan consists of: its chapters in order, each with its template and what fills it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from bcp.documents import cover, people, wording
from bcp.documents.binding import Side
from bcp.documents.edges import Edge
from bcp.documents.people import PhoneBook
from bcp.documents.sheets import SheetMaker, anchor
from bcp.documents.snapshot import Snapshot
from bcp.engine.estate import DurationSource, NeededTo
from bcp.engine.results import Severity, Standing

Fact = dict[str, Any]

# Layout time grows faster than a table's rows and than a chapter's pages: these keep it even.
_ROWS_IN_TABLE = 80
_TABLES_IN_CHAPTER = 12
_SHEETS_IN_CHAPTER = 24
_GAPS_OF_A_KIND = 25
_NAMES_OF_A_LOOP, _NAMES_OF_A_ROUND = 30, 12


@dataclass(frozen=True, slots=True)
class Draft:
    """A chapter to be laid out. `fill` makes what its template shows, `tab` is its thumb tab,
    `heading` its line in the contents; a chapter without heading continues the one before."""

    template: str
    fill: Callable[[], Fact]
    tab: str
    heading: str = ""
    anchor: str = ""
    side: Side = Side.RIGHT

    @property
    def continues(self) -> bool:
        return not self.heading


def sheet_drafts(snapshot: Snapshot) -> list[Draft]:
    """The print of one system."""
    maker = SheetMaker(snapshot, PhoneBook(snapshot["contacts"]))
    system = next(one for one in snapshot["systems"] if one["name"] == snapshot["system"])

    def fill() -> Fact:
        return {"sheets": [maker.sheet(system)], "alone": True}

    return [Draft("documents/sheets.html", fill, tab="", heading=system["name"])]


def plan_drafts(snapshot: Snapshot) -> Iterator[Draft]:
    """The chapters of a whole plan, without front matter, in the order of the binder."""
    book = PhoneBook(snapshot["contacts"])
    yield Draft(
        "documents/activation.html",
        lambda: {
            "ladders": people.ladders(snapshot, book),
            "teams": _teams(snapshot),
            "activation": snapshot["activation"],
        },
        tab="1",
        heading=_("Activation and notification"),
        anchor="activation",
    )
    yield from _split(
        Draft(
            "documents/order.html",
            lambda: {
                "headline": cover.headline(snapshot),
                "provisional": snapshot["activation"]["provisional"],
                "untouched": sum(one["wave"] is None for one in snapshot["systems"]),
            },
            tab="2",
            heading=_("Recovery order"),
            anchor="order",
        ),
        _waves(snapshot),
    )
    yield from _split(
        Draft(
            "documents/problems.html",
            lambda: _problems(snapshot),
            tab="3",
            heading=_("Gaps, conflicts and loops"),
            anchor="problems",
        ),
        _gaps(snapshot),
    )
    yield from _sheets(snapshot, book)
    yield Draft(
        "documents/people.html",
        lambda: {"contacts": [_contact(one) for one in snapshot["contacts"]]},
        tab="A",
        heading=_("Appendix A: people"),
        anchor="people",
    )
    yield Draft(
        "documents/sites.html",
        lambda: {"sites": _sites(snapshot)},
        tab="B",
        heading=_("Appendix B: sites"),
        anchor="sites",
    )
    yield from _split(
        Draft(
            "documents/dependencies.html",
            lambda: {"count": len(snapshot["dependencies"])},
            tab="C",
            heading=_("Appendix C: dependencies"),
            anchor="dependencies",
        ),
        _dependencies(snapshot),
    )
    yield Draft(
        "documents/phones.html",
        lambda: {"entries": [one for one in map(_contact, snapshot["contacts"]) if one["numbers"]]},
        tab="☎",
        heading=_("All phone numbers"),
        anchor="phones",
        side=Side.BACK,
    )


def _split(draft: Draft, tables: Sequence[Fact]) -> Iterator[Draft]:
    """A chapter of many tables as several drafts; all but the first continue it."""
    groups = [
        tables[start : start + _TABLES_IN_CHAPTER]
        for start in range(0, len(tables), _TABLES_IN_CHAPTER)
    ]
    for number, group in enumerate(groups or [[]]):
        continues = number > 0

        def fill(group: Sequence[Fact] = group, continues: bool = continues) -> Fact:
            return {**draft.fill(), "tables": group, "continues": continues}

        if continues:
            yield Draft(draft.template, fill, draft.tab, side=Side.EITHER)
        else:
            yield replace(draft, fill=fill)


def _cut(title: str, rows: Sequence[Fact]) -> Iterator[Fact]:
    """A long table as several; each names its part."""
    count = -(-len(rows) // _ROWS_IN_TABLE)
    for part in range(count):
        named = title
        if count > 1:
            named = _("%(title)s (%(part)s of %(count)s)") % {
                "title": title,
                "part": part + 1,
                "count": count,
            }
        yield {"title": named, "rows": rows[part * _ROWS_IN_TABLE : (part + 1) * _ROWS_IN_TABLE]}


def _waves(snapshot: Snapshot) -> list[Fact]:
    touched = [one for one in snapshot["systems"] if one["wave"] is not None]
    # Order within a wave stays the restore order; waves themselves never interleave backwards.
    touched.sort(key=lambda one: one["wave"])
    tables: list[Fact] = []
    for wave, members in groupby(touched, key=lambda one: one["wave"]):
        rows = [_wave_row(one) for one in members]
        tables += _cut(_("Wave %(wave)s") % {"wave": wave}, rows)
    return tables


def _wave_row(one: Fact) -> Fact:
    standing = Standing(one["standing"])
    source = one["duration_source"]
    return {
        "sheet": one["sheet"],
        "name": one["name"],
        "anchor": anchor(one),
        "tier": one["tier"] or "–",
        "start": wording.span(one["start_minutes"]),
        "restored": wording.span(one["restored_minutes"]),
        "at_least": one["at_least"],
        "latest": _limit(one["latest_minutes"]),
        "slack": _limit(one["slack_minutes"]),
        "rto": _limit(one["rto_minutes"]),
        "required": _limit(one["required_minutes"]),
        "at_most": one["required_at_most"],
        "work": wording.span(one["duration_minutes"]),
        "source": wording.SOURCES[DurationSource(source)] if source else "",
        "shape": wording.STANDINGS[standing][0],
        "standing": wording.SHORT_STANDINGS[standing],
    }


def _limit(minutes: int | None) -> str:
    return "–" if minutes is None else wording.span(minutes)


def _problems(snapshot: Snapshot) -> Fact:
    problems = snapshot["problems"]
    return {
        "loops": [
            {
                **loop,
                "listed": wording.in_words(
                    loop["systems"][:_NAMES_OF_A_LOOP],
                    max(0, len(loop["systems"]) - _NAMES_OF_A_LOOP),
                ),
                "round": _round(loop["cycle"]),
            }
            for loop in problems["loops"]
        ],
        "conflicts": problems["conflicts"][:_ROWS_IN_TABLE],
        "more_conflicts": max(0, len(problems["conflicts"]) - _ROWS_IN_TABLE),
        "gap_count": len(problems["gaps"]),
    }


def _round(cycle: Sequence[str]) -> str:
    if not cycle:
        return ""
    dots = ["…"] if len(cycle) > _NAMES_OF_A_ROUND else []
    return " → ".join([*cycle[:_NAMES_OF_A_ROUND], *dots, cycle[0]])


def _gaps(snapshot: Snapshot) -> list[Fact]:
    """Gaps by severity. Of many of one kind the first are listed; each is on its sheet anyway."""
    sheets = {one["name"]: one for one in snapshot["systems"]}
    tables: list[Fact] = []
    for severity in Severity:
        rows: list[Fact] = []
        seen: dict[str, int] = {}
        for gap in snapshot["problems"]["gaps"]:
            if gap["severity"] != severity.value:
                continue
            seen[gap["code"]] = seen.get(gap["code"], 0) + 1
            if seen[gap["code"]] <= _GAPS_OF_A_KIND:
                system = sheets.get(gap["system"] or "")
                rows.append(
                    {
                        **gap,
                        "sheet": system["sheet"] if system else "–",
                        "anchor": anchor(system) if system else "",
                    }
                )
        more = sum(max(0, count - _GAPS_OF_A_KIND) for count in seen.values())
        if rows:
            cut = list(_cut(str(wording.SEVERITIES[severity]), rows))
            cut[-1]["more"] = more
            tables += cut
    return tables


def _sheets(snapshot: Snapshot, book: PhoneBook) -> Iterator[Draft]:
    maker = SheetMaker(snapshot, book)
    systems = snapshot["systems"]
    for start in range(0, len(systems), _SHEETS_IN_CHAPTER):
        group = systems[start : start + _SHEETS_IN_CHAPTER]
        continues = start > 0

        def fill(group: Sequence[Fact] = group, continues: bool = continues) -> Fact:
            sheets = [maker.sheet(one) for one in group]
            return {"sheets": sheets, "continues": continues, "alone": False}

        if continues:
            yield Draft("documents/sheets.html", fill, "4")
        else:
            yield Draft("documents/sheets.html", fill, "4", _("System sheets"), anchor="sheets")


def _contact(contact: Fact) -> Fact:
    authority = [
        word
        for word, holds in (
            (_("may declare a disaster"), contact["may_declare"]),
            (_("may order a fail-over"), contact["may_fail_over"]),
            (
                _("may spend up to %(amount)s") % {"amount": contact["may_spend"]},
                contact["may_spend"] is not None,
            ),
        )
        if holds
    ]
    return {
        **contact,
        "numbers": people.numbers(contact),
        "authority": ", ".join(authority),
        "verified": wording.day(contact["verified_on"]),
    }


def _teams(snapshot: Snapshot) -> list[Fact]:
    return [
        {
            **team,
            "listed": wording.in_words(team["members"]) or _("nobody named"),
            "heads_day": _count(team["heads_day"]),
            "heads_night": _count(team["heads_night"]),
            "mobilise_day": wording.span(team["mobilise_day_minutes"]),
            "mobilise_night": wording.span(team["mobilise_night_minutes"]),
        }
        for team in snapshot["teams"]
    ]


def _count(number: int | None) -> str:
    return str(wording.UNKNOWN) if number is None else str(number)


def _sites(snapshot: Snapshot) -> list[Fact]:
    at: dict[str, list[str]] = {}
    for one in snapshot["systems"]:
        if one["site"]:
            at.setdefault(one["site"], []).append(one["name"])
    return [
        {
            **site,
            "count": len(at.get(site["name"], [])),
            "systems": wording.in_words(
                sorted(at.get(site["name"], []))[:40], max(0, len(at.get(site["name"], [])) - 40)
            ),
        }
        for site in snapshot["sites"]
    ]


def _dependencies(snapshot: Snapshot) -> list[Fact]:
    """Tables by the first letter of who needs, so that one finds a page with a thumb."""
    sheets = {one["name"]: one["sheet"] for one in snapshot["systems"]}

    def letter(edge: Edge) -> str:
        return edge[0][:1].upper()

    tables: list[Fact] = []
    for first, edges in groupby(sorted(snapshot["dependencies"], key=letter), key=letter):
        rows = [
            {
                "dependent": edge[0],
                "dependency": edge[1],
                "sheet": sheets.get(edge[1], ""),
                "needed_to": wording.NEEDED_TO[NeededTo(edge[2])],
                "bootstrap": edge[3],
            }
            for edge in edges
        ]
        tables += _cut(first, rows)
    return tables
