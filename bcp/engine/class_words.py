"""The readiness classes in words, for every page and print that names them (rule B5)."""

from __future__ import annotations

from bcp.engine.messages import gettext_noop
from bcp.engine.readiness import ReadinessClass

CLASS_WORDS = {
    ReadinessClass.BOTH: gettext_noop("Both halves"),
    ReadinessClass.ONLY_BACKUPS: gettext_noop("Only backups"),
    ReadinessClass.ONLY_PLAN: gettext_noop("Only a recovery plan"),
    ReadinessClass.NEITHER: gettext_noop("Neither"),
}
"""Worst last."""

CLASS_SHAPES = {
    ReadinessClass.BOTH: "●",
    ReadinessClass.ONLY_BACKUPS: "◐",
    ReadinessClass.ONLY_PLAN: "◑",
    ReadinessClass.NEITHER: "○",
}
"""Two halves, drawn as such: told apart without colour."""
