"""Dependencies that arrive in a file as proposals, to be reviewed one by one.

What is recorded, waits for review or was refused already is not proposed again. Nothing of the
estate changes until a person accepts a proposal.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from bcp.exchange.reading import Bundle
from bcp.models.dependencies import Dependency
from bcp.models.proposed_dependencies import ProposedDependency, ProposedSource, ProposedState
from bcp.services.actor import Actor
from bcp.services.import_plan import Change, Difference, Outcome, counted, in_words
from bcp.services.import_workbench import Draft, Workbench, same
from bcp.services.ledger import Ledger, facts_of

_BATCH = 500
_SAID = ("needed_to", "bootstrap")


@dataclass
class ProposalDrafts:
    """`replaced` wait for review and say something else; the new ones take their place."""

    made: list[ProposedDependency] = field(default_factory=list)
    replaced: list[ProposedDependency] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    refused: int = 0

    def counts(self) -> dict[str, Counter[Outcome]]:
        plural = str(ProposedDependency._meta.verbose_name_plural)
        return counted(plural, self.changes, unchanged=self.unchanged + self.refused)


def draft(bench: Workbench, bundle: Bundle, *, by: Actor) -> ProposalDrafts:
    """What the rows of the dependencies propose, after `import_estate.fill`."""
    drafts, sheet = ProposalDrafts(), bundle.dependencies
    waiting, refused = _so_far(bench)
    for row in sheet.rows:
        dependent = bench.refer(sheet, row, "dependent", bench.systems, row.dependent)
        dependency = bench.refer(sheet, row, "dependency", bench.systems, row.dependency)
        if dependent is None or dependency is None:
            continue
        ends = dependent.pk, dependency.pk
        recorded, proposed = bench.edges.get(ends), waiting.get(ends)
        so_far = proposed or recorded or Dependency()
        said = {
            name: getattr(row if name in sheet.headers else so_far, name) or "" for name in _SAID
        }
        said["needed_to"] = said["needed_to"] or Dependency().needed_to
        if _says(recorded, said) or _says(proposed, said):
            drafts.unchanged += 1
            continue
        if any(_says(one, said) for one in refused.get(ends, ())):
            drafts.refused += 1
            continue
        made = ProposedDependency(
            organisation=bench.organisation,
            dependent=dependent,
            dependency=dependency,
            source=ProposedSource.IMPORT,
            reason=_("%(file)s, row %(row)s") % {"file": sheet.file, "row": row.row},
            proposed_by=by.user,
            **said,
        )
        bench.check(sheet, row, Draft(made, sheet.file, row.row, is_new=True))
        if proposed is not None:
            drafts.replaced.append(proposed)
        drafts.made.append(made)
        drafts.changes.append(_change(made, proposed or recorded, file=sheet.file, row=row.row))
    if drafts.refused:
        says = _("%(count)d dependencies were refused before and are not proposed again")
        bench.findings.notice(sheet.file, None, None, says % {"count": drafts.refused})
    return drafts


def save(ledger: Ledger, drafts: ProposalDrafts) -> None:
    for row in drafts.replaced:
        ledger.note("deleted", row, before=facts_of(row))
    replaced = [row.pk for row in drafts.replaced]
    ProposedDependency.objects.of(ledger.organisation).filter(pk__in=replaced).delete()
    ProposedDependency.objects.bulk_create(drafts.made, batch_size=_BATCH)
    for row in drafts.made:
        ledger.note("created", row, after=facts_of(row))


_Ends = tuple[str, str]


def _so_far(
    bench: Workbench,
) -> tuple[dict[_Ends, ProposedDependency], dict[_Ends, list[ProposedDependency]]]:
    """What waits for review, and what was refused, by the keys of both ends; one query."""
    waiting: dict[_Ends, ProposedDependency] = {}
    refused: dict[_Ends, list[ProposedDependency]] = {}
    rows = ProposedDependency.objects.of(bench.organisation).exclude(state=ProposedState.ACCEPTED)
    for row in rows.select_related("dependent", "dependency", "proposed_by"):
        ends = row.dependent_id, row.dependency_id
        if row.state == ProposedState.WAITING:
            waiting[ends] = row
        else:
            refused.setdefault(ends, []).append(row)
    return waiting, refused


def _says(recorded: Any, said: dict[str, str]) -> bool:
    return recorded is not None and all(same(getattr(recorded, name), said[name]) for name in _SAID)


def _change(made: ProposedDependency, before: Any, *, file: str, row: int) -> Change:
    differences = []
    if before is not None:
        for name in _SAID:
            column: Any = ProposedDependency._meta.get_field(name)
            old, new = getattr(before, name), getattr(made, name)
            if not same(old, new):
                label = str(column.verbose_name)
                differences.append(Difference(label, in_words(column, old), in_words(column, new)))
    outcome = Outcome.NEW if before is None else Outcome.CHANGED
    kind = str(ProposedDependency._meta.verbose_name)
    return Change(file, row, kind, str(made), outcome, tuple(differences))
