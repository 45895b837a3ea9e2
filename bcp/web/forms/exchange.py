"""Sending in files for an import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bcp.errors import InvalidInput
from bcp.services import import_uploads


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files under one name; cleans to a list. Their sizes are checked before anybody
    reads them."""

    widget = ManyFilesInput(attrs={"accept": ".csv,.zip,text/csv,application/zip"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        sent = list(data) if isinstance(data, list | tuple) else [data]
        files = [super(ManyFilesField, self).clean(one, initial) for one in sent or [None]]
        names = [file.name for file in files]
        if len(set(names)) < len(names):
            raise forms.ValidationError(_("Two of the files have the same name."))
        try:
            import_uploads.check_sizes({file.name: file.size for file in files})
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from error
        return files


class ImportForm(forms.Form):
    upload = ManyFilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "One or several CSV files, named as in the templates, or one ZIP archive with them."
        ),
        max_length=200,
        allow_empty_file=True,
    )
    add_missing = forms.BooleanField(
        label=gettext_lazy("Add missing systems"),
        help_text=gettext_lazy("Make systems of those that only dependencies.csv names."),
        required=False,
    )
    propose_dependencies = forms.BooleanField(
        label=gettext_lazy("Dependencies as proposals, to be reviewed"),
        help_text=gettext_lazy(
            "They count in no answer until somebody accepts them. For lists from a scanner, say."
        ),
        required=False,
    )
