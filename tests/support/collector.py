"""A collector of OpenTelemetry in this process: spans over OTLP and HTTP, as sent, and as told.

Owns: `Collector`, a server on loopback, and `Told`, which takes spans with no server at all.
Never: answers late; a collector that is away is simply not started.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Told:
    """Keeps spans; satisfies `eyes.spans.Spans`."""

    def __init__(self):
        self.spans = []

    def tell(self, span):
        self.spans.append(span)

    def names(self):
        return [span.name for span in self.spans]


class Collector:
    """What came, by trace: the name of each span with its service, its id and its parent's."""

    def __init__(self):
        self.requests = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.requests.append((self.path, ExportTraceServiceRequest.FromString(body)))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_said):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def spans(self, trace_id):
        """Every span of a trace, as (service, span)."""
        return [
            (_service(resource), span)
            for _, request in list(self.requests)
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
            if span.trace_id.hex() == trace_id
        ]


def _service(resource):
    return next(
        each.value.string_value
        for each in resource.resource.attributes
        if each.key == "service.name"
    )
