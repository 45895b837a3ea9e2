"""Many systems at once, for tests of what a page costs."""

from __future__ import annotations

from itertools import pairwise

from bcp.models import Dependency, Organisation, System
from bcp.models.base import new_key
from tests.factories import make_system


def grow(organisation: Organisation, count: int, length: int = 10) -> list[System]:
    """`count` systems in chains of `length`, straight into the tables: how they were written is not
    what is tested here. One more through the service, so that the analysis is made anew."""
    systems = [
        System(
            id=new_key(),
            organisation=organisation,
            name=f"Server {number:04d} {new_key()}",
            tier=number % 4 + 1,
            recovery_minutes=10 if number % 7 else None,
        )
        for number in range(count)
    ]
    System.objects.bulk_create(systems, batch_size=500)
    Dependency.objects.bulk_create(
        Dependency(organisation=organisation, dependent=above, dependency=below)
        for number, (above, below) in enumerate(pairwise(systems))
        if (number + 1) % length
    )
    make_system(organisation, f"Marker {new_key()}")
    return systems
