"""Files that were sent in for an import and wait for somebody to confirm it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bcp.models.base import OrgOwned


class ImportUpload(OrgOwned):
    """The files as one ZIP archive. They go when the import is confirmed or given up, and soon
    in any case. What they would change is not part of the estate yet, so it is not audited."""

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    archive = models.BinaryField()
    add_missing = models.BooleanField(default=False)
    propose_dependencies = models.BooleanField(default=False)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"upload of {self.uploaded_by_id}"
