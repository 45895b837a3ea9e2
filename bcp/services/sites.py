"""Writing sites."""

from __future__ import annotations

from bcp.models.sites import Site
from bcp.services.writer import Writer

_writer = Writer(Site)
create, change, delete = _writer.create, _writer.change, _writer.delete
