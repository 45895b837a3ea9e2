"""Rows, one noun a module."""

from bcp.models.audit import AuditEvent
from bcp.models.base import OrgOwned
from bcp.models.contacts import Contact
from bcp.models.copies import BackupCopy
from bcp.models.dependencies import Dependency
from bcp.models.escalation import EscalationPath, EscalationStep
from bcp.models.imports import ImportUpload
from bcp.models.jobs import Heartbeat, Job
from bcp.models.members import Invitation, Membership
from bcp.models.organisations import Organisation, TierPolicy
from bcp.models.plans import PlanFile, PlanVersion
from bcp.models.sites import Site
from bcp.models.systems import System
from bcp.models.targets import RecoveryTarget
from bcp.models.teams import Team
from bcp.models.tokens import ApiToken
from bcp.models.users import User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "BackupCopy",
    "Contact",
    "Dependency",
    "EscalationPath",
    "EscalationStep",
    "Heartbeat",
    "ImportUpload",
    "Invitation",
    "Job",
    "Membership",
    "OrgOwned",
    "Organisation",
    "PlanFile",
    "PlanVersion",
    "RecoveryTarget",
    "Site",
    "System",
    "Team",
    "TierPolicy",
    "User",
]
