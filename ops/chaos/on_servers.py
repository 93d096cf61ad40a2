"""Faults of servers, sinks and the network between them.

Owns: one function a fault; each returns when what it broke is whole again.
Never: deletes a server's data: that is another test's matter.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final, cast

from ops.chaos.schedule import BROKER, SINK_KILLED, Kind
from ops.chaos.wire import Api

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.chaos.field import Field
    from ops.chaos.rules import Manner, Part
    from ops.chaos.schedule import Strike
    from ops.stack import Service

DELAY_MS: Final = 120
SLOW_STORE_MS: Final = 250
CUTS: Final = 3
LOSSES: Final = 3
LOST: Final[Mapping[Kind, tuple[Part, Manner]]] = {
    Kind.LOST_REPLY: ("reply", "cut"),
    Kind.SILENT_REPLY: ("reply", "silent"),
    Kind.LOST_REQUEST: ("request", "cut"),
}


def kill_broker(field: Field, _strike: Strike) -> None:
    """Kill the broker and start it on its data."""
    field.stack.kill("kafka")
    field.stack.start("kafka")


def freeze_broker(field: Field, strike: Strike) -> None:
    """Stop the broker's clock for a while."""
    field.stack.kill("kafka", signal.SIGSTOP)
    try:
        field.pause(strike.seconds)
    finally:
        field.stack.kill("kafka", signal.SIGCONT)


def take_store_down(field: Field, strike: Strike) -> None:
    """End a store at once, as each of them can be ended, and start it after a while."""
    store = cast("Service", strike.target)
    if store == "postgres":
        field.stack.stop(store, number=signal.SIGQUIT)  # its immediate shutdown
    else:
        field.stack.kill(store)
    field.pause(strike.seconds)
    field.stack.start(store)


def slow_store(field: Field, strike: Strike) -> None:
    """Let everything a sink and its store say to each other take long."""
    _delayed(field, strike, SLOW_STORE_MS)


def kill_sink(field: Field, strike: Strike) -> None:
    """End a sink without warning; whoever keeps it up starts it again."""
    if field.sinks[strike.target].kill() is not None:
        field.diary.note(f"sink-{strike.target}", SINK_KILLED)


def slow_network(field: Field, strike: Strike) -> None:
    """Let everything clients and broker say to each other take long."""
    _delayed(field, strike, DELAY_MS)


def reset_connections(field: Field, strike: Strike) -> None:
    """Reset every connection to the broker, several times."""
    for _ in range(CUTS):
        field.bypass.order(BROKER, "cut")
        field.pause(strike.seconds / CUTS)


def half_open(field: Field, strike: Strike) -> None:
    """Let every present connection stand still without a word; new ones work."""
    field.bypass.order(BROKER, "freeze")
    field.pause(strike.seconds)
    field.bypass.order(BROKER, "thaw")


def lose_end_of_transaction(field: Field, strike: Strike) -> None:
    """Leave whoever commits next unsure of what became of it."""
    part, manner = LOST[strike.kind]
    field.bypass.lose(Api.END_TXN, part, manner, LOSSES)
    field.pause(strike.seconds)
    field.bypass.order(BROKER, "calm")


def _delayed(field: Field, strike: Strike, delay_ms: int) -> None:
    route = strike.target if strike.target in field.sinks else BROKER
    field.bypass.order(route, "delay", ms=delay_ms)
    try:
        field.pause(strike.seconds)
    finally:
        field.bypass.order(route, "calm")
