"""OTLP: spans to a collector of OpenTelemetry, over HTTP.

Owns: the only import of OpenTelemetry, and how a span of ours is one of theirs.
Never: called by a thread that works: the queue's own thread waits here while a collector is away.

`OTEL_EXPORTER_OTLP_HEADERS`, `..._CERTIFICATE` and their like say what else a collector wants.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags

from eyes.spans import Kind, Send, Span

TIMEOUT_S: Final = 5.0
NANOS: Final = 1_000
KINDS: Final[dict[Kind, SpanKind]] = {
    "server": SpanKind.SERVER,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
    "internal": SpanKind.INTERNAL,
}


def sender(collector: str, service: str, instance: str) -> Send:
    """Return what sends spans to the collector, and says whether it took them."""
    # It says every attempt; the queue says once that a collector is away, and once that it is back.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    exporter = OTLPSpanExporter(collector, timeout=TIMEOUT_S)
    resource = Resource({"service.name": service, "service.instance.id": instance})

    def send(spans: Sequence[Span]) -> bool:
        given = [as_theirs(span, resource) for span in spans]
        return exporter.export(given) is SpanExportResult.SUCCESS

    return send


def as_theirs(span: Span, resource: Resource) -> ReadableSpan:
    """Return a span as their exporter takes it: their own recorder would choose its ids."""
    trace_id, parent = span.trace.trace_id, None
    if span.parent:
        parent = _context(trace_id, span.parent, is_remote=True)
    return ReadableSpan(
        span.name,
        context=_context(trace_id, span.trace.span_id, is_remote=False),
        parent=parent,
        resource=resource,
        attributes=span.told,
        kind=KINDS[span.kind],
        start_time=span.start_us * NANOS,
        end_time=span.end_us * NANOS,
    )


def _context(trace_id: str, span_id: str, *, is_remote: bool) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED)
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote, flags)
