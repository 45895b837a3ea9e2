"""The steps of a procedure on the sheet of its system, to be worked through with a pencil."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bcp.documents import wording

Fact = dict[str, Any]


def steps(procedure: Fact | None) -> Fact:
    """What a sheet shows of the procedure: its numbered steps, or why there are none. A draft is
    never printed as instructions."""
    if procedure is None:
        return {"why_none": _("nobody wrote down how it comes back"), "rows": []}
    if procedure["number"] is None:
        return {
            "why_none": _("there is a draft, which is not printed because nobody approved it"),
            "rows": [],
        }
    return {
        "why_none": "" if procedure["steps"] else _("the approved version has no step"),
        "approved": _("Version %(number)s, approved on %(day)s by %(who)s")
        % {
            "number": procedure["number"],
            "day": wording.day(procedure["approved_on"]),
            "who": procedure["approved_by"] or _("somebody unknown"),
        },
        "has_draft": procedure["has_draft"],
        "rows": [_row(number, one) for number, one in enumerate(procedure["steps"], start=1)],
    }


def _row(number: int, step: Fact) -> Fact:
    span = ""
    if step["minutes_low"] is not None or step["minutes_high"] is not None:
        span = _("%(low)s to %(high)s") % {
            "low": wording.span(step["minutes_low"]),
            "high": wording.span(step["minutes_high"]),
        }
    return {
        **step,
        "number": number,
        "who": ", ".join(filter(None, [step["contact"], step["team"]])) or _("nobody named"),
        "people": ngettext("%(count)s person", "%(count)s people", step["heads"])
        % {"count": step["heads"]}
        if step["heads"]
        else "",
        "time": wording.span(step["minutes"]),
        "range": span,
    }
