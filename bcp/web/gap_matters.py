"""Why a gap matters, in sentences for who decides about it: what it puts at risk, who waits."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.blast_radius import affected_by
from bcp.engine.estate import Kind
from bcp.engine.results import Analysis, Gap
from bcp.web.forms.answers import GAP_GROUPS

_NAMED = 5
_OF_GROUP = {
    "time": _("What is promised here cannot be kept, or nobody can say whether it can."),
    "backups": _("What no good copy brings back is lost for good."),
    "runs": _("A copy that did not run, or that nobody tried to restore, may be no copy at all."),
    "plan": _(
        "What nobody wrote down or tried has to be worked out in the middle of the emergency."
    ),
    "people": _("Somebody who cannot be reached, or has no deputy, holds everybody else up."),
}


def matters(answer: Analysis, gap: Gap) -> list[str]:
    """What is at stake, most general first."""
    return list(_sentences(answer, gap))


def _sentences(answer: Analysis, gap: Gap) -> Iterator[str]:
    for group, (_label, codes) in GAP_GROUPS.items():
        if gap.code in codes and group in _OF_GROUP:
            yield str(_OF_GROUP[group])
    if gap.system is None:
        return
    systems = answer.estate.systems
    system = systems[gap.system]
    if system.tier is not None:
        yield gettext("“%(system)s” is tier %(tier)s, of 1 (most critical) to 4.") % {
            "system": system.name,
            "tier": system.tier,
        }
    waiting = affected_by(answer.estate, [gap.system])
    if not waiting:
        yield gettext("No other system needs “%(system)s”.") % {"system": system.name}
        return
    yield ngettext(
        "%(count)d other system needs “%(system)s”, directly or through others, and is down"
        " with it.",
        "%(count)d other systems need “%(system)s”, directly or through others, and are down"
        " with it.",
        len(waiting),
    ) % {"count": len(waiting), "system": system.name}
    processes = sorted(systems[one].name for one in waiting if systems[one].kind is Kind.PROCESS)
    if processes:
        more = len(processes) - _NAMED
        names = ", ".join(processes[:_NAMED])
        yield gettext("Business processes among them: %(names)s.") % {
            "names": names
            if more <= 0
            else gettext("%(names)s and %(count)s more") % {"names": names, "count": more}
        }
