"""Business-continuity planning: one Django app cut into layers (see docs/architecture.md)."""
