"""Backup copies on the sheet of their system: what, where, how protected, when last restored."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bcp.documents import wording
from bcp.engine.estate import CopyKind

Fact = dict[str, Any]


def copy_line(copy: Fact) -> Fact:
    """A copy with its worst data loss (rule B1)."""
    parts = [copy["interval_minutes"], copy["run_minutes"], copy["lag_minutes"]]
    loss = None if None in parts else sum(parts)
    return {
        **copy,
        "loss": wording.span(loss),
        "interval": wording.span(copy["interval_minutes"]),
        "kept": wording.span(copy["retention_minutes"]),
        "what": " · ".join(filter(None, [copy["content"], _kind(copy), copy.get("source")])),
        "policy": copy.get("policy") or "",
        "where": ", ".join(
            filter(
                None,
                [
                    copy["site"] or _("place not recorded"),
                    copy["medium"],
                    copy.get("repository"),
                ],
            )
        ),
        "marks": ", ".join([*_marks(copy), *_unrecorded(copy)]),
        "tested": _tested(copy),
    }


def _kind(copy: Fact) -> str:
    return "" if copy.get("kind") in (None, CopyKind.BACKUP.value) else copy["kind_label"]


def _marks(copy: Fact) -> list[str]:
    return [
        word
        for word, holds in (
            (_("offline"), copy["offline"]),
            (
                _("locked for %(time)s") % {"time": wording.span(copy["locked_minutes"])},
                bool(copy["locked_minutes"]),
            ),
            (_("separate credentials"), copy["separate_credentials"]),
            (_("encrypted: the key is needed"), copy.get("encrypted")),
            (_("replica: no help against corruption"), copy["replica"]),
        )
        if holds
    ]


def _unrecorded(copy: Fact) -> list[str]:
    """Unknown is not "no", and is said."""
    missing = [
        word
        for word, fact in (
            (_("offline"), copy["offline"]),
            (_("locked"), copy["locked_minutes"]),
        )
        if fact is None
    ]
    if not missing or copy["replica"] or copy["offline"] or copy["locked_minutes"]:
        return []
    return [_("not recorded whether %(what)s") % {"what": _(" or ").join(missing)}]


def _tested(copy: Fact) -> str:
    if not copy["last_restore_test"]:
        return _("untested: a rumour")
    told = [wording.day(copy["last_restore_test"])]
    if copy["last_restore_result"]:
        told.append(copy["last_restore_result"])
    said = ": ".join(told)
    if copy.get("last_restore_minutes") is not None:
        return _("%(result)s, in %(time)s") % {
            "result": said,
            "time": wording.span(copy["last_restore_minutes"]),
        }
    return said
