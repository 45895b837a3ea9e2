"""Teams and their members, written as one."""

from __future__ import annotations

from bcp.models import Team
from bcp.queries import history
from bcp.services import teams
from tests.conftest import Cast
from tests.factories import make_contact, make_team


def test_members_are_audited_by_name_and_count_as_an_edit(acme: Cast) -> None:
    ann, bob = make_contact(acme.organisation, "Ann"), make_contact(acme.organisation, "Bob")
    team = make_team(acme.organisation, "Net", ann)
    version = team.version
    team = teams.change(
        acme.organisation, team.pk, {}, members=[bob], seen_version=version, by=acme.actor()
    )
    assert team.version == version + 1
    assert list(Team.objects.get(pk=team.pk).members.all()) == [bob]
    event = history.of_record(acme.organisation, "team", team.pk).first()
    assert event is not None
    assert event.before == {"members": [{"id": ann.pk, "name": "Ann"}]}
    assert event.after == {"members": [{"id": bob.pk, "name": "Bob"}]}


def test_the_same_members_in_another_order_are_no_edit(acme: Cast) -> None:
    ann, bob = make_contact(acme.organisation, "Ann"), make_contact(acme.organisation, "Bob")
    team = make_team(acme.organisation, "Net", ann, bob)
    again = teams.change(
        acme.organisation,
        team.pk,
        {},
        members=[bob, ann],
        seen_version=team.version,
        by=acme.actor(),
    )
    assert again.version == team.version


def test_members_not_named_stay_as_they_are(acme: Cast) -> None:
    ann = make_contact(acme.organisation, "Ann")
    team = make_team(acme.organisation, "Net", ann)
    teams.change(
        acme.organisation, team.pk, {"heads_day": 2}, seen_version=team.version, by=acme.actor()
    )
    assert list(team.members.all()) == [ann]
