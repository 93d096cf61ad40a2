"""The stores by name: how each is opened, fed, and in batches of what size.

Owns: the only place where runner and stores meet.
Never: the command line, the environment, signals; `__main__.py` has those.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from typing import Final

from schemas.access.cassandra import Place
from schemas.access.kafka import Servers
from schemas.codec import decode
from schemas.messages.decisions import Decision
from sinks.batch import Sink
from sinks.crash import CrashPoint, never
from sinks.lane import Lane, Limits
from sinks.runner import Runner
from sinks.source import KafkaSource
from sinks.traced import marks_of
from topics.catalog import EVENTS

STORES: Final = ("postgres", "cassandra", "redis")
LIMITS: Final = {
    "postgres": Limits(),
    # Rows of one wallet and month travel together: a longer wait means fewer, fuller requests.
    "cassandra": Limits(batch_decisions=8_000, linger_s=0.2),
    "redis": Limits(linger_s=0.05),
}


def open_sink(store: str, place: Place, crash: CrashPoint = never) -> Sink:
    """Connect to a store, whose tables are made where they are missing."""
    return _OPENERS[store](place, crash)


def feeding(
    store: str,
    kafka: Servers,
    sink: Sink,
    stop: threading.Event,
    partitions: Sequence[int] | None = None,
) -> Runner:
    """Return what feeds an open store from the log, once it is told to run."""
    return Runner(
        store,
        KafkaSource(kafka, EVENTS.name, marks_of(sink)),
        lambda number, topic_id: Lane(
            number, topic_id, sink, partial(decode, Decision), LIMITS[store], stop
        ),
        stop,
        partitions,
    )


# A process that feeds one store needs that store's driver only.
def _open_postgres(place: Place, crash: CrashPoint) -> Sink:
    from sinks.postgres.migrate import migrate  # noqa: PLC0415 - see above
    from sinks.postgres.sink import PostgresSink  # noqa: PLC0415

    migrate(str(place))
    return PostgresSink(str(place), crash)


def _open_cassandra(place: Place, crash: CrashPoint) -> Sink:
    from sinks.cassandra.session import open_session  # noqa: PLC0415 - see above
    from sinks.cassandra.sink import CassandraSink  # noqa: PLC0415

    return CassandraSink(open_session(place), crash)


def _open_redis(place: Place, crash: CrashPoint) -> Sink:
    from sinks.redis.sink import RedisSink  # noqa: PLC0415 - see above

    return RedisSink(str(place), crash)


_OPENERS: Final = {
    "postgres": _open_postgres,
    "cassandra": _open_cassandra,
    "redis": _open_redis,
}
