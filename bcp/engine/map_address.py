"""What the address of a map asks for, before anything is looked up in an estate.

    focus=KEY [show=around|ground|chain] [way=needs|needed-by] [depth=1..3]   a system
    in=GROUPING:NAME [in=…] [by=GROUPING] [arrows=all]   the systems in all of these groups
    loop=KEY                                 the loop that the system of this key is in
    scenario=NAME                            what stops in a scenario
    [by=GROUPING] [arrows=all]               the whole organisation

`show=KIND` alone asks for the choice of something to show. Names and order are kept for ever:
people bookmark these addresses, and saved views hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, urlencode

from bcp.engine.map_groups import Grouping
from bcp.engine.map_views import DEEPEST
from bcp.engine.neighbourhood import Direction
from bcp.engine.rejection import Rejected, gettext_noop

LONGEST = 4000
"""Characters of a view written out as a query."""
MOST_FIELDS = 100
MOST_GROUPS = len(Grouping)


class Show(StrEnum):
    """The kinds of views."""

    AROUND = "around"
    GROUND = "ground"
    CHAIN = "chain"
    PART = "part"
    LOOP = "loop"
    SCENARIO = "scenario"
    ALL = "all"


OF_A_SYSTEM = (Show.AROUND, Show.GROUND, Show.CHAIN)
WAYS = {"needs": Direction.NEEDS, "needed-by": Direction.NEEDED_BY}
_WORD_OF = {direction: word for word, direction in WAYS.items()}
DEPTHS = tuple(range(1, DEEPEST + 1))

_ALL_ARROWS = "all"

_SUBJECTS = {"focus": None, "in": Show.PART, "loop": Show.LOOP, "scenario": Show.SCENARIO}


class BadAddress(Rejected):
    """An address that asks for nothing that can be drawn; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Address:
    """One view. `focus` and `loop` are keys of systems; `within` are groups, narrower and
    narrower; `by` is how systems are grouped, `None` where that is left open; `every_arrow`: of
    groups even the arrows that nobody could follow."""

    show: Show = Show.ALL
    focus: str = ""
    way: Direction = Direction.BOTH
    depth: int = 1
    within: tuple[tuple[Grouping, str], ...] = ()
    by: Grouping | None = None
    loop: str = ""
    scenario: str = ""
    every_arrow: bool = False

    @property
    def is_choice(self) -> bool:
        """It does not say yet what of its kind is to be shown."""
        return self.show is not Show.ALL and not (
            self.focus or self.within or self.loop or self.scenario
        )

    @property
    def query(self) -> str:
        """The one way to write this view, without what goes without saying."""
        return urlencode(list(self._pairs()))

    def _pairs(self) -> Iterable[tuple[str, str]]:
        if self.is_choice:
            yield "show", self.show.value
        elif self.show in OF_A_SYSTEM:
            yield "focus", self.focus
            if self.show is not Show.AROUND:
                yield "show", self.show.value
        elif self.show is Show.LOOP:
            yield "loop", self.loop
        elif self.show is Show.SCENARIO:
            yield "scenario", self.scenario
        yield from self._pairs_of_groups()
        if self.way is not Direction.BOTH:
            yield "way", _WORD_OF[self.way]
        if self.depth > 1:
            yield "depth", str(self.depth)

    def _pairs_of_groups(self) -> Iterable[tuple[str, str]]:
        for grouping, name in self.within:
            yield "in", f"{grouping.value}:{name}"
        if self.by is not None:
            yield "by", self.by.value
        if self.every_arrow:
            yield "arrows", _ALL_ARROWS


def read(query: str) -> Address:
    """The view that a query string asks for. Raises `BadAddress`."""
    if len(query) > LONGEST:
        raise BadAddress(
            gettext_noop("the address is longer than %(most)s characters"), most=LONGEST
        )
    try:
        fields = parse_qs(query, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadAddress(
            gettext_noop("the address has more than %(most)s parts"), most=MOST_FIELDS
        ) from error
    return read_fields(fields)


def read_fields(fields: Mapping[str, Sequence[str]]) -> Address:
    """The same of a query that is split up already; names that mean nothing here are passed
    over, and of a name that is given twice the last counts."""
    said = {name: values[-1] for name, values in fields.items() if values and values[-1]}
    subject = _subject(said)
    show = _show(said, subject)
    if subject is None or show is Show.LOOP or show is Show.SCENARIO:
        return Address(
            show,
            by=_grouping(said["by"]) if "by" in said and show is Show.ALL else None,
            loop=said.get("loop", ""),
            scenario=said.get("scenario", ""),
            every_arrow="arrows" in said and show is Show.ALL and _every_arrow(said["arrows"]),
        )
    if subject == "in":
        return Address(
            show,
            within=_within(one for one in fields["in"] if one),
            by=_grouping(said["by"]) if "by" in said else None,
            every_arrow="arrows" in said and _every_arrow(said["arrows"]),
        )
    around = show is Show.AROUND
    return Address(
        show,
        focus=said["focus"],
        way=_way(said["way"]) if around and "way" in said else Direction.BOTH,
        depth=_depth(said["depth"]) if around and "depth" in said else 1,
    )


def _subject(said: Mapping[str, str]) -> str | None:
    given = [name for name in _SUBJECTS if name in said]
    if len(given) > 1:
        raise BadAddress(
            gettext_noop("the address asks for several views at once: %(given)s; keep one of them"),
            given=", ".join(given),
        )
    return given[0] if given else None


def _show(said: Mapping[str, str], subject: str | None) -> Show:
    word = said.get("show", "")
    if word and word not in set(Show):
        raise unknown_value("show", word, Show)
    if subject is None:
        return Show(word) if word else Show.ALL
    if subject == "focus":
        if word and word not in OF_A_SYSTEM:
            raise unknown_value("show", word, OF_A_SYSTEM)
        return Show(word) if word else Show.AROUND
    own = _SUBJECTS[subject] or Show.AROUND
    if word and word != own:
        raise unknown_value("show", word, [own])
    return own


def _way(word: str) -> Direction:
    if word not in WAYS:
        raise unknown_value("way", word, WAYS)
    return WAYS[word]


def _depth(word: str) -> int:
    allowed = [str(one) for one in DEPTHS]
    if word not in allowed:
        raise unknown_value("depth", word, allowed)
    return int(word)


def _every_arrow(word: str) -> bool:
    if word != _ALL_ARROWS:
        raise unknown_value("arrows", word, [_ALL_ARROWS])
    return True


def _grouping(word: str) -> Grouping:
    if word not in set(Grouping):
        raise unknown_value("by", word, Grouping)
    return Grouping(word)


def _within(words: Iterable[str]) -> tuple[tuple[Grouping, str], ...]:
    found: dict[tuple[Grouping, str], None] = {}
    for word in words:
        grouping, colon, name = word.partition(":")
        if not colon or grouping not in set(Grouping):
            raise unknown_value("in", word, [f"{one}:…" for one in Grouping])
        found[Grouping(grouping), name] = None
    if len(found) > MOST_GROUPS:
        raise BadAddress(
            gettext_noop("the address names %(count)s groups; at most %(most)s can be combined"),
            count=len(found),
            most=MOST_GROUPS,
        )
    return tuple(found)


def unknown_value(name: str, word: str, allowed: Iterable[str]) -> BadAddress:
    """What is wrong with `name=word`, and what may stand in its place."""
    return BadAddress(
        gettext_noop("“%(name)s=%(word)s” is not known; allowed: %(allowed)s"),
        name=name,
        word=word[:80],
        allowed=", ".join(str(one) for one in allowed),
    )
