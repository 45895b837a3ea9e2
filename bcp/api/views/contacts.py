"""Contacts."""

from __future__ import annotations

from bcp.api.serializers.contacts import ContactSerializer
from bcp.api.views.records import DetailView, ListCreateView
from bcp.queries import contacts as reads
from bcp.queries.filters import ContactFilter
from bcp.services import contacts


class ContactList(ListCreateView):
    tag = "Contacts"
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    listing = staticmethod(reads.listing)
    service = contacts
    detail_url = "api-contacts-detail"


class ContactDetail(DetailView):
    tag = "Contacts"
    serializer_class = ContactSerializer
    listing = staticmethod(reads.listing)
    service = contacts
