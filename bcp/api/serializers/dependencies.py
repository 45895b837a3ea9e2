"""Dependencies, with the names of both ends."""

from __future__ import annotations

from bcp.api.serializers.base import RecordSerializer
from bcp.api.serializers.fields import NameOf
from bcp.models.dependencies import Dependency


class DependencySerializer(RecordSerializer):
    dependent_name = NameOf("dependent")
    dependency_name = NameOf("dependency")

    class Meta:
        model = Dependency
        fields = [
            *("id", "version", "dependent", "dependent_name", "dependency", "dependency_name"),
            *("needed_to", "bootstrap", "created_at", "updated_at"),
        ]
        read_only_fields = ["version"]
