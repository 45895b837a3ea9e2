"""Targets that arrive in a file: proposals, unless a member with the right approves them at once.

A figure in a file that says what the approved target or an open proposal says already proposes
nothing; an empty cell proposes nothing either. Figures that the row leaves open are those of the
target so far. Rule T4: only what a person approved counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bcp.engine.durations import format_minutes
from bcp.engine.permissions import Capability, allows
from bcp.engine.proposal import Target
from bcp.engine.target_figures import looser_than_tier
from bcp.errors import NotAllowed
from bcp.exchange.findings import quoted
from bcp.exchange.reading import Bundle, Sheet
from bcp.exchange.rows import SystemRow
from bcp.models.members import Membership
from bcp.models.organisations import Organisation
from bcp.models.systems import System
from bcp.models.targets import RecoveryTarget, TargetState
from bcp.queries import targets
from bcp.services import targets as services
from bcp.services.actor import Actor
from bcp.services.import_plan import Change, Difference, Outcome, counted
from bcp.services.import_workbench import Workbench
from bcp.services.ledger import Ledger, facts_of

FIGURES = ("rto_minutes", "rpo_minutes", "mtd_minutes")

Figures = dict[str, int | None]


@dataclass
class TargetDrafts:
    """What becomes of targets: `proposed` are new rows, `replaced` the open ones they take the
    place of, `open_to_approve` open ones that say the same and can be approved as they are."""

    proposed: list[RecoveryTarget] = field(default_factory=list)
    replaced: list[RecoveryTarget] = field(default_factory=list)
    open_to_approve: list[RecoveryTarget] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def counts(self) -> dict[str, Counter[Outcome]]:
        return counted(_("target proposals"), self.changes)


def approver(organisation: Organisation, email: str) -> Actor:
    """The member of that address, acting from the command line. Raises `NotAllowed` if there is
    none or they have no right to approve."""
    membership = (
        Membership.objects.of(organisation)
        .filter(user__email=email.strip().lower(), user__is_active=True)
        .select_related("user")
        .first()
    )
    if membership is None:
        raise NotAllowed(
            _("%(email)s is not an active member of this organisation, so cannot approve targets.")
            % {"email": quoted(email)}
        )
    by = Actor.member(membership, via="command line")
    by.require(organisation, Capability.APPROVE_TARGET)
    return by


def draft(bench: Workbench, bundle: Bundle, *, by: Actor, approving: Actor | None) -> TargetDrafts:
    """What the target columns of the systems propose, after `import_estate.fill`."""
    sheet = bundle.systems
    listed = [name for name in FIGURES if name in sheet.headers]
    proposing = [(row, wanted) for row in sheet.rows if (wanted := _wanted(row, listed))]
    if not proposing:
        return TargetDrafts()
    desk = _Desk(bench, sheet, by, approving)
    for row, wanted in proposing:
        desk.take(row, wanted)
    if desk.drafts.proposed and by.role and not allows(by.role, Capability.PROPOSE_TARGET):
        says = _("your role (%(role)s) may not propose targets; leave the target columns out")
        for name in listed:
            header = sheet.headers[name]
            bench.findings.fault(sheet.file, 1, header, says % {"role": by.role.value})
    return desk.drafts


def _wanted(row: SystemRow, listed: list[str]) -> Figures:
    return {name: value for name in listed if (value := getattr(row, name)) is not None}


class _Desk:
    """Compares rows with the targets there are."""

    def __init__(
        self, bench: Workbench, sheet: Sheet[SystemRow], by: Actor, approving: Actor | None
    ) -> None:
        self.bench = bench
        self.sheet = sheet
        self.by = by
        self.approving = approving
        self.drafts = TargetDrafts()
        self.approved = targets.approved(bench.organisation)
        self.tiers = services.promises(bench.organisation)
        self.open_ones: defaultdict[str, list[RecoveryTarget]] = defaultdict(list)
        for one in _open(bench.organisation).order_by("created_at", "id"):
            self.open_ones[one.system_id].append(one)

    def take(self, row: SystemRow, wanted: Figures) -> None:
        system = self.bench.systems.find(row.name)
        if system is None:
            return
        current, opened = self.approved.get(system.pk), self.open_ones[system.pk]
        for one in opened:
            one.system = system
        if current is not None and _says(current, wanted):
            return
        same = next((one for one in opened if _says(one, wanted)), None)
        if same is None:
            self._propose(row, system, wanted, current, opened)
        elif self.approving is not None:
            self._approve(row, same, self.approving)

    def _propose(
        self,
        row: SystemRow,
        system: System,
        wanted: Figures,
        current: RecoveryTarget | None,
        opened: list[RecoveryTarget],
    ) -> None:
        so_far = opened[-1] if opened else current
        figures: Figures = {name: getattr(so_far, name, None) for name in FIGURES} | wanted
        rto, mtd = figures["rto_minutes"], figures["mtd_minutes"]
        if rto is not None and mtd is not None and rto > mtd:
            says = _("the RTO (%(rto)s) must not be longer than the MTD (%(mtd)s)") % {
                "rto": format_minutes(rto),
                "mtd": format_minutes(mtd),
            }
            self.bench.fault(self.sheet, row, next(iter(wanted)), says)
            return
        if not row.target_reason and self._needs_reason(row, system, figures):
            return
        proposal = RecoveryTarget(
            organisation=self.bench.organisation,
            system=system,
            proposed_by=self.by.user,
            reason=row.target_reason or _("Imported from %(file)s.") % {"file": self.sheet.file},
            **figures,
        )
        self.drafts.proposed.append(proposal)
        self.drafts.replaced += opened
        self._change(row, system, Outcome.NEW, _differences(current, figures))

    def _needs_reason(self, row: SystemRow, system: System, figures: Figures) -> bool:
        """Whether the target is looser than its tier promises, which takes a reason; says so."""
        tier = self.tiers.get(system.tier) if system.tier else None
        if tier is None:
            return False
        target = Target(**figures)
        looser = looser_than_tier(target, tier)
        for name in looser:
            says = _("%(fault)s The column target_reason is the place for it.")
            fault = services.tier_fault(name, target, tier)
            self.bench.fault(self.sheet, row, f"{name}_minutes", says % {"fault": fault})
        return bool(looser)

    def _approve(self, row: SystemRow, target: RecoveryTarget, approving: Actor) -> None:
        if approving.user is not None and target.proposed_by_id == approving.user.pk:
            says = _("%(email)s proposed this target, so somebody else must approve it") % {
                "email": approving.label
            }
            self.bench.fault(self.sheet, row, "rto_minutes", says)
            return
        self.drafts.open_to_approve.append(target)
        difference = Difference(_("state"), _("proposed"), _("approved"))
        self._change(row, target.system, Outcome.CHANGED, (difference,))

    def _change(
        self,
        row: SystemRow,
        system: System,
        outcome: Outcome,
        differences: tuple[Difference, ...],
    ) -> None:
        kind = _("target proposal")
        change = Change(self.sheet.file, row.row, kind, str(system), outcome, differences)
        self.drafts.changes.append(change)


def _open(organisation: Organisation) -> QuerySet[RecoveryTarget]:
    return RecoveryTarget.objects.of(organisation).filter(state=TargetState.PROPOSED)


def _says(target: RecoveryTarget, wanted: Figures) -> bool:
    return all(getattr(target, name) == value for name, value in wanted.items())


def _differences(current: RecoveryTarget | None, figures: Figures) -> tuple[Difference, ...]:
    labels = {"rto_minutes": "RTO", "rpo_minutes": "RPO", "mtd_minutes": "MTD"}
    return tuple(
        Difference(labels[name], _in_words(before), _in_words(after))
        for name, after in figures.items()
        if (before := getattr(current, name, None)) != after
    )


def _in_words(minutes: int | None) -> str:
    return "—" if minutes is None else format_minutes(minutes)


def save(ledger: Ledger, drafts: TargetDrafts) -> None:
    """Write the proposals; the open ones that they replace are withdrawn."""
    says = _("Replaced by a newer proposal.")
    services.decide(ledger, drafts.replaced, TargetState.WITHDRAWN, says)
    RecoveryTarget.objects.bulk_create(drafts.proposed, batch_size=500)
    for proposal in drafts.proposed:
        ledger.note("created", proposal, after=facts_of(proposal))


def approve(ledger: Ledger, drafts: TargetDrafts) -> None:
    """Approve what was proposed just now, or stood open and says the same. Nobody looked at them
    one by one, so their frozen figures are those of one analysis with all of them."""
    approved = [*drafts.proposed, *drafts.open_to_approve]
    frozen = services.freeze_together(ledger, approved)
    services.decide(ledger, approved, TargetState.APPROVED, decided_on=frozen)
