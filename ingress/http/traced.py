"""Traced: the spans of a request that sends a command: received, and answered.

Owns: where a trace enters or begins, and what is told of it when the answer leaves.
Never: refuses a request for what its `traceparent` says; one that cannot be read is as none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from eyes.spans import Kind, Span, Spans
from eyes.trace import Trace, begun, read
from ingress.http.clock import wall_s
from ingress.sdk.aio import Sent
from schemas.messages.commands import WalletCommand

RECEIVED: Final = "received"
ANSWERED: Final = "answered"
MICROS: Final = 1_000_000
Told = dict[str, str | int]


def wall_us() -> int:
    """Return the time in microseconds."""
    return int(wall_s() * MICROS)


@final
class Tracer:
    """The traces of one door."""

    def __init__(
        self, spans: Spans, ratio: float = 0.0, now_us: Callable[[], int] = wall_us
    ) -> None:
        """Begin a trace for this ratio of the commands that come with none."""
        self._spans: Final = spans
        self._ratio: Final = ratio
        self.now_us: Final = now_us

    def received(self, command: WalletCommand, traceparent: str) -> Received | None:
        """Return the request's own span, or None when nobody wants to see it."""
        names, now = (command.wallet_id, command.command_id), self.now_us()
        given = read(traceparent)
        own = begun(*names, self._ratio) if given is None else given.child(RECEIVED, *names, now)
        if own is None or not own.sampled:
            return None
        told: Told = {"ledger.command_id": command.command_id}
        return Received(self, own, "" if given is None else given.span_id, (now, told))

    def tell(self, span: Span) -> None:
        """Take a span."""
        self._spans.tell(span)


@final
class Received:
    """One request, until it is answered."""

    def __init__(self, tracer: Tracer, own: Trace, parent: str, since: tuple[int, Told]) -> None:
        self._tracer: Final = tracer
        self._own: Final = own
        self._parent: Final = parent
        self._began_us, self._told = since
        self.traceparent: Final = own.header.decode()

    def heard(self, sent: Sent) -> None:
        """The ledger said what became of the command, if anything: it is what is answered."""
        result = sent.result
        if result is not None:
            heard = {"ledger.outcome": result.outcome.value, "ledger.stage": result.stage.value}
            self._told |= heard
            own = self._own.child(ANSWERED)
            began = sent.delivered.append_time_us or self._began_us
            self._tell(ANSWERED, own, self._own.span_id, began, "internal")

    def ended(self) -> None:
        """The answer leaves."""
        self._tell(RECEIVED, self._own, self._parent, self._began_us, "server")

    def _tell(self, name: str, own: Trace, parent: str, began_us: int, kind: Kind) -> None:
        now = self._tracer.now_us()
        self._tracer.tell(Span(name, own, parent, min(began_us, now), now, kind, dict(self._told)))
