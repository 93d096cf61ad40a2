"""Collect: the stops of a command from topics and stores.

Owns: which topics and partitions are read, and what is done about a store that is away.
Never: tells; `stops.py` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final

from ops.reading import Record, read_log, read_topic
from ops.settings import Settings
from ops.stores import opened
from ops.trace import stops
from ops.trace.stops import Stop
from schemas.access.cassandra import Place
from schemas.access.kafka import Servers
from sinks.errors import SinkError
from topics.catalog import COMMANDS, DEAD_LETTERS, LEGS, RESULTS
from topics.partitioning import partition_of

ORDER: Final = {"command": 0, "leg": 1}


def collect(settings: Settings, command_id: str, partitions: int) -> list[Stop]:
    """Return every stop, in the order a command passes them."""
    address = settings.broker()
    found: list[Stop] = []
    wallets: dict[str, None] = {}
    homes: set[int] = set()
    for record in read_topic(address, COMMANDS.name):
        hit = stops.command_stop(record, command_id)
        if hit is not None:
            found.append(hit[0])
            wallets[hit[1].wallet_id] = None
            homes |= {record.partition, partition_of(hit[1].wallet_id, partitions)}
    if not found:
        return []
    decided, touched = _decisions(address, command_id, homes)
    found += decided
    found += _of(read_topic(address, LEGS.name, touched), command_id, stops.leg_stop)
    found += _of(read_topic(address, RESULTS.name, homes), command_id, stops.result_stop)
    found += _of(read_topic(address, DEAD_LETTERS.name), command_id, stops.dead_letter_stop)
    # A leg is there before the Decision that takes it, which has the leg's own time.
    found.sort(key=lambda stop: (stop.at_us, ORDER.get(stop.stop, len(ORDER))))
    for store, place in settings.stores().items():
        found += _in_store(store, place, command_id, tuple(wallets))
    return found


def _decisions(address: Servers, command_id: str, homes: set[int]) -> tuple[list[Stop], set[int]]:
    """Return the stops in the log, and every partition the movement went to."""
    found: list[Stop] = []
    read: set[int] = set()
    waiting = set(homes)
    while waiting:
        further: set[int] = set()
        for placed in read_log(address, waiting):
            if stops.concerns(placed.decision, command_id):
                found += stops.decision_stops(placed)
                further |= stops.destinations(placed.decision)
        read |= waiting
        waiting = further - read
    return found, read


def _of(
    records: Iterator[Record], command_id: str, stop_of: Callable[[Record, str], Stop | None]
) -> list[Stop]:
    return [stop for record in records if (stop := stop_of(record, command_id)) is not None]


def _in_store(store: str, place: Place, command_id: str, wallets: tuple[str, ...]) -> list[Stop]:
    """Return what a store holds; one line that says so when it is away."""
    try:
        with opened(store, place) as reads:
            return list(stops.store_stops(store, _rows(store, reads, command_id, wallets)))
    except SinkError as error:
        return [Stop(store, "", 0, f"away: {error}")]


def _rows(store: str, reads: Any, command_id: str, wallets: tuple[str, ...]) -> Iterator[object]:  # noqa: ANN401 - see ops.stores
    if store == "postgres":
        answers = reads.outcomes(command_id)
        keys = {(answer.partition, answer.sequence) for answer in answers}
        entries = chain.from_iterable(reads.entries(wallet, 1_000) for wallet in wallets)
        yield from answers
        yield from (each for each in entries if (each.partition, each.sequence) in keys)
    elif store == "cassandra":
        for wallet in wallets:
            yield from (row for row in reads.history(wallet) if row.command_id == command_id)
    else:
        for wallet in wallets:
            yield from reads.balances(wallet)
