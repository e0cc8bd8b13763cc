"""What everything is measured against: a Django view that does one EVALSHA and nothing else."""

from functools import cache
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django_redis import get_redis_connection


@cache
def _script() -> Any:
    return get_redis_connection("default").register_script("return 1")


@csrf_exempt
def evalsha(request: HttpRequest) -> HttpResponse:
    _script()()
    return HttpResponse(b'{"ok":true}', "application/json")


def nothing(request: HttpRequest) -> HttpResponse:
    """No Redis either: how fast the load generator can go, at least."""
    return HttpResponse(b"ok\n", "text/plain")


urlpatterns = [path("evalsha", evalsha), path("healthz", nothing)]
application = get_wsgi_application()
