"""What the address of the map asks for (`engine.map_address`), found in the analysis: one view, or
groups to open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bcp.engine import map_views
from bcp.engine.effects import Effect
from bcp.engine.estate import Estate, System
from bcp.engine.loop_openings import loop_of
from bcp.engine.map_address import OF_A_SYSTEM, Address, Show
from bcp.engine.map_groups import Grouping, Groups, best_grouping, grouped, members_of
from bcp.engine.map_views import MOST_NODES, View
from bcp.engine.neighbourhood import Direction
from bcp.engine.results import Analysis
from bcp.engine.scenario import EVERYTHING, UnknownScenario, parse_scenario
from bcp.engine.words import scenario_words
from bcp.errors import BcpError
from bcp.services.map import group_label

_IN_GROUPS = {
    Grouping.TIER: _("%(map)s, by tier"),
    Grouping.SITE: _("%(map)s, by site"),
    Grouping.ZONE: _("%(map)s, by zone"),
    Grouping.KIND: _("%(map)s, by kind"),
    Grouping.OWNER: _("%(map)s, by owner"),
    Grouping.TEAM: _("%(map)s, by team"),
}


class NotThere(BcpError):
    """What an address asks for is not in the estate, or not any more. `show` is the kind of view;
    `system` the key of a system that it was about, "" if it was about none."""

    def __init__(self, message: str, show: Show, system: str = "") -> None:
        super().__init__(message)
        self.show = show
        self.system = system


def has_been_deleted(name: str) -> str:
    """What is said of a system that was there once."""
    return gettext("“%(system)s” has been deleted.") % {"system": name}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown and by which analysis: a `view`, or `groups` of the systems `members`. Its
    `address` is the one way to write it; `focus` is the system in the middle, if there is one."""

    title: str
    answer: Analysis
    address: Address
    members: tuple[int, ...] = ()
    view: View | None = None
    groups: Groups | None = None
    by: Grouping | None = None
    focus: System | None = None


def choose(address: Address, answer_of: Callable[[str], Analysis]) -> Choice:
    """`answer_of` gives the analysis of a scenario. Raises `NotThere`."""
    if address.show is Show.SCENARIO:
        return _scenario(address, answer_of)
    answer = answer_of(EVERYTHING)
    heading = title(address, answer)
    if address.show in OF_A_SYSTEM:
        return _of_a_system(address, answer, heading)
    if address.show is Show.LOOP:
        return _loop(address, answer, heading)
    return _part(address, answer, heading)


def title(address: Address, answer: Analysis) -> str:
    """What the address asks for, in words; costs next to nothing. Raises `NotThere`."""
    estate = answer.estate
    if address.show in OF_A_SYSTEM:
        system = estate.systems[_position(estate, address.focus, address.show)]
        return _title_of_a_system(address, system.name)
    if address.show is Show.LOOP:
        count = len(answer.loops[_loop_number(answer, address.loop)].systems)
        return ngettext(
            "%(count)s system that waits for itself",
            "%(count)s systems that wait for each other",
            count,
        ) % {"count": count}
    if address.show is Show.SCENARIO:
        try:
            scenario = parse_scenario(address.scenario, estate)
        except UnknownScenario as error:
            raise _no_scenario(error) from error
        happened = scenario_words(scenario).said(gettext)
        return gettext("What stops: %(scenario)s") % {"scenario": happened}
    if address.within:
        _members(estate, address)
        labels = [group_label(by, name) for by, name in address.within]
        heading = gettext("Map: %(group)s") % {"group": " · ".join(labels)}
    else:
        heading = gettext("Map of all systems")
    if address.by is None:
        return heading
    return _IN_GROUPS[address.by] % {"map": heading}


# --- one system ----------------------------------------------------------------------------


def _title_of_a_system(address: Address, name: str) -> str:
    named = {"system": name}
    if address.show is Show.GROUND:
        return gettext("“%(system)s” down to the ground") % named
    if address.show is Show.CHAIN:
        return gettext("Why “%(system)s” is not back sooner") % named
    heading = {
        Direction.BOTH: gettext("Map around “%(system)s”"),
        Direction.NEEDS: gettext("What “%(system)s” needs"),
        Direction.NEEDED_BY: gettext("Who needs “%(system)s”"),
    }[address.way] % named
    if address.depth == 1:
        return heading
    return gettext("%(map)s, %(count)s steps far") % {"map": heading, "count": address.depth}


