"""The appendix on restores: what is read from which repository in this scenario, and how long
each restore takes beside the others (rule G9)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bcp.documents import wording
from bcp.documents.anchors import anchor
from bcp.documents.drafts import cut
from bcp.documents.snapshot import Snapshot
from bcp.engine.survival import Verdict

Fact = dict[str, Any]


def tables(snapshot: Snapshot) -> list[Fact]:
    """One repository after another, those with most restores first, each in restore order."""
    facts = {one["system"]: one["restore"] for one in snapshot["backups"] if one["restore"]}
    by_repository: dict[str, list[Fact]] = {}
    for system in snapshot["systems"]:
        restore = facts.get(system["name"])
        if restore is not None and system["effect"] == "lost":
            by_repository.setdefault(restore["repository"], []).append(_row(system, restore))
    busiest = sorted(by_repository.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        table
        for name, rows in busiest
        for table in cut(name.strip(" ·") or _("place not recorded"), rows)
    ]


def _row(system: Fact, restore: Fact) -> Fact:
    doubt = {
        Verdict.LOST.value: _("does not survive this scenario"),
        Verdict.UNKNOWN.value: _("may not survive this scenario"),
    }
    return {
        "sheet": system["sheet"],
        "name": system["name"],
        "anchor": anchor(system),
        "copy": restore["copy"],
        "doubt": doubt.get(restore["verdict"], ""),
        "volume": _("%(volume)s GB") % {"volume": restore["volume_gb"]},
        "start": wording.after(system["start_minutes"]),
        "alone": wording.span(restore["alone_minutes"]),
        "minutes": wording.span(restore["minutes"]),
        "beside": restore["beside"],
        "counts": system["duration_source"] == "restore",
    }
