"""What a browser sends of the form of a system."""

from __future__ import annotations

from bcp.models import System


def typed(system: System | None = None, **changes: object) -> dict[str, object]:
    """What a browser sends: every field of the form, with some typed over."""
    values: dict[str, object] = {"name": "ERP", "kind": "application", "status": "live"}
    if system is not None:
        values |= {"name": system.name, "kind": system.kind, "version": system.version}
        values["tier"] = system.tier or ""
    return values | changes