def _of_a_system(address: Address, answer: Analysis, heading: str) -> Choice:
    estate = answer.estate
    index = _position(estate, address.focus, address.show)
    if address.show is Show.GROUND:
        view = map_views.to_the_ground(estate, index)
    elif address.show is Show.CHAIN:
        view = map_views.binding_chain(answer, index)
    else:
        view = map_views.around(estate, index, address.depth, address.way)
    return Choice(heading, answer, address, view=view, focus=estate.systems[index])


def _position(estate: Estate, key: str, show: Show) -> int:
    for index, system in enumerate(estate.systems):
        if system.key == key:
            return index
    raise NotThere(gettext("There is no such system."), show, system=key)


# --- a loop, a scenario --------------------------------------------------------------------


def _loop_number(answer: Analysis, key: str) -> int:
    index = _position(answer.estate, key, Show.LOOP)
    number = loop_of(answer.loops, index)
    if number is not None:
        return number
    raise NotThere(
        gettext("“%(system)s” is in no loop, or not any more.")
        % {"system": answer.estate.systems[index].name},
        Show.LOOP,
    )


def _loop(address: Address, answer: Analysis, heading: str) -> Choice:
    number = _loop_number(answer, address.loop)
    first = min(answer.estate.systems[one].key for one in answer.loops[number].systems)
    canonical = replace(address, loop=first)
    return Choice(heading, answer, canonical, view=map_views.loop(answer, number))


def _scenario(address: Address, answer_of: Callable[[str], Analysis]) -> Choice:
    try:
        answer = answer_of(address.scenario)
    except UnknownScenario as error:
        raise _no_scenario(error) from error
    canonical = replace(address, scenario=answer.scenario.name)
    return Choice(title(canonical, answer), answer, canonical, view=map_views.struck(answer))


def _no_scenario(error: UnknownScenario) -> NotThere:
    return NotThere(gettext(error.template) % error.values, Show.SCENARIO)


# --- a part of the organisation, or all of it ----------------------------------------------


def _part(address: Address, answer: Analysis, heading: str) -> Choice:
    estate = answer.estate
    members = _members(estate, address)
    by = address.by
    if by is None and len(members) > MOST_NODES:
        by = best_grouping(estate, members)
    if by is not None:
        groups = grouped(estate, by, members)
        return Choice(heading, answer, address, members=members, groups=groups, by=by)
    view = map_views.of_systems(estate, members)
    return Choice(heading, answer, address, members=members, view=view)


def _members(estate: Estate, address: Address) -> tuple[int, ...]:
    """The systems that are in all of the groups asked for."""
    found = set(range(len(estate.systems)))
    for by, name in address.within:
        members = members_of(estate, by, name)
        if not members:
            named = name if by is Grouping.KIND else group_label(by, name)
            raise NotThere(
                gettext("No live system is in the group “%(group)s”, or not any more.")
                % {"group": named[:200]},
                Show.PART,
            )
        found &= set(members)
    if address.within and not found:
        raise NotThere(gettext("No live system is in all of these groups."), Show.PART)
    return tuple(sorted(found))


# --- in a sentence -------------------------------------------------------------------------


def lead(chosen: Choice) -> str:
    """What a view comes to, in a sentence; "" where its title says it all."""
    address, view = chosen.address, chosen.view
    if address.show is Show.SCENARIO:
        return _struck(chosen.answer)
    if view is None or chosen.focus is None:
        return ""
    count = len(view.systems) + view.left_out - 1
    if address.show is Show.GROUND:
        if not count:
            return gettext("It needs nothing that is recorded.")
        return ngettext(
            "It needs %(count)s system, directly or through others.",
            "It needs %(count)s systems, directly or through others.",
            count,
        ) % {"count": count}
    if address.show is Show.CHAIN and not count:
        return gettext("Nothing that it needs holds it up: its own recovery takes that long.")
    if address.show is Show.CHAIN:
        return gettext("These systems, one after the other, decide when it is back.")
    return ""


def _struck(answer: Analysis) -> str:
    effects = [result.effect for result in answer.systems]
    lost = sum(effect is Effect.LOST for effect in effects)
    hit = sum(effect is not Effect.UNTOUCHED for effect in effects)
    if not hit:
        return gettext("No live system is lost, and none stops.")
    said = ngettext("%(count)s system is lost.", "%(count)s systems are lost.", lost)
    sentences = [said % {"count": lost}]
    if hit > lost:
        said = ngettext(
            "%(count)s more stops because it needs one of them.",
            "%(count)s more stop because they need one of them.",
            hit - lost,
        )
        sentences.append(said % {"count": hit - lost})
    return " ".join(sentences)
