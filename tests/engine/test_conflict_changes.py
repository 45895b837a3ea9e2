"""Which contradictions a changed target brings and takes away, where an analysis names only the
strictest promise for each system that is late (G1, G3)."""

from __future__ import annotations

from bcp.engine.analysis import analyse
from bcp.engine.estate import Dependency, Estate, System
from bcp.engine.proposal import Consequences, Target, consequences
from tests.engine.estates import TODAY, with_authority

VAULT, ORDERS, WEB, MAIL, SHOP = range(5)


def estate(**rto: int | None) -> Estate:
    """Orders on web and mail on the shop, side by side, both on a vault that promises too little.
    No work takes any time."""
    names = ("vault", "orders", "web", "mail", "shop")
    systems = tuple(
        System(name, name, duration_minutes=0, rto_minutes=rto.get(name)) for name in names
    )
    edges = (
        Dependency(ORDERS, WEB),
        Dependency(WEB, VAULT),
        Dependency(MAIL, SHOP),
        Dependency(SHOP, VAULT),
    )
    return with_authority(Estate("acme", systems, edges))


def proposed(before: Estate, key: str, rto: int | None) -> Consequences:
    return consequences(analyse(before, today=TODAY), {key: Target(rto, None, None)}, today=TODAY)


def pairs(conflicts: object) -> set[tuple[str, int, int]]:
    return {(one.rule, one.dependent, one.dependency) for one in conflicts}


def test_of_two_promises_alike_the_second_is_not_new_when_the_first_is_given_up():
    found = proposed(estate(orders=400, mail=400, vault=500), "orders", None)
    assert pairs(found.before.conflicts) == {("G3", ORDERS, VAULT)}
    assert pairs(found.after.conflicts) == {("G3", MAIL, VAULT)}
    assert found.appeared == ()
    assert pairs(found.disappeared) == {("G3", ORDERS, VAULT)}


def test_a_promise_alike_that_is_named_in_its_place_does_not_make_the_other_go_away():
    found = proposed(estate(mail=400, vault=500), "orders", 400)
    assert pairs(found.before.conflicts) == {("G3", MAIL, VAULT)}
    assert pairs(found.after.conflicts) == {("G3", ORDERS, VAULT)}
    assert pairs(found.appeared) == {("G3", ORDERS, VAULT)}, "nobody had promised it before"
    assert found.disappeared == ()


def test_a_promise_that_is_given_up_goes_away_even_if_a_stricter_one_is_made_with_it():
    targets = {"orders": Target(None, None, None), "mail": Target(100, None, None)}
    before = analyse(estate(orders=400, vault=500), today=TODAY)
    found = consequences(before, targets, today=TODAY)
    assert pairs(found.appeared) == {("G3", MAIL, VAULT)}
    assert pairs(found.disappeared) == {("G3", ORDERS, VAULT)}


def test_what_a_pair_had_hidden_is_not_new_when_the_pair_is_given_up():
    """The web contradicts the vault outright; behind it, mail did all along."""
    found = proposed(estate(web=100, mail=400, vault=500), "web", None)
    assert pairs(found.before.conflicts) == {("G1", WEB, VAULT)}
    assert pairs(found.after.conflicts) == {("G3", MAIL, VAULT)}
    assert found.appeared == ()
    assert pairs(found.disappeared) == {("G1", WEB, VAULT)}


def test_a_promise_that_nothing_hid_is_new():
    found = proposed(estate(vault=500), "mail", 400)
    assert pairs(found.appeared) == {("G3", MAIL, VAULT)}
    assert found.disappeared == ()
