"""Restore tests are recorded after they were done, and the latest one speaks for its copy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bcp.errors import InvalidInput
from bcp.queries import copies
from bcp.services import restore_tests
from tests.conftest import Cast
from tests.factories import make_copy, make_restore_test, make_system


def test_the_latest_test_speaks_for_the_copy_whatever_was_recorded_last(acme: Cast) -> None:
    copy = make_copy(make_system(acme.organisation, "ERP"), "Nightly")
    today = timezone.localdate()
    make_restore_test(copy, done_on=today - timedelta(2), outcome="success", minutes=90)
    make_restore_test(copy, done_on=today - timedelta(200), outcome="failure")
    row = copies.listing(acme.organisation).get(pk=copy.pk)
    assert (row.last_restore_result, row.last_restore_minutes) == ("success", 90)


def test_a_day_that_is_still_to_come_is_refused(acme: Cast) -> None:
    copy = make_copy(make_system(acme.organisation, "ERP"), "Nightly")
    later = timezone.localdate() + timedelta(2)
    with pytest.raises(InvalidInput, match="still to come"):
        make_restore_test(copy, done_on=later)
    test = make_restore_test(copy)
    with pytest.raises(InvalidInput, match="still to come"):
        restore_tests.change(
            acme.organisation, test.pk, {"done_on": later}, seen_version=1, by=acme.shell
        )


def test_a_copy_of_another_organisation_is_refused(acme: Cast, rival: Cast) -> None:
    theirs = make_copy(make_system(rival.organisation, "ERP"), "Nightly")
    values = {"copy": theirs, "done_on": timezone.localdate(), "outcome": "success"}
    with pytest.raises(InvalidInput, match="no such record"):
        restore_tests.create(acme.organisation, values, by=acme.shell)
