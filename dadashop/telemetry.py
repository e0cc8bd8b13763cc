"""Traces for OpenTelemetry (DADASHOP_OTEL=1, requirements-otel.txt), of web and workers alike.

Standard variables say where they go and how many: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME,
OTEL_TRACES_SAMPLER, ... What instrumentations note of a request holds signatures, addresses and
texts of errors, so only what is listed here gets out of the process.
"""

import os
from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind
from opentelemetry.trace.status import Status, StatusCode

from dadashop.middleware import Handler, names_of
from verifications import request_ids

_TOLD = {
    "celery.action",
    "celery.state",
    "celery.task_name",
    "db.system",
    "error.type",
    "http.method",
    "http.route",
    "http.status_code",
    "messaging.destination",
    "net.peer.name",
    "request_id",
}


class Discreet(SpanExporter):
    """Exports what is told of spans by another exporter: no URL, no statement, no exception."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([*map(_without_secrets, spans)])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _without_secrets(span: ReadableSpan) -> ReadableSpan:
    attributes = span.attributes or {}
    return ReadableSpan(
        span.name,  # `POST /v1/verifications/codes`, `SELECT`, `run/verifications.deliver`
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={name: attributes[name] for name in attributes if name in _TOLD},
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def start(exporter: SpanExporter | None = None) -> TracerProvider:
    """To be called once a process."""
    os.environ.setdefault("OTEL_SERVICE_NAME", "dadashop")
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(Discreet(exporter or OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    for instrumentor in (RequestsInstrumentor, CeleryInstrumentor, PsycopgInstrumentor):
        instrumentor().instrument()
    return provider


_tracer = trace.get_tracer("dadashop")
_UNTOLD = {"/healthz", "/readyz", "/metrics"}


class TraceMiddleware:
    """A span for each request. Not that of opentelemetry-instrumentation-django, which asks for the
    name we are called by: API routes then refuse hosts that are not in ALLOWED_HOSTS."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in _UNTOLD:
            return self._get_response(request)
        above = propagate.extract(request.headers)
        with _tracer.start_as_current_span("request", above, kind=SpanKind.SERVER) as span:
            response = self._get_response(request)
            route, method = names_of(request)
            span.update_name(f"{method} {route}")
            span.set_attributes(
                {
                    "http.method": method,
                    "http.route": route,
                    "http.status_code": response.status_code,
                    # So that a trace is found by what the log and the answer name.
                    "request_id": request_ids.current(),
                }
            )
            if response.status_code >= 500:
                span.set_status(StatusCode.ERROR)
        return response
