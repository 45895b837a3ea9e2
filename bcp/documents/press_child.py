"""The process that prints: python -m bcp.documents.press_child SOURCE TARGET SECONDS BYTES.

Limits itself first, then turns the snapshot in SOURCE into the PDF in TARGET and says, one JSON
object a line: {"progress": [done, all]}, then {"pages": n} or {"failed": sentence}.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from pathlib import Path

import django
from django.utils.translation import gettext as _

from bcp.documents.render import render

_DEEPEST_STACK = 5000


def main(source: str, target: str, processor_seconds: int, memory_bytes: int) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # pages come before prints
    sys.setrecursionlimit(_DEEPEST_STACK)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()
    return _print(Path(source), Path(target))


def _end_with_parent() -> None:
    """The parent holds the other end of standing input and never writes: it ends when the parent
    does, however that happens."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


def _say(**message: object) -> None:
    print(json.dumps(message), flush=True)


def _print(source: Path, target: Path) -> int:
    try:
        rendered = render(
            json.loads(source.read_bytes()),
            lambda done, everything: _say(progress=[done, everything]),
        )
        target.write_bytes(rendered.pdf)
    except MemoryError:
        _say(failed=_("The plan is too large for the memory that a print may use."))
        return 1
    except RecursionError:
        _say(failed=_("Some text of the plan is nested too deeply to be printed."))
        return 1
    _say(pages=rendered.pages)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
