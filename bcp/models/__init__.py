"""Rows, one noun a module."""

from bcp.models.acceptances import GapAcceptance
from bcp.models.audit import AuditEvent
from bcp.models.base import OrgOwned
from bcp.models.contacts import Contact
from bcp.models.copies import BackupCopy, BackupPolicy, RestoreTest
from bcp.models.dependencies import Dependency
from bcp.models.escalation import EscalationPath, EscalationStep
from bcp.models.exercises import Exercise, ExerciseResult
from bcp.models.impacts import ImpactAnswer, ImpactAssessment, PeakPeriod
from bcp.models.imports import ImportUpload
from bcp.models.jobs import Heartbeat, Job
from bcp.models.map_views import SavedView
from bcp.models.members import Invitation, Membership
from bcp.models.organisations import Organisation, TierPolicy
from bcp.models.plans import PlanFile, PlanVersion
from bcp.models.procedures import Procedure, ProcedureStep
from bcp.models.proposed_dependencies import ProposedDependency
from bcp.models.reports import CopyReport, CopyStatus
from bcp.models.reviews import DependencyReview
from bcp.models.scenarios import ScenarioCombination, ScenarioPart
from bcp.models.sites import Site
from bcp.models.suggestions import SuggestionDismissal
from bcp.models.systems import System
from bcp.models.targets import RecoveryTarget
from bcp.models.teams import Team
from bcp.models.tokens import ApiToken
from bcp.models.users import User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "BackupCopy",
    "BackupPolicy",
    "Contact",
    "CopyReport",
    "CopyStatus",
    "Dependency",
    "DependencyReview",
    "EscalationPath",
    "EscalationStep",
    "Exercise",
    "ExerciseResult",
    "GapAcceptance",
    "Heartbeat",
    "ImpactAnswer",
    "ImpactAssessment",
    "ImportUpload",
    "Invitation",
    "Job",
    "Membership",
    "OrgOwned",
    "Organisation",
    "PeakPeriod",
    "PlanFile",
    "PlanVersion",
    "Procedure",
    "ProcedureStep",
    "ProposedDependency",
    "RecoveryTarget",
    "RestoreTest",
    "SavedView",
    "ScenarioCombination",
    "ScenarioPart",
    "Site",
    "SuggestionDismissal",
    "System",
    "Team",
    "TierPolicy",
    "User",
]
