"""What may be missing: against a plain count, and what is never suggested."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bcp.engine.estate import Dependency, Estate, Kind, NeededTo, System
from bcp.engine.suggestions import (
    LEAST_PEERS,
    MOST_SUGGESTIONS,
    Suggestion,
    Topic,
    suggest,
)


def site(count: int, needing: int, **options: object) -> Estate:
    """`count` applications at one site, the first `needing` of which need the directory."""
    systems = [System(f"s{number}", f"App {number}", site="HQ") for number in range(count)]
    directory = System("ad", "Directory", kind=Kind.IDENTITY)
    edges = [Dependency(number, count, NeededTo.RUN) for number in range(needing)]
    return Estate("acme", (*systems, directory), tuple(edges))


def of(estate: Estate, *topics: Topic) -> list[Suggestion]:
    return [one for one in suggest(estate).found if one.topic in topics]


def test_what_most_others_at_a_site_need_is_suggested_with_the_count():
    (one,) = of(site(15, 14), Topic.PEERS)
    says = "14 of the 14 other systems at the site “HQ” need “Directory”; “App 14” does not"
    assert (one.system, one.dependency, one.needed_to) == (14, 15, NeededTo.RUN)
    assert str(one.says) == says


def test_the_count_is_of_others_that_need_it_themselves():
    """12 of 14 at the site need the directory; two do not, and each is told of the others."""
    said = [str(one.says) for one in of(site(15, 12), Topic.PEERS)]
    assert said == [
        f"12 of the 14 other systems at the site “HQ” need “Directory”; “App {number}” does not"
        for number in (12, 13, 14)
    ]


def test_it_is_suggested_for_what_most_of_the_others_need_it_for():
    estate = site(10, 9)
    edges = tuple(
        replace(edge, needed_to=NeededTo.FULL_SERVICE if number < 5 else NeededTo.REBUILD)
        for number, edge in enumerate(estate.dependencies)
    )
    (one,) = of(replace(estate, dependencies=edges), Topic.PEERS)
    assert one.needed_to is NeededTo.FULL_SERVICE


@pytest.mark.parametrize(
    ("count", "needing", "expected"),
    [(6, 5, 1), (5, 4, 0), (13, 9, 4), (13, 8, 0), (13, 13, 0)],
)
def test_three_quarters_of_five_others_at_least_must_share_it(count, needing, expected):
    assert len(of(site(count, needing), Topic.PEERS)) == expected


def test_nothing_is_suggested_that_is_needed_through_something_else_or_closes_a_loop():
    estate = site(12, 10)
    through = Dependency(10, 0)
    closing = Dependency(12, 11)
    more = replace(estate, dependencies=(*estate.dependencies, through, closing))
    assert of(more, Topic.PEERS) == []


def test_a_room_needs_no_directory_because_servers_do():
    estate = site(10, 9)
    room = replace(estate.systems[9], kind=Kind.FACILITY)
    systems = (*estate.systems[:9], room, *estate.systems[10:])
    assert of(replace(estate, systems=systems), Topic.PEERS) == []


def test_services_are_looked_for_by_name_and_said():
    estate = site(6, 0)
    found = {one.identity: str(one.says) for one in of(estate, Topic.SERVICE)}
    assert len(found) == 4
    assert "looked for: dns, bind," in found["service:dns"]
    named = replace(estate, systems=(*estate.systems, System("d", "DNS-01")))
    said = {one.identity: str(one.says) for one in of(named, Topic.SERVICE)}
    assert said["service:dns"] == ("no system needs “DNS-01”: is name resolution (DNS) forgotten?")
    needed = replace(named, dependencies=(Dependency(0, 7),))
    assert "service:dns" not in {one.identity for one in of(needed, Topic.SERVICE)}


def test_a_dismissed_question_about_a_service_is_asked_again_of_another_system():
    estate = site(6, 0)

    def asked(*names: str) -> str:
        named = tuple(System(name, name) for name in names)
        found = of(replace(estate, systems=(*estate.systems, *named)), Topic.SERVICE)
        return next(one.facts for one in found if one.identity == "service:dns")

    assert asked("DNS-01") == asked("DNS-01", "Wiki") != asked("DNS-01", "DNS-02") != asked()


def test_words_are_found_as_words_and_a_small_estate_is_not_asked():
    names = ("Binding machine", "Pkids", "Dnses", "Ntpl", "Relicence", "Acme ERP CA")
    estate = Estate("acme", tuple(System(name, name) for name in names))
    says = [str(one.says) for one in of(estate, Topic.SERVICE)]
    assert [one.startswith("no system is recorded that") for one in says] == [True] * 4
    assert of(Estate("acme", estate.systems[:4]), Topic.SERVICE) == []


def test_what_stands_alone_is_asked_about():
    kinds = (Kind.PROCESS, Kind.APPLICATION, Kind.DATA_STORE, Kind.NETWORK)
    estate = Estate("acme", tuple(System(kind.value, kind.value, kind) for kind in kinds))
    topics = [one.topic for one in suggest(estate).found]
    assert topics == [Topic.PROCESS_ALONE, Topic.APPLICATION_ALONE, Topic.STORE_UNUSED]
    wired = replace(estate, dependencies=(Dependency(0, 1), Dependency(1, 2)))
    assert suggest(wired).found == ()


def test_a_dismissal_ends_with_what_the_system_needs_or_where_it_stands():
    estate = site(10, 9)
    (one,) = of(estate, Topic.PEERS)
    grown = replace(estate, systems=(*estate.systems, System("x", "Other", site="HQ")))
    asked = {two.identity: two.facts for two in of(grown, Topic.PEERS)}
    assert asked[one.identity] == one.facts
    needing = replace(grown, dependencies=(*grown.dependencies, Dependency(9, 11)))
    moved = replace(
        grown,
        systems=tuple(replace(two, tier=1) if two.key == "s9" else two for two in grown.systems),
    )
    for changed in (needing, moved):
        asked = {two.identity: two.facts for two in of(changed, Topic.PEERS)}
        assert asked[one.identity] != one.facts


def test_there_are_never_more_than_anybody_reads_and_the_rest_is_counted():
    many = tuple(System(f"s{number}", f"App {number}") for number in range(MOST_SUGGESTIONS + 7))
    found = suggest(Estate("acme", many))
    assert len(found.found) == MOST_SUGGESTIONS
    assert found.left_out == len(many) + 4 - MOST_SUGGESTIONS


SIZE = 9
SYSTEMS = st.tuples(
    *(
        st.builds(
            System,
            st.just(f"k{number}"),
            st.just(f"N{number}"),
            st.sampled_from((Kind.APPLICATION, Kind.NETWORK)),
            st.sampled_from((None, 1)),
            st.sampled_from((None, "HQ")),
        )
        for number in range(SIZE)
    )
)
PAIRS = st.sets(
    st.tuples(st.integers(0, SIZE - 1), st.sampled_from((0, 1))).filter(
        lambda one: one[0] != one[1]
    )
)


def reachable(pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    closed = set(pairs)
    while True:
        more = {(a, d) for a, b in closed for c, d in closed if b == c} - closed
        if not more:
            return closed
        closed |= more


def counted(
    systems: tuple[System, ...], pairs: set[tuple[int, int]]
) -> dict[tuple[int, int], set[tuple[int, int]]]:
    """Every pair that the rule allows, found by trying all of them, with what each group that
    allows it says: how many of how many others."""
    closed, found = reachable(pairs), {}
    for system in range(SIZE):
        for dependency in range(SIZE):
            if system == dependency or {(system, dependency), (dependency, system)} & closed:
                continue
            for same in (
                lambda a, b: a.site == b.site is not None,
                lambda a, b: a.kind is b.kind,
                lambda a, b: a.tier == b.tier is not None,
            ):
                others = [
                    one
                    for one in range(SIZE)
                    if one not in (system, dependency) and same(systems[one], systems[system])
                ]
                users = [one for one in others if (one, dependency) in pairs]
                own_kind = any(systems[one].kind is systems[system].kind for one in users)
                if len(others) >= LEAST_PEERS and 4 * len(users) >= 3 * len(others) and own_kind:
                    said = found.setdefault((system, dependency), set())
                    said.add((len(users), len(others)))
    return found


@hypothesis_settings(max_examples=300)
@given(SYSTEMS, PAIRS)
def test_peers_suggest_what_a_plain_count_finds_by_those_who_share_it_most_widely(systems, pairs):
    estate = Estate("acme", systems, tuple(Dependency(*pair) for pair in sorted(pairs)))
    suggested = of(estate, Topic.PEERS)
    found = [(one.system, one.dependency) for one in suggested]
    expected = counted(systems, pairs)
    assert len(found) == len(set(found))
    assert set(found) == expected.keys()
    shares = []
    for one, pair in zip(suggested, found, strict=True):
        users, others = one.says.values["count"], one.says.values["of"]
        assert (users, others) in expected[pair]
        shares.append(Fraction(users, others + 1))
        assert shares[-1] == max(Fraction(few, many + 1) for few, many in expected[pair])
    assert shares == sorted(shares, reverse=True)
