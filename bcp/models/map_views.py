"""Views of the map that people gave a name, shared by everybody in the organisation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bcp.engine.map_address import LONGEST
from bcp.models.base import OrgOwned, name_field, text_field, unique_name


class SavedView(OrgOwned):
    """`query` is `engine.map_address.Address.query`: what the view shows, not what is on it."""

    name = name_field(_("name"))
    query = text_field(_("what it shows"), max_length=LONGEST)

    class Meta:
        ordering = ["name"]
        constraints = [unique_name("savedview")]

    def __str__(self) -> str:
        return self.name
