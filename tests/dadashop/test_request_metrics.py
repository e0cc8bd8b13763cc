"""Requests are counted by the pattern of their URL: what a client makes up is no label."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from prometheus_client import REGISTRY

from dadashop import middleware
from dadashop.middleware import WatchMiddleware
from tests.conftest import Api

pytestmark = pytest.mark.django_db

NAME = "verifications_http_request_duration_seconds_count"


def _counted(method: str, route: str, status: int) -> float:
    labels = {"method": method, "route": route, "status": str(status)}
    return REGISTRY.get_sample_value(NAME, labels) or 0


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/healthz", "/healthz", 200),
        ("/", "/", 200),
        ("/v1/verifications/codes/0000", "/v1/verifications/codes/<str:code_id>", 404),
        ("/v1/made/up", "/v1/<path:rest>", 404),
        ("/made/up", "none", 404),
        ("/admin/login/", "/admin/", 200),
        ("/admin/verifications/listentry/", "/admin/", 302),
        ("/static/dadashop/page.css", "none", 200),
    ],
)
def test_by_route(client: Client, path: str, route: str, status: int) -> None:
    before = _counted("GET", route, status)
    answer = client.get(path)
    answer.close()  # a file is open until then
    assert answer.status_code == status
    assert _counted("GET", route, status) == before + 1


def test_a_method_that_nobody_knows_is_another(client: Client) -> None:
    before = _counted("other", "/healthz", 405)
    client.generic("MADEUP", "/healthz")
    assert _counted("other", "/healthz", 405) == before + 1


def test_refusals_by_status(api: Api) -> None:
    before = _counted("POST", "/v1/verifications/codes", 400)
    api.send("1")
    assert _counted("POST", "/v1/verifications/codes", 400) == before + 1


@pytest.fixture
def took(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """took(3.0): one request that takes so many seconds."""

    def call(seconds: float) -> None:
        times = iter([100.0, 100.0 + seconds])
        clock = SimpleNamespace(perf_counter=lambda: next(times))
        monkeypatch.setattr(middleware, "time", clock)

        def answer(request: HttpRequest) -> HttpResponse:
            return HttpResponse()

        WatchMiddleware(answer)(RequestFactory().get("/13800138000"))

    return call


def test_slow_ones_are_told(
    took: Callable[[float], None], caplog: pytest.LogCaptureFixture
) -> None:
    took(1.9)
    assert not caplog.records
    took(2.5)
    (line,) = caplog.records
    assert (line.levelname, line.getMessage()) == ("WARNING", "slow: GET none")
    assert vars(line)["latency_ms"] == 2500
