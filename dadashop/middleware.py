"""The short way of the API: past what only pages need."""

from collections.abc import Callable
from functools import lru_cache
from typing import cast

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve

Handler = Callable[[HttpRequest], HttpResponseBase]

_HSTS = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"


@lru_cache(maxsize=1024)
def _match(path: str, urlconf: str) -> ResolverMatch:
    return resolve(path, urlconf)


class ApiMiddleware:
    """Calls a view of edge.api() at once. It stands first, so that all below serves pages alone.

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
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
            return response

        asked_by_page = "HTTP_ORIGIN" in request.META
        response = (cast("Handler", CorsMiddleware(view)) if asked_by_page else view)(request)
        response.headers["Vary"] = "origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers["Strict-Transport-Security"] = _HSTS
        return response
