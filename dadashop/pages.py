"""Pages for people: the shopper's at `/`, and the API's documentation."""

import json
import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from verifications import edge
from verifications.exceptions import VerificationError

_STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The API viewer sets styles from its scripts and draws with data: images.
_VIEWER = _STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "img-src 'self'", "img-src 'self' data:"
)

View = Callable[[HttpRequest], HttpResponse]


def _page(policy: str) -> Callable[[View], View]:
    """A page in the reader's language, under a content security policy."""

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def wrapper(request: HttpRequest) -> HttpResponse:
            with translation.override(translation.get_language_from_request(request)):
                response = view(request)
            response.headers["Content-Security-Policy"] = policy
            response.headers["Vary"] = "Accept-Language"
            return response

        return wrapper

    return decorate


@_page(_STRICT)
def index(request: HttpRequest) -> HttpResponse:
    sandbox_url = f"{settings.SANDBOX_URL}/sandbox/" if settings.DEBUG else ""
    return render(request, "dadashop/index.html", {"sandbox_url": sandbox_url})


@_page(_VIEWER)
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "dadashop/docs.html")


@_page(_STRICT)
def problems(request: HttpRequest) -> HttpResponse:
    """What each `type` of a problem links to."""
    rows = [
        {"code": refusal.code, "status": refusal.status, "message": _general(refusal)}
        for refusal in VerificationError.__subclasses__()
    ]
    for status in (401, 404, 405, 500):
        plain = json.loads(edge.plain_problem(request, status).content)
        rows.append({"code": plain["code"], "status": status, "message": plain["detail"]})
    return render(request, "dadashop/problems.html", {"problems": rows})


def _general(refusal: type[VerificationError]) -> str:
    """Its words, with an ellipsis for what only a case at hand can fill in."""
    return re.sub(r"%\(\w+\)[ds]", "…", str(refusal.default_message))


def no_such_route(request: HttpRequest, rest: str) -> HttpResponse:
    """JSON for whoever mistypes an API route, also where DEBUG would show Django's own page."""
    return edge.plain_problem(request, 404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return edge.plain_problem(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return edge.plain_problem(request, 500)
