"""Writing backup policies, and which systems follow them.

A policy and the copies that follow it are always alike: whoever changes the policy rewrites its
copies in the same write, each with its audit row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import Conflict, InvalidInput
from bcp.models.copies import BackupCopy, BackupPolicy
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.services import copies, records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, facts_of, writing
from bcp.services.writer import Writer

_BATCH = 500

create = Writer(BackupPolicy).create


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    seen_version: int | None,
    by: Actor,
) -> BackupPolicy:
    """Change a policy and every copy that follows it."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        policy = records.locked(ledger, BackupPolicy, key)
        return rewrite(ledger, policy, values, seen_version=seen_version)


def rewrite(
    ledger: Ledger,
    policy: BackupPolicy,
    values: Mapping[str, Any],
    *,
    seen_version: int | None = None,
) -> BackupPolicy:
    """The change itself, of a policy read with `records.locked`."""
    policy = records.change(ledger, policy, values, seen_version=seen_version)
    records.change_many(ledger, followers(ledger, policy), copies.said_by(policy))
    return policy


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    """Remove a policy. Raises `InvalidInput` as long as copies follow it."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        policy = records.locked(ledger, BackupPolicy, key)
        records.check_version(policy, seen_version)
        following = followers(ledger, policy)
        if following:
            raise InvalidInput(
                _(
                    "The policy “%(policy)s” is followed by %(copies)s. Delete these copies or"
                    " take them out of the policy first."
                )
                % {"policy": policy, "copies": copies.named(following)}
            )
        records.delete(ledger, policy, seen_version=seen_version)


def assign(
    organisation: Organisation, key: str, system_keys: Sequence[str], *, by: Actor
) -> list[BackupCopy]:
    """Give each system a copy that follows the policy and bears its name; the copies made.

    A system that follows the policy already is left as it is. Raises `InvalidInput`, naming the
    systems, if one has a copy of that name which does not follow the policy, and `Conflict` if
    the policy or a system is gone.
    """
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        policy = records.locked(ledger, BackupPolicy, key)
        return assign_within(ledger, policy, _systems(ledger, system_keys))


def assign_within(
    ledger: Ledger, policy: BackupPolicy, systems: Sequence[System]
) -> list[BackupCopy]:
    """`assign` inside a write that is already open."""
    held = BackupCopy.objects.of(ledger.organisation).filter(system__in=systems)
    following = set(held.filter(policy=policy).values_list("system_id", flat=True))
    taken = set(held.filter(name__iexact=policy.name).values_list("system_id", flat=True))
    clashes = [one for one in systems if one.pk in taken - following]
    if clashes:
        fault = _(
            "These systems have a copy named “%(policy)s” that does not follow the policy:"
            " %(systems)s. Let it follow the policy on its own page, or rename it."
        ) % {"policy": policy, "systems": copies.named(clashes)}
        raise InvalidInput(fault, {"systems": [fault]})
    made = [
        BackupCopy(
            organisation=ledger.organisation,
            system=system,
            name=policy.name,
            policy=policy,
            **copies.said_by(policy),
        )
        for system in systems
        if system.pk not in following
    ]
    if made:
        records.validate(made[0])  # the others differ in nothing but their system
        BackupCopy.objects.bulk_create(made, batch_size=_BATCH)
    for copy in made:
        ledger.note("created", copy, after=facts_of(copy))
    return made


def detach(organisation: Organisation, key: str, copy_keys: Sequence[str], *, by: Actor) -> int:
    """Take copies out of the policy: they stay, with its figures as their own. How many."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        found = _followers_named(ledger, key, copy_keys)
        return records.change_many(ledger, found, {"policy": None})


def withdraw(organisation: Organisation, key: str, copy_keys: Sequence[str], *, by: Actor) -> int:
    """Delete copies that follow the policy: these systems are not copied that way any more. How
    many."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        return copies.erase(ledger, _followers_named(ledger, key, copy_keys))


def followers(ledger: Ledger, policy: BackupPolicy) -> list[BackupCopy]:
    """The copies that follow a policy, as they are now."""
    found = BackupCopy.objects.of(ledger.organisation).filter(policy=policy)
    return list(records.with_names(found))


def _systems(ledger: Ledger, keys: Sequence[str]) -> list[System]:
    return records.locked_many(ledger, System, keys)


def _followers_named(ledger: Ledger, key: str, copy_keys: Sequence[str]) -> list[BackupCopy]:
    policy = records.locked(ledger, BackupPolicy, key)
    found = records.locked_many(ledger, BackupCopy, copy_keys)
    if any(copy.policy_id != policy.pk for copy in found):
        raise Conflict(_("Some of these copies do not follow the policy any more; look again."))
    return found
