"""Where files come from: a folder of the machine, uploaded files, or one ZIP archive.

Nothing is read before its size is known to be allowed, and nothing is ever unpacked to disk.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from bcp.exchange.findings import Findings, quoted

MOST_FILES = 20
MOST_TIMES_LONGEST = 8
"""All files of an archive together may be this many times as large as the largest may be."""

# What some systems put beside the files that one meant.
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")

# One moment for every file, so that the same content makes the same archive.
_TIMELESS = (2000, 1, 1, 0, 0, 0)


def from_folder(folder: Path, findings: Findings, *, longest: int) -> dict[str, bytes]:
    """The files of a folder, not of folders in it; those over `longest` bytes are a fault."""
    files: dict[str, bytes] = {}
    if not folder.is_dir():
        findings.fault(str(folder), None, None, _("this is not a folder"))
        return files
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith((".", *_LITTER)):
            continue
        if path.suffix.casefold() != ".csv":
            findings.notice(path.name, None, None, _("ignored: not a CSV file"))
            continue
        try:
            size = path.stat().st_size
            if size > longest:
                _too_large(path.name, size, longest, findings)
            else:
                files[path.name] = path.read_bytes()
        except OSError as error:
            says = _("cannot be read: %(reason)s") % {"reason": error.strerror}
            findings.fault(path.name, None, None, says)
    return files


def from_upload(name: str, content: bytes, findings: Findings, *, longest: int) -> dict[str, bytes]:
    """One uploaded file; over `longest` bytes it is a fault."""
    if len(content) > longest:
        _too_large(name, len(content), longest, findings)
        return {}
    return {name: content}


def from_zip(archive: bytes, findings: Findings, *, longest: int) -> dict[str, bytes]:
    """The files of a ZIP archive. Sizes are checked in its directory before anything is
    unpacked, and again while it is, because a directory can lie."""
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            for entry in _allowed(opened.infolist(), findings, longest):
                with opened.open(entry) as stream:
                    content = stream.read(longest + 1)
                if len(content) > longest:
                    _too_large(entry.filename, len(content), longest, findings)
                files[entry.filename] = content
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        _unreadable_archive(findings)
    except (ValueError, OSError, OverflowError, MemoryError):
        _unreadable_archive(findings)
    return files


def _allowed(
    entries: Iterable[zipfile.ZipInfo], findings: Findings, longest: int
) -> list[zipfile.ZipInfo]:
    """The entries that may be unpacked; none of them if there is a fault."""
    wanted = [one for one in entries if not one.filename.startswith(_LITTER) and not one.is_dir()]
    before = len(findings.faults)
    if len(wanted) > MOST_FILES:
        says = _("there are %(count)d files in the archive; at most %(most)d are allowed") % {
            "count": len(wanted),
            "most": MOST_FILES,
        }
        findings.fault("-", None, None, says)
        return []
    together = sum(entry.file_size for entry in wanted)
    if together > MOST_TIMES_LONGEST * longest:
        _too_large("-", together, MOST_TIMES_LONGEST * longest, findings)
    names: set[str] = set()
    for entry in wanted:
        name = quoted(entry.filename).strip("“”")
        if "/" in entry.filename or "\\" in entry.filename:
            says = _("lies in a folder of the archive; put the files at its top")
            findings.fault(name, None, None, says)
        elif entry.flag_bits & 0x1:
            findings.fault(name, None, None, _("is encrypted; send an archive without a password"))
        elif entry.filename in names:
            findings.fault(name, None, None, _("this file is there twice; send it once"))
        elif entry.file_size > longest:
            _too_large(name, entry.file_size, longest, findings)
        names.add(entry.filename)
    return wanted if len(findings.faults) == before else []


def _too_large(name: str, size: int, longest: int, findings: Findings) -> None:
    says = _("has %(size)s bytes; at most %(longest)s are allowed, so split it") % {
        "size": f"{size:,}",
        "longest": f"{longest:,}",
    }
    findings.fault(name, None, None, says)


def _unreadable_archive(findings: Findings) -> None:
    findings.fault("-", None, None, _("the ZIP archive is damaged or not a ZIP archive"))


def to_zip(files: Mapping[str, bytes]) -> bytes:
    """The files as one archive; the same content gives the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _TIMELESS), files[name], zipfile.ZIP_DEFLATED)
    return target.getvalue()
