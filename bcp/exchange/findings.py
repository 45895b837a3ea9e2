"""What is wrong with, or worth knowing about, files that somebody sent in, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

# A file of five megabytes can hold more faults than anybody reads or any machine should keep.
MOST_FINDINGS = 100_000


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about a place: `row` counts as a spreadsheet does, the header is row 1."""

    file: str
    row: int | None
    column: str | None
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.row or '-'}:{self.column or '-'}: {self.says}"


@dataclass
class Findings:
    """Collects faults, which stop an import, and notices, which do not."""

    faults: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)

    def fault(self, file: str, row: int | None, column: str | None, says: str) -> None:
        if len(self.faults) < MOST_FINDINGS:
            self.faults.append(Finding(file, row, column, says))
        elif len(self.faults) == MOST_FINDINGS:
            says = _("There are more than %(most)d faults; the rest is not listed.") % {
                "most": MOST_FINDINGS
            }
            self.faults.append(Finding(file, row, None, says))

    def notice(self, file: str, row: int | None, column: str | None, says: str) -> None:
        self.notices.append(Finding(file, row, column, says))


def quoted(text: str, longest: int = 60) -> str:
    """A text from outside as part of a sentence: on one line, not endless."""
    shown = text if len(text) <= longest else text[:longest] + "…"
    return "“" + "".join(char if char.isprintable() else "�" for char in shown) + "”"
