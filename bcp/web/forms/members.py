"""The forms by which people are invited and given another role."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bcp.engine.permissions import Role
from bcp.models.members import RoleChoice
from bcp.web.forms.base import OrgForm


class RoleForm(OrgForm):
    """Another role for one member, in a row of the list."""

    role = forms.TypedChoiceField(label=_("Role"), choices=RoleChoice.choices, coerce=Role)


class InviteForm(OrgForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation is mailed there; it is how the person signs in later."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.TypedChoiceField(
        label=_("Role"),
        choices=RoleChoice.choices,
        coerce=Role,
        initial=RoleChoice.ENGINEER,
        help_text=_(
            "Administrators manage members and settings, executives approve targets, directors"
            " and engineers keep the records, auditors read."
        ),
    )
