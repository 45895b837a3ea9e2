"""Doing one thing with many rows of a list: those that were ticked, or all that fit its search."""

from __future__ import annotations

from collections.abc import Sized
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext

from bcp.web.views.base import OrgView

# More than this in one write would hold everybody else's writes up for too long.
MOST_AT_ONCE = 2500


class ChoosingView(OrgView):
    """Does it with all rows that were chosen or with none, and leads back to their list.

    What is chosen is read up to one row more than `most_at_once`: too much is refused, not cut.
    """

    list_name: ClassVar[str]
    """The page of the list, unless `list_url` leads somewhere else."""
    nothing_chosen: ClassVar[str | Promise]
    """What is said to somebody who has chosen nothing that this can be done with."""
    most_at_once: ClassVar[int] = MOST_AT_ONCE

    def wrong_choice(self, chosen: Sized) -> HttpResponse | None:
        """The way back to the list where nothing or too much was chosen."""
        if not chosen:
            return self.back_to_list(self.nothing_chosen)
        if len(chosen) > self.most_at_once:
            fault = gettext("That is more than %(most)d at once. Narrow the list first.")
            return self.back_to_list(fault % {"most": self.most_at_once})
        return None

    def back_to_list(self, warning: str | Promise) -> HttpResponse:
        messages.warning(self.request, str(warning))
        return redirect(self.list_url())

    def list_url(self) -> str:
        """Where one came from; else the list."""
        return self.back_url(self.url(self.list_name))
