"""Random files, sane and insane: refused with clear faults, or imported once and for all."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bcp.exchange.columns import Layout
from bcp.exchange.layouts import LAYOUTS
from bcp.models import AuditEvent
from bcp.queries import history
from bcp.services import exporting, importing
from bcp.services.import_plan import ImportPlan, ImportRefused
from bcp.services.importing import Options
from tests.conftest import Cast

NAMES = ["Ann", "Bob", "=Cy", "Über Öl\\", "x" * 200, "שרת", "🔥", "'=quoted"]
PEOPLE = st.sampled_from([*NAMES, "ann"])
CELLS: dict[str, st.SearchStrategy[str]] = {
    "minutes": st.sampled_from(["", "", "4h", "1d 12h", "90", "PT4H", "0"]),
    "yes": st.sampled_from(["", "yes", "no", "1", "0"]),
    "wild": st.sampled_from(
        ["-1", "x" * 300, "=1+1", "a\nb", "1e9", "٣", "9" * 30, "'=", "\u202e"]
    ),
}
PER_FIELD: dict[str, st.SearchStrategy[str]] = {
    "kind": st.just(""),
    "tier": st.sampled_from(["", "1", "4"]),
    "phones": st.lists(st.sampled_from(["+49 30 1", "=1", "-2"]), max_size=3).map("; ".join),
    "members": st.just("Ann; Bob"),
    "position": st.integers(1, 9).map(str),
    "channel": st.sampled_from(["", "phone", "SMS", "Ann", "phone: Ann"]),
    "default": st.just(""),
    "site": st.sampled_from(["", "Ann"]),
    "team": st.sampled_from(["", "Bob"]),
    "coverage": st.sampled_from(["", "24x7", "Mo-Fr 08:00-18:00; Sa 10:00-12:00"]),
    "verified_on": st.sampled_from(["", "2026-01-31", "31.01.2026"]),
    "last_restore_test": st.sampled_from(["", "2026-01-31"]),
    "last_success": st.sampled_from(["", "2026-03-29 02:30", "2026-10-25T02:30:00+02:00"]),
    "needed_to": st.sampled_from(["", "run", "Full Service"]),
    "may_spend": st.sampled_from(["", "10", "0,5"]),
    "data_gb": st.sampled_from(["", "1.125"]),
    "heads_day": st.sampled_from(["", "3"]),
    "locked": st.sampled_from(["", "no", "30d"]),
    "independent_phone": st.sampled_from(["", "no", "+49 170 1"]),
}
NAMED = {"name", "owner", "deputy", "technical_owner", "contact", "dependent", "dependency"}
NAMED |= {"system", "path", "title", "medium", "description", "bootstrap", "zone"}
YES_NO = {"may_declare", "may_fail_over", "default", "offline", "separate_credentials", "replica"}


def cell(field: str) -> st.SearchStrategy[str]:
    if field in PER_FIELD:
        return PER_FIELD[field]
    if field in NAMED:
        return PEOPLE
    if field in YES_NO:
        return CELLS["yes"]
    return CELLS["minutes"] if field.endswith("_minutes") else st.just("")


def sheet(layout: Layout[Any], *, wild: bool) -> st.SearchStrategy[bytes]:
    def strategy(columns: list[Any]) -> st.SearchStrategy[list[tuple[str, ...]]]:
        kinds = [
            cell(column.field) | CELLS["wild"] if wild else cell(column.field) for column in columns
        ]
        keys = [columns.index(column) for column in columns if column.field in layout.key]
        rows = st.lists(
            st.tuples(*kinds),
            max_size=4,
            unique_by=None if wild else lambda row: tuple(row[key].lower() for key in keys),
        )
        return rows.map(lambda found: [tuple(column.names[0] for column in columns), *found])

    required = [column for column in layout.columns if column.required]
    others = [column for column in layout.columns if not column.required]
    chosen = st.lists(st.sampled_from(others), unique=True).map(lambda some: [*required, *some])
    return chosen.flatmap(strategy).map(_written)


def known() -> dict[str, bytes]:
    """Files that make everybody and everything that the others name."""
    named = _written([("name",), *((name,) for name in NAMES)])
    return {f"{noun}.csv": named for noun in ("sites", "contacts", "teams", "systems")}


def _written(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def folders(*, wild: bool) -> st.SearchStrategy[dict[str, bytes]]:
    return st.fixed_dictionaries(
        {}, optional={layout.file: sheet(layout, wild=wild) for layout in LAYOUTS}
    )


def attempt(cast: Cast, files: dict[str, bytes]) -> ImportPlan | None:
    incoming = importing.from_files(files)
    with suppress(ImportRefused):
        return importing.apply(
            cast.organisation, incoming, Options(add_missing=True), by=cast.shell
        )
    return None


def check(cast: Cast, files: dict[str, bytes]) -> None:
    before = AuditEvent.objects.count()
    plan = attempt(cast, files)
    events = AuditEvent.objects.count()
    if plan is None:
        assert events == before
        return
    again = attempt(cast, files)
    exported = attempt(cast, {"all.zip": exporting.organisation_zip(cast.organisation)})
    assert again is not None
    assert exported is not None
    assert again.changes == exported.changes == ()
    assert AuditEvent.objects.count() == events
    assert history.first_broken(cast.organisation) is None


@pytest.mark.parametrize("wild", [False, True])
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_an_import_is_refused_whole_or_done_once_and_can_be_taken_out_again(
    acme: Cast, wild: bool, data: st.DataObject
) -> None:
    files = data.draw(folders(wild=wild))
    with transaction.atomic():
        assert wild or attempt(acme, known())
        check(acme, files)
        transaction.set_rollback(True)
