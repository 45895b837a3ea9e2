"""What would make a time possible: the time that is asked for, and the notes that ways need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bcp.models.dependencies import Dependency
from bcp.models.organisations import Organisation
from bcp.services.ways import note_field
from bcp.web.forms.base import OrgForm
from bcp.web.forms.fields import DurationField


class TimeForm(forms.Form):
    rto_minutes = DurationField(
        label=gettext_lazy("Back within"), help_text=gettext_lazy("Such as 4h, 1d 12h or 90 min.")
    )


class NotesForm(OrgForm):
    """A bootstrap note for each of `edges`, and whatever a service refuses about them."""

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        edges: Iterable[Dependency],
        **options: Any,
    ) -> None:
        super().__init__(*args, organisation=organisation, **options)
        self._edges = list(edges)
        for edge in self._edges:
            label = _("How “%(dependent)s” is started without “%(dependency)s”")
            self.fields[note_field(edge.pk)] = forms.CharField(
                label=label % {"dependent": edge.dependent, "dependency": edge.dependency},
                help_text=_(
                    "Whoever stands before it at night reads this: what to do, who does it, where"
                    " the means are kept."
                ),
                initial=edge.bootstrap,
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def notes(self) -> dict[str, str]:
        """Key of the dependency → what was typed in."""
        return {edge.pk: self.cleaned_data[note_field(edge.pk)] for edge in self._edges}
