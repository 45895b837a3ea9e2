"""Restores from one repository at once share its throughput (rule G9)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.engine.analysis import analyse
from bcp.engine.estate import (
    Copy,
    Dependency,
    DurationSource,
    Estate,
    NeededTo,
    Procedure,
    Step,
    Strategy,
    System,
)
from bcp.engine.graph import gating_graph
from bcp.engine.restore import Read, shared_minutes
from bcp.engine.survival import Verdict
from bcp.engine.timeline import Work, forward
from tests.engine.backup_cast import DATABASE, HQ, NIGHTLY, TODAY, VAULT
from tests.engine.restore_simulation import REBUILD, RUN, Job, live_through

READ = replace(NIGHTLY, restore_mb_s=Decimal(100))


def database(name: str, gigabytes: str, **facts: object) -> System:
    return replace(DATABASE, key=name, name=name, data_gb=Decimal(gigabytes), **facts)


def estate_of(*systems: System, edges: tuple = (), **facts: object) -> Estate:
    """Each system with a copy in one repository, 100 MB/s, unless the facts say otherwise."""
    return Estate(
        "acme",
        systems=systems,
        dependencies=tuple(Dependency(u, v) for u, v in edges),
        sites=(HQ, VAULT),
        copies=tuple(
            replace(READ, system=index, key=system.key, **facts)
            for index, system in enumerate(systems)
        ),
        detection_minutes=0,
    )


def restores(estate: Estate, scenario: str = "everything"):
    return [result.restore for result in analyse(estate, scenario, today=TODAY).systems]


def test_a_restore_alone_takes_volume_by_throughput_and_the_fixed_part():
    (restore,) = restores(estate_of(database("A", "360"), restore_fixed_minutes=15))
    assert (restore.alone_minutes, restore.minutes, restore.beside) == (75, 75, 0)


def test_a_begun_minute_counts_whole():
    (restore,) = restores(estate_of(database("A", "360.001")))
    assert restore.minutes == 61


def test_two_at_once_take_twice_as_long():
    one, other = restores(estate_of(database("A", "360"), database("B", "360")))
    assert (one.minutes, one.beside) == (120, 1)
    assert other.minutes == 120


def test_the_shorter_of_two_lets_the_longer_go_on_alone():
    long, short = restores(estate_of(database("A", "720"), database("B", "60")))
    assert (long.minutes, short.minutes) == (130, 20)


def test_restores_that_follow_each_other_do_not_share():
    after, before = restores(estate_of(database("A", "360"), database("B", "360"), edges=((0, 1),)))
    assert (after.minutes, before.minutes) == (60, 60)
    assert (after.beside, before.beside) == (0, 0)


def test_other_repositories_are_not_slowed_down():
    estate = estate_of(database("A", "360"), database("B", "360"))
    named = [replace(copy, repository=copy.key) for copy in estate.copies]
    assert [one.minutes for one in restores(replace(estate, copies=tuple(named)))] == [60, 60]
    media = [replace(copy, medium=copy.key) for copy in estate.copies]
    assert [one.minutes for one in restores(replace(estate, copies=tuple(media)))] == [60, 60]


def test_one_repository_by_name_is_shared_whatever_the_medium():
    estate = estate_of(database("A", "360"), database("B", "360"), repository="Veeam")
    media = [replace(copy, medium=copy.key) for copy in estate.copies]
    assert [one.minutes for one in restores(replace(estate, copies=tuple(media)))] == [120, 120]


def test_only_what_the_scenario_loses_is_restored_beside_it():
    estate = estate_of(database("A", "360"), database("B", "360", site="Vault"))
    lost, spared = restores(estate, "site:HQ")
    assert (lost.minutes, spared.minutes) == (60, 60)


def test_the_restore_is_the_duration_and_moves_everything_above_it():
    app = System("app", "App", duration_minutes=30, strategy=Strategy.REBUILD)
    systems = (database("A", "360"), database("B", "360"), app)
    estate = estate_of(*systems, edges=((2, 0),))
    analysis = analyse(replace(estate, copies=estate.copies[:2]), today=TODAY)
    assert [one.restored_minutes for one in analysis.systems] == [120, 120, 150]
    assert analysis.systems[0].duration_source is DurationSource.RESTORE
    assert analysis.systems[0].duration_as_of == TODAY


def test_a_system_with_a_procedure_keeps_its_time_but_reads_all_the_same():
    estate = replace(
        estate_of(database("A", "360"), database("B", "360")),
        procedures=(Procedure(0, (Step(10),)),),
    )
    written, read = analyse(estate, today=TODAY).systems
    assert (written.duration_minutes, written.duration_source) == (10, DurationSource.PROCEDURE)
    assert (written.restore.minutes, read.duration_minutes) == (120, 120)


def test_a_standby_takes_over_unless_it_was_corrupted_or_lost():
    standby = database("A", "360", strategy=Strategy.HOT_STANDBY, duration_minutes=5)
    estate = estate_of(standby, locked_minutes=NIGHTLY.retention_minutes)
    (result,) = analyse(estate, "site:HQ", today=TODAY).systems
    assert (result.duration_minutes, result.restore) == (5, None)
    for scenario in ("ransomware:14d", "stolen_credentials", "everything"):
        (result,) = analyse(estate, scenario, today=TODAY).systems
        assert result.duration_source is DurationSource.RESTORE


def copy_of_db(**facts: object) -> Copy:
    return replace(READ, **facts)


def test_the_restore_is_from_the_copy_that_decides_the_loss():
    hourly = copy_of_db(key="h", name="hourly", interval_minutes=60, restore_mb_s=Decimal(50))
    estate = replace(estate_of(database("A", "360")), copies=(READ, hourly))
    (restore,) = restores(estate)
    assert (restore.copy, restore.minutes) == (1, 120)
    no_speed = replace(hourly, restore_mb_s=None)
    (restore,) = restores(replace(estate, copies=(READ, no_speed)))
    assert (restore.copy, restore.minutes) == (0, 60)


def test_of_a_lost_copy_the_time_is_still_told_and_that_it_is_lost():
    (restore,) = restores(estate_of(database("A", "360"), site="HQ"), "site:HQ")
    assert (restore.minutes, restore.verdict) == (60, Verdict.LOST)


@pytest.mark.parametrize(
    ("system", "facts"),
    [
        (database("A", "360"), {"restore_mb_s": None}),
        (database("A", "360"), {"restore_mb_s": Decimal(0)}),
        (replace(DATABASE, data_gb=None), {}),
    ],
)
def test_without_volume_or_throughput_there_is_no_restore_time(system, facts):
    (result,) = analyse(estate_of(system, **facts), today=TODAY).systems
    assert (result.restore, result.duration_minutes, result.at_least) == (None, None, True)


@st.composite
def restoring(draw) -> tuple[Estate, Work, dict[int, Read]]:
    count = draw(st.integers(min_value=2, max_value=7))
    below = st.integers(min_value=0, max_value=count - 2)
    pairs = draw(st.lists(st.tuples(st.integers(min_value=1, max_value=count - 1), below)))
    kinds = st.sampled_from((NeededTo.REBUILD, NeededTo.RUN))
    edges = tuple(Dependency(u, v, draw(kinds)) for u, v in pairs if v < u)
    small = st.integers(min_value=0, max_value=30)
    reads = {}
    for system in range(count):
        if draw(st.integers(min_value=0, max_value=3)):
            volume = Fraction(draw(st.integers(min_value=0, max_value=90)), 3)
            reads[system] = Read(
                draw(st.sampled_from(("disk", "tape"))),
                float(volume),
                draw(st.sampled_from((0, 0, 5))),
                decides=draw(st.sampled_from((True, True, False))),
            )
    estate = Estate("acme", tuple(System(str(i), str(i)) for i in range(count)), edges)
    work = Work([draw(small) for _ in range(count)], [draw(small) for _ in range(count)], [], [])
    return estate, work, reads


@settings(max_examples=200, deadline=None)
@given(restoring())
def test_shared_restores_are_those_that_were_lived_through(case):
    """To the minute; and put back into rule G2 they give the very timeline that was simulated."""
    estate, work, reads = case
    jobs = [
        Job(
            [
                (REBUILD if edge.needed_to is NeededTo.REBUILD else RUN, edge.dependency)
                for edge in estate.dependencies
                if edge.dependent == system
            ],
            work.activation_minutes[system],
            None if system in reads and reads[system].decides else work.minutes[system],
            *(
                (
                    reads[system].repository,
                    Fraction(reads[system].minutes).limit_denominator(3),
                    reads[system].fixed_minutes,
                )
                if system in reads
                else ()
            ),
        )
        for system in range(len(estate.systems))
    ]
    live_through(jobs)
    graph = gating_graph(estate)
    shared = shared_minutes(graph, range(len(jobs)), work, reads)
    assert shared.keys() == reads.keys()
    for system, taken in shared.items():
        lived = jobs[system].read_at - jobs[system].start
        assert lived <= taken.minutes < lived + 1
        assert taken.minutes >= reads[system].alone_minutes
        if reads[system].decides:
            work.minutes[system] = taken.minutes
    timeline = forward(graph, range(len(jobs)), work)
    assert timeline.restored == [job.restored for job in jobs]
    assert timeline.start == [job.start for job in jobs]
