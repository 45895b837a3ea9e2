"""Somebody with a seat in two organisations, or a key they should not have: what is decided in one
place reaches no record of another, whole lists of keys included, and no address tells of one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bcp.engine.permissions import Role
from bcp.models import AuditEvent
from tests.conftest import CANARY, Cast
from tests.factories import (
    make_acceptance,
    make_copy,
    make_dependency,
    make_proposed,
    make_saved_view,
    make_system,
)
from tests.web.permission_table import PAGES, a_closed_edge, a_process, a_proposal


def theirs(rival: Cast) -> dict[str, str]:
    """The key of one foreign record of every kind that an address or a form may name."""
    organisation = rival.organisation
    erp = make_system(organisation, f"{CANARY} ERP", tier=1)
    san = make_system(organisation, f"{CANARY} SAN", tier=1)
    make_dependency(erp, san)
    make_dependency(san, erp)
    return {
        "system": erp.pk,
        "copy": make_copy(erp, f"{CANARY} copy").pk,
        "proposal": a_proposal(rival)["key"],
        "proposed": make_proposed(san, make_system(organisation, f"{CANARY} DNS")).pk,
        "acceptance": make_acceptance(erp, rival.user(Role.EXECUTIVE)).pk,
        "view": make_saved_view(organisation, f"{CANARY} view", f"focus={erp.pk}").pk,
        "member": rival.members[Role.EXECUTIVE].pk,
    }


def test_no_address_with_a_foreign_key_in_it_tells_what_the_key_is_of(
    acme: Cast, rival: Cast, client: Client
) -> None:
    """Pages take keys in queries as well as in paths; a foreign one is as good as none."""
    client.force_login(acme.user(Role.IT_DIRECTOR))
    keys = theirs(rival)
    system = keys["system"]
    named: dict[str, Any] = {
        "keys": list(keys.values()),
        **dict.fromkeys(("system", "dependent", "dependency", "record_id", "owner"), system),
        "copy": keys["copy"],
        "focus": system,
    }
    asked = [
        (name, named)
        for name, page in PAGES.items()
        if page.get and not page.download and not page.kwargs(acme)
    ]
    asked += [("map", {"loop": system}), ("map", {"focus": system, "show": "chain"})]
    for name, query in asked:
        response = client.get(reverse(name, kwargs={"slug": "acme"}), query, follow=True)
        assert CANARY not in response.text, f"{name} {query}"
    own = make_system(acme.organisation, "ERP", recovery_minutes=60)
    address = reverse("targets-ways-apply", kwargs={"slug": "acme", "key": own.pk})
    for change in (f"standby:{system}", f"shorten:{system}:5", f"open:{own.pk}:{system}"):
        response = client.get(address, {"rto_minutes": "60", "change": change}, follow=True)
        assert "These changes cannot be made any more" in response.text
        assert CANARY not in response.text


def seen(*rows: object) -> dict[str, Any]:
    return {"seen": json.dumps(rows), "reason": "Sold", "note": "Seen"}


MIXED: dict[str, tuple[Role, Callable[[Cast, dict[str, str]], dict[str, Any]]]] = {
    "targets-sign": (
        Role.EXECUTIVE,
        lambda acme, keys: {"keys": [a_proposal(acme)["key"], keys["proposal"]]},
    ),
    "targets-review-send-back": (
        Role.EXECUTIVE,
        lambda acme, keys: {"keys": [a_proposal(acme)["key"], keys["proposal"]], "reason": "No"},
    ),
    "proposed-decide": (
        Role.IT_DIRECTOR,
        lambda acme, keys: seen([keys["proposed"], 1], [keys["system"], 1]),
    ),
    "reviews-confirm": (
        Role.IT_DIRECTOR,
        lambda acme, keys: seen([keys["system"], "ERP", []]),
    ),
    "systems-bulk": (
        Role.IT_DIRECTOR,
        lambda acme, keys: {
            "keys": [make_system(acme.organisation, "ERP").pk, keys["system"]],
            "delete": "1",
            "sure": "1",
        },
    ),
    "copies-bulk": (
        Role.IT_DIRECTOR,
        lambda acme, keys: {"keys": [keys["copy"]], "delete": "1", "sure": "1"},
    ),
}


@pytest.mark.parametrize("name", sorted(MIXED))
def test_a_foreign_key_among_ones_own_decides_nothing(
    name: str, acme: Cast, rival: Cast, client: Client
) -> None:
    role, sent_in = MIXED[name]
    sent = sent_in(acme, theirs(rival))
    client.force_login(acme.user(role))
    before = AuditEvent.objects.count()
    response = client.post(reverse(name, kwargs={"slug": "acme"}), sent)
    assert response.status_code in {302, 400, 404, 409, 422}
    assert CANARY not in response.text
    assert AuditEvent.objects.count() == before


FORMS: dict[str, tuple[Callable[[Cast], dict[str, str]], str, str]] = {
    "impacts-ask": (a_process, "member", "member"),
    "map-needs-add": (PAGES["map-needs-add"].kwargs, "dependency", "system"),
    "loops-open": (a_closed_edge, "team", "system"),
    "exercises-create": (lambda _cast: {}, "systems", "system"),
    "dependencies-create": (lambda _cast: {}, "dependency", "system"),
}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_takes_no_foreign_record(name: str, acme: Cast, rival: Cast, client: Client) -> None:
    make, field, kind = FORMS[name]
    client.force_login(acme.user(Role.IT_DIRECTOR))
    address = reverse(name, kwargs={"slug": "acme", **make(acme)})
    foreign, missing = theirs(rival)[kind], "0" * 12
    before = AuditEvent.objects.count()
    for key in (foreign, missing):
        answer = client.post(address, {field: key, "version": "1"})
        assert answer.status_code == 422
        assert answer.context["form"].errors[field]
        assert CANARY not in answer.text
    assert AuditEvent.objects.count() == before


def test_a_seat_in_two_organisations_decides_in_each_by_the_role_held_there(
    acme: Cast, rival: Cast, client: Client
) -> None:
    """An executive here who is an auditor there signs nothing there, and proves nothing by the key
    of a record there here."""
    both = rival.members[Role.AUDITOR]
    both.user = acme.user(Role.EXECUTIVE)
    both.save()
    client.force_login(both.user)
    key = a_proposal(rival)["key"]
    sent = {"version": "1", "basis": "x", "keys": key, "reason": "No"}
    for slug, status in (("rival", 403), ("acme", 404)):
        for name in ("targets-approve", "targets-send-back"):
            address = reverse(name, kwargs={"slug": slug, "key": key})
            assert client.post(address, sent).status_code == status, (slug, name)
    for name in ("targets-sign", "targets-review-send-back", "gaps-accept"):
        assert client.post(reverse(name, kwargs={"slug": "rival"}), sent).status_code == 403
