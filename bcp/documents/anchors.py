"""The names by which pages of a plan link to each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def anchor(system: Mapping[str, Any]) -> str:
    """The sheet of a system."""
    return f"system-{system['key']}"
