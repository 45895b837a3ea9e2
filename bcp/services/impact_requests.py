"""Asking one member to answer for a business process, by mail.

The mail holds the address of the questions and no secret: who opens it signs in first.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability, Role, allows
from bcp.errors import InvalidInput
from bcp.models.impacts import ImpactAssessment
from bcp.models.members import Membership
from bcp.models.organisations import Organisation
from bcp.services import impacts, records
from bcp.services.actor import Actor
from bcp.services.ledger import Ledger, writing

LONGEST_NOTE = 2000

_log = logging.getLogger(__name__)


@dataclass
class Asked:
    """What came of asking: the assessment, and whether the mail went out."""

    assessment: ImpactAssessment
    mailed: bool = False


def ask(
    organisation: Organisation,
    process_key: str,
    member_key: str,
    *,
    answer_by: date | None = None,
    note: str = "",
    link: str,
    seen_version: int | None,
    by: Actor,
) -> Asked:
    """Ask a member, in the place of whoever was asked before; `link` is the absolute address of
    the questions. Asking the same person again mails again. Mail that cannot be sent leaves the
    request as it is; the answer says so.

    Raises `InvalidInput` for a member whose role may not answer, and for a day that has passed.
    """
    with writing(organisation, by=by, needs=Capability.ANSWER_IMPACT) as ledger:
        assessment = impacts.document(ledger, process_key, seen_version)
        member = _member(ledger, member_key)
        if answer_by is not None and answer_by < ledger.today:
            fault = _("This day has passed; give one that is still to come.")
            raise InvalidInput(fault, {"answer_by": [fault]})
        if len(note) > LONGEST_NOTE:
            fault = _("The note has at most %(most)d characters.") % {"most": LONGEST_NOTE}
            raise InvalidInput(fault, {"note": [fault]})
        values = {
            "asked_of": member,
            "asked_by": ledger.by.user,
            "asked_at": ledger.now,
            "answer_by": answer_by,
        }
        asked = Asked(records.change(ledger, assessment, values, seen_version=None))
        transaction.on_commit(lambda: _mail(asked, member, note, link))
    return asked


def take_back(
    organisation: Organisation, process_key: str, *, seen_version: int | None, by: Actor
) -> ImpactAssessment:
    """Ask nobody any more; what was answered stays."""
    with writing(organisation, by=by, needs=Capability.ANSWER_IMPACT) as ledger:
        assessment = impacts.document(ledger, process_key, seen_version)
        nobody = dict.fromkeys(("asked_of", "asked_by", "asked_at", "answer_by"))
        return records.change(ledger, assessment, nobody, seen_version=None)


def _member(ledger: Ledger, key: str) -> Membership:
    members = Membership.objects.of(ledger.organisation).select_related("user")
    member = members.filter(pk=key, user__is_active=True).first()
    if member is None or not allows(Role(member.role), Capability.ANSWER_IMPACT):
        fault = _("Choose a member who may answer.")
        raise InvalidInput(fault, {"member": [fault]})
    return member


def _mail(asked: Asked, member: Membership, note: str, link: str) -> None:
    context = {
        "assessment": asked.assessment,
        "organisation": asked.assessment.organisation,
        "member": member,
        "note": note.strip(),
        "link": link,
    }
    try:
        send_mail(
            subject=" ".join(render_to_string("emails/impact_subject.txt", context).split()),
            message=render_to_string("emails/impact_request.txt", context),
            from_email=None,
            recipient_list=[member.user.email],
        )
        asked.mailed = True
    except (OSError, SMTPException):
        _log.exception("a request to answer could not be mailed")
