"""Addresses: pages at the root, the API under /api/v1/, logins by allauth."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("api/v1/", include("bcp.api.urls")),
    # An address is proven by the invitation that was mailed to it, so nobody changes it alone.
    path("accounts/email/", RedirectView.as_view(pattern_name="home")),
    path("accounts/", include("allauth.urls")),
    path("", include("bcp.web.urls")),
]
