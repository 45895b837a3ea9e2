"""Random estates with backups, small enough to be lived through minute by minute."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from bcp.engine.estate import (
    Combination,
    Copy,
    CopyKind,
    Dependency,
    Estate,
    Kind,
    NeededTo,
    Outcome,
    Site,
    System,
    TierPolicy,
)

TODAY = date(2026, 3, 2)
DWELLS = (0, 3, 7, 20)
SITES = (Site("HQ", "city"), Site("Annex", "city"), Site("Vault"), Site("SaaS"))


def known(draw, values: st.SearchStrategy) -> object:
    """Nine in ten are known, so that most copies have a figure."""
    return None if draw(st.integers(min_value=0, max_value=9)) == 7 else draw(values)


@st.composite
def copies(draw, system: int, key: str) -> Copy:
    """A copy of data; retention and lock are often just enough for a dwell time, or just not."""
    interval = known(draw, st.integers(min_value=1, max_value=9))
    dwell = draw(st.sampled_from(DWELLS))
    enough = dwell + (interval or 1)
    tight = st.integers(min_value=max(0, enough - 2), max_value=enough + 1)
    return Copy(
        system,
        key,
        f"copy {key}",
        kind=draw(st.sampled_from((*COMMON_KINDS, CopyKind.SNAPSHOT, CopyKind.REPLICA))),
        medium=draw(st.sampled_from(("disk", "tape", ""))),
        site=known(draw, st.sampled_from(("HQ", "Annex", "Vault", "SaaS"))),
        interval_minutes=interval,
        run_minutes=known(draw, st.integers(min_value=0, max_value=4)),
        lag_minutes=known(draw, st.integers(min_value=0, max_value=4)),
        retention_minutes=known(draw, st.just(60) | tight),
        locked_minutes=known(draw, st.sampled_from((0, 60)) | tight),
        offline=known(draw, st.sampled_from((False, False, True))),
        separate_credentials=known(draw, st.booleans()),
        restore_tested_on=draw(st.sampled_from((TODAY, TODAY - timedelta(days=200)))),
        restore_outcome=draw(st.sampled_from((Outcome.SUCCESS, Outcome.SUCCESS, *Outcome, None))),
    )


COMMON_KINDS = (CopyKind.BACKUP, CopyKind.BACKUP, CopyKind.BACKUP, CopyKind.EXPORT)
KINDS = (
    Kind.APPLICATION,
    Kind.APPLICATION,
    Kind.DATA_STORE,
    Kind.DATA_STORE,
    Kind.PROCESS,
    Kind.IDENTITY,
    Kind.SUPPLIER,
)


@st.composite
def backed_up_estates(draw, largest: int = 5) -> Estate:
    """Systems that hold data or none, coupled in all the ways that the rules know."""
    count = draw(st.integers(min_value=1, max_value=largest))
    systems = tuple(
        System(
            str(position),
            f"system {position}",
            kind=draw(st.sampled_from(KINDS)),
            tier=draw(st.sampled_from((1, 2, 3, 4, None))),
            site=known(draw, st.sampled_from(("HQ", "HQ", "Annex", "Vault", "SaaS"))),
            rpo_minutes=draw(st.none() | st.integers(min_value=0, max_value=20)),
            data_gb=draw(st.sampled_from((None, Decimal(0), Decimal(5), Decimal(5)))),
        )
        for position in range(count)
    )
    position = st.integers(min_value=0, max_value=count - 1)
    edges = draw(st.lists(st.tuples(position, position), max_size=6, unique=True))
    all_copies: list[Copy] = []
    for index in range(count):
        for number in range(draw(st.sampled_from((0, 1, 2, 2, 3, 3)))):
            all_copies.append(draw(copies(index, f"{index}.{number}")))
    return Estate(
        "acme",
        systems=systems,
        dependencies=tuple(
            Dependency(
                u, v, draw(st.sampled_from(tuple(NeededTo))), draw(st.sampled_from(("", "x")))
            )
            for u, v in edges
        ),
        sites=SITES,
        copies=tuple(all_copies),
        combinations=(
            Combination("fire and attack", ("site:HQ", "ransomware:7min")),
            Combination("insider", ("stolen_credentials", "site:Vault")),
            Combination(
                "two attacks", ("ransomware:3min", "stolen_credentials", "ransomware:20min")
            ),
        ),
        tier_policies=(
            TierPolicy(1, "one", scenarios=tuple(f"ransomware:{dwell}min" for dwell in DWELLS)),
        ),
    )
