"""The recovery order as a chart: every system as a bar, or every wave where there are many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain, groupby
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bcp.documents import gantt_drawing
from bcp.documents.gantt_drawing import Bar
from bcp.engine.results import Analysis, Effect, SystemResult

MOST_BARS = 80


def chart(
    answer: Analysis, *, title: str, description: str, href: Callable[[str], str]
) -> str | None:
    """An `<svg>`, or `None` if the scenario touches nothing. `href`: the page of a system's key.

    The chain that decides the end is marked. Above `MOST_BARS` systems each wave is one bar and
    only that chain is shown system by system.
    """
    results = [answer.systems[index] for index in answer.order]
    if not results:
        return None
    last = max(results, key=lambda one: (one.restored_minutes, -one.index))
    critical = set(last.binding_chain)
    results.sort(key=lambda one: (one.wave or 0, one.start_minutes or 0))
    if len(results) <= MOST_BARS:
        bars = [_bar(answer, one, one.index in critical, href) for one in results]
    else:
        bars = [*_waves(results), *_deciding(answer, last, href)]
    return gantt_drawing.draw(
        bars, answer.activation.total_minutes, title=title, description=description
    )


def _bar(answer: Analysis, result: SystemResult, critical: bool, href: Callable[[str], str]) -> Bar:
    start = result.start_minutes or 0
    works = result.effect is Effect.LOST
    work = result.duration_minutes or 0 if works else 0
    return Bar(
        label=result.name,
        group=_("Wave %(wave)s") % {"wave": result.wave},
        start=start,
        work_end=min(start + work, result.restored_minutes),
        restored=result.restored_minutes,
        rto=result.rto_minutes,
        standing=result.standing,
        critical=critical,
        unknown=works and result.duration_minutes is None,
        href=href(answer.estate.systems[result.index].key),
    )


def _waves(results: list[SystemResult]) -> list[Bar]:
    """A bar per wave, or per run of neighbouring waves where even these are too many."""
    by_wave = [list(members) for _wave, members in groupby(results, key=attrgetter("wave"))]
    run = -(-len(by_wave) // MOST_BARS)
    bars = []
    for start in range(0, len(by_wave), run):
        systems = list(chain.from_iterable(by_wave[start : start + run]))
        end = max(one.restored_minutes for one in systems)
        bars.append(
            Bar(
                label=_waves_label(systems),
                group=_("Waves"),
                start=min(one.start_minutes or 0 for one in systems),
                work_end=end,
                restored=end,
            )
        )
    return bars


def _waves_label(systems: list[SystemResult]) -> str:
    first, last = systems[0].wave, systems[-1].wave
    if first != last:
        values = {"first": first, "last": last, "count": len(systems)}
        return _("Waves %(first)s–%(last)s: %(count)s systems") % values
    return ngettext(
        "Wave %(wave)s: %(count)s system", "Wave %(wave)s: %(count)s systems", len(systems)
    ) % {"wave": first, "count": len(systems)}


def _deciding(answer: Analysis, last: SystemResult, href: Callable[[str], str]) -> list[Bar]:
    """The end of the chain that decides: its beginning may be thousands of systems away."""
    heading = _("The chain that decides the end")
    return [
        replace(_bar(answer, answer.systems[index], True, href), group=heading)
        for index in last.binding_chain[-MOST_BARS:]
    ]
