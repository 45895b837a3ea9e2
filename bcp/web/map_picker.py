"""What else the map can show: the kinds of views, the ways to turn the one that is shown, and what
there is to choose from where nothing is chosen yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bcp.engine.durations import format_minutes
from bcp.engine.estate import Kind, System
from bcp.engine.map_address import DEPTHS, OF_A_SYSTEM, Address, Show
from bcp.engine.map_groups import Grouping
from bcp.engine.map_views import MOST_NODES
from bcp.engine.neighbourhood import Direction
from bcp.engine.results import Analysis
from bcp.engine.standing import Standing
from bcp.services.map import group_label
from bcp.web.map_choices import Choice

Href = Callable[[Address], str]
"""The page of an address."""

KIND_WORDS = {
    Show.ALL: _("Everything"),
    Show.AROUND: _("Around a system"),
    Show.GROUND: _("What a process needs"),
    Show.CHAIN: _("A missed target"),
    Show.PART: _("A tier, site or team"),
    Show.LOOP: _("A loop"),
    Show.SCENARIO: _("A scenario"),
}
_GROUPINGS = {
    Grouping.TIER: _("by tier"),
    Grouping.SITE: _("by site"),
    Grouping.ZONE: _("by zone"),
    Grouping.KIND: _("by kind"),
    Grouping.OWNER: _("by owner"),
    Grouping.TEAM: _("by team"),
}
_DIRECTIONS = {
    Direction.BOTH: pgettext_lazy("which neighbours", "both ways"),
    Direction.NEEDS: _("what it needs"),
    Direction.NEEDED_BY: _("who needs it"),
}
_NOTHING = {
    Show.AROUND: _("There is no live system."),
    Show.GROUND: _("No business process is recorded. Any other system can be typed in above."),
    Show.CHAIN: _("No system misses its target. Any system can be typed in above."),
    Show.LOOP: _("No systems wait for each other: there is no loop."),
}
_LOOP_NAMES = 6
_LAST_TIER = 9


@dataclass(frozen=True, slots=True)
class Tab:
    label: str | Promise
    url: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """One way to turn the view: its question and the answers to it."""

    label: str | Promise
    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """Something of which a map can be drawn; `note` says why one might."""

    label: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What there is to choose from; `nothing` is said where there is nothing."""

    heading: str | Promise
    options: tuple[Option, ...]
    nothing: str | Promise


def kinds(address: Address, href: Href) -> list[Tab]:
    """The kinds of views; what is looked at now is kept where the kind has a use for it."""
    return [
        Tab(word, href(_of_kind(show, address.focus)), show is address.show)
        for show, word in KIND_WORDS.items()
    ]


def _of_kind(show: Show, focus: str) -> Address:
    return Address(show, focus=focus if show in OF_A_SYSTEM else "")


def turns(chosen: Choice, href: Href) -> list[Turn]:
    """How the view that is shown can be turned."""
    address = chosen.address
    if address.show is Show.AROUND:
        return [_direction(address, href), _distance(address, href)]
    if address.show in (Show.ALL, Show.PART):
        found = [_drawn(chosen, href)]
        return [_narrowed(address, href), *found] if address.within else found
    return []


def groupings(href: Href) -> Turn:
    """Instead of one group: all of them at once."""
    tabs = (Tab(word, href(Address(by=by)), False) for by, word in _GROUPINGS.items())
    return Turn(_("Or all in groups"), tuple(tabs))


def _direction(address: Address, href: Href) -> Turn:
    tabs = (
        Tab(word, href(replace(address, way=way)), way is address.way)
        for way, word in _DIRECTIONS.items()
    )
    return Turn(_("Direction"), tuple(tabs))


def _distance(address: Address, href: Href) -> Turn:
    tabs = (
        Tab(
            ngettext("%(count)s step", "%(count)s steps", depth) % {"count": depth},
            href(replace(address, depth=depth)),
            depth == address.depth,
        )
        for depth in DEPTHS
    )
    return Turn(_("How far"), tuple(tabs))


def _drawn(chosen: Choice, href: Href) -> Turn:
    """System by system where that can be read, else by what has not been opened yet."""
    address = chosen.address
    opened = {by for by, _name in address.within}
    tabs = [
        Tab(word, href(replace(address, by=by)), by is chosen.by)
        for by, word in _GROUPINGS.items()
        if by not in opened
    ]
    if len(chosen.members) <= MOST_NODES:
        one_by_one = replace(address, by=None)
        tabs.insert(0, Tab(_("system by system"), href(one_by_one), chosen.by is None))
    return Turn(_("Drawn"), tuple(tabs))


def _narrowed(address: Address, href: Href) -> Turn:
    """The groups that were opened one inside the other; each leads back to it."""
    tabs = [Tab(KIND_WORDS[Show.ALL], href(Address()), False)]
    for position, (by, name) in enumerate(address.within, start=1):
        outer = Address(Show.PART, within=address.within[:position])
        is_last = position == len(address.within)
        tabs.append(Tab(group_label(by, name), href(outer), is_last))
    return Turn(_("Opened"), tuple(tabs))


# --- to choose from ------------------------------------------------------------------------


def options(show: Show, answer: Analysis, href: Href) -> Options | None:
    """What there is of a kind; `None` for kinds that are chosen from a form."""
    listed = {
        Show.AROUND: (_("Systems, the most critical first"), _systems),
        Show.GROUND: (_("Business processes"), _processes),
        Show.CHAIN: (_("Systems that miss their targets, the worst first"), _missed),
        Show.LOOP: (_("Loops"), _loops),
    }
    if show not in listed:
        return None
    heading, find = listed[show]
    return Options(heading, tuple(find(answer, href)), _NOTHING[show])


def system_option(system: System, href: Href, show: Show = Show.AROUND, note: str = "") -> Option:
    if not note and system.tier is not None:
        note = gettext("Tier %(tier)s") % {"tier": system.tier}
    return Option(system.name, href(Address(show, focus=system.key)), note)


def _systems(answer: Analysis, href: Href) -> Iterable[Option]:
    for system in sorted(answer.estate.systems, key=_critical_first):
        yield system_option(system, href)


def _processes(answer: Analysis, href: Href) -> Iterable[Option]:
    for system in sorted(answer.estate.systems, key=_critical_first):
        if system.kind is Kind.PROCESS:
            yield system_option(system, href, Show.GROUND)


def _missed(answer: Analysis, href: Href) -> Iterable[Option]:
    late = [one for one in answer.systems if one.standing is Standing.MISSES]
    late.sort(key=lambda one: (-(one.misses_minutes or 0), one.name))
    for result in late:
        note = gettext("misses by %(minutes)s") % {"minutes": format_minutes(result.misses_minutes)}
        yield system_option(answer.estate.systems[result.index], href, Show.CHAIN, note)


def _loops(answer: Analysis, href: Href) -> Iterable[Option]:
    systems = answer.estate.systems
    for loop in answer.loops:
        names = [systems[one].name for one in loop.systems[:_LOOP_NAMES]]
        if len(loop.systems) > _LOOP_NAMES:
            names.append("…")
        count = len(loop.systems)
        said = ngettext("%(count)s system", "%(count)s systems", count) % {"count": count}
        first = min(systems[one].key for one in loop.systems)
        yield Option(", ".join(names), href(Address(Show.LOOP, loop=first)), said)


def _critical_first(system: System) -> tuple[int, str]:
    return system.tier or _LAST_TIER, system.name
