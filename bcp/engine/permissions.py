"""Who may do what: one table, role × capability. Guard tests read it; nothing else decides."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    EXECUTIVE = "executive"
    IT_DIRECTOR = "it director"
    ENGINEER = "engineer"
    AUDITOR = "auditor"


class Capability(StrEnum):
    READ = "read"
    """See systems, people, analysis, plans and history of the organisation."""
    EDIT_ESTATE = "edit estate"
    """Systems, dependencies, sites, contacts, teams, escalation paths, procedures, and imports of
    them."""
    PROPOSE_TARGET = "propose target"
    APPROVE_TARGET = "approve target"
    APPROVE_PROCEDURE = "approve procedure"
    """Decide about a draft that somebody else has written."""
    RENDER_PLAN = "render plan"
    MANAGE_MEMBERS = "manage members"
    MANAGE_ORGANISATION = "manage organisation"
    READ_AUDIT = "read audit"
    """The organisation-wide audit trail; a record's own history needs only READ."""


_EVERYBODY = frozenset({Capability.READ, Capability.RENDER_PLAN})

CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.ADMINISTRATOR: _EVERYBODY
    | {
        Capability.EDIT_ESTATE,
        Capability.PROPOSE_TARGET,
        Capability.MANAGE_MEMBERS,
        Capability.MANAGE_ORGANISATION,
        Capability.READ_AUDIT,
    },
    Role.EXECUTIVE: _EVERYBODY
    | {
        Capability.PROPOSE_TARGET,
        Capability.APPROVE_TARGET,
        Capability.APPROVE_PROCEDURE,
        Capability.READ_AUDIT,
    },
    Role.IT_DIRECTOR: _EVERYBODY
    | {
        Capability.EDIT_ESTATE,
        Capability.PROPOSE_TARGET,
        Capability.APPROVE_PROCEDURE,
        Capability.READ_AUDIT,
    },
    Role.ENGINEER: _EVERYBODY | {Capability.EDIT_ESTATE},
    Role.AUDITOR: _EVERYBODY | {Capability.READ_AUDIT},
}


def allows(role: Role, capability: Capability) -> bool:
    return capability in CAPABILITIES[role]
