"""Contacts, with their deputy."""

from __future__ import annotations

from rest_framework import serializers

from bcp.api.serializers.base import RecordSerializer
from bcp.api.serializers.fields import NameOf, TextField
from bcp.models.contacts import LONGEST_PHONE, MOST_PHONES, Contact


class ContactSerializer(RecordSerializer):
    phones = serializers.ListField(
        child=TextField(max_length=LONGEST_PHONE),
        max_length=MOST_PHONES,
        required=False,
        help_text="In the order to try them.",
    )
    deputy_name = NameOf("deputy")
    owned_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Contact
        fields = [
            *("id", "version", "name", "title", "email", "phones", "independent_phone", "vendor"),
            *("may_declare", "may_spend", "may_fail_over", "coverage", "deputy", "deputy_name"),
            *("verified_on", "owned_count", "created_at", "updated_at"),
        ]
        read_only_fields = ["version"]
