"""Keeping sent-in files from the preview of an import until it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput, NotAllowed
from bcp.exchange import sources
from bcp.exchange.findings import Findings
from bcp.models.imports import ImportUpload
from bcp.models.organisations import Organisation
from bcp.services import importing
from bcp.services.actor import Actor
from bcp.services.import_plan import ImportPlan
from bcp.services.importing import Incoming, Options

KEPT_FOR = timedelta(hours=1)
MOST_FILES = sources.MOST_FILES


def check_sizes(sizes: Mapping[str, int]) -> None:
    """Refuse files by their names and sizes, before anything is read. Raises `InvalidInput`."""
    longest = settings.IMPORT_FILE_BYTES
    if len(sizes) > MOST_FILES:
        raise InvalidInput(
            _("At most %(most)d files can be sent in at once.") % {"most": MOST_FILES}
        )
    too_large = [name for name, size in sizes.items() if size > longest]
    if too_large:
        raise InvalidInput(
            _("At most %(most)d MB a file are allowed; too large: %(names)s.")
            % {"most": longest // 1024**2, "names": ", ".join(too_large)}
        )
    if sum(sizes.values()) > sources.MOST_TIMES_LONGEST * longest:
        raise InvalidInput(_("The files together are too large; send them in several parts."))


def keep(
    organisation: Organisation,
    files: Mapping[str, bytes],
    *,
    add_missing: bool,
    propose_dependencies: bool = False,
    now: datetime,
    by: Actor,
) -> ImportUpload:
    """Keep files for a while; they take the place of what the same person sent in before."""
    by.require(organisation, Capability.EDIT_ESTATE)
    if by.user is None:
        raise NotAllowed(_("Only a person sends files in."))
    check_sizes({name: len(content) for name, content in files.items()})
    with transaction.atomic():
        over = Q(expires_at__lte=now) | Q(uploaded_by=by.user)
        ImportUpload.objects.of(organisation).filter(over).delete()
        return ImportUpload.objects.create(
            organisation=organisation,
            uploaded_by=by.user,
            archive=sources.to_zip(files),
            add_missing=add_missing,
            propose_dependencies=propose_dependencies,
            expires_at=now + KEPT_FOR,
        )


def preview(organisation: Organisation, upload: ImportUpload, *, by: Actor) -> ImportPlan:
    """What the import would do; saves nothing."""
    return importing.preview(organisation, _incoming(upload), _options(upload), by=by)


def confirm(
    organisation: Organisation, upload: ImportUpload, seen: str, *, by: Actor
) -> ImportPlan:
    """Import everything as the preview of the fingerprint `seen` has shown it, or raise
    `ImportRefused` or `Conflict` and import nothing."""
    with transaction.atomic():
        plan = importing.apply(organisation, _incoming(upload), _options(upload), seen=seen, by=by)
        upload.delete()
    return plan


def add_missing(organisation: Organisation, upload: ImportUpload, *, by: Actor) -> None:
    """Let the import make systems of those that only dependencies name."""
    by.require(organisation, Capability.EDIT_ESTATE)
    upload.add_missing = True
    upload.save(update_fields=["add_missing", "updated_at"])


def give_up(organisation: Organisation, upload: ImportUpload, *, by: Actor) -> None:
    by.require(organisation, Capability.EDIT_ESTATE)
    upload.delete()


def _incoming(upload: ImportUpload) -> Incoming:
    findings = Findings()
    longest = settings.IMPORT_FILE_BYTES
    files = sources.from_zip(bytes(upload.archive), findings, longest=longest)
    return importing.from_files(files, findings)


def _options(upload: ImportUpload) -> Options:
    return Options(add_missing=upload.add_missing, propose_dependencies=upload.propose_dependencies)
