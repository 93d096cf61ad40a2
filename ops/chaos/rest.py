"""Rest: the moment at which everything sent is decided and every store is level with the log.

Owns: the conditions, their deadline, and the comparison of everything with everything.
Never: waits for a while and hopes.
"""

from __future__ import annotations

import time
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from ops.checker.apart import check_apart
from ops.checker.targets import Targets
from ops.demo.proof import Audit
from ops.rig import wait_for
from ops.stack.workers import SINKS
from schemas.access.kafka import Servers, entering
from schemas.messages.vocabulary import InputTopic
from sinks.cassandra.reads import CassandraReads
from sinks.errors import StoreAway
from sinks.postgres.reads import PostgresReads
from sinks.redis.reads import RedisReads
from topics.catalog import COMMANDS, CONTROL

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.chaos.field import Field
    from ops.checker.report import Report
    from ops.checker.targets import Told
    from ops.stack import Endpoints

QUIET_S: Final = 240.0
# A leg or an answer travels for milliseconds; a log that stands this long has nothing under way.
STILL_S: Final = 3.0
ASK_S: Final = 10.0
INPUTS: Final = ((InputTopic.COMMANDS, COMMANDS.name), (InputTopic.CONTROL, CONTROL.name))


def come_to_rest(field: Field, partitions: int, say: Callable[[str], None]) -> int:
    """Wait until nothing is left to do; return the number of Decisions. Raises `TimeoutError`."""
    kafka = field.stack.endpoints.kafka
    wait_for("every partition to run", field.all_run, QUIET_S)
    say("every partition runs")
    with closing(Audit(kafka)) as audit:
        wait_for("every command to be decided", lambda: _decided(audit, kafka, partitions), QUIET_S)
        say("every command is decided")
        wait_for("every transfer to end", partial(_still, audit, Stillness()), QUIET_S)
        say("every transfer has ended")
        for store in SINKS:
            wait_for(f"{store} to be level", partial(_level, field, store, audit), QUIET_S)
            say(f"{store} is level with the log")
        return audit.totals.decisions


def checked(field: Field, told: Told) -> Report:
    """Compare everything with everything; the field is at rest."""
    ends = field.stack.endpoints
    owners = {number: workers[0] for number, workers in field.owners().items()}
    state = {number: field.database(worker, number) for number, worker in owners.items()}
    for process in field.workers.values():
        process.ask()
    for process in field.workers.values():
        process.stop()
    return check_apart(
        Targets(
            kafka=ends.kafka,
            postgres=ends.postgres,
            cassandra=ends.cassandra,
            redis=ends.redis,
            state=state,
        ),
        told,
    )


class Stillness:
    """Since when a number has not changed."""

    def __init__(self) -> None:
        self._last = -1
        self._since = 0.0

    def seconds(self, number: int) -> float:
        """Return for how long this has been the number."""
        now = time.monotonic()
        if number != self._last:
            self._last, self._since = number, now
        return now - self._since


def _level(field: Field, store: str, audit: Audit) -> bool:
    """Whether a store has applied the log's last sequence of every partition."""
    try:
        with closing(_reads(field.stack.endpoints, store)) as reads:
            found = reads.positions()
    except StoreAway:
        return False
    return all(
        number in found and found[number].sequence >= sequence
        for number, sequence in tuple(audit.sequences.items())
    )


def _reads(ends: Endpoints, store: str) -> PostgresReads | CassandraReads | RedisReads:
    if store == "postgres":
        return PostgresReads(ends.postgres)
    if store == "cassandra":
        return CassandraReads(ends.cassandra)
    return RedisReads(ends.redis)


def _still(audit: Audit, stillness: Stillness) -> bool:
    audit.check()
    totals = audit.totals
    return stillness.seconds(totals.decisions) > STILL_S and not totals.open_transfers


def _decided(audit: Audit, kafka: Servers, partitions: int) -> bool:
    """Whether the log answers every record of the inputs that people write."""
    audit.check()
    covered = audit.totals.covered
    return all(
        covered.get((number, kind), 0) >= end
        for kind, topic in INPUTS
        for number, end in _ends(kafka, topic, partitions).items()
    )


def _ends(kafka: Servers, topic: str, partitions: int) -> dict[int, int]:
    """Return the end offsets of a topic; unreachable ones while the broker is not there."""
    admin = AdminClient({**entering(kafka), "log_level": 0})
    places = {
        TopicPartition(topic, number): OffsetSpec.latest()  # type: ignore[no-untyped-call]
        for number in range(partitions)
    }
    try:
        found = admin.list_offsets(places, request_timeout=ASK_S)
        return {place.partition: int(one.result(ASK_S).offset) for place, one in found.items()}
    except (KafkaException, TimeoutError):
        return {0: 2**62}
