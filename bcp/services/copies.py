"""Writing backup copies, one at a time and many at once.

A copy that follows a policy says what its policy says: whoever sets another figure on it is
refused and told the two ways out. `following` keeps that promise for every door.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.models.copies import POLICY_FIELDS, BackupCopy, BackupPolicy, RestoreTest
from bcp.models.organisations import Organisation
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, facts_of, writing

BULK_FIELDS = (
    *("policy", "content", "kind", "site", "offline", "separate_credentials", "encrypted"),
)
"""The fields that may be set on many copies at once."""

_MOST_NAMED = 5


def create(organisation: Organisation, values: Mapping[str, Any], *, by: Actor) -> BackupCopy:
    """A copy; with a `policy` among the values it says what that one says."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        return records.create(ledger, BackupCopy, following(ledger, values, None))


def change(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    seen_version: int | None,
    by: Actor,
) -> BackupCopy:
    """Raises `Conflict` if somebody else changed it since `seen_version`, `InvalidInput` for a
    figure that its policy says otherwise."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        copy = records.locked(ledger, BackupCopy, key)
        records.check_version(copy, seen_version)
        values = following(ledger, values, copy)
        return records.change(ledger, copy, values, seen_version=seen_version)


def change_many(
    organisation: Organisation, keys: Sequence[str], values: Mapping[str, Any], *, by: Actor
) -> int:
    """Set the same of `BULK_FIELDS` on many copies, all or none; how many changed. Who is given a
    policy says what it says; who leaves one keeps its figures as its own."""
    foreign = set(values) - set(BULK_FIELDS)
    if foreign:
        raise InvalidInput(
            _("These fields cannot be set on many records at once: %(fields)s.")
            % {"fields": ", ".join(sorted(foreign))}
        )
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        found = records.locked_many(ledger, BackupCopy, keys)
        if "policy" in values:
            values = following(ledger, values, None)
        else:
            _refuse_followers(found, values)
        return records.change_many(ledger, found, values)


def delete(organisation: Organisation, key: str, *, seen_version: int | None, by: Actor) -> None:
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        copy = records.locked(ledger, BackupCopy, key)
        records.delete(ledger, copy, seen_version=seen_version)


def delete_many(organisation: Organisation, keys: Sequence[str], *, by: Actor) -> int:
    """Delete copies with their restore tests, all or none; how many. Raises `Conflict` if one of
    them is gone already."""
    with writing(organisation, by=by, needs=Capability.EDIT_ESTATE) as ledger:
        return erase(ledger, records.locked_many(ledger, BackupCopy, keys))


def erase(ledger: Ledger, copies: Sequence[BackupCopy]) -> int:
    """Delete copies read with `locked_many`, each with its audit row, in a number of queries that
    does not grow with them (but by batches)."""
    keys = [copy.pk for copy in copies]
    tests = records.with_names(RestoreTest.objects.of(ledger.organisation)).filter(copy_id__in=keys)
    for test in tests.select_related("copy__system"):
        ledger.note("deleted", test, before=facts_of(test))
    for copy in copies:
        ledger.note("deleted", copy, before=facts_of(copy))
    BackupCopy.objects.of(ledger.organisation).filter(pk__in=keys).delete()
    return len(copies)


def following(ledger: Ledger, values: Mapping[str, Any], copy: BackupCopy | None) -> dict[str, Any]:
    """`values` for one copy (`None`: a new one), with what the policy says that it follows.

    The policy is read as it is now, inside the transaction. Raises `InvalidInput` for every field
    that is given and that the policy says otherwise.
    """
    policy = values.get("policy", copy.policy if copy else None)
    if policy is None:
        return dict(values)
    policy = current_policy(ledger, policy)
    said = said_by(policy)
    others = [name for name in said if name in values and not _same(values[name], said[name])]
    if others:
        fault = _(
            "This copy follows the policy “%(policy)s”. Change the policy, or take the copy out"
            " of it first."
        ) % {"policy": policy}
        raise InvalidInput(fault, {name: [fault] for name in others})
    return {**values, **said, "policy": policy}


def said_by(policy: BackupPolicy) -> dict[str, Any]:
    """What every copy that follows the policy says."""
    return {name: getattr(policy, name) for name in POLICY_FIELDS}


def current_policy(ledger: Ledger, policy: BackupPolicy) -> BackupPolicy:
    """The policy as it is now; raises `InvalidInput` if it is gone or another organisation's."""
    found = records.with_names(BackupPolicy.objects.of(ledger.organisation)).filter(pk=policy.pk)
    current = found.first()
    if current is None:
        fault = _("There is no such record.")
        raise InvalidInput(fault, {"policy": [fault]})
    return current


def named(copies: Iterable[object]) -> str:
    """The first few of them for a sentence."""
    names = [f"“{copy}”" for copy in copies]
    shown = ", ".join(names[:_MOST_NAMED])
    if len(names) <= _MOST_NAMED:
        return shown
    return _("%(names)s and %(count)d more") % {
        "names": shown,
        "count": len(names) - _MOST_NAMED,
    }


def _refuse_followers(copies: Sequence[BackupCopy], values: Mapping[str, Any]) -> None:
    """Fields that a policy says cannot be set on copies that follow one."""
    ruled = [name for name in values if name in POLICY_FIELDS]
    followers = sorted(str(copy) for copy in copies if copy.policy_id is not None)
    if ruled and followers:
        fault = _(
            "These copies follow a policy: %(copies)s. Change the policy, or take them out of it"
            " first."
        ) % {"copies": named(followers)}
        raise InvalidInput(fault, {name: [fault] for name in ruled})


def _same(given: Any, said: Any) -> bool:
    if isinstance(given, str) and isinstance(said, str):
        return given.strip() == said
    return bool(given == said)
