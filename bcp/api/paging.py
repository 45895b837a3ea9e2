"""Pages of lists: `?page=` from 1, `?page_size=` up to 1,000, and how many there are in all."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

_LONGEST_NUMBER = 15


class Pages(PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_page_size(self, request: Request) -> int:
        """Raises `ValidationError` where DRF would quietly take another size."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:5]) <= self.max_page_size):
            fault = _("Give a whole number from 1 to %(most)d.") % {"most": self.max_page_size}
            raise ValidationError({self.page_size_query_param: [fault]})
        return int(asked)

    def get_page_number(self, request: Request, paginator: Any) -> Any:
        """Raises `ValidationError` for what is no number; a page beyond the last is a 404."""
        asked = request.query_params.get(self.page_query_param, "1")
        if not (asked.isascii() and asked.isdigit() and asked.strip("0")):
            fault = _("Give a whole number from 1.")
            raise ValidationError({self.page_query_param: [fault]})
        return asked.lstrip("0")[:_LONGEST_NUMBER]

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            parameter["schema"] |= {"minimum": 1}
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"maximum": self.max_page_size, "default": self.page_size}
        return parameters
