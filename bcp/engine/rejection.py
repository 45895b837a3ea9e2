"""What the engine raises when it is given something it cannot work with.

A leaf: the sentence is kept as a template and its values, so that the edge can translate it as
it translates a `Message`.
"""

from __future__ import annotations


def gettext_noop(template: str) -> str:
    """Mark a template for the message catalogue; returns it unchanged."""
    return template


class Rejected(ValueError):
    """Input that breaks a rule; `template` and `values` say what is wrong and what is allowed."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template % values)
        self.template = template
        self.values = values
