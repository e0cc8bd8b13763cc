"""Pages for people: the shopper's at `/`, and the API's documentation."""

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.views.decorators.http import require_safe

from verifications import edge, examples, problems

_STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The API viewer sets styles from its scripts and draws with data: images.
_VIEWER = _STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "img-src 'self'", "img-src 'self' data:"
)

# What a page of ours never asks for; the code of a text it does (WebOTP).
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

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
            response.headers["Permissions-Policy"] = _PERMISSIONS
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
def example(request: HttpRequest) -> HttpResponse:
    """Two ways to log in by text, to be tried and copied: what is shown is what runs."""
    origin = f"{request.scheme}://{request.get_host()}"
    component = (
        f'<script type="module" src="{origin}{static("dadashop/dada-sms-code.js")}"></script>'
    )
    jquery = '<script src="jquery.js"></script>'
    codes = {
        "code_new": _snippet("new", component, '<script type="module">', origin),
        "code_old": _snippet("old", jquery, "<script>", origin),
    }
    return render(request, "dadashop/example.html", {"origin": origin, **codes})


def _snippet(name: str, library: str, opening: str, origin: str) -> str:
    form = render_to_string(f"dadashop/example/{name}.html", {"origin": origin})
    script = Path(str(finders.find(f"dadashop/example-{name}.js"))).read_text()
    return f"{library}\n{form}{opening}\n{script}</script>\n"


@_page(_STRICT)
def problem_kinds(request: HttpRequest) -> HttpResponse:
    """What each `type` of a problem links to."""
    shown = [{"kind": kind, **_told(kind.code)} for kind in problems.KINDS]
    return render(request, "dadashop/problems.html", {"problems": shown})


def _told(code: str) -> dict[str, Any]:
    """An answer of it in each language, and as it stands in the body."""
    told = {}
    for name, language in (("chinese", "zh-hans"), ("english", "en")):
        with translation.override(language):
            told[name] = examples.refusal(code)
    return {**told, "example": json.dumps(told["chinese"], ensure_ascii=False, indent=2)}


@edge.past_middleware
def no_such_route(request: HttpRequest, rest: str) -> HttpResponse:
    """JSON for whoever mistypes an API route, also where DEBUG would show Django's own page."""
    return edge.plain_problem(request, 404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return edge.plain_problem(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return edge.plain_problem(request, 500)
