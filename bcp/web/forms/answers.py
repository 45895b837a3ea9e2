"""What lists of answers are narrowed by. The choices are those that the analysis has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.acceptance import AcceptanceState
from bcp.engine.estate import TIERS, Kind
from bcp.engine.results import Analysis, Severity, Standing
from bcp.engine.scenario import EVERYTHING, RANSOMWARE, STOLEN_CREDENTIALS
from bcp.engine.wording_of_matrix import column_heading
from bcp.models.systems import KindChoice
from bcp.queries.acceptances import GapStanding

NO_TIER = "none"

STANDINGS = (
    (Standing.MISSES.value, _("Misses its target")),
    (Standing.AT_RISK.value, _("At risk: too late for a dependent")),
    (Standing.UNKNOWN.value, _("Unknown")),
    (Standing.MEETS.value, _("Meets its target")),
)

SEVERITIES = (
    (Severity.HIGH.value, _("High")),
    (Severity.MEDIUM.value, _("Medium")),
    (Severity.LOW.value, _("Low")),
)

KINDS: dict[str, Any] = dict(KindChoice.choices)

GAP_CODES = {
    "loop": _("Systems wait for each other"),
    "rto_missed": _("Target missed"),
    "rto_required_missed": _("Too late for a dependent"),
    "conflict_g1": _("Two targets contradict each other"),
    "conflict_g3": _("Targets contradict each other along a chain"),
    "conflict_g4": _("Tier contradicts a dependency"),
    "target_missing": _("No approved target"),
    "impact_missing": _("Business impact unknown"),
    "target_looser_than_impact": _("Target looser than the harm allows"),
    "mtd_exceeded": _("Too late to work off the backlog"),
    "duration_unknown": _("Duration of recovery unknown"),
    "owner_missing": _("No owner"),
    "technical_owner_missing": _("No technical owner"),
    "single_point_of_failure": _("Rests on one person"),
    "strategy_missing": _("No recovery strategy"),
    "site_missing": _("Site unknown"),
    "no_default_path": _("No default escalation path"),
    "no_authority": _("Nobody may declare at some hours"),
    "mobilisation_unknown": _("Mobilisation time unknown"),
    "stale_contact": _("Contact not verified"),
    "no_independent_phone": _("No independent phone"),
    "bad_coverage": _("Coverage cannot be read"),
    "no_copy": _("No copy"),
    "replica_only": _("Only replicas"),
    "nothing_survives": _("No copy survives"),
    "rpo_missed": _("More would be lost than accepted"),
    "loss_unknown": _("Loss unknown"),
    "rpo_missing": _("No approved RPO"),
    "configuration_unsafe": _("Configuration unsafe"),
    "scenario_unknown": _("Tier demands an unknown scenario"),
    "untested_copy": _("Copies untested"),
    "restore_test_failed": _("Restore test failed"),
    "late_copy": _("Copy late"),
    "failed_copy": _("Copy failed"),
    "silent_copy": _("Copy never reported"),
    "copies_rule_3": _("3-2-1-1-0: three copies"),
    "copies_rule_2": _("3-2-1-1-0: two media"),
    "copies_rule_1": _("3-2-1-1-0: one off-site"),
    "copies_rule_1_offline": _("3-2-1-1-0: one offline or locked"),
    "no_common_point": _("No common restore point"),
    "procedure_missing": _("No procedure"),
    "procedure_unapproved": _("Procedure not approved"),
    "exercise_never": _("Never proved in an exercise"),
    "exercise_overdue": _("Exercise overdue"),
    "measured_slower": _("Slower in an exercise than planned"),
    "restore_longer": _("Restore longer than the procedure"),
}


GAP_GROUPS: dict[str, tuple[Any, frozenset[str]]] = {
    "time": (
        _("Order and targets"),
        frozenset(
            {
                *("loop", "rto_missed", "rto_required_missed", "target_missing"),
                *("conflict_g1", "conflict_g3", "conflict_g4", "duration_unknown"),
                *("measured_slower", "restore_longer"),
            }
        ),
    ),
    "impact": (
        _("Business impact"),
        frozenset({"impact_missing", "target_looser_than_impact", "mtd_exceeded"}),
    ),
    "backups": (
        _("Backups and what they lose"),
        frozenset(
            {
                *("no_copy", "replica_only", "nothing_survives", "rpo_missed", "rpo_missing"),
                *("loss_unknown", "configuration_unsafe", "scenario_unknown", "no_common_point"),
                *("copies_rule_3", "copies_rule_2", "copies_rule_1", "copies_rule_1_offline"),
            }
        ),
    ),
    "runs": (
        _("Late, failed and untested copies"),
        frozenset(
            {
                *("untested_copy", "restore_test_failed"),
                *("late_copy", "failed_copy", "silent_copy"),
            }
        ),
    ),
    "plan": (
        _("Recovery plan and exercises"),
        frozenset(
            {
                *("procedure_missing", "procedure_unapproved", "strategy_missing"),
                *("exercise_never", "exercise_overdue", "site_missing"),
            }
        ),
    ),
    "people": (
        _("People"),
        frozenset(
            {
                *("owner_missing", "technical_owner_missing", "single_point_of_failure"),
                *("no_default_path", "no_authority", "mobilisation_unknown", "stale_contact"),
                *("no_independent_phone", "bad_coverage"),
            }
        ),
    ),
}
"""Every code of `GAP_CODES` is in one of them."""


class AnswerFilter(forms.Form):
    """A search; subclasses add filters. Nothing is required."""

    q = forms.CharField(label=_("Search"), max_length=200, required=False)

    def __init__(self, *args: Any, answer: Analysis, **options: Any) -> None:
        super().__init__(*args, **options)
        self.answer = answer


def several(label: Any, choices: Any = ()) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False)


def tiers() -> forms.MultipleChoiceField:
    choices = [*((str(tier), str(tier)) for tier in TIERS), (NO_TIER, _("No tier"))]
    return several(_("Tier"), choices)


def _choices(form: forms.Form, name: str, choices: list[Any]) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = choices


def tier_fits(tier: int | None, wanted: list[str]) -> bool:
    return not wanted or (NO_TIER if tier is None else str(tier)) in wanted


EVERY_STATE = "all"
GAP_STATES = (
    (AcceptanceState.OPEN.value, _("Open")),
    (AcceptanceState.ACCEPTED.value, _("Accepted")),
    (AcceptanceState.EXPIRED.value, _("Open again: the acceptance has expired")),
    (AcceptanceState.CHANGED.value, _("Open again: it has changed since")),
    (EVERY_STATE, _("All")),
)


def state_fits(standing: GapStanding, wanted: str) -> bool:
    """Whether a gap is in the state `wanted`, a choice of `GAP_STATES`. Open, also if nothing is
    chosen, are all that are not accepted, and so those that are open again."""
    if wanted in ("", AcceptanceState.OPEN.value):
        return not standing.is_accepted
    return wanted in (EVERY_STATE, standing.state.value)


class GapFilter(AnswerFilter):
    """`standings` are the gaps to choose from; the choices say how many of them are in the
    chosen state."""

    state = forms.ChoiceField(choices=GAP_STATES, required=False, widget=forms.HiddenInput)
    group = several(_("About"))
    severity = several(_("Severity"), SEVERITIES)
    tier = tiers()
    system = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    code = several(_("What is wrong"))

    def __init__(
        self, *args: Any, answer: Analysis, standings: Iterable[GapStanding], **options: Any
    ) -> None:
        super().__init__(*args, answer=answer, **options)
        asked = self.data.get("state", "")
        state = asked if asked in dict(GAP_STATES) else ""
        found = Counter(one.gap.code for one in standings if state_fits(one, state))
        counts = {
            name: sum(found[code] for code in codes) for name, (_label, codes) in GAP_GROUPS.items()
        }
        _choices(
            self,
            "group",
            [(name, f"{label} ({counts[name]})") for name, (label, _codes) in GAP_GROUPS.items()],
        )
        _choices(
            self,
            "code",
            [
                (code, f"{gettext(str(label))} ({found[code]})")
                for code, label in GAP_CODES.items()
                if found[code]
            ],
        )


class RecoveryFilter(AnswerFilter):
    scenario = forms.CharField(required=False, max_length=240, widget=forms.HiddenInput)
    standing = several(_("Against the target"), STANDINGS)
    tier = tiers()
    loop = forms.BooleanField(label=_("Only systems in a loop"), required=False)


class TargetFilter(AnswerFilter):
    standing = several(_("Against the target"), STANDINGS)
    state = several(
        _("State"),
        [
            ("proposed", _("A proposal waits for a decision")),
            ("approved", _("Has an approved target")),
            ("missing", _("Has no approved target")),
            ("looser", _("Is looser than the business impact allows")),
        ],
    )
    tier = tiers()
    system = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class ScenarioForm(forms.Form):
    """What is lost: everything, what an attacker reaches, a site, a supplier, what the
    organisation named itself, or one system typed by name."""

    scenario = forms.ChoiceField(label=_("What is lost"), required=False)
    lost_system = forms.CharField(
        label=_("or only the system"), required=False, max_length=200, strip=True
    )

    def __init__(self, *args: Any, answer: Analysis, **options: Any) -> None:
        super().__init__(*args, **options)
        estate = answer.estate
        sites = [(f"site:{site.name}", site.name) for site in estate.sites]
        suppliers = [
            (f"supplier:{system.name}", system.name)
            for system in estate.systems
            if system.kind is Kind.SUPPLIER
        ]
        heads = {name: column_heading(name).said(gettext) for name in answer.scenarios}
        attacks = [
            (name, heads[name])
            for name in answer.scenarios
            if name == STOLEN_CREDENTIALS or name.startswith(f"{RANSOMWARE}:")
        ]
        chosen = answer.scenario
        if chosen.kind == RANSOMWARE and chosen.name not in heads:
            attacks.append((chosen.name, column_heading(chosen.name).said(gettext)))
        own = [(one.name, one.name) for one in estate.combinations if one.name in heads]
        choices: list[Any] = [(EVERYTHING, _("Everything")), (_("An attack"), attacks)]
        if sites:
            choices.append((_("A site, with its shared-fate zone"), sites))
        if suppliers:
            choices.append((_("A supplier"), suppliers))
        if own:
            choices.append((_("Own scenarios"), own))
        _choices(self, "scenario", choices)
