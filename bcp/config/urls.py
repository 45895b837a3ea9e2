"""Addresses: pages at the root, the API under /api/v1/, logins by allauth."""

from functools import partial

from django.http import Http404
from django.urls import include, path, re_path
from django.views.defaults import page_not_found
from django.views.generic import RedirectView

urlpatterns = [
    path("api/v1/", include("bcp.api.urls")),
    # An address is proven by the invitation that was mailed to it, so nobody changes it alone.
    path("accounts/email/", RedirectView.as_view(pattern_name="home")),
    path("accounts/", include("allauth.urls")),
    path("", include("bcp.web.urls")),
    # Ours also while debugging, as the demonstration is: Django's own page lists every address.
    re_path("^.+/$", partial(page_not_found, exception=Http404())),
]
