"""With OpenTelemetry: one trace from the request to the platform, and no secret in it."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.queue.brokers import Valkey
from tests.queue.collector import Collector, attributes
from tests.queue.stack import Stack
from tests.until import until
from tests.verifications.providers.conftest import ACCOUNT

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.stop()


@pytest.fixture(scope="module")
def traced(collector: Collector, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    place = tmp_path_factory.mktemp("traced")
    broker = Valkey(tmp_path_factory.mktemp("broker"))
    stack = Stack(place, broker)
    stack.environment |= {
        "DADASHOP_OTEL": "1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "100",  # milliseconds
    }
    try:
        broker.start()
        stack.start()
        yield stack
    finally:
        stack.stop()
        broker.stop()


def _trace(collector: Collector, request_id: str) -> list[Span]:
    """That of a request, from the first span on."""
    spans = list(collector.spans())
    ids = {span.trace_id for span in spans if attributes(span).get("request_id") == request_id}
    found = [span for span in spans if span.trace_id in ids]
    return sorted(found, key=lambda span: span.start_time_unix_nano)


def _above(collector: Collector, request_id: str, span: Span) -> Span | None:
    trace = _trace(collector, request_id)
    return next((one for one in trace if one.span_id == span.parent_span_id), None)


def test_from_the_web_to_the_platform(traced: Stack, collector: Collector, phone: str) -> None:
    answer = traced.send(phone)
    request_id = answer.headers["X-Request-ID"]

    def asked() -> list[Span]:
        return [span for span in _trace(collector, request_id) if span.name == "POST"]

    until(asked)  # spans come when they end: those above it later
    way = asked()[:1]
    while way[-1].parent_span_id:
        until(partial(_above, collector, request_id, way[-1]))
        above = _above(collector, request_id, way[-1])
        assert above
        way.append(above)
    assert [span.name for span in way] == [
        "POST",
        "run/verifications.collect",
        "apply_async/verifications.collect",
        "POST /v1/verifications/codes",
    ]
    assert attributes(way[-1])["http.route"] == "/v1/verifications/codes"


def test_nothing_in_it_is_a_secret(
    traced: Stack, collector: Collector, new_phone: Callable[[], str]
) -> None:
    phones = [new_phone() for _ in range(3)]
    traced.fault(kind="error", code="160042", phone=phones[0])
    answers = [traced.send(phone) for phone in phones]
    answers.append(traced.notify(phones[1:]))
    wrong = {"phone": phones[1], "purpose": "login", "code": "0000000"}
    answers.append(traced.post("/v1/verifications/verify", wrong))
    answers.append(traced.post(f"/v1/receipts/cloopen/{phones[0]}?phone={phones[0]}", {}))
    answers.append(traced.post(f"/v1/{phones[0]}?phone={phones[0]}", {}))
    for answer in answers:
        until(partial(_trace, collector, answer.headers["X-Request-ID"]))

    def names() -> Counter[str]:
        return Counter(span.name for span in collector.spans())

    until(lambda: names()["POST"] >= 4)  # to the platform: three codes, one request of notices
    assert {"POST /v1/receipts/<str:provider>/<str:secret>", "POST /v1/<path:rest>"} <= {*names()}
    secrets = [*phones, traced.environment["RECEIPT_SECRET"], str(ACCOUNT["account_sid"]), "sig="]
    for secret in secrets:
        assert secret not in collector.told
    allowed = {name for span in collector.spans() for name in attributes(span)}
    assert not allowed & {"http.url", "http.target", "url.full", "db.statement", "http.client_ip"}
    assert not any(span.events or span.status.message for span in collector.spans())
