"""Records: what the latest records of the topics say about those who wrote and read them.

Owns: the checks of seals, partitioner, schema ids, clients' clocks and isolation, over a sample.
Never: reads a topic or a store. A sample says what it has seen, not that there is nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Final

from ops.doctor.finding import Finding
from ops.reading import Placed, Record, sealed_tail
from schemas.codec import CodecError, UnknownSchema, decode, decode_any
from schemas.messages.commands import WalletCommand
from sinks.batch import Position
from topics.catalog import COMMANDS, CONTROL, EVENTS, JOB_COMMANDS, LEGS
from topics.partitioning import partition_of_key

SAMPLED: Final = (COMMANDS, JOB_COMMANDS, LEGS, CONTROL, EVENTS)
# Their records lie where the wallet that is their key lives; Decisions lie with their writer.
BY_WALLET: Final = frozenset({COMMANDS.name, JOB_COMMANDS.name, LEGS.name})
SKEW_MAX_US: Final = 2_000_000
MICROS: Final = 1_000_000


def seals(log: Sequence[Record]) -> Finding:
    """Check that the latest groups of every partition are readable and sealed."""
    damage: list[Exception] = []
    seen = sum(1 for _ in sealed_tail(iter(log), damage.append))
    found = "; ".join(map(str, damage)) or f"the last {seen} Decisions are sealed"
    return Finding("log", not damage, found, "run `ledgerctl verify log`")


def partitioner(records: Iterable[Record], partitions: int) -> Finding:
    """Check that records lie in the partition of their key."""
    keyed = [each for each in records if each.topic in BY_WALLET and each.key]
    strayed = [
        (each, home)
        for each in keyed
        if (home := partition_of_key(each.key or b"", partitions)) != each.partition
    ]
    advice = "set partitioner=murmur2_random in the producer that wrote it, or use the SDK"
    if strayed:
        record, home = strayed[0]
        found = f"{_place(record)} has the key of partition {home}{_more(len(strayed))}"
        return Finding("partitioner", well=False, found=found, advice=advice)
    return Finding("partitioner", well=True, found=f"{len(keyed)} records lie where their key says")


def schema_ids(records: Iterable[Record]) -> Finding:
    """Check that every value names a schema of the lock, that of its topic."""
    messages = {topic.name: topic.message for topic in SAMPLED}
    seen, strange = 0, list[str]()
    for record in records:
        message = messages[record.topic]
        if record.value is None or message is None:
            continue
        seen += 1
        if what := _strange(record.value, message):
            strange.append(f"{_place(record)} {what}")
    advice = (
        "upgrade this installation if the writer is newer (`python -m schemas.registry --check`), "
        "else correct the producer; it goes to the dead letters"
    )
    if strange:
        found = f"{strange[0]}{_more(len(strange))}"
        return Finding("schema ids", well=False, found=found, advice=advice)
    return Finding("schema ids", well=True, found=f"{seen} records name a schema of the lock")


def clients_clocks(commands: Iterable[Record]) -> Finding:
    """Check that clients do not send from the broker's future: half of a sample, not one of it."""
    ahead = [
        issued - record.append_time_us
        for record in commands
        if record.topic == COMMANDS.name and (issued := _issued_at(record)) is not None
    ]
    worst = median(ahead) if ahead else 0
    if worst <= SKEW_MAX_US:
        found = f"{len(ahead)} commands were issued before they were appended"
        return Finding("clients' clocks", well=True, found=found)
    found = f"most commands are issued {worst / MICROS:.1f} s after the broker appended them"
    advice = "set brokers and clients by NTP: the brokers' clock is the ledger's only one"
    return Finding("clients' clocks", well=False, found=found, advice=advice)


def isolation(log: Sequence[Record], stores: Mapping[str, Mapping[int, Position]]) -> Finding:
    """Check that each store stands at a Decision that was committed.

    A reader that is not `read_committed` applies Decisions of aborted transactions, so its chain
    head is one that the log does not have.
    """
    chains = {
        (each.decision.partition, each.decision.sequence): each.chain for each in _sealed(log)
    }
    wrong, seen = list[str](), 0
    for store, positions in stores.items():
        for partition, at in positions.items():
            chain = chains.get((partition, at.sequence))
            seen += chain is not None
            if chain is not None and chain != at.chain:
                where = f"{store} stands at #{at.sequence} of partition {partition}"
                wrong.append(f"{where}, but not at the one that was committed")
    advice = (
        "its sink must read with isolation.level=read_committed; "
        "empty the store and let the sink fill it again"
    )
    if wrong:
        found = f"{wrong[0]}{_more(len(wrong))}"
        return Finding("isolation", well=False, found=found, advice=advice)
    return Finding("isolation", well=True, found=f"{seen} positions are those of committed groups")


def newest(records: Iterable[Record]) -> int:
    """Return the latest append time of a sample in microseconds, by the brokers' clock."""
    return max((each.append_time_us for each in records), default=0)


def _sealed(log: Sequence[Record]) -> Iterator[Placed]:
    yield from sealed_tail(iter(log), lambda _: None)


def _strange(value: bytes, message: type[object]) -> str:
    try:
        found = decode_any(value)
    except UnknownSchema as error:
        return f"is of no registered schema: {error}"
    except CodecError as error:
        return f"cannot be read: {error}"
    if not isinstance(found, message):
        return f"is a {type(found).__name__}, its topic holds {message.__name__}"
    return ""


def _issued_at(record: Record) -> int | None:
    try:
        return decode(WalletCommand, record.value or b"").issued_at
    except CodecError:
        return None


def _place(record: Record) -> str:
    return f"{record.topic}[{record.partition}] offset {record.offset}"


def _more(count: int) -> str:
    return f", and {count - 1} more of the sample" if count > 1 else ""
