"""Ways to a target are searched once for an estate, and anew as soon as it is another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from bcp.engine.ways import Ways, ways_to_meet
from bcp.models import BackupCopy, System
from bcp.models.reports import CopyStatus
from bcp.queries.analysis import analysis
from bcp.queries.ways import KnownWays
from bcp.services import systems
from tests.conftest import Cast
from tests.factories import make_copy, make_dependency, make_system

TODAY = timezone.now().date()


@pytest.fixture
def storage(acme: Cast) -> System:
    cache.clear()
    erp = make_system(acme.organisation, "ERP", tier=1, recovery_minutes=60)
    storage = make_system(acme.organisation, "SAN", tier=1, recovery_minutes=240)
    make_dependency(erp, storage)
    make_copy(storage, "Nightly")
    return storage


def known(cast: Cast) -> tuple[KnownWays, Ways]:
    """What is found of the ERP, and what a search made now finds."""
    answer = analysis(cast.organisation, now=timezone.now())
    place = next(i for i, one in enumerate(answer.estate.systems) if one.name == "ERP")
    found = KnownWays(cast.organisation, answer, today=TODAY)
    assert found.to_meet(place, 200) == ways_to_meet(answer.estate, place, 200, today=TODAY)
    return found, found.to_meet(place, 200)


def test_what_was_found_is_what_a_search_finds_before_and_after_a_change(
    acme: Cast, storage: System
) -> None:
    _known, before = known(acme)
    assert before.offers
    systems.change(
        acme.organisation,
        storage.pk,
        {"recovery_minutes": 480},
        seen_version=storage.version,
        by=acme.shell,
    )
    _known, after = known(acme)
    assert after.restored_minutes == before.restored_minutes + 240


def test_a_report_of_a_backup_job_needs_no_new_search(acme: Cast, storage: System) -> None:
    first, _ways = known(acme)
    moment = timezone.now()
    CopyStatus.objects.update_or_create(
        organisation=acme.organisation,
        copy=BackupCopy.objects.get(system=storage),
        defaults={"last_success": moment - timedelta(hours=1), "changed_at": moment},
    )
    second, _ways = known(acme)
    assert first.key == second.key


def test_two_organisations_never_share_an_answer(acme: Cast, rival: Cast, storage: System) -> None:
    erp = make_system(rival.organisation, "ERP", tier=1, recovery_minutes=60)
    make_dependency(erp, make_system(rival.organisation, "SAN", tier=1, recovery_minutes=240))
    ours, _ways = known(acme)
    theirs, _ways = known(rival)
    assert ours.key != theirs.key
