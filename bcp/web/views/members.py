"""Members: who may see and do what here, and who has been invited."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from bcp import access
from bcp.engine.permissions import CAPABILITIES, Capability, Role
from bcp.errors import InvalidInput
from bcp.queries import organisations
from bcp.services import invitations, members
from bcp.web.forms.members import InviteForm, RoleForm
from bcp.web.views.base import OrgView, seen_version


class MembersView(OrgView):
    """The one page, and what every action on it comes back to."""

    def members_page(
        self, invite: InviteForm | None = None, fault: str = "", status: int = 200
    ) -> HttpResponse:
        may_manage = access.can(self.membership, Capability.MANAGE_MEMBERS)
        rows = [
            {
                "membership": one,
                "form": RoleForm(
                    organisation=self.organisation,
                    initial={"role": one.role},
                    auto_id=f"role_{one.pk}_%s",
                ),
            }
            for one in organisations.members(self.organisation)
        ]
        open_ones = organisations.open_invitations(self.organisation) if may_manage else ()
        context = {
            "rows": rows,
            "invitations": open_ones,
            "form": invite or InviteForm(organisation=self.organisation),
            "roles": [(role, CAPABILITIES[role]) for role in Role],
            "fault": fault,
            "tab": "members",
        }
        return self.render("members/list.html", context, status)


class MemberList(MembersView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.members_page()


class MembersAction(MembersView):
    """POST only. What cannot be done is said on the page itself."""

    needs = Capability.MANAGE_MEMBERS
    http_method_names = ["post"]

    def record(self, key: str) -> Any:
        return access.find(organisations.members(self.organisation), key)

    def back(self) -> HttpResponse:
        """To the members, or home, if one has just let oneself out."""
        here = access.memberships(self.membership.user)
        if here.filter(organisation=self.organisation).exists():
            return redirect(self.url("members-list"))
        return redirect("home")


class MemberRole(MembersAction):
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        form = RoleForm(request.POST, organisation=self.organisation)
        if not form.is_valid():
            return self.members_page(fault=_("Choose one of the roles offered."), status=422)
        try:
            changed = members.change_role(
                self.organisation,
                key,
                form.cleaned_data["role"],
                seen_version=seen_version(request),
                by=self.by,
            )
        except InvalidInput as error:
            return self.members_page(fault=str(error), status=422)
        self.succeed(
            _("%(person)s is now: %(role)s.")
            % {"person": record.user.email, "role": changed.get_role_display()}
        )
        return self.back()


class MemberRemove(MembersAction):
    """GET asks once, because whoever is removed needs an invitation to come back."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.render("members/remove.html", {"record": self.record(key)})

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        record = self.record(key)
        try:
            members.remove(self.organisation, key, seen_version=seen_version(request), by=self.by)
        except InvalidInput as error:
            return self.members_page(fault=str(error), status=422)
        self.succeed(_("%(person)s is no longer a member.") % {"person": record.user.email})
        return self.back()


class Invite(MembersAction):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = InviteForm(request.POST, organisation=self.organisation)
        if form.is_valid():
            try:
                self.invite(form.cleaned_data["email"], form.cleaned_data["role"])
            except InvalidInput as error:
                form.add_faults(error)
            else:
                return redirect(self.url("members-list"))
        return self.members_page(form, status=422)

    def invite(self, email: str, role: Role) -> None:
        base = reverse("invitation", args=["-"]).removesuffix("-/")
        invited = invitations.invite(
            self.organisation,
            email,
            role,
            link_base=self.request.build_absolute_uri(base),
            by=self.by,
        )
        if invited.mailed:
            self.succeed(_("An invitation has been mailed to %(email)s.") % {"email": email})
        else:
            messages.warning(
                self.request,
                _(
                    "The invitation of %(email)s stands, but the mail could not be sent. Invite"
                    " again when mail works; the old link is then void."
                )
                % {"email": email},
            )


class InvitationWithdraw(MembersAction):
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        record = access.find(organisations.open_invitations(self.organisation), key)
        invitations.withdraw(self.organisation, key, by=self.by)
        self.succeed(_("The invitation of %(email)s is void.") % {"email": record.email})
        return redirect(self.url("members-list"))


urls = [
    path("members/", MemberList.as_view(), name="members-list"),
    path("members/invite/", Invite.as_view(), name="invitations-create"),
    path("members/<str:key>/role/", MemberRole.as_view(), name="members-role"),
    path("members/<str:key>/remove/", MemberRemove.as_view(), name="members-remove"),
    path(
        "members/invitations/<str:key>/withdraw/",
        InvitationWithdraw.as_view(),
        name="invitations-withdraw",
    ),
]
