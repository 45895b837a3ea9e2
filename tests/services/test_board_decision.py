"""A board's signature under many proposals, while somebody else decides about one of them."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import pytest
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.errors import Conflict, NotAllowed
from bcp.models import Membership, Organisation, RecoveryTarget, User
from bcp.queries import history
from bcp.services import members, systems, targets
from bcp.services.actor import Actor
from bcp.services.targets import Seen
from tests.conftest import Cast, make_cast
from tests.factories import make_dependency, make_system
from tests.services.at_once import at_once, raised

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def acme(transactional_db: None) -> Cast:
    return make_cast("acme", "Acme Foods")


@pytest.fixture
def proposals(acme: Cast) -> list[RecoveryTarget]:
    """For six systems, each needing the next."""
    chain = [make_system(acme.organisation, f"S{number}") for number in range(6)]
    for above, below in pairwise(chain):
        make_dependency(above, below)
    return [
        targets.propose(
            acme.organisation, system.pk, rto_minutes=600, rpo_minutes=None, by=acme.actor()
        )
        for system in chain
    ]


def seen(organisation: Organisation, proposals: list[RecoveryTarget]) -> list[Seen]:
    shown = targets.basis(organisation, proposals, now=timezone.now())
    return [Seen(one.pk, one.version, shown[one.pk]) for one in proposals]


def another_executive(acme: Cast) -> Actor:
    user = User.objects.create_user("second@acme.example", name="Second executive")
    member: Membership = members.add(acme.organisation, user, Role.EXECUTIVE, by=acme.shell)
    return Actor.member(member, via="web")


def states(acme: Cast) -> list[str]:
    rows = RecoveryTarget.objects.of(acme.organisation).order_by("system__name")
    return list(rows.values_list("state", flat=True))


def test_a_signature_and_a_single_approval_at_once_never_mix(
    acme: Cast, proposals: list[RecoveryTarget]
) -> None:
    board = partial(
        targets.approve_many,
        acme.organisation,
        seen(acme.organisation, proposals),
        by=acme.actor(Role.EXECUTIVE),
    )
    [one] = seen(acme.organisation, [proposals[3]])
    alone = partial(
        targets.approve,
        acme.organisation,
        one.key,
        seen_version=one.version,
        seen_basis=one.basis,
        by=another_executive(acme),
    )
    answers = at_once([board, alone])
    assert raised(answers, Conflict) == 1, answers
    if isinstance(answers[0], Conflict):
        assert states(acme) == ["proposed"] * 3 + ["approved"] + ["proposed"] * 2
        assert "“S3” has been decided already: Approved." in str(answers[0])
    else:
        assert states(acme) == ["approved"] * 6
    assert history.first_broken(acme.organisation) is None


def test_two_boards_that_sign_the_same_at_once_approve_it_once(
    acme: Cast, proposals: list[RecoveryTarget]
) -> None:
    what = seen(acme.organisation, proposals)
    first, second = acme.actor(Role.EXECUTIVE), another_executive(acme)
    answers = at_once(
        [partial(targets.approve_many, acme.organisation, what, by=by) for by in (first, second)]
    )
    assert raised(answers, Conflict) == 1, answers
    assert states(acme) == ["approved"] * 6
    deciders = RecoveryTarget.objects.of(acme.organisation).values_list("decided_by", flat=True)
    assert len(set(deciders)) == 1


def test_a_signature_names_each_proposal_whose_figures_changed_and_approves_none(
    acme: Cast, proposals: list[RecoveryTarget]
) -> None:
    what = seen(acme.organisation, proposals)
    slower = proposals[4].system
    systems.change(
        acme.organisation, slower.pk, {"recovery_minutes": 90}, seen_version=None, by=acme.shell
    )
    with pytest.raises(Conflict) as refused:
        targets.approve_many(acme.organisation, what, by=acme.actor(Role.EXECUTIVE))
    assert states(acme) == ["proposed"] * 6
    assert {one.pk for one in proposals[:5]} <= set(refused.value.current)


def test_one_own_proposal_among_many_stops_the_signature(
    acme: Cast, proposals: list[RecoveryTarget]
) -> None:
    own = targets.propose(
        acme.organisation,
        make_system(acme.organisation, "Mine").pk,
        rto_minutes=60,
        rpo_minutes=None,
        by=acme.actor(Role.EXECUTIVE),
    )
    what = seen(acme.organisation, [*proposals, own])
    with pytest.raises(NotAllowed, match="you proposed: Mine"):
        targets.approve_many(acme.organisation, what, by=acme.actor(Role.EXECUTIVE))
    assert set(states(acme)) == {"proposed"}


def test_what_is_signed_together_has_one_moment_and_its_figures_frozen(
    acme: Cast, proposals: list[RecoveryTarget]
) -> None:
    approved = targets.approve_many(
        acme.organisation, seen(acme.organisation, proposals), by=acme.actor(Role.EXECUTIVE)
    )
    assert [one.pk for one in approved] == [one.pk for one in proposals]
    assert len({one.decided_at for one in approved}) == 1
    for one in RecoveryTarget.objects.of(acme.organisation):
        assert one.decided_on["takes_part"]
        assert one.decided_on["approved_before"]["rto_minutes"] is None
