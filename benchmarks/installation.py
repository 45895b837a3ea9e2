"""A blank installation of its own in a temporary folder; import it before anything of Django.

`DATABASE_URL` chooses another database, in which a run leaves its organisation behind.
"""

from __future__ import annotations

import os
import tempfile

import django

FOLDER = tempfile.TemporaryDirectory(prefix="bcp-benchmark-")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bcp.config.settings")
os.environ.setdefault("STATE_DIR", FOLDER.name)
django.setup()
