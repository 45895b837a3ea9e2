"""Settings of an organisation: its own facts and what its tiers promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from bcp.engine.permissions import Capability
from bcp.engine.policies import TierRules
from bcp.engine.wording_of_matrix import column_heading
from bcp.queries import organisations
from bcp.services import organisations as writes
from bcp.web.backups_parts import said
from bcp.web.forms.settings import EXERCISES, OrganisationForm, TierForm
from bcp.web.nouns import Noun
from bcp.web.views.base import EditView, OrgView


@dataclass(frozen=True, slots=True)
class ShownTier:
    """A tier's policy, and its rules with nothing left open."""

    policy: Any
    rules: TierRules

    @property
    def withstands(self) -> list[str]:
        return [said(column_heading(name)) for name in self.rules.scenarios]

    @property
    def least_exercise(self) -> Any:
        return EXERCISES[self.rules.minimum_exercise.value]


class Settings(OrgView):
    """Everything at a glance; who may change it finds the links."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rules = organisations.tier_rules(self.organisation)
        tiers = [
            ShownTier(policy, rules[policy.tier])
            for policy in organisations.tiers(self.organisation)
        ]
        return self.render("settings/settings.html", {"tiers": tiers, "tab": "settings"})


ITSELF = Noun(
    "settings",
    _("organisation"),
    _("Settings"),
    "organisation",
    organisations.itself,
    writes,
    edited_by=Capability.MANAGE_ORGANISATION,
)
TIERS = Noun(
    "settings",
    _("tier"),
    _("Settings"),
    "tierpolicy",
    organisations.tiers,
    writes,
    edited_by=Capability.MANAGE_ORGANISATION,
)


class SettingsEdit(EditView):
    """Edits what has no page of its own: one comes from the settings and returns there."""

    needs = Capability.MANAGE_ORGANISATION

    def page(
        self, page: str, context: Mapping[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        home = self.url("settings")
        common = {"noun": self.noun, "list_url": home, "unchanged_url": home, "can_edit": True}
        return self.render(
            self.templates(page), {**common, **(context or {}), "back": home}, status
        )

    def detail_url(self, record: Any) -> str:
        return self.url("settings")


class OrganisationEdit(SettingsEdit):
    """The one organisation there is here, so its address needs no key."""

    noun = ITSELF
    form_class = OrganisationForm

    def get(self, request: HttpRequest, key: str = "") -> HttpResponse:
        return super().get(request, str(self.organisation.pk))

    def post(self, request: HttpRequest, key: str = "") -> HttpResponse:
        return super().post(request, str(self.organisation.pk))

    def save(self, form: Any, key: str, version: int) -> Any:
        return writes.change(self.organisation, form.cleaned_data, seen_version=version, by=self.by)


class TierEdit(SettingsEdit):
    noun = TIERS
    form_class = TierForm

    def save(self, form: Any, key: str, version: int) -> Any:
        return writes.change_tier(
            self.organisation,
            key,
            form.values(),
            own_scenarios=form.cleaned_data["own_scenarios"],
            seen_version=version,
            by=self.by,
        )


urls = [
    path("settings/", Settings.as_view(), name="settings"),
    path("settings/edit/", OrganisationEdit.as_view(), name="settings-edit"),
    path("settings/tiers/<str:key>/", TierEdit.as_view(), name="settings-tier"),
]
