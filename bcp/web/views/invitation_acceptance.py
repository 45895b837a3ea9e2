"""Accepting a mailed invitation: the one page that makes a login, reached without one.

The address carries the secret, so it is neither kept in caches nor passed on to other sites.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from bcp.errors import InvalidInput, NotAllowed
from bcp.services import invitations
from bcp.web import navigation
from bcp.web.forms.invitation import InvitationForm


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class InvitationAcceptance(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        invitation = invitations.of_token(kwargs["token"], timezone.now())
        if invitation is None:
            return render(request, "account/invitation_over.html", status=404)
        self.invitation = invitation
        response = super().dispatch(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page(InvitationForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.user.is_authenticated:
            return self.accept_as(request.user, token)
        form = InvitationForm(request.POST)
        if form.is_valid():
            try:
                membership = invitations.accept(token, user=None, **form.cleaned_data)
            except InvalidInput as error:
                form.add_faults(error)
            except NotAllowed as error:
                return self.page(form, str(error), 403)
            else:
                login(request, membership.user)
                return redirect(navigation.first_page(membership.organisation.slug))
        return self.page(form, status=422)

    def accept_as(self, user: Any, token: str) -> HttpResponse:
        """Join with the login that is signed in, if the invitation was mailed to it."""
        try:
            membership = invitations.accept(token, user=user)
        except (InvalidInput, NotAllowed) as error:
            return self.page(InvitationForm(), str(error), 403)
        return redirect(navigation.first_page(membership.organisation.slug))

    def page(self, form: InvitationForm, fault: str = "", status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "invitation": self.invitation,
            "inviting": self.invitation.organisation,
            "fault": fault,
            "has_login": invitations.has_login(self.invitation),
            "is_addressee": getattr(self.request.user, "email", None) == self.invitation.email,
        }
        return render(self.request, "account/invitation.html", context, status=status)


urls = [path("invitation/<str:token>/", InvitationAcceptance.as_view(), name="invitation")]
