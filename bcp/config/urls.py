"""Addresses: pages at the root, the API under /api/v1/, logins by allauth."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("bcp.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("bcp.web.urls")),
]
