"""Where one lands after signing in: one's organisation, or the choice between several."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_safe

from bcp import access
from bcp.web import navigation


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    memberships = list(access.memberships(request.user))
    if len(memberships) == 1:
        return redirect(navigation.first_page(memberships[0].organisation.slug))
    doors = [(one, navigation.first_page(one.organisation.slug)) for one in memberships]
    return render(request, "home.html", {"doors": doors})


urls = [path("", home, name="home")]
