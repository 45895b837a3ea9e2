"""Where an import is prepared: the organisation as it is, and what the rows make of it.

Everything is read once, in a fixed number of queries; records are found by name and changed in
memory. Nothing is written here (`import_saving` does), so that a preview and an import that is
carried out take the same way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bcp.exchange.findings import Findings, quoted
from bcp.exchange.reading import Sheet
from bcp.exchange.rows import AnyRow
from bcp.models.base import OrgOwned
from bcp.models.contacts import Contact
from bcp.models.copies import BackupCopy, BackupPolicy, RestoreTest
from bcp.models.dependencies import Dependency
from bcp.models.escalation import EscalationPath, EscalationStep
from bcp.models.organisations import Organisation
from bcp.models.sites import Site
from bcp.models.systems import System
from bcp.models.teams import Team
from bcp.services.import_plan import Change, Difference, Outcome, in_words
from bcp.services.ledger import Facts, facts_of

Record = TypeVar("Record", bound=OrgOwned)

# Looking for a similar name takes a while among thousands; nobody reads more proposals.
_MOST_SUGGESTIONS = 50


class Index(Generic[Record]):
    """Records by name, whatever the case; the exact spelling comes first where both exist."""

    def __init__(self, noun: str, records: Iterable[Record]) -> None:
        self.noun = noun
        self.whole = True
        """Whether the file that could have brought more of them could be read."""
        self.records = list(records)
        self._folded = {str(record).lower(): record for record in self.records}
        self._exact = {str(record): record for record in self.records}

    def find(self, name: str) -> Record | None:
        return self._exact.get(name) or self._folded.get(name.lower())

    def add(self, record: Record) -> None:
        self.records.append(record)
        self._exact[str(record)] = self._folded[str(record).lower()] = record

    def names(self) -> list[str]:
        return list(self._exact)

    def by_key(self) -> dict[str, Record]:
        return {record.pk: record for record in self.records}


@dataclass
class Draft:
    """A record and what an import makes of it. `before` are its facts before the first change;
    `parts` is what it consists of besides its fields (members, steps), before and after."""

    record: OrgOwned
    file: str
    row: int
    is_new: bool
    before: Facts = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    differences: list[Difference] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.is_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.differences else Outcome.UNCHANGED

    def change(self) -> Change:
        return Change(
            self.file,
            self.row,
            str(self.record._meta.verbose_name),
            str(self.record),
            self.outcome,
            tuple(self.differences),
        )


class Workbench:
    """The organisation in memory, with the drafts of one import."""

    def __init__(self, organisation: Organisation, findings: Findings) -> None:
        self.organisation = organisation
        self.findings = findings
        self.drafts: dict[str, Draft] = {}
        """By the key of the record, in the order in which the files name them."""
        self.members: dict[str, list[Contact]] = {}
        """Key of a team → who is in it from now on, if that changes."""
        self.new_ladders: dict[str, list[EscalationStep]] = {}
        """Key of a path → its steps from now on, if they change."""
        self._suggested = 0
        self._read()

    def _read(self) -> None:
        of = self.organisation
        self.sites = Index(_("site"), Site.objects.of(of))
        self.contacts = Index(_("contact"), Contact.objects.of(of))
        self.teams = Index(_("team"), Team.objects.of(of).prefetch_related("members"))
        self.paths = Index(_("escalation path"), EscalationPath.objects.of(of))
        self.systems = Index(_("system"), System.objects.of(of))
        self.policies = Index(_("backup policy"), BackupPolicy.objects.of(of))
        edges = list(Dependency.objects.of(of))
        steps = list(EscalationStep.objects.of(of).order_by("path", "position"))
        copies = list(BackupCopy.objects.of(of))
        tests = list(RestoreTest.objects.of(of).order_by("done_on", "created_at"))

        sites, contacts = self.sites.by_key(), self.contacts.by_key()
        systems, paths = self.systems.by_key(), self.paths.by_key()
        _wire(self.contacts.records, deputy=contacts)
        _wire(
            self.systems.records,
            owner=contacts,
            technical_owner=contacts,
            deputy=contacts,
            team=self.teams.by_key(),
            site=sites,
            escalation_path=paths,
        )
        _wire(edges, dependent=systems, dependency=systems)
        _wire(steps, path=paths, contact=contacts, channel_system=systems)
        _wire(self.policies.records, site=sites)
        _wire(copies, system=systems, site=sites, policy=self.policies.by_key())
        _wire(tests, copy={copy.pk: copy for copy in copies})
        self.edges = {(edge.dependent_id, edge.dependency_id): edge for edge in edges}
        self.copies = {(copy.system_id, copy.name.lower()): copy for copy in copies}
        self.restore_tests = {(test.copy_id, test.done_on): test for test in tests}
        """By copy and day; of several on one day the last that was recorded."""
        self.ladders: defaultdict[str, list[EscalationStep]] = defaultdict(list)
        for step in steps:
            self.ladders[step.path_id].append(step)

    def draft(self, record: OrgOwned, file: str, row: int, *, is_new: bool) -> Draft:
        return self.drafts.setdefault(record.pk, Draft(record, file, row, is_new))

    def enrol(self, index: Index[Any], model: type[Any], name: str, file: str, row: int) -> Draft:
        """The record of that name as a draft, a new one if there is none yet."""
        record = index.find(name)
        if record is not None:
            return self.draft(record, file, row, is_new=False)
        record = model(organisation=self.organisation, name=name)
        index.add(record)
        return self.draft(record, file, row, is_new=True)

    def refer(
        self, sheet: Sheet[Any], row: AnyRow, column: str, index: Index[Record], name: str
    ) -> Record | None:
        """The record that a cell names; `None`, and a fault, if there is none."""
        record = index.find(name)
        if record is None and index.whole:
            says = _("there is no %(noun)s named %(name)s") % {
                "noun": index.noun,
                "name": quoted(name),
            }
            self.fault(sheet, row, column, says + self._suggestion(index, name))
        return record

    def _suggestion(self, index: Index[Any], name: str) -> str:
        self._suggested += 1
        if self._suggested <= _MOST_SUGGESTIONS:
            for close in get_close_matches(name, index.names(), n=1, cutoff=0.75):
                return _("; did you mean %(name)s?") % {"name": quoted(close)}
        return _("; write the name of one that exists or comes with this import")

    def fault(self, sheet: Sheet[Any], row: AnyRow, column: str, says: str) -> None:
        self.findings.fault(sheet.file, row.row, sheet.headers.get(column, column), says)

    def put(self, draft: Draft, name: str, value: Any) -> None:
        """Set a field, noting the difference if there is one."""
        record = draft.record
        old = getattr(record, name)
        if same(old, value):
            return
        if not draft.is_new:
            self.touch(draft)
            column: Any = record._meta.get_field(name)
            draft.differences.append(
                Difference(str(column.verbose_name), in_words(column, old), in_words(column, value))
            )
        setattr(record, name, value)
        draft.fields.add(name)

    @staticmethod
    def touch(draft: Draft) -> None:
        """Keep what the record says now: it is about to be changed."""
        if not draft.before:
            draft.before = facts_of(draft.record)

    def check(self, sheet: Sheet[Any], row: AnyRow, draft: Draft) -> None:
        """The model's own rules about the fields that were set, without a query."""
        record = draft.record
        ours = {
            column.name
            for column in record._meta.concrete_fields
            if not column.is_relation and (draft.is_new or column.name in draft.fields)
        }
        try:
            record.clean_fields(
                exclude={column.name for column in record._meta.concrete_fields} - ours
            )
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                for message in messages:
                    self.fault(sheet, row, name, message)

    def counts(self) -> dict[str, Counter[Outcome]]:
        """Kind of record, in the plural → how many of them are new, changed, unchanged."""
        found: defaultdict[str, Counter[Outcome]] = defaultdict(Counter)
        for draft in self.drafts.values():
            found[str(draft.record._meta.verbose_name_plural)][draft.outcome] += 1
        return dict(found)


def _wire(records: Iterable[Any], **fields: Mapping[str, OrgOwned]) -> None:
    """Let every reference point to the one object in memory, so that nothing is read twice."""
    for record in records:
        for name, by_key in fields.items():
            key = getattr(record, f"{name}_id")
            if key is not None:
                setattr(record, name, by_key[key])


def same(old: Any, new: Any) -> bool:
    """Whether a cell says what is recorded already."""
    if isinstance(old, str) and isinstance(new, str):
        # A cell cannot hold blanks at its ends, and line breaks come in three kinds.
        return old == new or _plain(old) == _plain(new)
    return bool(old == new)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
