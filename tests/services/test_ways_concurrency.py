"""Two who write the same offer at the same moment: one does, the other is told."""

from __future__ import annotations

from functools import partial

import pytest

from bcp.engine.permissions import Role
from bcp.errors import Conflict
from bcp.models import System
from bcp.services import ways
from bcp.services.ways import Estimate, Tighter
from tests.conftest import Cast, make_cast
from tests.factories import make_system, make_target
from tests.services.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def acme(transactional_db: None) -> Cast:
    return make_cast("acme", "Acme Foods")


def test_one_of_many_writes_it_and_the_others_are_told(acme: Cast) -> None:
    database = make_system(acme.organisation, "Database", recovery_minutes=360)
    make_target(database, acme.user(Role.EXECUTIVE), rto=480)
    steps = [Estimate(database.pk, 60, 1), Tighter(database.pk, 120)]
    by = acme.actor(Role.IT_DIRECTOR)
    attempt = partial(ways.apply, acme.organisation, database.pk, 240, steps, by=by)
    answers = at_once([attempt] * 6)
    assert sum(isinstance(one, int) for one in answers) == 1
    assert sum(isinstance(one, Conflict) for one in answers) == 5
    database = System.objects.get(pk=database.pk)
    assert (database.recovery_minutes, database.version) == (60, 2)
    assert database.targets.filter(state="proposed").count() == 1
