"""Creating organisations, and changing what belongs to one as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bcp.engine.permissions import Capability
from bcp.engine.policies import demands
from bcp.engine.rejection import Rejected
from bcp.errors import InvalidInput
from bcp.models.organisations import Organisation, TierPolicy
from bcp.models.scenarios import ScenarioCombination
from bcp.services import records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, facts_of, writing

TIER_NAMES = {
    1: gettext_noop("Mission-critical"),
    2: gettext_noop("Business-critical"),
    3: gettext_noop("Important"),
    4: gettext_noop("Deferrable"),
}

CHANGEABLE = (
    *("name", "time_zone", "paper_size", "detection_minutes", "review_months", "currency"),
)


def create(slug: str, name: str, **values: Any) -> Organisation:
    """A new, empty organisation with its four tiers, promising nothing yet. Only the machine's
    own command line creates tenants, so there is no actor to authorise."""
    organisation = Organisation(slug=slug, name=name, **values)
    records.validate(organisation)
    with transaction.atomic():
        try:
            with transaction.atomic():
                organisation.save()
        except IntegrityError as error:
            fault = _("This short name is already taken.")
            raise InvalidInput(fault, {"slug": [fault]}) from error
        by = Actor.command_line(organisation)
        with writing(organisation, by=by, needs=Capability.MANAGE_ORGANISATION) as ledger:
            ledger.note("created", organisation, after=_facts(organisation))
            for tier, tier_name in TIER_NAMES.items():
                records.create(ledger, TierPolicy, {"tier": tier, "name": _(tier_name)})
    organisation.refresh_from_db()
    return organisation


def change(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    seen_version: int | None,
    by: Actor,
) -> Organisation:
    """Raises `Conflict` if somebody else changed it since `seen_version`, or `InvalidInput`."""
    unknown = sorted(set(values) - set(CHANGEABLE))
    if unknown:
        fault = _("This cannot be set.")
        raise InvalidInput(fault, {name: [fault] for name in unknown})
    with writing(organisation, by=by, needs=Capability.MANAGE_ORGANISATION) as ledger:
        current = ledger.organisation
        records.check_version(current, seen_version)
        before = _facts(current)
        for name, value in values.items():
            setattr(current, name, value)
        records.validate(current)
        after = _facts(current)
        if after != before:
            current.version += 1
            current.save(update_fields=[*values, "version"])
            ledger.changed(current, before, after)
        return current


def change_tier(
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    *,
    seen_version: int | None,
    own_scenarios: Collection[str] | None = None,
    by: Actor,
) -> TierPolicy:
    """`own_scenarios`: keys of the organisation's own scenarios that the tier must withstand;
    `None` leaves them as they are. Scenarios are spelled as the columns of the matrix are.

    Raises `Conflict` if somebody else changed it since `seen_version`, or `InvalidInput`.
    """
    with writing(organisation, by=by, needs=Capability.MANAGE_ORGANISATION) as ledger:
        policy = records.locked(ledger, TierPolicy, key)
        policy = records.change(ledger, policy, _spelled(values), seen_version=seen_version)
        if own_scenarios is not None:
            _demand(ledger, policy.tier, set(own_scenarios))
        return policy


def _spelled(values: Mapping[str, Any]) -> dict[str, Any]:
    names = values.get("scenarios")
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        return dict(values)
    try:
        return {**values, "scenarios": list(demands(names))}
    except Rejected as error:
        fault = _(error.template) % error.values
        fault = fault[:1].upper() + fault[1:] + "."
        raise InvalidInput(fault, {"scenarios": [fault]}) from error


def _demand(ledger: Ledger, tier: int, wanted: set[str]) -> None:
    """Which own scenarios a tier must withstand is kept with them: each names its tiers."""
    combinations = list(ScenarioCombination.objects.of(ledger.organisation))
    if wanted - {one.pk for one in combinations}:
        fault = _("There is no such record.")
        raise InvalidInput(fault, {"own_scenarios": [fault]})
    for one in combinations:
        tiers = sorted({*one.tiers, tier} if one.pk in wanted else {*one.tiers} - {tier})
        records.change(ledger, one, {"tiers": tiers}, seen_version=None)


def _facts(organisation: Organisation) -> dict[str, Any]:
    facts = facts_of(organisation)
    for bookkeeping in ("audit_count", "audit_head"):
        del facts[bookkeeping]
    return facts
