"""`verify_audit`: exit 0 with a whole trail, 1 with the first event that is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import QuerySet

from bcp.models import AuditEvent
from bcp.queries import history
from tests.conftest import Cast


def test_every_trail_is_checked_and_counted(acme: Cast, rival: Cast, capsys: Any) -> None:
    call_command("verify_audit")
    count = history.events(acme.organisation).count()
    assert capsys.readouterr().out == (
        f"acme: {count} events, whole.\nrival: {count} events, whole.\n"
    )


def test_a_broken_trail_is_named_with_its_first_event(acme: Cast, rival: Cast, capsys: Any) -> None:
    QuerySet(AuditEvent).filter(organisation=rival.organisation, sequence=3).update(action="read")
    with pytest.raises(CommandError, match="1 audit trail is broken") as failed:
        call_command("verify_audit")
    assert failed.value.returncode == 1
    assert "rival: broken at event 3." in capsys.readouterr().out
    call_command("verify_audit", "acme")
    assert "rival" not in capsys.readouterr().out


def test_an_organisation_that_is_not_there_is_said(acme: Cast) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("verify_audit", "acme", "nobody")
