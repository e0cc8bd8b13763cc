"""Rows that are looked at and acted upon, and never edited: what texts and pickup codes share."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from .. import phones
from ..operations import Verdict
from .filters import BoundedPaginator
from .searching import PrivateSearch

logger = logging.getLogger(__name__)

_UNMASK = "verifications.unmask_phone"
_MOST_ACTED = 200  # at once; without a queue each is texted while the page waits


@dataclass(frozen=True)
class Act:
    """Something that staff do to rows, once they have read what it means."""

    name: str  # of the action, and of its permission
    title: str | Promise
    explains: str | Promise
    done: str | Promise  # for %(n)d of them
    may: Callable[[Any], Verdict]
    do: Callable[[Any], Verdict]


def badge(tone: str, words: str | Promise) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', tone, words)


class RecordAdmin(PrivateSearch):
    """The page of a row is `page_template`, with what facts_of() and acts_of() say of it."""

    page_template: str
    everything = ""  # the query under which the list leaves out nothing
    paginator = BoundedPaginator
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # which would count the table once for each choice
    filters: tuple[str, ...] = ()  # what a URL may ask for: by `phone__startswith` it would unmask

    class Media:
        css = {"all": ["verifications/records.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup in self.filters

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": self.opts.verbose_name_plural}  # not "choose one to change"
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def facts_of(self, row: Any) -> list[tuple[Any, Any]]:
        """(label, what is shown)"""
        raise NotImplementedError

    def named(self, row: Any) -> str:
        """What it is, beside its phone."""
        return str(row)

    def acts_of(self, request: HttpRequest, row: Any) -> list[Act]:
        """Those that would do something now, and that this user may do."""
        raise NotImplementedError

    def more_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What else its page shows."""
        return {}

    @admin.display(description=_("手机号码"))
    def masked(self, row: Any) -> str:
        return phones.mask(row.phone)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.unmask_view))
        name = f"verifications_{self.opts.model_name}_unmask"
        return [path("<path:object_id>/unmask/", view, name=name), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return require_safe(self._page)(request, self._row(request, object_id))

    def unmask_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._row(request, object_id)
        if not request.user.has_perm(_UNMASK):
            raise PermissionDenied
        self.log_change(request, row, _("查看了完整手机号码。"))
        logger.info("%s %s: unmasked by operator %s", self.opts.model_name, row.pk, request.user.pk)
        return self._page(request, row, shown=row.phone)

    def _row(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def _page(self, request: HttpRequest, row: Any, shown: str = "") -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"{self.opts.verbose_name} {self.masked(row)}",
            "opts": self.opts,
            "media": self.media,
            "row": row,
            "phone": shown,
            "masked": self.masked(row),
            "may_unmask": request.user.has_perm(_UNMASK),
            "facts": self.facts_of(row),
            "acts": self.acts_of(request, row),
            "checkbox": ACTION_CHECKBOX_NAME,
            "everything": self.everything,
            **self.more_of(request, row),
        }
        return TemplateResponse(request, self.page_template, context)

    def perform(
        self, request: HttpRequest, queryset: QuerySet[Any], act: Act
    ) -> HttpResponse | None:
        """Ask first; then do it to each row, write it into the log of changes, and tell."""
        rows = list(queryset[: _MOST_ACTED + 1])
        if len(rows) > _MOST_ACTED:
            words = _("一次最多处理 %(n)d 条，请少选一些。") % {"n": _MOST_ACTED}
            self.message_user(request, words, messages.ERROR)
            return None
        if "confirmed" not in request.POST:
            return self._question(request, rows, act)
        verdicts = [act.do(row) for row in rows]
        for row, verdict in zip(rows, verdicts, strict=True):
            if verdict.ok:
                self.log_change(request, row, _joined(act.title, verdict.message_id))
        self._tell(request, act, verdicts)
        return HttpResponseRedirect(
            self._url_of(rows[0]) if len(rows) == 1 else request.get_full_path()
        )

    def _question(self, request: HttpRequest, rows: list[Any], act: Act) -> HttpResponse:
        judged = [(row, self.masked(row), self.named(row), act.may(row)) for row in rows]
        context = {
            **self.admin_site.each_context(request),
            "title": act.title,
            "opts": self.opts,
            "media": self.media,
            "act": act,
            "judged": judged,
            "possible": sum(verdict.ok for *_row, verdict in judged),
            "checkbox": ACTION_CHECKBOX_NAME,
            "back": self._url_of(rows[0]) if len(rows) == 1 else request.get_full_path(),
        }
        return TemplateResponse(request, "admin/verifications/confirm.html", context)

    def _tell(self, request: HttpRequest, act: Act, verdicts: list[Verdict]) -> None:
        done = [verdict for verdict in verdicts if verdict.ok]
        if done:
            words: str = str(act.done) % {"n": len(done)}
            if len(done) == 1 and done[0].message_id:
                url = reverse("admin:verifications_message_change", args=[done[0].message_id])
                words = format_html('{} <a href="{}">{}</a>', words, url, _("查看新短信"))
            self.message_user(request, words, messages.SUCCESS)
        for reason, n in Counter(one.words for one in verdicts if not one.ok).items():
            words = _("%(n)d 条没有处理：%(reason)s") % {"n": n, "reason": reason}
            self.message_user(request, words, messages.WARNING)

    def _url_of(self, row: Any) -> str:
        return reverse(f"admin:verifications_{self.opts.model_name}_change", args=[row.pk])


def _joined(title: str | Promise, message_id: str) -> str:
    return f"{title} → {message_id}" if message_id else str(title)
