"""Policies and the copies that follow them: always alike, whoever writes and by which door."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bcp.engine.permissions import Role
from bcp.errors import Conflict, InvalidInput, NotAllowed
from bcp.models import BackupCopy, BackupPolicy, System
from bcp.models.base import new_key
from bcp.models.copies import POLICY_FIELDS
from bcp.queries import history
from bcp.services import copies, policies
from bcp.services.undo import undo
from tests.conftest import Cast
from tests.factories import make_copy, make_policy, make_restore_test, make_site, make_system


def vault(cast: Cast, **values: object) -> BackupPolicy:
    usual = {"interval_minutes": 1440, "retention_minutes": 50400, "offline": False}
    return make_policy(cast.organisation, "Daily to the vault", **(usual | values))


def alike(policy: BackupPolicy, *followers: BackupCopy) -> bool:
    policy.refresh_from_db()
    for copy in followers:
        copy.refresh_from_db()
    return all(
        getattr(copy, name) == getattr(policy, name) for copy in followers for name in POLICY_FIELDS
    )


def follower(cast: Cast, policy: BackupPolicy, name: str = "ERP") -> BackupCopy:
    system = make_system(cast.organisation, name)
    [copy] = policies.assign(cast.organisation, policy.pk, [system.pk], by=cast.shell)
    return copy


def test_assigning_gives_every_system_one_copy_and_a_second_time_none(acme: Cast) -> None:
    policy = vault(acme, site=make_site(acme.organisation, "Vault"))
    systems = [make_system(acme.organisation, name) for name in ("ERP", "Mail")]
    keys = [system.pk for system in systems]
    made = policies.assign(acme.organisation, policy.pk, keys, by=acme.actor())
    assert [copy.name for copy in made] == [policy.name] * 2
    assert alike(policy, *made)
    for copy in made:
        [created] = history.of_record(acme.organisation, "backupcopy", copy.pk)
        assert (created.action, created.actor) == ("created", acme.user(Role.IT_DIRECTOR))
    assert policies.assign(acme.organisation, policy.pk, keys, by=acme.actor()) == []
    assert history.first_broken(acme.organisation) is None


def test_another_copy_of_that_name_is_refused_by_the_name_of_its_system(acme: Cast) -> None:
    policy = vault(acme)
    free, taken = (make_system(acme.organisation, name) for name in ("ERP", "Mail"))
    make_copy(taken, "daily to the VAULT")
    with pytest.raises(InvalidInput, match="“Mail”") as refused:
        policies.assign(acme.organisation, policy.pk, [free.pk, taken.pk], by=acme.shell)
    assert list(refused.value.fields) == ["systems"]
    assert not BackupCopy.objects.filter(system=free).exists()


def test_whoever_changes_the_policy_changes_its_copies_and_no_others(acme: Cast) -> None:
    policy = vault(acme)
    copy = follower(acme, policy)
    own = make_copy(copy.system, "Own", interval_minutes=60)
    values = {"interval_minutes": 720, "locked_minutes": 20160, "name": "Twice a day"}
    policies.change(acme.organisation, policy.pk, values, seen_version=1, by=acme.actor())
    assert alike(policy, copy)
    assert copy.name == "Daily to the vault"
    event = history.of_record(acme.organisation, "backupcopy", copy.pk)[0]
    assert event.after == {"interval_minutes": 720, "locked_minutes": 20160}
    own.refresh_from_db()
    assert (own.interval_minutes, own.version) == (60, 1)


@pytest.mark.parametrize(
    "values", [{"interval_minutes": 60}, {"offline": True}, {"kind": "replica"}, {"medium": "tape"}]
)
def test_a_copy_refuses_what_its_policy_says_otherwise(values: dict, acme: Cast) -> None:
    copy = follower(acme, vault(acme))
    with pytest.raises(InvalidInput, match="Change the policy, or take the copy out") as refused:
        copies.change(acme.organisation, copy.pk, values, seen_version=1, by=acme.actor())
    assert list(refused.value.fields) == list(values)
    with pytest.raises(InvalidInput, match="ERP: Daily"):
        copies.change_many(acme.organisation, [copy.pk], {"offline": True}, by=acme.actor())


def test_what_is_its_own_may_be_changed_and_saying_the_same_is_no_edit(acme: Cast) -> None:
    policy = vault(acme, restore_mb_s="120.5")
    copy = follower(acme, policy)
    same = {name: getattr(copy, name) for name in POLICY_FIELDS} | {"restore_mb_s": 120.5}
    changed = copies.change(acme.organisation, copy.pk, same, seen_version=1, by=acme.shell)
    assert changed.version == 1
    changed = copies.change(
        acme.organisation, copy.pk, {"source": "/srv"}, seen_version=1, by=acme.shell
    )
    assert (changed.source, changed.version) == ("/srv", 2)


def test_a_copy_joins_a_policy_and_leaves_it_with_the_figures_it_had(acme: Cast) -> None:
    policy = vault(acme)
    copy = make_copy(make_system(acme.organisation, "ERP"), "Own", interval_minutes=60)
    copies.change(acme.organisation, copy.pk, {"policy": policy}, seen_version=1, by=acme.shell)
    assert alike(policy, copy)
    values = {"policy": None, "interval_minutes": 30}
    copies.change(acme.organisation, copy.pk, values, seen_version=2, by=acme.shell)
    copy.refresh_from_db()
    assert (copy.policy, copy.interval_minutes, copy.retention_minutes) == (None, 30, 50400)


def test_many_copies_join_and_leave_at_once(acme: Cast) -> None:
    policy = vault(acme)
    made = [make_copy(make_system(acme.organisation, name), "Own") for name in ("ERP", "Mail")]
    keys = [copy.pk for copy in made]
    copies.change_many(acme.organisation, keys, {"policy": policy}, by=acme.shell)
    assert alike(policy, *made)
    assert policies.detach(acme.organisation, policy.pk, keys, by=acme.shell) == 2
    made[0].refresh_from_db()
    assert (made[0].policy, made[0].interval_minutes) == (None, 1440)
    with pytest.raises(Conflict, match="do not follow"):
        policies.detach(acme.organisation, policy.pk, keys, by=acme.shell)


def test_withdrawing_deletes_the_copies_with_their_tests_and_can_be_undone(acme: Cast) -> None:
    policy = vault(acme)
    copy = follower(acme, policy)
    test = make_restore_test(copy)
    assert policies.withdraw(acme.organisation, policy.pk, [copy.pk], by=acme.shell) == 1
    assert not BackupCopy.objects.exists()
    policies.change(
        acme.organisation, policy.pk, {"interval_minutes": 60}, seen_version=1, by=acme.shell
    )
    deleted = history.of_record(acme.organisation, "backupcopy", copy.pk)[0]
    undo(acme.organisation, deleted, by=acme.shell)
    assert alike(policy, copy)
    assert copy.restore_tests.get().pk == test.pk
    assert history.first_broken(acme.organisation) is None


def test_a_policy_that_is_followed_is_not_deleted(acme: Cast) -> None:
    policy = vault(acme)
    copy = follower(acme, policy)
    with pytest.raises(InvalidInput, match="is followed by “ERP: Daily to the vault”"):
        policies.delete(acme.organisation, policy.pk, seen_version=1, by=acme.shell)
    policies.detach(acme.organisation, policy.pk, [copy.pk], by=acme.shell)
    policies.delete(acme.organisation, policy.pk, seen_version=1, by=acme.shell)
    assert not BackupPolicy.objects.exists()


def test_taking_back_a_change_keeps_policy_and_copies_alike(acme: Cast) -> None:
    policy = vault(acme)
    copy = follower(acme, policy)
    policies.change(
        acme.organisation, policy.pk, {"interval_minutes": 60}, seen_version=1, by=acme.shell
    )
    of_copy = history.of_record(acme.organisation, "backupcopy", copy.pk)[0]
    with pytest.raises(InvalidInput, match="follows the policy"):
        undo(acme.organisation, of_copy, by=acme.shell)
    of_policy = history.of_record(acme.organisation, "backuppolicy", policy.pk)[0]
    undo(acme.organisation, of_policy, by=acme.shell)
    assert alike(policy, copy)
    assert copy.interval_minutes == 1440


def test_a_site_that_goes_leaves_policy_and_copies_alike(acme: Cast) -> None:
    site = make_site(acme.organisation, "Vault")
    policy = vault(acme, site=site)
    copy = follower(acme, policy)
    site.delete()
    assert alike(policy, copy)


def test_another_organisations_policy_systems_and_copies_do_not_exist(
    acme: Cast, rival: Cast
) -> None:
    ours, theirs = vault(acme), vault(rival)
    their_copy = follower(rival, theirs)
    system = make_system(acme.organisation, "ERP")
    with pytest.raises(Conflict):
        policies.assign(acme.organisation, theirs.pk, [system.pk], by=acme.shell)
    with pytest.raises(Conflict):
        policies.assign(acme.organisation, ours.pk, [their_copy.system_id], by=acme.shell)
    with pytest.raises(Conflict):
        policies.withdraw(acme.organisation, ours.pk, [their_copy.pk], by=acme.shell)
    with pytest.raises(InvalidInput, match="no such record"):
        copies.create(
            acme.organisation, {"system": system, "name": "x", "policy": theirs}, by=acme.shell
        )
    with pytest.raises(NotAllowed):
        policies.assign(acme.organisation, ours.pk, [system.pk], by=acme.actor(Role.AUDITOR))


def test_thousands_take_as_many_queries_as_two(acme: Cast) -> None:
    """But by batches: SQLite takes 999 values in one statement."""
    counted: dict[int, list[int]] = {}
    for number, count in enumerate((2, 400)):
        policy = make_policy(acme.organisation, f"Policy {number}", interval_minutes=60)
        System.objects.bulk_create(
            System(id=new_key(), organisation=acme.organisation, name=f"{count}: {one}")
            for one in range(count)
        )
        keys = System.objects.filter(name__startswith=f"{count}: ").values_list("pk", flat=True)
        with CaptureQueriesContext(connection) as assigning:
            made = policies.assign(acme.organisation, policy.pk, list(keys), by=acme.shell)
        assert len(made) == count
        with CaptureQueriesContext(connection) as changing:
            policies.change(
                acme.organisation, policy.pk, {"lag_minutes": 5}, seen_version=1, by=acme.shell
            )
        copy_keys = [copy.pk for copy in made]
        with CaptureQueriesContext(connection) as leaving:
            policies.detach(acme.organisation, policy.pk, copy_keys, by=acme.shell)
        with CaptureQueriesContext(connection) as deleting:
            copies.delete_many(acme.organisation, copy_keys, by=acme.shell)
        counted[count] = [len(one) for one in (assigning, changing, leaving, deleting)]
    assert max(counted[2]) <= 20
    assert max(counted[400]) <= 40
