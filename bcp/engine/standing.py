"""One word for what is achieved against what was promised: of times and of losses."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """The achieved time against the approved target, or the loss against the RPO."""

    MEETS = "meets"
    AT_RISK = "at risk"
    """Meets its own target, but not what its dependents require of it. Of a loss: within the RPO,
    but nobody tried in time whether the copy comes back."""
    MISSES = "misses"
    UNKNOWN = "unknown"
    """No approved target, or the sum rests on an unknown and may be later than it says."""
