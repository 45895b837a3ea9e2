"""The part of the bridge that carries reviews of dependencies into the engine; `estate.load`
calls it."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bcp.engine.estate import Review
from bcp.models.organisations import Organisation
from bcp.queries import reviews


def load_reviews(organisation: Organisation, position: Mapping[str, int]) -> tuple[Review, ...]:
    """The last review of each system in `position` (key to position in the estate)."""
    zone = ZoneInfo(organisation.time_zone)
    rows = reviews.latest(organisation).values_list("system_id", "facts", "reviewed_at")
    return tuple(
        Review(position[system], facts, reviewed_at.astimezone(zone).date())
        for system, facts, reviewed_at in rows
        if system in position
    )
