"""Bad input: a clear refusal at the field, the same on every database, and nothing written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from bcp.engine.durations import LONGEST_MINUTES
from bcp.errors import InvalidInput
from bcp.models import Contact
from bcp.queries import history
from bcp.services import contacts, copies, sites, systems, teams
from bcp.services.ledger import facts_of
from tests.conftest import Cast
from tests.factories import make_contact, make_copy, make_dependency, make_site, make_system

TOO_LONG = "x" * 201
NUL = "a\x00b"
HALF_A_PAIR = "a\ud800b"

REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (sites, {"name": ""}, "name"),
    (sites, {"name": "   "}, "name"),
    (sites, {"name": TOO_LONG}, "name"),
    (sites, {"name": NUL}, "name"),
    (sites, {"name": HALF_A_PAIR}, "name"),
    (sites, {"name": "two\nlines"}, "name"),
    (sites, {"name": "two\u2028lines"}, "name"),
    (sites, {"name": "a bell\x07"}, "name"),
    (sites, {"name": "HQ", "zone": "two\nlines"}, "zone"),
    (sites, {"name": "HQ", "address": "a bell\x07"}, "address"),
    (sites, {"name": "HQ", "kind": "moon base"}, "kind"),
    (sites, {"name": "HQ", "address": "x" * 2001}, "address"),
    (sites, {"name": "HQ", "address": NUL}, "address"),
    (contacts, {"name": "Ann", "email": "not an address"}, "email"),
    (contacts, {"name": "Ann", "email": NUL}, "email"),
    (contacts, {"name": "Ann", "coverage": "sometimes"}, "coverage"),
    (contacts, {"name": "Ann", "coverage": NUL}, "coverage"),
    (contacts, {"name": "Ann", "may_spend": -1}, "may_spend"),
    (contacts, {"name": "Ann", "may_spend": Decimal("NaN")}, "may_spend"),
    (contacts, {"name": "Ann", "may_spend": Decimal("Infinity")}, "may_spend"),
    (contacts, {"name": "Ann", "may_spend": Decimal("1e13")}, "may_spend"),
    (contacts, {"name": "Ann", "may_spend": Decimal("0.001")}, "may_spend"),
    (contacts, {"name": "Ann", "phones": "030 1"}, "phones"),
    (contacts, {"name": "Ann", "phones": {"home": "030 1"}}, "phones"),
    (contacts, {"name": "Ann", "phones": None}, "phones"),
    (contacts, {"name": "Ann", "phones": 301}, "phones"),
    (contacts, {"name": "Ann", "phones": [301]}, "phones"),
    (contacts, {"name": "Ann", "title": None}, "title"),
    (contacts, {"name": "Ann", "phones": ["030 1", " "]}, "phones"),
    (contacts, {"name": "Ann", "phones": ["0" * 61]}, "phones"),
    (contacts, {"name": "Ann", "phones": ["030\n1"]}, "phones"),
    (contacts, {"name": "Ann", "phones": [NUL]}, "phones"),
    (contacts, {"name": "Ann", "phones": ["030\x071"]}, "phones"),
    (contacts, {"name": "Ann", "phones": [HALF_A_PAIR]}, "phones"),
    (contacts, {"name": "Ann", "phones": ["030 1"] * 11}, "phones"),
    (contacts, {"name": "Ann", "verified_on": "yesterday"}, "verified_on"),
    (teams, {"name": "Net", "heads_day": -1}, "heads_day"),
    (teams, {"name": "Net", "heads_night": 10_001}, "heads_night"),
    (teams, {"name": "Net", "heads_night": 2**40}, "heads_night"),
    (teams, {"name": "Net", "mobilise_day_minutes": -1}, "mobilise_day_minutes"),
    (systems, {"name": "ERP", "kind": "spaceship"}, "kind"),
    (systems, {"name": "ERP", "tier": 0}, "tier"),
    (systems, {"name": "ERP", "tier": 5}, "tier"),
    (systems, {"name": "ERP", "status": "asleep"}, "status"),
    (systems, {"name": "ERP", "recovery_minutes": -1}, "recovery_minutes"),
    (systems, {"name": "ERP", "recovery_minutes": LONGEST_MINUTES + 1}, "recovery_minutes"),
    (systems, {"name": "ERP", "recovery_minutes": 2**31}, "recovery_minutes"),
    (systems, {"name": "ERP", "recovery_minutes": 10**30}, "recovery_minutes"),
    (systems, {"name": "ERP", "recovery_minutes": "soon"}, "recovery_minutes"),
    (systems, {"name": "ERP", "data_gb": -1}, "data_gb"),
    (systems, {"name": "ERP", "data_gb": Decimal("1e11")}, "data_gb"),
    (systems, {"name": "ERP", "description": "x" * 20_001}, "description"),
    (copies, {"name": "Nightly"}, "system"),
]


def named(case: Any) -> str:
    return case if isinstance(case, str) else ""


@pytest.mark.parametrize(("service", "values", "column"), REFUSED, ids=named)
def test_it_is_refused_at_its_field(
    service: Any, values: dict[str, Any], column: str, acme: Cast
) -> None:
    events = history.events(acme.organisation).count()
    with pytest.raises(InvalidInput) as refused:
        service.create(acme.organisation, values, by=acme.shell)
    assert list(refused.value.fields) == [column]
    assert refused.value.fields[column][0]
    assert history.events(acme.organisation).count() == events


def test_the_bounds_themselves_are_accepted(acme: Cast) -> None:
    system = make_system(
        acme.organisation,
        "S" * 200,
        recovery_low_minutes=0,
        recovery_high_minutes=LONGEST_MINUTES,
        data_gb=Decimal("99999999999.999"),
    )
    contact = make_contact(
        acme.organisation,
        "Ann",
        may_spend=Decimal("999999999999.99"),
        phones=[f"+{number}" for number in range(10)],
    )
    system.refresh_from_db()
    contact.refresh_from_db()
    assert system.recovery_low_minutes == 0
    assert contact.phones[9] == "+9"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "=1+1", "שלום עולם", "🚒 alarm", "O'Neill; DROP", "%s {}"]
)
def test_odd_names_are_kept_as_they_are(name: str, acme: Cast) -> None:
    site = make_site(acme.organisation, name, address=name, zone=name)
    site.refresh_from_db()
    assert (site.name, site.address, site.zone) == (name, name, name)


def test_a_long_text_may_have_lines_and_a_short_one_may_not(acme: Cast) -> None:
    site = make_site(acme.organisation, "HQ", address="Street 1\r\n20095\tHamburg")
    assert site.address == "Street 1\r\n20095\tHamburg"
    with pytest.raises(InvalidInput, match="on one line"):
        make_site(acme.organisation, "HQ\nEast")


def test_spaces_around_a_text_are_not_part_of_it(acme: Cast) -> None:
    contact = make_contact(acme.organisation, "  Ann \n", phones=[" +49 30 1 "])
    assert (contact.name, contact.phones) == ("Ann", ["+49 30 1"])


def test_a_name_is_taken_once_whatever_its_case_and_spaces(acme: Cast, rival: Cast) -> None:
    make_site(acme.organisation, "Berlin")
    for again in ("Berlin", "berlin", "BERLIN "):
        with pytest.raises(InvalidInput, match="already taken"):
            make_site(acme.organisation, again)
    make_site(rival.organisation, "Berlin")


def test_a_system_cannot_need_itself_and_an_edge_exists_once(acme: Cast) -> None:
    erp, san = make_system(acme.organisation, "ERP"), make_system(acme.organisation, "SAN")
    with pytest.raises(InvalidInput, match="on itself"):
        make_dependency(erp, erp)
    make_dependency(erp, san)
    with pytest.raises(InvalidInput, match="already recorded"):
        make_dependency(erp, san)
    make_dependency(san, erp)


def test_nobody_is_their_own_deputy(acme: Cast) -> None:
    ann = make_contact(acme.organisation, "Ann")
    with pytest.raises(InvalidInput, match="own deputy"):
        contacts.change(acme.organisation, ann.pk, {"deputy": ann}, seen_version=1, by=acme.shell)


def test_two_copies_of_one_system_differ_in_name(acme: Cast) -> None:
    erp, crm = make_system(acme.organisation, "ERP"), make_system(acme.organisation, "CRM")
    make_copy(erp, "Nightly")
    make_copy(crm, "Nightly")
    with pytest.raises(InvalidInput, match="already has a copy"):
        make_copy(erp, "nightly")


def test_a_moment_reads_the_same_whatever_zone_it_was_given_in(acme: Cast) -> None:
    berlin = datetime(2026, 7, 1, 3, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    copy = make_copy(make_system(acme.organisation, "ERP"), "Nightly", last_success=berlin)
    written = facts_of(copy)
    copy.refresh_from_db()
    assert facts_of(copy) == written
    assert copy.last_success == berlin.astimezone(UTC)
    again = copies.change(
        acme.organisation, copy.pk, {"last_success": berlin}, seen_version=1, by=acme.shell
    )
    assert again.version == 1


def test_unknown_stays_unknown_and_zero_stays_zero(acme: Cast) -> None:
    unknown = make_system(acme.organisation, "Unknown")
    instant = make_system(acme.organisation, "Instant", recovery_minutes=0)
    unknown.refresh_from_db()
    instant.refresh_from_db()
    assert unknown.recovery_minutes is None
    assert instant.recovery_minutes == 0


def test_contacts_are_verified_in_bulk_all_or_none(acme: Cast, rival: Cast) -> None:
    today = date(2026, 11, 23)
    ann = make_contact(acme.organisation, "Ann", verified_on=today)
    bob = make_contact(acme.organisation, "Bob")
    foreign = make_contact(rival.organisation, "Foreign")
    with pytest.raises(Exception, match="no longer exist"):
        contacts.verify_many(acme.organisation, [bob.pk, foreign.pk], on=today, by=acme.actor())
    assert Contact.objects.get(pk=bob.pk).verified_on is None
    done = contacts.verify_many(acme.organisation, [ann.pk, bob.pk], on=today, by=acme.actor())
    assert done == 1
    bob.refresh_from_db()
    assert (bob.verified_on, bob.version) == (today, 2)
    event = history.of_record(acme.organisation, "contact", bob.pk).first()
    assert event is not None
    assert (event.before, event.after) == ({"verified_on": None}, {"verified_on": "2026-11-23"})
