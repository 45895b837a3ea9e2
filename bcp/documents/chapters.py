"""What a plan consists of: its chapters in order, each with its template and what fills it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from bcp.documents import (
    cover,
    impact_appendix,
    people,
    programme,
    ransomware,
    readiness_chapter,
    restores,
    wording,
)
from bcp.documents.anchors import anchor
from bcp.documents.binding import Side
from bcp.documents.drafts import Draft, appendix, cut, places, split
from bcp.documents.edges import Edge
from bcp.documents.gap_lists import accepted_gaps, gap_tables
from bcp.documents.people import PhoneBook
from bcp.documents.sheets import SheetMaker
from bcp.documents.snapshot import Snapshot, tells_of_backups, tells_of_impacts
from bcp.engine.estate import DurationSource, NeededTo
from bcp.engine.results import Standing

Fact = dict[str, Any]

_SHEETS_IN_CHAPTER = 24
_CONFLICTS = 80
_NAMES_OF_A_LOOP, _NAMES_OF_A_ROUND = 30, 12


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
    where = places(snapshot)
    yield Draft(
        "documents/activation.html",
        lambda: {
            "ladders": people.ladders(snapshot, book),
            "teams": _teams(snapshot),
            "activation": snapshot["activation"],
        },
        tab=where["activation"],
        heading=_("Activation and notification"),
        anchor="activation",
    )
    if tells_of_backups(snapshot):
        yield from _readiness(snapshot, where["readiness"])
    yield from split(
        Draft(
            "documents/order.html",
            lambda: {
                "headline": cover.headline(snapshot),
                "provisional": snapshot["activation"]["provisional"],
                "untouched": sum(one["wave"] is None for one in snapshot["systems"]),
            },
            tab=where["order"],
            heading=_("Recovery order"),
            anchor="order",
        ),
        _waves(snapshot),
    )
    yield from _sheets(snapshot, book, where["sheets"])
    if tells_of_backups(snapshot):
        yield from _programme(snapshot, where["programme"])
    yield from _appendices(snapshot, where)
    yield Draft(
        "documents/phones.html",
        lambda: {"entries": [one for one in map(_contact, snapshot["contacts"]) if one["numbers"]]},
        tab="☎",
        heading=_("All phone numbers"),
        anchor="phones",
        side=Side.BACK,
    )


def _readiness(snapshot: Snapshot, tab: str) -> Iterator[Draft]:
    yield from split(
        Draft(
            "documents/readiness.html",
            lambda: {
                "counts": readiness_chapter.counts(snapshot),
                "own_scenarios": readiness_chapter.own_scenarios(snapshot),
                "scenario": wording.scenario(snapshot["scenario"]),
            },
            tab=tab,
            heading=_("Concept of operations: backup readiness"),
            anchor="readiness",
        ),
        readiness_chapter.tables(snapshot),
    )


def _programme(snapshot: Snapshot, tab: str) -> Iterator[Draft]:
    yield from split(
        Draft(
            "documents/programme.html",
            lambda: {
                "demands": programme.demands(snapshot),
                "planned": programme.planned(snapshot),
                "never": programme.never_proved(snapshot),
            },
            tab=tab,
            heading=_("Test programme"),
            anchor="programme",
        ),
        programme.tables(snapshot),
    )


def _appendices(snapshot: Snapshot, where: dict[str, str]) -> Iterator[Draft]:
    def draft(name: str, heading: str, fill: Callable[[], Fact]) -> Draft:
        return Draft(
            f"documents/{name}.html",
            fill,
            tab=where[name],
            heading=appendix(where[name], heading),
            anchor=name,
        )

    yield draft(
        "people",
        _("people"),
        lambda: {"contacts": [_contact(one) for one in snapshot["contacts"]]},
    )
    yield draft("sites", _("sites"), lambda: {"sites": _sites(snapshot)})
    yield from split(
        draft(
            "dependencies",
            _("dependencies"),
            lambda: {"count": len(snapshot["dependencies"])},
        ),
        _dependencies(snapshot),
    )
    if tells_of_impacts(snapshot):
        yield from split(
            draft(
                "impacts",
                _("business impact"),
                lambda: {"counts": impact_appendix.counts(snapshot)},
            ),
            impact_appendix.tables(snapshot),
        )
    if tells_of_backups(snapshot):
        yield from split(
            draft("ransomware", _("after ransomware"), lambda: ransomware.annex(snapshot)),
            ransomware.tables(snapshot),
        )
        yield from split(
            draft("restores", _("restores by repository"), dict), restores.tables(snapshot)
        )
    yield from split(
        draft(
            "problems",
            _("gaps and accepted risks, conflicts and loops"),
            lambda: _problems(snapshot),
        ),
        gap_tables(snapshot),
    )


def _waves(snapshot: Snapshot) -> list[Fact]:
    touched = [one for one in snapshot["systems"] if one["wave"] is not None]
    # Order within a wave stays the restore order; waves themselves never interleave backwards.
    touched.sort(key=lambda one: one["wave"])
    tables: list[Fact] = []
    for wave, members in groupby(touched, key=lambda one: one["wave"]):
        rows = [_wave_row(one) for one in members]
        tables += cut(_("Wave %(wave)s") % {"wave": wave}, rows)
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
        "conflicts": problems["conflicts"][:_CONFLICTS],
        "more_conflicts": max(0, len(problems["conflicts"]) - _CONFLICTS),
        "gap_count": len(problems["gaps"]),
        "accepted_count": len(accepted_gaps(snapshot)),
    }


def _round(cycle: Sequence[str]) -> str:
    if not cycle:
        return ""
    dots = ["…"] if len(cycle) > _NAMES_OF_A_ROUND else []
    return " → ".join([*cycle[:_NAMES_OF_A_ROUND], *dots, cycle[0]])


def _sheets(snapshot: Snapshot, book: PhoneBook, tab: str) -> Iterator[Draft]:
    maker = SheetMaker(snapshot, book)
    systems = snapshot["systems"]
    for start in range(0, len(systems), _SHEETS_IN_CHAPTER):
        group = systems[start : start + _SHEETS_IN_CHAPTER]
        continues = start > 0

        def fill(group: Sequence[Fact] = group, continues: bool = continues) -> Fact:
            sheets = [maker.sheet(one) for one in group]
            return {"sheets": sheets, "continues": continues, "alone": False}

        if continues:
            yield Draft("documents/sheets.html", fill, tab)
        else:
            yield Draft("documents/sheets.html", fill, tab, _("System sheets"), anchor="sheets")


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
        tables += cut(first, rows)
    return tables
