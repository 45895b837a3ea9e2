"""What a map can be drawn of, to choose from: the groups of an organisation's systems."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bcp.engine.estate import Estate
from bcp.engine.map_groups import Grouping, group_names
from bcp.services.map import group_label

MOST_OFFERED = 100
"""Groups of one kind: of more the largest; the others are reached through the map in groups."""

_HEADS = {
    Grouping.TIER: _("Tiers"),
    Grouping.SITE: _("Sites"),
    Grouping.ZONE: _("Zones that are lost together"),
    Grouping.KIND: _("Kinds"),
    Grouping.OWNER: _("Owners"),
    Grouping.TEAM: _("Teams"),
}


class PartForm(forms.Form):
    """One group of systems; the field's name is the word in the address."""

    def __init__(self, *args: Any, estate: Estate, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: list[Any] = [("", gettext("Choose one"))]
        choices += [(head, _groups(estate, by)) for by, head in _HEADS.items()]
        self.fields["in"] = forms.ChoiceField(
            label=_("Tier, site, zone, kind, owner or team"), choices=choices, required=False
        )


def _groups(estate: Estate, by: Grouping) -> list[tuple[str, str]]:
    sizes = Counter(group_names(estate, by))
    largest = [name for name, _count in sizes.most_common(MOST_OFFERED)]
    return [
        (f"{by.value}:{name}", f"{group_label(by, name)} ({sizes[name]})")
        for name in sorted(largest, key=lambda name: (not name, name))
    ]
