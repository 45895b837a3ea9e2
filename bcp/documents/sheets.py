"""The sheet of one system: everything its rescuers need, on a page of their own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bcp.documents import wording
from bcp.documents.anchors import anchor
from bcp.documents.copy_lines import copy_line
from bcp.documents.edges import Edge, EdgeIndex, gates
from bcp.documents.gap_lists import TOLD_OF_BACKUPS
from bcp.documents.map_drawing import PRINTED_WIDTH, draw
from bcp.documents.map_parts import MapEdge, MapNode
from bcp.documents.people import PhoneBook
from bcp.documents.sheet_halves import SheetHalves
from bcp.documents.snapshot import Snapshot, tells_of_backups
from bcp.engine.estate import DurationSource, Kind, NeededTo
from bcp.engine.results import Standing

Fact = dict[str, Any]

_MOST_NEEDED_BY = 24
_NAME_IN_MAP = 60


class SheetMaker:
    """Makes the context of one sheet after another from a snapshot."""

    def __init__(self, snapshot: Snapshot, book: PhoneBook) -> None:
        self._book = book
        self._edges = EdgeIndex(snapshot["dependencies"])
        self._zones = {site["name"]: site["zone"] for site in snapshot["sites"]}
        self._systems = {one["name"]: one for one in snapshot["systems"]}
        self._gaps = _by_system(snapshot["problems"]["gaps"])
        self._copies = _by_system(snapshot["copies"])
        self._halves = SheetHalves(snapshot)
        self._tells_of_backups = tells_of_backups(snapshot)
        self._tiers = {row[0]: row[1] for row in snapshot["activation"]["tiers"]}
        self._paths = {path["name"]: path for path in snapshot["activation"]["paths"]}
        self._loops = {
            name: loop for loop in snapshot["problems"]["loops"] for name in loop["systems"]
        }

    def sheet(self, system: Fact) -> Fact:
        name = system["name"]
        needs = self._edges.needs(name)
        needed_by = self._edges.needed_by(name)
        return {
            "system": system,
            "activation": wording.after(system["activation_minutes"]),
            "anchor": anchor(system),
            "subtitle": self._subtitle(system),
            "standing": wording.STANDINGS[Standing(system["standing"])][0],
            "verdict": wording.verdict(system),
            "times": _times(system),
            "targets": _targets(system),
            "first": [self._need(edge) for edge in needs if gates(edge)],
            "bootstraps": [self._need(edge) for edge in needs if edge[3]],
            "degraded": [self._need(edge) for edge in needs if not gates(edge) and not edge[3]],
            "degraded_until": [
                {"name": other, "until": wording.after(minutes)}
                for other, minutes in system["degraded_until"]
            ],
            "needed_by": [self._other(edge[0]) for edge in needed_by[:_MOST_NEEDED_BY]],
            "more_needed_by": max(0, len(needed_by) - _MOST_NEEDED_BY),
            "copies": [copy_line(one) for one in self._copies.get(name, [])],
            "halves": self._halves.of(system),
            "people": self._people(system),
            "path": self._paths.get(system["path"]),
            "reason": wording.reason(system),
            "chain": _chain(system),
            "gaps": [_gap(one) for one in self._gaps.get(name, []) if not self._is_told(one)],
            "loop": self._loops.get(name),
            "map": self._map(system),
        }

    def _is_told(self, gap: Fact) -> bool:
        """What the sheet says of backups and procedure is not said once more as a gap."""
        return self._tells_of_backups and gap["code"] in TOLD_OF_BACKUPS

    def _subtitle(self, system: Fact) -> str:
        parts = [system["kind_label"]]
        name = self._tiers.get(system["tier"])
        if name:
            parts.append(_("tier %(tier)s, %(name)s") % {"tier": system["tier"], "name": name})
        elif system["tier"] is not None:
            parts.append(_("tier %(tier)s") % {"tier": system["tier"]})
        else:
            parts.append(_("no tier"))
        parts.append(system["site"] or _("no site recorded"))
        parts.append(system["strategy_label"] or _("no recovery strategy"))
        return " · ".join(parts)

    def _need(self, edge: Edge) -> Fact:
        return {
            **self._other(edge[1]),
            "needed_to": wording.NEEDED_TO[NeededTo(edge[2])],
            "bootstrap": edge[3],
        }

    def _other(self, name: str) -> Fact:
        """Another system, with the sheet it is on; in a one-system print there may be none."""
        other = self._systems.get(name)
        if other is None:
            return {"name": name, "sheet": None, "restored": "", "wave": None, "anchor": ""}
        return {
            "name": name,
            "sheet": other["sheet"],
            "wave": other["wave"],
            "anchor": anchor(other),
            "restored": ""
            if other["wave"] is None
            else wording.after(other["restored_minutes"], other["at_least"]),
        }

    def _people(self, system: Fact) -> list[Fact]:
        roles = (
            (_("Technical owner"), system["technical_owner"]),
            (_("Deputy"), system["deputy"]),
            (_("Owner"), system["owner"]),
        )
        return [{"role": role, "who": self._book.entry(name)} for role, name in roles]

    def _map(self, system: Fact) -> SafeString | None:
        """The neighbourhood as a picture; none if nothing is connected."""
        edges = self._edges.around(system["name"])
        names = list(dict.fromkeys([system["name"], *(end for edge in edges for end in edge[:2])]))
        known = [self._systems[name] for name in names if name in self._systems]
        if len(known) < 2:
            return None
        chain = [link["name"] for link in system["chain"]]
        links = set(pairwise(chain))
        drawing = draw(
            [
                MapNode(
                    key=one["name"],
                    label=one["name"][:_NAME_IN_MAP],
                    kind=Kind(one["kind"]),
                    tier=one["tier"],
                    site=one["site"],
                    zone=self._zones.get(one["site"]) or one["site"] or "",
                    standing=Standing(one["standing"]) if one["wave"] is not None else None,
                    is_focus=one is system,
                    in_loop=one["in_loop"],
                    on_chain=one["name"] in chain,
                    no_owner=one["owner"] is None,
                )
                for one in known
            ],
            [
                MapEdge(
                    dependent=edge[0],
                    dependency=edge[1],
                    needed_to=NeededTo(edge[2]),
                    bootstrap=bool(edge[3]),
                    on_chain=(edge[1], edge[0]) in links and gates(edge),
                )
                for edge in edges
            ],
            title=_("Map around %(system)s: arrows run from a system to what it needs")
            % {"system": system["name"]},
            description=_("The same is listed in words on this sheet."),
            max_width=PRINTED_WIDTH,
        )
        # Every text in the drawing was escaped by its writer.
        return SafeString(drawing.svg)


def _gap(gap: Fact) -> Fact:
    accepted = gap.get("accepted")
    return {
        "says": gap["says"],
        "accepted": accepted and {**accepted, "until": wording.day(accepted["until"])},
    }


def _by_system(rows: Sequence[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for row in rows:
        if row["system"] is not None:
            found.setdefault(row["system"], []).append(row)
    return found


def _times(system: Fact) -> list[tuple[str, str, str]]:
    """Label, time, and how the time is known."""
    source = system["duration_source"]
    work, known = wording.span(system["duration_minutes"]), ""
    if source:
        known = str(wording.SOURCES[DurationSource(source)])
        if system.get("duration_as_of"):
            known = f"{known}, {wording.day(system['duration_as_of'])}"
    if system["wave"] is None:
        return [(_("Recovery work"), work, known)]
    return [
        (_("Wave"), str(system["wave"]), ""),
        (_("Work may start"), wording.after(system["start_minutes"], system["at_least"]), ""),
        (_("Recovery work"), work, known),
        (_("Restored"), wording.after(system["restored_minutes"], system["at_least"]), ""),
    ]


def _targets(system: Fact) -> list[tuple[str, str]]:
    required = wording.span(system["required_minutes"])
    if system["required_minutes"] is None:
        required = _("no requirement")
    elif system["required_by"]:
        required = _("%(time)s by %(dependent)s") % {
            "time": _("at most %(time)s") % {"time": required}
            if system["required_at_most"]
            else required,
            "dependent": system["required_by"],
        }

    def approved(minutes: int | None) -> str:
        return _("none approved") if minutes is None else wording.span(minutes)

    slack = system["slack_minutes"]
    return [
        (_("Recovery time (RTO)"), approved(system["rto_minutes"])),
        (_("Data loss (RPO)"), approved(system["rpo_minutes"])),
        (_("Longest tolerable (MTD)"), approved(system["mtd_minutes"])),
        (_("Required by dependents"), required),
        (_("Slack"), _("no limit") if slack is None else wording.span(slack)),
    ]


def _chain(system: Fact) -> list[Fact]:
    links = []
    for link in system["chain"]:
        if not link["lost"]:
            work = _("not lost itself")
        elif link["duration_minutes"] is None:
            work = _("duration unknown")
        else:
            work = wording.span(link["duration_minutes"])
        links.append(
            {
                "name": link["name"],
                "work": work,
                "restored": wording.after(link["restored_minutes"]),
            }
        )
    return links
