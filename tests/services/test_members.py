"""Members: who may manage them, and that somebody always can."""

from __future__ import annotations

import pytest

from bcp.engine.permissions import Capability, Role, allows
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import Membership, User
from bcp.queries import history
from bcp.services import members
from tests.conftest import Cast

OTHERS = [role for role in Role if not allows(role, Capability.MANAGE_MEMBERS)]


@pytest.mark.parametrize("role", OTHERS)
def test_only_who_manages_members_adds_changes_and_removes_them(role: Role, acme: Cast) -> None:
    by, key = acme.actor(role), acme.members[Role.AUDITOR].pk
    newcomer = User.objects.create_user("new@acme.example")
    with pytest.raises(NotAllowed):
        members.add(acme.organisation, newcomer, Role.ADMINISTRATOR, by=by)
    with pytest.raises(NotAllowed):
        members.change_role(acme.organisation, key, Role.ADMINISTRATOR, seen_version=1, by=by)
    with pytest.raises(NotAllowed):
        members.remove(acme.organisation, key, seen_version=1, by=by)


def test_a_change_of_role_is_audited(acme: Cast) -> None:
    membership = acme.members[Role.AUDITOR]
    changed = members.change_role(
        acme.organisation,
        membership.pk,
        Role.ENGINEER,
        seen_version=1,
        by=acme.actor(Role.ADMINISTRATOR),
    )
    assert (changed.role, changed.version) == ("engineer", 2)
    event = history.of_record(acme.organisation, "membership", membership.pk).first()
    assert event is not None
    assert (event.before, event.after) == ({"role": "auditor"}, {"role": "engineer"})


def test_a_change_of_role_on_an_older_version_is_refused(acme: Cast) -> None:
    key, by = acme.members[Role.AUDITOR].pk, acme.actor(Role.ADMINISTRATOR)
    members.change_role(acme.organisation, key, Role.ENGINEER, seen_version=1, by=by)
    with pytest.raises(Conflict):
        members.change_role(acme.organisation, key, Role.AUDITOR, seen_version=1, by=by)


def test_the_last_administrator_stays(acme: Cast) -> None:
    last, by = acme.members[Role.ADMINISTRATOR], acme.actor(Role.ADMINISTRATOR)
    with pytest.raises(InvalidInput, match="last administrator"):
        members.change_role(acme.organisation, last.pk, Role.AUDITOR, seen_version=1, by=by)
    with pytest.raises(InvalidInput, match="last administrator"):
        members.remove(acme.organisation, last.pk, seen_version=1, by=by)
    second = members.change_role(
        acme.organisation,
        acme.members[Role.ENGINEER].pk,
        Role.ADMINISTRATOR,
        seen_version=1,
        by=by,
    )
    members.remove(acme.organisation, last.pk, seen_version=1, by=by)
    assert [one.role for one in Membership.objects.of(acme.organisation).filter(pk=second.pk)] == [
        "administrator"
    ]


def test_an_administrator_who_cannot_sign_in_does_not_count(acme: Cast) -> None:
    by = acme.actor(Role.ADMINISTRATOR)
    members.change_role(
        acme.organisation,
        acme.members[Role.ENGINEER].pk,
        Role.ADMINISTRATOR,
        seen_version=1,
        by=by,
    )
    User.objects.filter(pk=acme.user(Role.ENGINEER).pk).update(is_active=False)
    with pytest.raises(InvalidInput, match="last administrator"):
        members.remove(
            acme.organisation, acme.members[Role.ADMINISTRATOR].pk, seen_version=1, by=by
        )


def test_a_person_is_a_member_once_but_of_many_organisations(acme: Cast, rival: Cast) -> None:
    user = acme.user(Role.ENGINEER)
    with pytest.raises(InvalidInput, match="member already"):
        members.add(acme.organisation, user, Role.AUDITOR, by=acme.shell)
    members.add(rival.organisation, user, Role.AUDITOR, by=rival.shell)
    assert set(user.memberships.values_list("role", flat=True)) == {"engineer", "auditor"}


def test_a_foreign_membership_is_as_good_as_gone(acme: Cast, rival: Cast) -> None:
    foreign, by = rival.members[Role.ENGINEER], acme.actor(Role.ADMINISTRATOR)
    with pytest.raises(Conflict):
        members.change_role(
            acme.organisation, foreign.pk, Role.ADMINISTRATOR, seen_version=1, by=by
        )
    with pytest.raises(Conflict):
        members.remove(acme.organisation, foreign.pk, seen_version=1, by=by)
