"""The shape of the matrix system by scenario, for the documentation; `queries.losses` makes it."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.serializers import BooleanField, CharField, ChoiceField, IntegerField, ListField

from bcp.engine.loss import LossState
from bcp.engine.readiness import ReadinessClass
from bcp.engine.standing import Standing
from bcp.engine.survival import Verdict

STATES = [state.value for state in LossState]
VERDICTS = [verdict.value for verdict in Verdict]


class CellSerializer(serializers.Serializer):
    """What one column takes from the system."""

    column = CharField(help_text="system, site and supplier mean each system's own.")
    scenario = CharField(
        allow_null=True, help_text="The worst of what the column means; null: it means nothing."
    )
    state = ChoiceField(STATES, allow_null=True)
    loss_minutes = IntegerField(allow_null=True, help_text="Worst loss, dwell time included.")
    at_least_minutes = IntegerField(allow_null=True)
    against_rpo_minutes = IntegerField(
        allow_null=True, help_text="Without the dwell time, which no copy can shorten."
    )
    standing = ChoiceField(
        [standing.value for standing in Standing],
        allow_null=True,
        help_text="Against the RPO; at risk: by copies that nobody restored in time.",
    )
    tested = BooleanField()
    demanded = BooleanField(help_text="The tier of the system must withstand it.")
    says = CharField()


class MatrixRowSerializer(serializers.Serializer):
    id = CharField()
    name = CharField()
    tier = IntegerField(allow_null=True)
    rpo_minutes = IntegerField(allow_null=True, help_text="Of the approved target.")
    readiness = ChoiceField([kind.value for kind in ReadinessClass])
    losses = CellSerializer(many=True)


class FateSerializer(serializers.Serializer):
    """What happens to one copy of the system, or of data that come back with it."""

    id = CharField()
    name = CharField()
    system = CharField()
    verdict = ChoiceField(VERDICTS)
    loss_minutes = IntegerField(allow_null=True)
    tested = BooleanField(help_text="Restored successfully within the cadence.")
    reasons = ListField(child=CharField())


class ToldCellSerializer(CellSerializer):
    why = ListField(child=CharField())
    fix = CharField(allow_null=True, help_text="What would make it hold.")
    decided_by = CharField(allow_null=True, help_text="The system whose copies decide.")
    copies = FateSerializer(many=True)


class SystemLossesSerializer(MatrixRowSerializer):
    losses = ToldCellSerializer(many=True)
