"""Contacts: who is called, at which hours, what they may decide, and how fresh that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.coverage import BadCoverage, parse_coverage
from bcp.engine.gaps_of_people import STALE_AFTER_DAYS
from bcp.queries import contacts as reads
from bcp.queries.filters import ContactFilter
from bcp.services import contacts as writes
from bcp.web.forms.contacts import ContactForm, VerifyForm
from bcp.web.nouns import Noun
from bcp.web.views.base import CreateView, DeleteView, DetailView, EditView, HistoryView
from bcp.web.views.bulk import BulkView
from bcp.web.views.lists import Column, ListView
from bcp.web.week import days_of

CONTACTS = Noun(
    "contacts",
    _("contact"),
    _("Contacts"),
    "contact",
    reads.listing,
    writes,
    adding=_("Add a contact"),
)


def is_stale(contact: Any, today: date) -> bool:
    """Rule E4."""
    known = contact.verified_on
    return known is None or (today - known).days >= STALE_AFTER_DAYS


def authority(contact: Any) -> str:
    """What a contact may decide, in words."""
    words = []
    if contact.may_declare:
        words.append(gettext("declare a disaster"))
    if contact.may_fail_over:
        words.append(gettext("order a fail-over"))
    if contact.may_spend is not None:
        words.append(gettext("spend up to %(sum)s") % {"sum": f"{contact.may_spend:,.0f}"})
    return ", ".join(words)


def _phones(contact: Any) -> str:
    return ", ".join(_unbroken(phone) for phone in contact.phones)


def _coverage(contact: Any) -> str:
    return "; ".join(_unbroken(rule.strip()) for rule in contact.coverage.split(";"))


def _unbroken(text: str) -> str:
    """On one line even in a narrow column: a number in two halves is dialled wrong."""
    return text.replace(" ", "\u00a0").replace("-", "\u2011")


def _verified(contact: Any) -> str:
    if contact.verified_on is None:
        return gettext("▲ never")
    day = date_format(contact.verified_on, "DATE_FORMAT")
    return gettext("▲ stale: %(day)s") % {"day": day} if contact.is_stale else day


class ContactList(ListView):
    noun = CONTACTS
    filter_class = ContactFilter
    bulk = True
    columns = (
        Column("name", _("Name"), sort="name", kind="link"),
        Column("title", _("Title"), sort="title"),
        Column("vendor", _("Vendor"), sort="vendor"),
        Column("phones", _("Phones"), value=_phones),
        Column("coverage", _("Coverage"), value=_coverage),
        Column("may", _("May"), value=authority),
        Column("verified", _("Verified"), sort="verified_on", value=_verified),
    )
    export_columns = (
        *(Column(name, name) for name in ("name", "title", "email")),
        Column("phones", "phones", value=lambda contact: "; ".join(contact.phones)),
        *(Column(name, name) for name in ("independent_phone", "vendor", "may_declare")),
        *(Column(name, name) for name in ("may_spend", "may_fail_over", "coverage", "deputy")),
        Column("verified_on", "verified_on"),
    )

    def prepare(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.is_stale = is_stale(row, self.today)
        return rows

    def context(self, page: Page[Any]) -> dict[str, Any]:
        return {"bulk_says": _("Mark the ticked as verified…")}


class ContactDetail(DetailView):
    noun = CONTACTS

    def context(self, record: Any) -> dict[str, Any]:
        try:
            week = days_of((start, end, "") for start, end in parse_coverage(record.coverage))
        except BadCoverage:
            week = []
        return {
            "week": week,
            "authority": authority(record),
            "duties": reads.duties(self.organisation, record),
            "is_stale": is_stale(record, self.today),
            "stale_after": STALE_AFTER_DAYS,
        }


class ContactCreate(CreateView):
    noun = CONTACTS
    form_class = ContactForm


class ContactEdit(EditView):
    noun = CONTACTS
    form_class = ContactForm


class ContactDelete(DeleteView):
    noun = CONTACTS

    def context(self, record: Any) -> dict[str, Any]:
        return {"duties": reads.duties(self.organisation, record)}


class ContactHistory(HistoryView):
    noun = CONTACTS


class ContactBulk(BulkView):
    """Marks contacts as verified."""

    noun = CONTACTS
    filter_class = ContactFilter
    form_class = VerifyForm

    def apply(self, keys: Sequence[str], values: dict[str, Any]) -> int:
        return writes.verify_many(self.organisation, keys, on=values["verified_on"], by=self.by)


urls = [
    path("contacts/", ContactList.as_view(), name="contacts-list"),
    path("contacts/new/", ContactCreate.as_view(), name="contacts-create"),
    path("contacts/bulk/", ContactBulk.as_view(), name="contacts-bulk"),
    path("contacts/<str:key>/", ContactDetail.as_view(), name="contacts-detail"),
    path("contacts/<str:key>/edit/", ContactEdit.as_view(), name="contacts-edit"),
    path("contacts/<str:key>/delete/", ContactDelete.as_view(), name="contacts-delete"),
    path("contacts/<str:key>/history/", ContactHistory.as_view(), name="contacts-history"),
]
