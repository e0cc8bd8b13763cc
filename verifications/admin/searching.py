"""A search for a phone that leaves no phone behind."""

import secrets
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
else:
    Admin = admin.ModelAdmin

_SEARCHES = "verifications.searches"  # in the session: {what the URL says: what was typed}
_MOST_SEARCHES = 20


class PrivateChangeList(ChangeList):
    """`term` is what was searched for; `query`, which every link of the page has, stands for it."""

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        self.term = searched(request, self.query)


class PrivateSearch(Admin):
    """Searches by POST, since a phone in a URL would be in every log and history on its way."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PrivateChangeList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method != "POST" or SEARCH_VAR not in request.POST:
            return super().changelist_view(request, extra_context)
        asked = request.GET.copy()
        asked.pop("p", None)
        asked[SEARCH_VAR] = _remember(request, request.POST[SEARCH_VAR])
        return HttpResponseRedirect(f"?{asked.urlencode()}")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, searched(request, search_term))


def _remember(request: HttpRequest, term: str) -> str:
    name = secrets.token_hex(4) if term.strip() else ""
    kept = [*request.session.get(_SEARCHES, {}).items(), (name, term.strip())]
    request.session[_SEARCHES] = dict(kept[-_MOST_SEARCHES:])
    return name


def searched(request: HttpRequest, name: str) -> str:
    return str(request.session.get(_SEARCHES, {}).get(name, name))
