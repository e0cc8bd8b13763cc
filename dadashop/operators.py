"""The pages for operators, Django's admin at /admin/: who gets in, and what its answers carry."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from verifications import conf, edge, limits, throttle
from verifications.exceptions import RateLimited, Unavailable, VerificationError, place_of

logger = logging.getLogger(__name__)

_PATH = "/admin/"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class TooManyLogins(RateLimited):
    default_message = _("登录尝试过于频繁，请在 %(wait)s后再试。")


class OperatorSite(admin.AdminSite):
    site_header = site_title = _("达达商城短信验证")
    index_title = _("管理")

    def get_urls(self) -> list[Any]:
        """With a short way to the dashboard, wherever it stands."""
        board = RedirectView.as_view(
            pattern_name="admin:verifications_hour_changelist", query_string=True
        )
        return [path("dashboard/", board), *super().get_urls()]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """As Django's, but each address has so many tries; counted before anything is looked at."""
        if request.method == "POST":
            try:
                _count_try(edge.client_ip(request))
            except VerificationError as refusal:
                return _refused(request, refusal)
        return super().login(request, extra_context)


def _count_try(ip: str) -> None:
    """Raises TooManyLogins or Unavailable."""
    try:
        limit = conf.get().admin_login_limit
        throttle.hit("admin", limits.network(ip), limit)
    except RateLimited as refusal:
        raise TooManyLogins("ip", refusal.retry_after or 1) from None


def _refused(request: HttpRequest, refusal: VerificationError) -> HttpResponse:
    page = {"message": refusal.message}
    response = render(request, "dadashop/refused.html", page, status=refusal.status)
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response


class OperatorsMiddleware:
    """What holds for all answers under /admin/, whoever makes them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.path_info.startswith(_PATH):
            response.headers["Content-Security-Policy"] = _POLICY
            response.headers["Cache-Control"] = "no-store"
            # Not `no-referrer`, under which browsers send `Origin: null` with a form.
            response.headers["Referrer-Policy"] = "same-origin"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The text of an error may hold a phone: a database names the row that it refuses."""
        told_by_django = (Http404, PermissionDenied, SuspiciousOperation)
        if isinstance(error, told_by_django) or not request.path_info.startswith(_PATH):
            return None
        logger.error("unexpected %s", place_of(error))
        if isinstance(error, (Error, Unavailable)):
            return _refused(request, Unavailable())
        page = {"message": _("服务出错了，请稍后重试。")}
        return render(request, "dadashop/refused.html", page, status=500)
