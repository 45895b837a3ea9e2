"""What an executive summary says of the whole organisation: the one sentence, on what it rests,
the last full test, and what is asked of those who decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bcp.documents import wording
from bcp.documents.summary_text import Room, lasting
from bcp.engine.estate import Outcome
from bcp.engine.results import Severity, Standing

Fact = dict[str, Any]


def headline(totals: Mapping[str, Any]) -> list[str]:
    """The whole summary in one to three sentences."""
    back = lasting(totals["restored_minutes"], totals["at_least"])
    count = totals["processes"]
    if not count:
        return [
            _("If everything stopped now, the last system would be back after %(time)s.")
            % {"time": back},
            _(
                "No business process is recorded, so nobody can say what that means for the"
                " business."
            ),
        ]
    says = [
        ngettext(
            "If everything stopped now, the only business process would be back after %(time)s.",
            "If everything stopped now, the last of %(count)d business processes would be back"
            " after %(time)s.",
            count,
        )
        % {"count": count, "time": back},
        _against_targets(totals),
    ]
    if totals["beyond"]:
        says.append(
            ngettext(
                "One would be out for longer than the organisation can bear.",
                "%(count)d would be out for longer than the organisation can bear.",
                totals["beyond"],
            )
            % {"count": totals["beyond"]}
        )
    return says


def _against_targets(totals: Mapping[str, Any]) -> str:
    promised, missed = totals["promised"], totals["standings"][Standing.MISSES.value]
    if not promised:
        return _("No target has been approved yet, so nobody can say whether that is soon enough.")
    if missed and promised == 1:
        return _("The only one with an approved target misses it.")
    values = {"missed": missed, "promised": promised}
    if missed:
        return (
            ngettext(
                "%(missed)d of the %(promised)d with an approved target misses it.",
                "%(missed)d of the %(promised)d with an approved target miss it.",
                missed,
            )
            % values
        )
    if totals["at_least"]:
        return _("None is known to miss its approved target, but not everything is known.")
    if promised < totals["processes"]:
        return (
            _("Every approved target is met; only %(promised)d of them have one.") % values
            if promised > 1
            else _("The only approved target is met; the others have none.")
        )
    return _("Every approved target is met.")


def basis(totals: Mapping[str, Any]) -> list[str]:
    """On what the figures rest, and what nobody knows."""
    says = [
        ngettext(
            "Worked out from %(count)d system.",
            "Worked out from %(count)d systems.",
            totals["systems"],
        )
        % {"count": totals["systems"]}
    ]
    if totals["unknown_durations"]:
        says.append(
            ngettext(
                "How long its recovery takes is not known for %(count)d; it counts as nothing, and"
                " what rests on it says “at least”.",
                "How long their recovery takes is not known for %(count)d; they count as nothing,"
                " and what rests on them says “at least”.",
                totals["unknown_durations"],
            )
            % {"count": totals["unknown_durations"]}
        )
    if totals["loops"]:
        says.append(
            _("Systems wait for each other: until that is mended, every time here is provisional.")
        )
    if totals["unanswered"]:
        says.append(
            ngettext(
                "For %(count)d process nobody has said what its outage does.",
                "For %(count)d processes nobody has said what their outage does.",
                totals["unanswered"],
            )
            % {"count": totals["unanswered"]}
        )
    return says


def full_test(test: Mapping[str, Any] | None, room: Room) -> str:
    """When everything was last really interrupted to prove that it comes back."""
    if test is None:
        return _("A full test, in which everything is really stopped, was never held.")
    met = test["outcomes"].get(Outcome.SUCCESS.value, 0)
    return ngettext(
        "The last full test was “%(name)s” on %(day)s: %(met)d of %(count)d system came back as"
        " it should.",
        "The last full test was “%(name)s” on %(day)s: %(met)d of %(count)d systems came back as"
        " they should.",
        test["systems"],
    ) % {
        "name": room.name(test["name"]),
        "day": wording.day(test["done_on"]),
        "met": met,
        "count": test["systems"],
    }


def decisions(sections: Mapping[str, Any]) -> list[Fact]:
    """What those who decide are asked for; `about` says which page it is done on."""
    asked, counts = sections["decisions"], sections["open_gaps"]["counts"]
    found = [
        (
            "proposals",
            asked["proposals"],
            ngettext(
                "Approve or send back the %(count)d target that was proposed.",
                "Approve or send back the %(count)d targets that were proposed.",
                asked["proposals"],
            ),
        ),
        (
            "without_target",
            asked["without_target"],
            ngettext(
                "Say how long the %(count)d business process without a target may be out.",
                "Say how long the %(count)d business processes without a target may be out.",
                asked["without_target"],
            ),
        ),
        (
            "looser",
            asked["looser"],
            ngettext(
                "Look again at %(count)d target: it allows a longer outage than the answers about"
                " its process do.",
                "Look again at %(count)d targets: they allow a longer outage than the answers about"
                " their processes do.",
                asked["looser"],
            ),
        ),
        (
            "unanswered",
            asked["unanswered"],
            ngettext(
                "Have the outage of %(count)d business process judged by who leads it.",
                "Have the outage of %(count)d business processes judged by who leads them.",
                asked["unanswered"],
            ),
        ),
        (
            "gaps",
            counts[Severity.HIGH.value],
            ngettext(
                "Have the %(count)d serious gap closed, or accept it with a reason.",
                "Have the %(count)d serious gaps closed, or accept them with a reason.",
                counts[Severity.HIGH.value],
            ),
        ),
    ]
    return [
        {"about": about, "count": count, "says": says % {"count": count}}
        for about, count, says in found
        if count
    ]
