"""Rows that services wrote once in this process, put back for every test that begins with them:
the same rows as written, in a few queries instead of hundreds."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.db import connection, transaction

Tables = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
"""Per table its columns, and rows as the database driver gives and takes them."""

_kept: dict[Hashable, Tables] = {}


def put_back(name: Hashable, make: Callable[[], object]) -> None:
    """Add to the database what `make` adds to it; `make` is called the first time alone.

    Rows come back under their old numbers: whoever counts numbers up itself (the sequences of
    PostgreSQL do not go back with a transaction) must not meet them.
    """
    if name not in _kept:
        with transaction.atomic():
            before = _rows()
            make()
            _kept[name] = _added(before, _rows())
            transaction.set_rollback(True)
    with transaction.atomic(), connection.cursor() as cursor:  # references wait for the commit
        for table, (columns, rows) in _kept[name].items():
            quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
            places = ", ".join(["%s"] * len(columns))
            into = connection.ops.quote_name(table)
            cursor.executemany(f"INSERT INTO {into} ({quoted}) VALUES ({places})", rows)


def _rows() -> Tables:
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = ([column[0] for column in cursor.description], cursor.fetchall())
    return found


def _added(before: Tables, after: Tables) -> Tables:
    added = {}
    for table, (columns, rows) in after.items():
        known = set(before[table][1])
        if new := [row for row in rows if row not in known]:
            added[table] = (columns, new)
    return added
