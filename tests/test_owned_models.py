"""Every row belongs to one organisation, or is exempt for a reason that is written down."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from bcp.models import OrgOwned

EXEMPT = {
    "Organisation": "is the tenant itself",
    "User": "one login may belong to several organisations; what it may do is a Membership",
    "Heartbeat": "says that a worker of this installation is alive; holds nothing of a tenant",
    "AuditEvent": "owned, but append-only: it has no version to edit",
}
THROUGH = {"Team_members"}

MODELS = list(apps.get_app_config("bcp").get_models(include_auto_created=True))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_is_owned_or_exempt_with_a_reason(model: type[models.Model]) -> None:
    name = model.__name__
    if issubclass(model, OrgOwned):
        assert name not in EXEMPT, "an owned model needs no exemption"
    elif name.startswith(("User_",)) or name in THROUGH:
        owners = [column.related_model for column in model._meta.fields if column.is_relation]
        assert owners, "a link table without an end"
    else:
        assert name in EXEMPT, f"{name} belongs to no organisation and gives no reason"


def test_every_exemption_still_names_a_model() -> None:
    assert set(EXEMPT) <= {model.__name__ for model in MODELS}


@pytest.mark.parametrize(
    "model", [model for model in MODELS if issubclass(model, OrgOwned)], ids=lambda m: m.__name__
)
def test_names_are_unique_in_an_organisation_not_across_tenants(model: type[OrgOwned]) -> None:
    """A unique column across tenants would tell one that another has used a name."""
    globally_unique = {
        column.name for column in model._meta.fields if column.unique and column.name != "id"
    }
    own = {column.name for column in model._meta.fields if column.one_to_one}
    assert globally_unique - own <= {"token_hash", "digest"}  # of random secrets
