"""API tokens: made here, shown once, revoked at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bcp import access
from bcp.engine.permissions import Capability
from bcp.errors import InvalidInput
from bcp.queries import tokens as reads
from bcp.services import tokens as writes
from bcp.web.forms.settings import TokenForm
from bcp.web.views.base import OrgView


@method_decorator(never_cache, name="dispatch")
class TokenList(OrgView):
    """One's own tokens, and everybody's for who manages the members. The answer to a POST is
    the one page that shows the secret: a redirect would have to keep it somewhere."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.token_page(TokenForm(organisation=self.organisation))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TokenForm(request.POST, organisation=self.organisation)
        if form.is_valid():
            try:
                token, secret = writes.create(self.organisation, **form.cleaned_data, by=self.by)
            except InvalidInput as error:
                form.add_faults(error)
            else:
                fresh = TokenForm(organisation=self.organisation)
                return self.token_page(fresh, {"made": token, "secret": secret}, 201)
        return self.token_page(form, status=422)

    def token_page(
        self, form: TokenForm, extra: dict[str, object] | None = None, status: int = 200
    ) -> HttpResponse:
        may_manage = access.can(self.membership, Capability.MANAGE_MEMBERS)
        listed = (
            reads.listing(self.organisation)
            if may_manage
            else reads.of_user(self.organisation, self.membership.user)
        )
        context = {"tokens": listed, "form": form, "everybodys": may_manage, "tab": "tokens"}
        return self.render("tokens/list.html", context | (extra or {}), status)


class TokenRevoke(OrgView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        token = access.find(reads.listing(self.organisation), key)
        writes.revoke(self.organisation, key, by=self.by)
        self.succeed(_("The token “%(name)s” no longer works.") % {"name": token.name})
        return redirect(self.url("tokens-list"))


urls = [
    path("tokens/", TokenList.as_view(), name="tokens-list"),
    path("tokens/<str:key>/revoke/", TokenRevoke.as_view(), name="tokens-revoke"),
]
