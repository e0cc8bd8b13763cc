"""What every request comes by first: its id and its time, and the short way of the API."""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve

from verifications import conf, edge, metrics, request_ids

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponseBase]

_POLICY = "default-src 'none'; frame-ancestors 'none'"
_SLOW = 2.0  # seconds; longer than a platform takes on a bad day
_METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
_HSTS = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"


@lru_cache(maxsize=1024)
def _match(path: str, urlconf: str) -> ResolverMatch:
    return resolve(path, urlconf)


def _is_of_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that a page of somebody else's posts this. It asks nobody before it
    posts a form or plain text, so what it must not do has to be refused here.

    Apps and servers say neither; a page of our own names the host that it calls.
    """
    origin = request.META.get("HTTP_ORIGIN")
    if origin is None:
        return request.META.get("HTTP_SEC_FETCH_SITE") == "cross-site"
    if origin in settings.CORS_ALLOWED_ORIGINS:
        return False
    try:
        host = request.get_host()  # one of ALLOWED_HOSTS, or any name could be led to us
    except DisallowedHost:
        return True
    # Where a proxy ends TLS unbeknown to us, our page is https all the same.
    return origin not in {f"{request.scheme}://{host}", f"https://{host}"}


def _refuse(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
    edge.forget_body(request)
    refusal: Handler | None = getattr(match.func, "refusal_of_strangers", None)
    return refusal(request) if refusal else edge.plain_problem(request, 403)


@lru_cache(maxsize=2048)
def _timer(route: str, method: str, status: int) -> Any:
    """Kept, since finding it among the others takes longer than counting."""
    return metrics.HTTP.labels(route, method, str(status))


def names_of(request: HttpRequest) -> tuple[str, str]:
    """(route, method) of one that was answered: the pattern of its URL, one for all of the admin;
    never what a client made up."""
    method = request.method if request.method in _METHODS else None
    match = request.resolver_match
    if match is None:
        route = "none"
    else:
        route = "/admin/" if "admin" in match.app_names else f"/{match.route}"
    return route, method or "other"


class WatchMiddleware:
    """Names each request in the log, and counts it by its route.

    An answer tells the name where the request had one, or where we failed: else answers that have
    to be alike (to phones with and without an account, say) would not be, to the letter.
    It stands before all others. The id is left set: Django logs a 5xx after the last of them.
    """

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID")
        # What a client sends is its proxy's word only where there is a proxy.
        request_id = request_ids.start(given if conf.get().trusted_proxies else None)
        started = time.perf_counter()
        response = self._get_response(request)
        seconds = time.perf_counter() - started
        if given is not None or response.status_code >= 500:
            response.headers[request_ids.HEADER] = request_id
        route, method = names_of(request)
        _timer(route, method, response.status_code).observe(seconds)
        if seconds > _SLOW:
            told = {"route": route, "method": method, "latency_ms": round(seconds * 1000)}
            logger.warning("slow: %s %s", method, route, extra=told)
        return response


class ApiMiddleware:
    """Calls a view of edge.api() at once, so that all that stands below serves pages alone.

    An answer of the API sets no cookie and renders nothing, and whoever asks names no file: of the
    rest it needs CORS, where a browser says from which origin it asks, and a few headers. Without
    this, a right code takes a third longer.
    """

    def __init__(self, get_response: Handler) -> None:
        self._pages = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            match = _match(request.path_info, settings.ROOT_URLCONF)
        except Resolver404:
            return self._pages(request)
        if not getattr(match.func, "is_api", False):
            return self._pages(request)
        request.resolver_match = match

        def view(request: HttpRequest) -> HttpResponseBase:
            if request.method == "POST" and _is_of_elsewhere(request):
                return _refuse(request, match)
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
            return response

        asked_by_page = "HTTP_ORIGIN" in request.META
        response = (cast("Handler", CorsMiddleware(view)) if asked_by_page else view)(request)
        response.headers["Vary"] = "origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Content-Security-Policy"] = _POLICY
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers["Strict-Transport-Security"] = _HSTS
        return response
