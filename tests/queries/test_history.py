"""The audit trail: whose it is, and that tampering behind the application's back shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from bcp.models import AuditEvent, Organisation
from bcp.models.audit import AppendOnly, digest_of
from bcp.models.base import new_key
from bcp.queries import history
from bcp.services import contacts
from tests.conftest import CANARY, Cast
from tests.factories import make_contact, make_site


@pytest.fixture
def trail(acme: Cast) -> int:
    """A trail with every sort of value in it; how many events it has."""
    ann = make_contact(acme.organisation, "Ännchen 🚒", may_spend=12.5, verified_on="2026-01-31")
    contacts.change(
        acme.organisation,
        ann.pk,
        {"phones": ["+49 30 1", "שלום"], "may_spend": None},
        seen_version=1,
        by=acme.actor(),
    )
    make_site(acme.organisation, "HQ", address='Line 1\nLine "2"\t\\end')
    return history.events(acme.organisation).count()


def behind(cast: Cast, sequence: int) -> QuerySet[AuditEvent]:
    """The event, for writing past the guards of the model."""
    return QuerySet(AuditEvent).filter(organisation=cast.organisation, sequence=sequence)


def test_a_trail_is_whole_after_it_was_read_back(acme: Cast, trail: int) -> None:
    assert trail > 8
    assert history.first_broken(acme.organisation) is None


@pytest.mark.parametrize(
    "values",
    [
        {"actor_label": "somebody else"},
        {"action": "read"},
        {"via": "api"},
        {"record_label": "Bob"},
        {"record_id": "other"},
        {"record_type": "site"},
        {"after": {"name": "Bob"}},
        {"before": {"name": "Bob"}},
        {"after": None},
        {"at": "2026-01-01T00:00:00Z"},
        {"previous_digest": "0" * 64},
        {"digest": "0" * 64},
    ],
    ids=lambda values: next(iter(values)),
)
@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_a_changed_row_is_found(values: dict[str, Any], where: str, acme: Cast, trail: int) -> None:
    sequence = {"first": 1, "middle": trail - 2, "last": trail}[where]
    event = behind(acme, sequence).get()
    if all(getattr(event, name) == value for name, value in values.items()):
        values = {"record_label": "Bob"}
    behind(acme, sequence).update(**values)
    assert history.first_broken(acme.organisation) == sequence


def test_a_changed_row_with_a_digest_made_to_fit_is_found_at_the_next(
    acme: Cast, trail: int
) -> None:
    forge(acme, trail - 2)
    assert history.first_broken(acme.organisation) == trail - 1


def test_a_changed_last_row_with_a_digest_made_to_fit_is_found(acme: Cast, trail: int) -> None:
    forge(acme, trail)
    assert history.first_broken(acme.organisation) == trail


def forge(cast: Cast, sequence: int) -> None:
    event = behind(cast, sequence).get()
    event.actor_label = "somebody else"
    behind(cast, sequence).update(actor_label=event.actor_label, digest=digest_of(event))


@pytest.mark.parametrize("back", [0, 1, 3])
def test_a_removed_row_is_found(back: int, acme: Cast, trail: int) -> None:
    behind(acme, trail - back).delete()
    assert history.first_broken(acme.organisation) == trail - back


def test_a_trail_cut_off_is_found_where_it_ends(acme: Cast, trail: int) -> None:
    rows = QuerySet(AuditEvent).filter(organisation=acme.organisation, sequence__gt=trail - 3)
    rows.delete()
    assert history.first_broken(acme.organisation) == trail - 2


def test_a_trail_emptied_is_found(acme: Cast, trail: int) -> None:
    QuerySet(AuditEvent).filter(organisation=acme.organisation).delete()
    assert history.first_broken(acme.organisation) == 1


def test_a_row_put_in_at_the_end_is_found(acme: Cast, trail: int) -> None:
    last = behind(acme, trail).get()
    added = AuditEvent.objects.get(pk=last.pk)
    added.pk, added.sequence, added.previous_digest = new_key(), trail + 1, last.digest
    added.digest = digest_of(added)
    added._state.adding = True
    added.save(force_insert=True)
    assert history.first_broken(acme.organisation) == trail + 1


def test_a_row_put_in_before_the_first_is_found(acme: Cast, trail: int) -> None:
    added = behind(acme, 1).get()
    added.pk, added.sequence = new_key(), 0
    added._state.adding = True
    added.save(force_insert=True)
    assert history.first_broken(acme.organisation) == 1


def test_the_tampering_of_one_tenant_breaks_no_other_chain(
    acme: Cast, rival: Cast, trail: int
) -> None:
    behind(rival, 2).update(action="read")
    assert history.first_broken(acme.organisation) is None
    assert history.first_broken(rival.organisation) == 2


def test_the_chain_does_not_depend_on_the_time_zone_of_the_reader(acme: Cast, trail: int) -> None:
    with timezone.override("Asia/Tokyo"):
        make_site(acme.organisation, "Written in Tokyo")
        assert history.first_broken(acme.organisation) is None
    assert history.first_broken(acme.organisation) is None


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.filter(pk=event.pk).update(action="read"),
        lambda event: AuditEvent.objects.filter(pk=event.pk).delete(),
        lambda event: AuditEvent.objects.bulk_update([event], ["action"]),
    ],
)
def test_the_application_itself_cannot_rewrite_history(
    rewrite: Callable[[AuditEvent], None], acme: Cast, trail: int
) -> None:
    event = history.events(acme.organisation).first()
    assert event is not None
    event.action = "read"
    with pytest.raises(AppendOnly):
        rewrite(event)


def test_events_are_those_of_one_organisation_and_one_record(acme: Cast, rival: Cast) -> None:
    site = make_site(acme.organisation, "HQ")
    foreign = make_site(rival.organisation, CANARY)
    assert CANARY not in str(list(history.events(acme.organisation).values()))
    assert history.of_record(acme.organisation, "site", site.pk).count() == 1
    assert not history.of_record(acme.organisation, "site", foreign.pk).exists()


def test_checking_a_long_trail_takes_few_queries(
    acme: Cast, trail: int, django_assert_num_queries: Any
) -> None:
    for number in range(30):
        make_site(acme.organisation, f"Site {number}")
    with django_assert_num_queries(3):
        assert history.first_broken(acme.organisation) is None


def test_the_count_kept_with_the_organisation_is_the_length_of_its_trail(
    acme: Cast, trail: int
) -> None:
    assert Organisation.objects.get(pk=acme.organisation.pk).audit_count == trail
