"""One signature for many targets: who signs has just confirmed who they are, and signs what they
saw or nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bcp.engine.permissions import Role
from bcp.models import RecoveryTarget, System
from bcp.queries import history
from bcp.services import systems, targets
from tests.conftest import CANARY, PASSWORD, Cast
from tests.factories import make_dependency, make_system, make_target
from tests.web.reading import as_read

SIGN = "/o/acme/targets/review/sign/"
CONFIRM = "/accounts/reauthenticate/"


@pytest.fixture(autouse=True)
def _no_attempts_yet() -> None:
    """Rate limits count in the cache, which tests share."""
    cache.clear()


@pytest.fixture
def board(acme: Cast) -> Client:
    """An executive who has signed in with a password, and confirmed nothing since."""
    client = Client()
    email = acme.user(Role.EXECUTIVE).email
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


@pytest.fixture
def proposals(acme: Cast) -> list[RecoveryTarget]:
    """For an application and the database that it needs."""
    erp = make_system(acme.organisation, "ERP", recovery_minutes=60)
    database = make_system(acme.organisation, "Database", recovery_minutes=60)
    make_dependency(erp, database)
    return [proposed(acme, erp, 600), proposed(acme, database, 480)]


def proposed(cast: Cast, system: System, rto: int, by: Role = Role.IT_DIRECTOR) -> RecoveryTarget:
    return targets.propose(
        cast.organisation,
        system.pk,
        rto_minutes=rto,
        rpo_minutes=None,
        reason="The auditors ask.",
        by=cast.actor(by),
    )


def keys_of(proposals: list[RecoveryTarget]) -> dict[str, list[str]]:
    return {"keys": [one.pk for one in proposals]}


def confirm(client: Client, password: str = PASSWORD) -> HttpResponse:
    return client.post(CONFIRM, {"password": password})


def form_of(page: HttpResponse) -> dict[str, Any]:
    """What the form of the signature would send in."""
    fields: dict[str, Any] = {"keys": []}
    pattern = r'<input type="hidden" name="([^"]+)" value="([^"]*)">'
    for name, value in re.findall(pattern, page.content.decode()):
        plain = value.replace("&amp;", "&")
        if name == "keys":
            fields["keys"].append(plain)
        else:
            fields[name] = plain
    return fields


def states(proposals: list[RecoveryTarget]) -> list[str]:
    for one in proposals:
        one.refresh_from_db()
    return [one.state for one in proposals]


def test_the_page_names_every_target_and_asks_to_confirm_who_signs(
    acme: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    page = board.get(SIGN, keys_of(proposals)).content.decode()
    for text in ("Approve 2 targets", "ERP", "Database", "10 h", "8 h", "none yet"):
        assert text in as_read(page)
    assert "If these 2 proposals are approved together:" in page
    assert "Confirm that it is you" in page
    assert "approve these 2 targets" not in page


def test_tick_confirm_sign_and_read_the_minutes(
    acme: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    first = board.get(SIGN, keys_of(proposals))
    link = re.search(rf'href="({CONFIRM}[^"]+)"', first.content.decode())
    assert link is not None
    asked = board.get(link[1].replace("&amp;", "&"))
    assert "Back, without confirming" in asked.content.decode()
    back = board.post(
        CONFIRM, {"password": PASSWORD, "next": asked.context["redirect_field_value"]}
    )
    page = board.get(back.headers["Location"])
    name = acme.user(Role.EXECUTIVE)
    assert f"I, {name}, approve these 2 targets for Acme Foods" in page.content.decode()
    done = board.post(SIGN, form_of(page), follow=True)
    assert states(proposals) == ["approved", "approved"]
    assert {one.decided_by for one in proposals} == {name}
    minutes = done.content.decode()
    events = history.of_record(acme.organisation, "recoverytarget", proposals[0].pk)
    for text in (
        "2 targets are approved.",
        "Minutes of the decision",
        f"{name} approved 2 recovery targets for Acme Foods.",
        "The auditors ask.",
        "10 h",
        events[0].digest,
    ):
        assert text in as_read(minutes)
    numbers = sorted(
        history.of_record(acme.organisation, "recoverytarget", one.pk)[0].sequence
        for one in proposals
    )
    assert f"entries {numbers[0]} to {numbers[1]}" in minutes


def test_signing_in_is_no_confirmation_and_the_choice_is_not_lost(
    acme: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    confirm(board)
    form = form_of(board.get(SIGN, keys_of(proposals)))
    stranger = Client()
    email = acme.user(Role.EXECUTIVE).email
    stranger.post("/accounts/login/", {"login": email, "password": PASSWORD})
    answer = stranger.post(SIGN, form)
    assert states(proposals) == ["proposed", "proposed"]
    address = answer.headers["Location"]
    assert address.startswith(CONFIRM)
    for one in proposals:
        assert one.pk in address


def test_a_confirmation_is_too_old_after_five_minutes(
    acme: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    confirm(board)
    form = form_of(board.get(SIGN, keys_of(proposals)))
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert board.post(SIGN, form).headers["Location"].startswith(CONFIRM)
        assert states(proposals) == ["proposed", "proposed"]
        confirm(board)
        assert "/targets/minutes/" in board.post(SIGN, form).headers["Location"]
    assert states(proposals) == ["approved", "approved"]


def test_a_wrong_password_confirms_nothing(
    acme: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    answer = confirm(board, "not-my-password")
    assert "There is a problem" in answer.content.decode()
    assert "Confirm that it is you" in board.get(SIGN, keys_of(proposals)).content.decode()
    assert board.post(SIGN, keys_of(proposals)).headers["Location"].startswith(CONFIRM)


def test_a_second_factor_confirms_as_well(
    acme: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    user = acme.user(Role.EXECUTIVE)
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    asked = board.get(CONFIRM).content.decode()
    assert reverse("mfa_reauthenticate") in asked
    assert "Confirm that it is you" in board.get(reverse("mfa_reauthenticate")).content.decode()
    board.post(reverse("mfa_reauthenticate"), {"code": code})
    board.post(SIGN, form_of(board.get(SIGN, keys_of(proposals))))
    assert states(proposals) == ["approved", "approved"]


def test_a_login_that_has_nothing_to_confirm_with_signs_nothing(
    acme: Cast, proposals: list[RecoveryTarget]
) -> None:
    user = acme.user(Role.EXECUTIVE)
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user)
    for answer in (client.get(SIGN, keys_of(proposals)), client.post(SIGN, keys_of(proposals))):
        assert answer.status_code == 403
        assert "neither a password nor a second factor" in answer.content.decode()
    assert states(proposals) == ["proposed", "proposed"]


def test_if_what_one_rests_on_changed_nothing_is_approved_and_the_rest_can_be_signed(
    acme: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    other = proposed(acme, make_system(acme.organisation, "Mail", recovery_minutes=30), 240)
    everything = [*proposals, other]
    confirm(board)
    form = form_of(board.get(SIGN, keys_of(everything)))
    database = System.objects.get(name="Database")
    systems.change(
        acme.organisation, database.pk, {"recovery_minutes": 200}, seen_version=None, by=acme.shell
    )
    answer = board.post(SIGN, form)
    assert answer.status_code == 409
    assert states(everything) == ["proposed"] * 3
    page = answer.content.decode()
    assert "Nothing was approved: something changed before you signed" in page
    assert "was at least 2 h 15 min, now at least 4 h 35 min" in page
    rest = form_of(answer)
    assert rest["keys"] == [other.pk]
    assert "approve this target for Acme Foods" in page
    board.post(SIGN, rest)
    assert states(everything) == ["proposed", "proposed", "approved"]


def test_if_one_was_decided_meanwhile_the_page_says_which(
    acme: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    confirm(board)
    form = form_of(board.get(SIGN, keys_of(proposals)))
    targets.withdraw(acme.organisation, proposals[0].pk, seen_version=None, by=acme.actor())
    answer = board.post(SIGN, form)
    assert answer.status_code == 409
    assert "The proposal for “ERP” has been decided already: Withdrawn." in answer.content.decode()
    assert form_of(answer)["keys"] == [proposals[1].pk]
    alone = board.post(SIGN, {**form, "keys": [proposals[0].pk]})
    assert alone.status_code == 409
    assert "has been decided already: Withdrawn." in alone.content.decode()


def test_a_form_that_shows_no_figures_signs_nothing(
    acme: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    confirm(board)
    for form in (
        keys_of(proposals),
        {**keys_of(proposals), **{f"version-{one.pk}": 1 for one in proposals}},
    ):
        assert board.post(SIGN, form).status_code == 409
    assert states(proposals) == ["proposed", "proposed"]


def test_ones_own_proposal_is_left_out_and_refused_if_it_is_sent_in_all_the_same(
    acme: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    own = proposed(acme, make_system(acme.organisation, "Mail"), 240, by=Role.EXECUTIVE)
    confirm(board)
    answer = board.get(SIGN, keys_of([*proposals, own]))
    page = answer.content.decode()
    assert "<bdi>Mail</bdi>: your own proposal: somebody else decides it" in page
    assert form_of(answer)["keys"] == [proposals[1].pk, proposals[0].pk]
    forged = {**form_of(answer), "keys": [proposals[0].pk, own.pk], f"version-{own.pk}": 1}
    assert board.post(SIGN, forged).status_code == 403
    assert states([*proposals, own]) == ["proposed"] * 3


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.IT_DIRECTOR, Role.ENGINEER, Role.AUDITOR]
)
def test_only_an_executive_signs(
    role: Role, acme: Cast, proposals: list[RecoveryTarget], client: Client
) -> None:
    client.force_login(acme.user(role))
    confirm(client)
    assert client.get(SIGN, keys_of(proposals)).status_code == 403
    assert client.post(SIGN, keys_of(proposals)).status_code == 403
    assert states(proposals) == ["proposed", "proposed"]


def test_nothing_to_sign_leads_back_to_the_table(acme: Cast, board: Client) -> None:
    for keys in ([], ["0" * 12]):
        answer = board.get(SIGN, {"keys": keys}, follow=True)
        assert "Nothing was chosen that you can approve." in answer.content.decode()


def test_more_than_a_hundred_are_not_signed_at_once(acme: Cast, board: Client) -> None:
    confirm(board)
    keys = [f"{number:012d}" for number in range(101)]
    for answer in (
        board.get(SIGN, {"keys": keys}, follow=True),
        board.post(SIGN, {"keys": keys}, follow=True),
    ):
        assert "At most 100 are decided at once" in answer.content.decode()


def test_proposals_of_another_organisation_are_neither_named_nor_signed(
    acme: Cast, rival: Cast, board: Client, proposals: list[RecoveryTarget]
) -> None:
    foreign = proposed(rival, make_system(rival.organisation, CANARY), 60)
    confirm(board)
    answer = board.get(SIGN, keys_of([*proposals, foreign]))
    assert CANARY not in answer.content.decode()
    forged = {**form_of(answer), "keys": [proposals[0].pk, foreign.pk]}
    refused = board.post(SIGN, forged)
    assert refused.status_code == 409
    assert CANARY not in refused.content.decode()
    assert states([*proposals, foreign]) == ["proposed"] * 3


def test_the_minutes_hold_one_decision_and_everybody_may_read_them(
    acme: Cast, client: Client
) -> None:
    executive = acme.user(Role.EXECUTIVE)
    erp = make_target(make_system(acme.organisation, "ERP"), executive, rto=60)
    make_target(make_system(acme.organisation, "Mail"), executive, rto=90)
    client.force_login(acme.user(Role.AUDITOR))
    page = client.get(f"/o/acme/targets/minutes/{erp.pk}/").content.decode()
    assert "approved 1 recovery target for Acme Foods" in page
    assert "Mail" not in page
    waiting = proposed(acme, make_system(acme.organisation, "SAN"), 60)
    assert client.get(f"/o/acme/targets/minutes/{waiting.pk}/").status_code == 404
