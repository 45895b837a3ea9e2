"""The OpenAPI document: what the views cannot say of themselves, said once for all of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from bcp.api import errors
from bcp.api.serializers.problems import ProblemSerializer
from bcp.engine.permissions import Capability

_KEY = "7h2kq0xw9rtv"


def _problem(status: int, detail: str, **more: Any) -> tuple[str, dict[str, Any]]:
    body = errors.problem(status, detail, **more).data
    return str(detail), dict(body or {})


EXAMPLES: dict[int, tuple[str, dict[str, Any]]] = {
    400: _problem(
        400,
        "This name is already taken.",
        type_=errors.INVALID_INPUT,
        fields={"non_field_errors": ["This name is already taken."]},
    ),
    401: _problem(401, "Authentication credentials were not provided."),
    403: _problem(
        403,
        "Your role (Auditor) may not do this: edit systems and what belongs to them.",
        type_=errors.ROLE_TOO_LOW,
    ),
    404: _problem(404, "There is no such page."),
    409: _problem(
        409,
        "This proposal has been decided already: Approved.",
        type_=errors.CONFLICT,
        current={"id": _KEY, "version": 2, "state": "approved"},
    ),
    412: _problem(
        412,
        "Somebody else changed this record since the version that you named.",
        type_=errors.STALE_VERSION,
        current={"id": _KEY, "version": 4, "name": "ERP"},
    ),
    413: _problem(413, "The request body is too large."),
    415: _problem(415, "Unsupported media type “text/plain” in request."),
    428: _problem(
        428,
        "Name the version that you have seen: send its ETag in the header If-Match.",
        type_=errors.IF_MATCH_REQUIRED,
    ),
    429: _problem(429, "Request was throttled. Expected available in 12 seconds."),
}


class ApiSchema(AutoSchema):
    """Adds to each operation its heading, its headers and the errors it can answer with."""

    view: Any

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.method == "GET" and bool(self.view.many)

    def _is_create_operation(self) -> bool:
        return self.method == "POST" and "POST" not in self.view.gives

    def get_operation_id(self) -> str:
        tokens = [token.replace("-", "_") for token in self._tokenize_path()]
        name = self.view.operation or "_".join(tokens)
        if self.method == "POST" and not self._is_create_operation():
            return name  # its last word is a verb already
        verb = "list" if self._is_list_view() else self.method_mapping[self.method.lower()]
        return f"{name}_{verb}"

    def get_request_serializer(self) -> Any:
        takes = self.view.takes
        return takes[self.method] if self.method in takes else super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        gives = self.view.gives
        return gives[self.method] if self.method in gives else super().get_response_serializers()

    def get_override_parameters(self) -> list[Any]:
        locks = getattr(self.view, "locked_methods", ())
        tagged = getattr(self.view, "tagged", {}).get(self.method, [])
        parameters = []
        if self.method in locks:
            parameters.append(
                OpenApiParameter(
                    "If-Match",
                    str,
                    OpenApiParameter.HEADER,
                    required=True,
                    pattern=r'^(\*|"\d+"(, "\d+")*)$',
                    description="The ETag of the version that you have seen.",
                )
            )
        if tagged:
            parameters.append(
                OpenApiParameter(
                    "ETag",
                    str,
                    OpenApiParameter.HEADER,
                    response=tagged,
                    description="The version of the record, for If-Match.",
                )
            )
        return parameters

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        self.resolve_serializer(ProblemSerializer, "response")
        for status in self._errors():
            bodies[str(status)] = {"$ref": f"#/components/responses/Error{status}"}
        return bodies

    def _errors(self) -> list[int]:
        view, method = self.view, str(self.method)
        statuses = {401, 429}
        if "{" in self.path or view.many:
            statuses.add(404)
        needs = getattr(view, "needs", {}).get(method, Capability.READ)
        if needs is not Capability.READ or method != "GET":
            statuses.add(403)
        if view.many or method != "GET":
            statuses.add(400)
        if method in {"POST", "PUT", "PATCH"} and self.get_request_serializer():
            statuses |= {413, 415}
        if method in getattr(view, "locked_methods", ()):
            statuses |= {409, 412, 428}
        return sorted(statuses | set(view.more_errors.get(method, ())))


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "bcp.api.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made under Settings, good in one organisation.",
        }


def finish(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Postprocessing: unknown fields of a request body are refused, and what errors look like."""
    components = result["components"]
    for name, component in components["schemas"].items():
        if name.endswith("Request") and component.get("type") == "object":
            component["additionalProperties"] = False
    components["responses"] = {f"Error{status}": _response(status) for status in EXAMPLES}
    return result


def _response(status: int) -> dict[str, Any]:
    detail, value = EXAMPLES[status]
    return {
        "description": value["title"],
        "content": {
            errors.MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {"example": {"summary": detail, "value": value}},
            }
        },
    }
