"""Writing backup copies."""

from __future__ import annotations

from bcp.models.copies import BackupCopy
from bcp.services.writer import Writer

_writer = Writer(BackupCopy)
create, change, delete = _writer.create, _writer.change, _writer.delete
