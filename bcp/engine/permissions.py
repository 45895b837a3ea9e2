"""Who may do what: one table, role × capability. Guard tests read it; nothing else decides."""

from __future__ import annotations

from enum import StrEnum

from bcp.engine.messages import gettext_noop


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
    REVIEW_DEPENDENCIES = "review dependencies"
    """Confirm what a system needs, and decide about proposed dependencies."""
    PROPOSE_TARGET = "propose target"
    APPROVE_TARGET = "approve target"
    ANSWER_IMPACT = "answer impact"
    """Say what the downtime of a business process does, and ask somebody else to say it."""
    ACCEPT_GAP = "accept gap"
    """Live with a gap, for a reason and for a time."""
    APPROVE_PROCEDURE = "approve procedure"
    """Decide about a draft that somebody else has written."""
    RENDER_PLAN = "render plan"
    MANAGE_MEMBERS = "manage members"
    MANAGE_ORGANISATION = "manage organisation"
    READ_AUDIT = "read audit"
    """The organisation-wide audit trail; a record's own history needs only READ."""


CAPABILITY_WORDS: dict[Capability, str] = {
    Capability.READ: gettext_noop("read what is recorded here"),
    Capability.EDIT_ESTATE: gettext_noop("edit systems and what belongs to them"),
    Capability.REVIEW_DEPENDENCIES: gettext_noop(
        "confirm dependencies and decide about proposed ones"
    ),
    Capability.PROPOSE_TARGET: gettext_noop("propose targets"),
    Capability.APPROVE_TARGET: gettext_noop("approve targets or send them back"),
    Capability.ANSWER_IMPACT: gettext_noop("say what an outage does, or ask somebody to say it"),
    Capability.ACCEPT_GAP: gettext_noop("accept gaps"),
    Capability.APPROVE_PROCEDURE: gettext_noop("approve procedures"),
    Capability.RENDER_PLAN: gettext_noop("print plans"),
    Capability.MANAGE_MEMBERS: gettext_noop("invite and remove members"),
    Capability.MANAGE_ORGANISATION: gettext_noop("change the settings of the organisation"),
    Capability.READ_AUDIT: gettext_noop("read the history of the whole organisation"),
}
"""What somebody whose role is too low is told that they may not do."""

_EVERYBODY = frozenset({Capability.READ, Capability.RENDER_PLAN})

CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.ADMINISTRATOR: _EVERYBODY
    | {
        Capability.EDIT_ESTATE,
        Capability.REVIEW_DEPENDENCIES,
        Capability.PROPOSE_TARGET,
        Capability.ANSWER_IMPACT,
        Capability.MANAGE_MEMBERS,
        Capability.MANAGE_ORGANISATION,
        Capability.READ_AUDIT,
    },
    Role.EXECUTIVE: _EVERYBODY
    | {
        Capability.PROPOSE_TARGET,
        Capability.ANSWER_IMPACT,
        Capability.ACCEPT_GAP,
        Capability.APPROVE_TARGET,
        Capability.APPROVE_PROCEDURE,
        Capability.READ_AUDIT,
    },
    Role.IT_DIRECTOR: _EVERYBODY
    | {
        Capability.EDIT_ESTATE,
        Capability.REVIEW_DEPENDENCIES,
        Capability.PROPOSE_TARGET,
        Capability.ANSWER_IMPACT,
        Capability.APPROVE_PROCEDURE,
        Capability.READ_AUDIT,
    },
    Role.ENGINEER: _EVERYBODY | {Capability.EDIT_ESTATE},
    Role.AUDITOR: _EVERYBODY | {Capability.READ_AUDIT},
}


def allows(role: Role, capability: Capability) -> bool:
    return capability in CAPABILITIES[role]
