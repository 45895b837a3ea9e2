"""Contacts: phones, coverage, what they answer for, and marking many as verified."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from bcp.engine.permissions import Role
from bcp.models import Contact
from bcp.services.escalation import StepValues
from tests.conftest import Cast
from tests.factories import make_contact, make_path, make_system, make_team

LIST = "/o/acme/contacts/"


@pytest.fixture
def engineer(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.ENGINEER))
    return client


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_phones_are_typed_one_a_line_and_kept_in_that_order(acme: Cast, engineer: Client) -> None:
    engineer.post(f"{LIST}new/", {"name": "Ann", "phones": "+49 30 2\r\n\r\n  +49 30 1  \r\n"})
    ann = Contact.objects.get()
    assert ann.phones == ["+49 30 2", "+49 30 1"]
    shown = text(engineer, f"{LIST}{ann.pk}/")
    assert shown.index("+49 30 2") < shown.index("+49 30 1")
    assert 'href="tel:+49302"' in shown


@pytest.mark.parametrize(
    ("field", "typed", "fault"),
    [
        ("phones", "9" * 61, "is not a phone number"),
        ("phones", "\n".join(str(number) for number in range(11)), "At most 10"),
        ("coverage", "sometimes", "is not coverage; write 24x7"),
        ("coverage", "Mo 18:00", "is not coverage"),
        ("may_spend", "-5", "greater than or equal to 0"),
        ("verified_on", "someday", "valid date"),
        ("email", "nowhere", "valid email"),
    ],
)
def test_a_fault_is_said_at_its_field(field: str, typed: str, fault: str, engineer: Client) -> None:
    response = engineer.post(f"{LIST}new/", {"name": "Ann", field: typed})
    assert response.status_code == 422
    assert fault in str(response.context["form"].errors[field])
    assert not Contact.objects.exists()


def test_all_faults_are_said_at_once(engineer: Client) -> None:
    response = engineer.post(
        f"{LIST}new/", {"name": "", "phones": "9" * 61, "coverage": "?", "email": "x"}
    )
    assert set(response.context["form"].errors) == {"name", "phones", "coverage", "email"}


def test_nobody_is_offered_as_their_own_deputy(acme: Cast, engineer: Client) -> None:
    ann, bob = make_contact(acme.organisation, "Ann"), make_contact(acme.organisation, "Bob")
    offered = engineer.get(f"{LIST}{ann.pk}/edit/").context["form"].fields["deputy"].queryset
    assert list(offered) == [bob]


def test_the_page_says_at_which_hours_and_what_everything_rests_on(
    acme: Cast, engineer: Client
) -> None:
    ann = make_contact(acme.organisation, "Ann", coverage="Fr 22:00-06:00", may_declare=True)
    make_system(acme.organisation, "Payroll", owner=ann)
    make_team(acme.organisation, "Night crew", ann)
    make_path(acme.organisation, "Emergency", StepValues(ann))
    make_contact(acme.organisation, "Bob", deputy=ann)
    response = engineer.get(f"{LIST}{ann.pk}/")
    week = {
        str(day.name): [(one.first, one.last) for one in day.hours]
        for day in response.context["week"]
    }
    assert week["Friday"] == [("22:00", "24:00")]
    assert week["Saturday"] == [("00:00", "06:00")]
    assert week["Monday"] == []
    shown = response.content.decode()
    for word in ("Payroll", "Night crew", "Emergency", "Bob", "declare a disaster"):
        assert word in shown


@time_machine.travel("2026-11-23T10:00:00Z", tick=False)
def test_a_contact_never_or_long_ago_verified_is_marked(acme: Cast, engineer: Client) -> None:
    """Rule E4: after 90 days."""
    engineer.force_login(acme.user(Role.ENGINEER))
    make_contact(acme.organisation, "Fresh", verified_on="2026-08-26")
    never = make_contact(acme.organisation, "Never")
    make_contact(acme.organisation, "Old", verified_on="2026-08-25")
    rows = {row.name: row.is_stale for row in engineer.get(LIST).context["rows"]}
    assert rows == {"Fresh": False, "Never": True, "Old": True}
    assert "Nobody has ever verified" in text(engineer, f"{LIST}{never.pk}/")
    found = engineer.get(f"{LIST}?never_verified=true").context["rows"]
    assert [row.name for row in found] == ["Never"]


@time_machine.travel("2026-11-23T23:30:00Z", tick=False)  # after midnight in Berlin
def test_the_ticked_are_marked_as_verified_together(acme: Cast, engineer: Client) -> None:
    engineer.force_login(acme.user(Role.ENGINEER))
    keys = [make_contact(acme.organisation, name).pk for name in ("Ann", "Bob", "Cid")]
    offered = engineer.get(f"{LIST}bulk/?keys={keys[0]}&keys={keys[1]}")
    today = str(offered.context["form"]["verified_on"].value())
    assert today == "2026-11-24", "the day in the organisation's time zone"
    engineer.post(f"{LIST}bulk/", {"keys": ",".join(keys[:2]), "verified_on": today})
    dates = dict(Contact.objects.values_list("name", "verified_on"))
    assert dates["Ann"] == dates["Bob"]
    assert str(dates["Ann"]) == today
    assert dates["Cid"] is None


def test_one_is_marked_as_verified_on_its_page(acme: Cast, engineer: Client) -> None:
    ann = make_contact(acme.organisation, "Ann")
    shown = text(engineer, f"{LIST}{ann.pk}/")
    assert "Mark as verified today" in shown
    response = engineer.post(
        f"{LIST}bulk/",
        {"keys": ann.pk, "verified_on": "2026-11-01", "back": f"{LIST}{ann.pk}/"},
    )
    assert response.headers["Location"] == f"{LIST}{ann.pk}/"
    ann.refresh_from_db()
    assert str(ann.verified_on) == "2026-11-01"


def test_a_foreign_contact_among_the_ticked_stops_all(
    acme: Cast, rival: Cast, engineer: Client
) -> None:
    ours, theirs = make_contact(acme.organisation, "A"), make_contact(rival.organisation, "B")
    engineer.post(f"{LIST}bulk/", {"keys": f"{ours.pk},{theirs.pk}", "verified_on": "2026-11-01"})
    assert not Contact.objects.exclude(verified_on=None).exists()


def test_deleting_says_who_still_calls_and_undo_brings_everything_back(
    acme: Cast, engineer: Client
) -> None:
    ann = make_contact(acme.organisation, "Ann")
    system = make_system(acme.organisation, "Payroll", owner=ann)
    path = make_path(acme.organisation, "Emergency", StepValues(ann))
    refused = engineer.post(f"{LIST}{ann.pk}/delete/", {"version": 1})
    assert refused.status_code == 422
    assert "Emergency: 1. Ann" in refused.content.decode()
    path.steps.all().delete()
    engineer.post(f"{LIST}{ann.pk}/delete/", {"version": 1})
    system.refresh_from_db()
    assert system.owner is None
    message = str(next(iter(engineer.get(LIST).context["messages"])).extra_tags)
    engineer.post(message)
    system.refresh_from_db()
    assert system.owner == ann
