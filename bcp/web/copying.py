"""A copy or a policy in words: how often, on what, for how long, what protects it, and what its
last restore showed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.durations import format_minutes

_RESULTS = {"success": _("Success"), "partial": _("Partial"), "failure": _("Failure")}
_MARKS = {"success": "●", "partial": "▲", "failure": "■"}


def kept(copy: Any) -> str:
    """On what and where."""
    return ", ".join(str(one) for one in (copy.medium, copy.site) if one)


def what(copy: Any) -> str:
    """The content, and the kind where it is no plain backup."""
    content = str(copy.get_content_display())
    return content if copy.kind == "backup" else f"{content} · {copy.get_kind_display()}"


def throughput(copy: Any) -> str:
    """Of a restore, without the noughts that the database adds."""
    if copy.restore_mb_s is None:
        return gettext("unknown")
    return f"{copy.restore_mb_s.normalize():f}"


def protection(copy: Any) -> str:
    """Only what is there; what nobody recorded protects nothing."""
    words = []
    if copy.locked_minutes:
        words.append(gettext("locked %(time)s") % {"time": format_minutes(copy.locked_minutes)})
    if copy.offline:
        words.append(gettext("offline"))
    if copy.separate_credentials:
        words.append(gettext("separate credentials"))
    if copy.encrypted:
        words.append(gettext("encrypted"))
    return ", ".join(words)


def in_one_line(copy: Any) -> str:
    """ "Data, every 1 d, kept 35 d, locked 35 d, offline, on tape, Vault"."""
    words = [what(copy)]
    if copy.interval_minutes is None:
        words.append(gettext("how often is not recorded"))
    else:
        words.append(gettext("every %(time)s") % {"time": format_minutes(copy.interval_minutes)})
    if copy.retention_minutes is not None:
        words.append(gettext("kept %(time)s") % {"time": format_minutes(copy.retention_minutes)})
    words += [protection(copy), kept(copy)]
    return ", ".join(word for word in words if word)


def restored(copy: Any) -> str:
    """What the last restore from a copy showed. Never tried is no result, and is said."""
    if copy.last_restore_test is None:
        return gettext("▲ untested: a rumour")
    day = date_format(copy.last_restore_test, "DATE_FORMAT")
    return gettext("%(result)s, %(day)s") % {
        "result": result_in_words(copy.last_restore_result),
        "day": day,
    }


def result_in_words(outcome: str) -> str:
    """A restore test's result with its shape."""
    if outcome not in _RESULTS:
        return gettext("◌ result not recorded")
    return f"{_MARKS[outcome]} {_RESULTS[outcome]}"


def age_in_words(day: date, today: date) -> str:
    days = (today - day).days
    if days <= 0:
        return gettext("today")
    return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
