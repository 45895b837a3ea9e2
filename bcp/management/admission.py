"""What the commands that let people in have in common: an option, and what they say."""

from __future__ import annotations

from django.core.management.base import CommandParser
from django.urls import reverse
from django.utils.translation import gettext as _

from bcp.services.invitations import Invited

HERE = "http://127.0.0.1:8000"


def add_address(parser: CommandParser) -> None:
    parser.add_argument(
        "--address",
        default=HERE,
        metavar="URL",
        help=f"where people open this installation, for the link in the mail (default {HERE})",
    )


def link_base(address: str) -> str:
    """The address below which the secret of an invitation stands."""
    return address.rstrip("/") + reverse("invitation", args=["-"]).removesuffix("-/")


def outcome(email: str, invited: Invited | None) -> str:
    """What has become of an address: a member, or invited by a link (only the machine's own
    command line is ever shown one)."""
    if invited is None:
        return _("%(email)s is a member now, with the login that was there.") % {"email": email}
    says = (
        _("%(email)s has no login yet. This link makes one, until %(until)s; it was mailed, too:")
        if invited.mailed
        else _(
            "%(email)s has no login yet. Mail cannot be sent; this link makes one, until %(until)s:"
        )
    )
    until = invited.invitation.expires_at.strftime("%Y-%m-%d %H:%M UTC")
    return f"{says % {'email': email, 'until': until}}\n{invited.link}"
