"""The OpenAPI document, and Swagger UI from our own static files: it works with no internet."""

from __future__ import annotations

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class Schema(SpectacularAPIView):
    """Open to everybody: it says nothing of any tenant."""


class Page(SpectacularSwaggerSplitView):
    url_name = "api-schema"
    template_name = "api/documentation.html"
