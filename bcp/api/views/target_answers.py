"""What a target would ask for, and what would make it possible."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from bcp.api.filtering import unknown_filters
from bcp.api.serializers.target_answers import (
    ConsequencesSerializer,
    FiguresSerializer,
    WantedSerializer,
    WaysSerializer,
)
from bcp.api.views.base import OrganisationView
from bcp.engine.proposal import Target
from bcp.queries import systems, target_answers
from bcp.queries import targets as reads

TAG = "Recovery targets"


class TargetAnswerView(OrganisationView):
    tag = TAG
    more_errors = {"GET": [status.HTTP_400_BAD_REQUEST]}

    def asked(self, request: Request, serializer_class: type[Serializer[Any]]) -> dict[str, Any]:
        """The figures in the address; raises `ValidationError` for anything else there."""
        faults = unknown_filters(request, serializer_class().fields)
        empty = {name for name, value in request.query_params.items() if not value}
        faults |= {name: [_("Give a value, or leave the filter out.")] for name in empty}
        if faults:
            raise ValidationError(faults)
        serializer = serializer_class(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def answered(self, answer: dict[str, Any] | None) -> Response:
        if answer is None:
            raise Http404(_("This system takes no part in the recovery: it is not live."))
        return Response(answer)

    def find_system(self, key: str) -> None:
        if not systems.listing(self.organisation).filter(pk=key).exists():
            raise Http404(_("There is no such page."))


class SystemConsequences(TargetAnswerView):
    operation = "system_consequences"
    serializer_class = ConsequencesSerializer

    @extend_schema(parameters=[FiguresSerializer])
    def get(self, request: Request, slug: str, key: str) -> Response:
        """What a target with these figures would ask of every system, and what it would cost.
        Nothing is written."""
        self.find_system(key)
        figures = self.asked(request, FiguresSerializer)
        if not figures:
            raise ValidationError(_("A proposal needs at least one figure: RTO, RPO or MTD."))
        rto, mtd = figures.get("rto_minutes"), figures.get("mtd_minutes")
        if rto is not None and mtd is not None and rto > mtd:
            raise ValidationError({"rto_minutes": [_("The RTO must not be longer than the MTD.")]})
        target = Target(rto, figures.get("rpo_minutes"), mtd)
        return self.answered(
            target_answers.consequences(self.organisation, key, target, now=self.now)
        )


class TargetConsequences(TargetAnswerView):
    operation = "target_consequences"
    serializer_class = ConsequencesSerializer
    more_errors = {"GET": [status.HTTP_400_BAD_REQUEST]}

    def get(self, request: Request, slug: str, key: str) -> Response:
        """What a recorded target would ask for if it were approved now, alone."""
        row = reads.listing(self.organisation).filter(pk=key).first()
        if row is None:
            raise Http404(_("There is no such page."))
        self.asked(request, Serializer)
        target = Target(row.rto_minutes, row.rpo_minutes, row.mtd_minutes)
        return self.answered(
            target_answers.consequences(self.organisation, row.system_id, target, now=self.now)
        )


class SystemWays(TargetAnswerView):
    operation = "system_ways"
    serializer_class = WaysSerializer

    @extend_schema(parameters=[WantedSerializer])
    def get(self, request: Request, slug: str, key: str) -> Response:
        """The smallest sets of changes after which the system would be back within the time."""
        self.find_system(key)
        wanted = self.asked(request, WantedSerializer)["rto_minutes"]
        return self.answered(target_answers.ways(self.organisation, key, wanted, now=self.now))
