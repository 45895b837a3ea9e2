"""Accepting gaps on pages: one and many, renewed, taken back, back again; and everywhere that gaps
are listed, where each stands."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.models import GapAcceptance, Membership
from bcp.queries.acceptances import HeldState
from bcp.services import acceptances, systems
from bcp.services import members as member_service
from tests.conftest import CANARY, PASSWORD, Cast
from tests.factories import make_acceptance, make_contact, make_dependency, make_system
from tests.web.large_estate import grow

GAPS, ACCEPT, ACCEPTED = "/o/acme/gaps/", "/o/acme/gaps/accept/", "/o/acme/gaps/accepted/"


@pytest.fixture
def executive(acme: Cast, client: Client) -> Client:
    client.force_login(acme.user(Role.EXECUTIVE))
    return client


def rows(client: Client, query: str = "") -> list[Any]:
    return list(client.get(GAPS + query).context["rows"])


def key_of(client: Client, code: str, subject: str = "ERP") -> str:
    """The gap as its box to tick names it."""
    [row] = [row for row in rows(client, f"?code={code}&state=all") if row.subject == subject]
    return str(row.key)


def typed(page: Any, **changes: str) -> dict[str, str]:
    """What the accept page sends in, with a reason."""
    return {
        "seen": page.context["seen"],
        "reason": "It is sold in spring",
        "until": str(page.context["form"]["until"].value()),
        **changes,
    }


def accept(client: Client, *keys: str, **changes: str) -> Any:
    page = client.get(ACCEPT, {"keys": keys})
    return client.post(ACCEPT, typed(page, **changes), follow=True)


def test_the_page_says_what_why_and_what_would_fix_it(acme: Cast, executive: Client) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    payroll = make_system(acme.organisation, "Payroll", kind="business process")
    make_dependency(payroll, erp)
    page = executive.get(ACCEPT, {"keys": [key_of(executive, "owner_missing")]})
    text = page.content.decode()
    assert "“ERP” has no owner" in text
    assert "1 other system needs “ERP”" in text
    assert "Business processes among them: Payroll." in text
    assert f"/o/acme/systems/{erp.pk}/" in text
    assert page.context["form"]["until"].value() == timezone.localdate() + timedelta(days=180)


def test_an_accepted_gap_leaves_the_open_ones_and_stays_listed(
    acme: Cast, executive: Client
) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    before = len(rows(executive))
    key = key_of(executive, "owner_missing")
    done = accept(executive, key)
    assert "1 gap is accepted." in done.content.decode()
    made = GapAcceptance.objects.get()
    assert (made.reason, made.accepted_by) == ("It is sold in spring", acme.user(Role.EXECUTIVE))
    assert len(rows(executive)) == before - 1
    [row] = rows(executive, "?state=accepted")
    assert (row.key, row.accepted_by) == (key, str(made.accepted_by))
    assert len(rows(executive, "?state=all")) == before
    page = executive.get(GAPS).content.decode()
    assert "of which 1 accepted" in page


def test_it_comes_back_with_what_it_said_when_it_says_something_else(
    acme: Cast, executive: Client
) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    accept(executive, key_of(executive, "target_missing"))
    systems.change(acme.organisation, erp.pk, {"tier": 2}, seen_version=1, by=acme.actor())
    [row] = rows(executive, "?state=changed")
    assert row.accepted_said == "“ERP” is tier 1 and has no approved target"
    assert row in rows(executive)
    made = GapAcceptance.objects.get()
    page = executive.get(f"{ACCEPTED}{made.pk}/").content.decode()
    assert "tier 1 and has no approved target" in page
    assert "tier 2 and has no approved target" in page
    assert "Since then it has changed, and is open again" in page


def test_it_comes_back_after_its_last_day(acme: Cast, executive: Client) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    made = make_acceptance(erp, acme.user(Role.EXECUTIVE))
    GapAcceptance.objects.update(until=timezone.localdate() - timedelta(days=1))
    [row] = rows(executive, "?state=expired")
    assert row.acceptance == made
    assert "which has passed" in executive.get(GAPS).content.decode()
    assert "expired" in executive.get(GAPS).content.decode()


def test_several_are_accepted_at_once_for_one_reason(acme: Cast, executive: Client) -> None:
    for name in ("ERP", "CRM", "SAN"):
        make_system(acme.organisation, name, tier=1)
    keys = [row.key for row in rows(executive, "?code=owner_missing")]
    page = accept(executive, *keys[:2])
    assert "2 gaps are accepted." in page.content.decode()
    rest = executive.get(f"{ACCEPT}?all=1&code=owner_missing")
    assert [row.subject for row in rest.context["rows"]] == [
        row.subject for row in rows(executive, "?code=owner_missing")
    ]
    executive.post(ACCEPT, typed(rest))
    assert {one.subject for one in GapAcceptance.objects.all()} == {"ERP", "CRM", "SAN"}


def test_a_filter_that_fits_nothing_any_more_never_chooses_everything(
    acme: Cast, executive: Client
) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    page = executive.get(f"{ACCEPT}?all=1&code=late_copy", follow=True)
    assert "Nothing was chosen" in page.content.decode()
    assert page.redirect_chain[-1][0] == GAPS


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"reason": " "}, "required"),
        ({"until": ""}, "required"),
        ({"until": "yesterday"}, "valid date"),
        ({"until": "2001-01-01"}, "Choose a day from"),
        ({"until": "2999-01-01"}, "nothing is accepted for ever"),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_typed_is_lost(
    changes: dict[str, str], fault: str, acme: Cast, executive: Client
) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    page = accept(executive, key_of(executive, "owner_missing"), **changes)
    assert page.status_code == 422
    assert fault in page.content.decode()
    assert "There is a problem" in page.content.decode()
    if "reason" not in changes:
        assert "It is sold in spring" in page.content.decode()
    assert not GapAcceptance.objects.exists()


def test_a_gap_that_changed_while_one_read_is_shown_in_both_versions(
    acme: Cast, executive: Client
) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    page = executive.get(ACCEPT, {"keys": [key_of(executive, "target_missing")]})
    systems.change(acme.organisation, erp.pk, {"tier": 2}, seen_version=1, by=acme.actor())
    refused = executive.post(ACCEPT, typed(page))
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "tier 1 and has no approved target" in text
    assert "tier 2 and has no approved target" in text
    assert "It is sold in spring" in text
    assert not GapAcceptance.objects.exists()
    executive.post(ACCEPT, typed(refused))
    assert "tier 2" in GapAcceptance.objects.get().says


def test_who_comes_second_is_told_who_was_first(acme: Cast, executive: Client) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    user = type(acme.user(Role.EXECUTIVE)).objects.create_user(
        "second@acme.example", PASSWORD, name="Second Executive"
    )
    member_service.add(acme.organisation, user, Role.EXECUTIVE, by=acme.shell)
    page = executive.get(ACCEPT, {"keys": [key_of(executive, "owner_missing")]})
    make_acceptance(erp, user)
    refused = executive.post(ACCEPT, typed(page))
    assert refused.status_code == 409
    assert "Second Executive has accepted it meanwhile" in refused.content.decode()
    assert GapAcceptance.objects.get().accepted_by == user


def test_a_gap_that_was_fixed_while_one_read_is_said_to_be_none(
    acme: Cast, executive: Client
) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    page = executive.get(ACCEPT, {"keys": [key_of(executive, "owner_missing")]})
    ada = make_contact(acme.organisation, "Ada")
    systems.change(acme.organisation, erp.pk, {"owner": ada}, seen_version=1, by=acme.actor())
    refused = executive.post(ACCEPT, typed(page))
    assert refused.status_code == 409
    assert "It is no longer a gap." in refused.content.decode()


def test_an_acceptance_is_renewed_before_it_ends(acme: Cast, executive: Client) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    soon = timezone.localdate() + timedelta(days=10)
    make_acceptance(erp, acme.user(Role.EXECUTIVE), until=soon)
    assert "1 ends within 30 days" in executive.get(ACCEPTED).content.decode()
    overview = executive.get("/o/acme/").content.decode()
    assert "1 acceptance ends within 30 days" in overview
    page = executive.get(ACCEPT, {"keys": [key_of(executive, "owner_missing")]})
    assert page.context["form"]["reason"].value() == "It is replaced in spring"
    executive.post(ACCEPT, typed(page))
    [row] = rows(executive, "?state=accepted")
    assert row.accepted_until == timezone.localdate() + timedelta(days=180)
    assert GapAcceptance.objects.filter(ended_at__isnull=False).count() == 1


def test_it_is_taken_back_with_a_reason(acme: Cast, executive: Client) -> None:
    made = make_acceptance(make_system(acme.organisation, "ERP", tier=1), acme.user(Role.EXECUTIVE))
    address = f"{ACCEPTED}{made.pk}/take-back/"
    assert executive.post(address, {"version": 1, "reason": ""}).status_code == 422
    page = executive.post(address, {"version": 1, "reason": "Sold already"}, follow=True)
    assert "Sold already" in page.content.decode()
    assert rows(executive, "?state=accepted") == []
    again = executive.post(address, {"version": 1, "reason": "Once more"})
    assert again.status_code == 409
    assert "ended already" in again.content.decode()


def test_the_list_of_acceptances_says_what_became_of_each(acme: Cast, executive: Client) -> None:
    user, org = acme.user(Role.EXECUTIVE), acme.organisation
    made = {
        name: make_acceptance(make_system(org, name, tier=1), user)
        for name in ("Kept", "Fixed", "Changed", "Expired", "Ended")
    }
    ada = make_contact(org, "Ada")
    key = made["Fixed"].subject_key
    systems.change(org, key, {"owner": ada}, seen_version=1, by=acme.actor())
    systems.change(
        org, made["Changed"].subject_key, {"name": "Renamed"}, seen_version=1, by=acme.actor()
    )
    GapAcceptance.objects.filter(pk=made["Expired"].pk).update(until=date(2020, 1, 1))
    acceptances.take_back(
        org, made["Ended"].pk, "Sold", seen_version=1, by=acme.actor(Role.EXECUTIVE)
    )
    states = {row.acceptance.subject: row.state for row in executive.get(ACCEPTED).context["rows"]}
    assert list(states.items()) == [
        ("Changed", HeldState.CHANGED),
        ("Expired", HeldState.EXPIRED),
        ("Kept", HeldState.IN_FORCE),
        ("Fixed", HeldState.GONE),
        ("Ended", HeldState.ENDED),
    ]
    for state in HeldState:
        found = executive.get(f"{ACCEPTED}?state={state.value}").context["rows"]
        assert {row.state for row in found} == {state}
    exported = executive.get(f"{ACCEPTED}?export=csv&q=Renamed").content.decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(exported))
    assert line["says"] == "“Changed” has no owner"
    assert line["now"] == "“Renamed” has no owner"
    overview = executive.get("/o/acme/").content.decode()
    assert "2 gaps that had been accepted are open again" in overview


def test_the_overview_shows_the_worst_of_the_open_ones(acme: Cast, executive: Client) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    worst = executive.get("/o/acme/").context["worst"][0]
    accept(executive, worst.key)
    page = executive.get("/o/acme/")
    assert worst.key not in {row.key for row in page.context["worst"]}
    assert "1 more gap is accepted" in page.content.decode()


def test_the_page_of_a_system_says_which_of_its_gaps_are_accepted(
    acme: Cast, executive: Client
) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    made = make_acceptance(erp, acme.user(Role.EXECUTIVE))
    page = executive.get(f"/o/acme/systems/{erp.pk}/").content.decode()
    assert f"{ACCEPTED}{made.pk}/" in page


def test_the_export_of_gaps_says_where_each_stands(acme: Cast, executive: Client) -> None:
    make_acceptance(make_system(acme.organisation, "ERP", tier=1), acme.user(Role.EXECUTIVE))
    text = executive.get(f"{GAPS}?state=all&export=csv").content.decode("utf-8-sig")
    lines = {line["code"]: line for line in csv.DictReader(io.StringIO(text))}
    assert lines["owner_missing"]["state"] == "accepted"
    assert lines["owner_missing"]["accepted_because"] == "It is replaced in spring"
    assert lines["site_missing"]["state"] == "open"


def test_who_may_not_accept_sees_who_did_and_no_way_to(acme: Cast, client: Client) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    made = make_acceptance(erp, acme.user(Role.EXECUTIVE))
    for role in set(Role) - {Role.EXECUTIVE}:
        client.force_login(acme.user(role))
        page = client.get(f"{GAPS}?state=all").content.decode()
        assert ACCEPT not in page
        assert str(made.accepted_by) in page
        assert "take-back" not in client.get(f"{ACCEPTED}{made.pk}/").content.decode()
        assert client.post(ACCEPT, {"seen": "[]"}).status_code == 403


@pytest.mark.parametrize(
    "seen", ["", "5", "{}", '"text"', "[[1,2]]", '[["a","b",[1],"d"]]', "[" * 9000, "null"]
)
def test_what_no_page_sends_is_refused_or_accepts_nothing(
    seen: str, acme: Cast, executive: Client
) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    answer = executive.post(ACCEPT, {"seen": seen, "reason": "x", "until": "2999-01-01"})
    assert answer.status_code in (302, 400)
    assert not GapAcceptance.objects.exists()


def test_a_gap_of_another_organisation_cannot_be_chosen_or_seen(
    acme: Cast, rival: Cast, client: Client, executive: Client
) -> None:
    make_system(acme.organisation, "ERP", tier=1)
    foreign = make_acceptance(
        make_system(rival.organisation, CANARY, tier=1), rival.user(Role.EXECUTIVE), reason=CANARY
    )
    for address in (f"{ACCEPTED}{foreign.pk}/", f"{ACCEPTED}{foreign.pk}/take-back/"):
        assert executive.get(address).status_code == 404
    page = executive.get(ACCEPT, {"keys": [key_of(executive, "owner_missing")]})
    seen = json.loads(page.context["seen"])
    seen[0][0] = "0" * 16
    refused = executive.post(ACCEPT, typed(page, seen=json.dumps(seen)))
    assert refused.status_code == 409
    assert CANARY not in refused.content.decode()
    assert GapAcceptance.objects.get() == foreign


def test_the_lists_cost_the_same_for_few_acceptances_and_for_many(
    acme: Cast, executive: Client
) -> None:
    def cost(address: str) -> int:
        executive.get(address)
        with CaptureQueriesContext(connection) as queries:
            executive.get(address)
        return len(queries)

    grow(acme.organisation, 60)
    accept(executive, *[row.key for row in rows(executive, "?code=owner_missing")][:2])
    few = [cost(GAPS), cost(f"{GAPS}?state=accepted"), cost(ACCEPTED)]
    accept(executive, *[row.key for row in rows(executive, "?code=owner_missing")][:45])
    assert [cost(GAPS), cost(f"{GAPS}?state=accepted"), cost(ACCEPTED)] == few


def test_hostile_reasons_are_text(acme: Cast, executive: Client) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    made = make_acceptance(erp, acme.user(Role.EXECUTIVE), reason="<script>alert(1)</script>")
    for address in (ACCEPTED, f"{ACCEPTED}{made.pk}/", f"{ACCEPTED}{made.pk}/take-back/"):
        assert "<script>alert" not in executive.get(address).content.decode()


def test_whoever_accepted_and_left_is_still_named(acme: Cast, client: Client) -> None:
    erp = make_system(acme.organisation, "ERP", tier=1)
    made = make_acceptance(erp, acme.user(Role.EXECUTIVE))
    membership = Membership.objects.get(user=made.accepted_by)
    member_service.remove(acme.organisation, membership.pk, seen_version=None, by=acme.shell)
    client.force_login(acme.user(Role.AUDITOR))
    assert str(made.accepted_by) in client.get(ACCEPTED).content.decode()
