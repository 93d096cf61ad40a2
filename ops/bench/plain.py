"""The plain loop: what the same machine does without a ledger.

Consume, decode by fastavro, encode a Decision by fastavro, produce in a transaction, commit: the
same bytes, the same number of processes and the same batch window as the ledger's workers, and
nothing else. It decides nothing, keeps no state and recovers nothing, so it is a limit, not a
rival. Without `codec` it looks into no record either: that is what Kafka and its client take.

Owns: one such process (`python -m ops.bench.plain`).
Never: shares code with the runtime.
"""

from __future__ import annotations

import io
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import fastavro
from confluent_kafka import Consumer, Producer, TopicPartition

from schemas.access.kafka import Servers, entering
from schemas.codec import FRAME_BYTES
from schemas.lock import read_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confluent_kafka import Message

    Answer = Callable[[Message, int], tuple[bytes, bytes]]

WINDOW_S: Final = 0.015
PAUSE_S: Final = 0.005  # transactions of one producer back to back fall into a 25 ms retry mode
MAX_BATCH: Final = 2_000
COMMAND: Final = "ledger.commands.WalletCommand"
DECISION: Final = "ledger.decisions.Decision"


@dataclass(frozen=True, slots=True)
class PlainConfig:
    """What one process does: its partitions, where from, where to, and how many records end it."""

    bootstrap: Servers
    source: str
    target: str
    partitions: list[int]
    samples: str
    records: int
    transactional_id: str
    codec: bool = True  # decode and encode; else Decisions go out as they lie in the file

    def argv(self) -> tuple[str, ...]:
        """Return the command that runs it."""
        return (sys.executable, "-m", "ops.bench.plain", json.dumps(asdict(self)))


def run(config: PlainConfig) -> None:
    """Move records until `records` were committed (0: for ever), then print the times."""
    answer = (answer_coded if config.codec else answer_bytes)(Path(config.samples))
    consumer, producer = _clients(config)
    print(json.dumps({"ready": True}), flush=True)
    done, began = 0, 0.0
    while not config.records or done < config.records:
        batch = _batch(consumer)
        if not batch:
            continue
        began = began or time.time()
        _move(producer, config.target, batch, answer, done)
        done += len(batch)
    end = {"records": done, "began": began, "ended": time.time(), "cpu_s": time.process_time()}
    print(json.dumps(end), flush=True)
    consumer.close()


def answer_coded(samples: Path) -> Answer:
    """Return what a loop with a codec does to a record: key and value of its Decision."""
    reads, writes = schema_of(COMMAND), schema_of(DECISION)
    decisions = [read_body(body, writes, named=True) for body in load_bodies(samples)]

    def answer(message: Message, number: int) -> tuple[bytes, bytes]:
        value = message.value() or b""
        command = read_body(value[FRAME_BYTES:], reads)
        out = io.BytesIO()
        fastavro.schemaless_writer(out, writes, decisions[number % len(decisions)])
        return command["command_id"].encode(), out.getvalue()

    return answer


def answer_bytes(samples: Path) -> Answer:
    """Return what a loop without a codec does to a record."""
    # The frame is left out by the other loop too: both move the very same bytes.
    decisions = load_bodies(samples)

    def answer(message: Message, number: int) -> tuple[bytes, bytes]:
        return message.key() or b"", decisions[number % len(decisions)]

    return answer


def load_bodies(path: Path) -> list[bytes]:
    """Return the messages of a file of hex lines, without their frames."""
    lines = path.read_text(encoding="ascii").split()
    return [bytes.fromhex(line)[FRAME_BYTES:] for line in lines]


def schema_of(name: str) -> Any:  # noqa: ANN401 - fastavro's own types
    """Return the newest schema of that message as fastavro wants it."""
    return fastavro.parse_schema(read_lock()[name][-1].schema)


def read_body(body: bytes, schema: Any, *, named: bool = False) -> Any:  # noqa: ANN401 - its types
    """Return a message as fastavro sees it; with branches `named` it can write it again."""
    return fastavro.schemaless_reader(io.BytesIO(body), schema, None, return_record_name=named)


def _clients(config: PlainConfig) -> tuple[Consumer, Producer]:
    consumer = Consumer(
        {
            **entering(config.bootstrap),
            "group.id": "plain",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "fetch.queue.backoff.ms": 5,
            "fetch.wait.max.ms": 10,
        }
    )
    consumer.assign([TopicPartition(config.source, number, 0) for number in config.partitions])
    producer = Producer(
        {
            **entering(config.bootstrap),
            "transactional.id": config.transactional_id,
            "transaction.timeout.ms": 10_000,
            "retry.backoff.ms": 10,
            "linger.ms": 5,
            "compression.type": "zstd",
            "queue.buffering.max.messages": 1_000_000,
        }
    )
    producer.init_transactions(30)
    return consumer, producer


def _batch(consumer: Consumer) -> Sequence[Message]:
    batch = consumer.consume(MAX_BATCH, WINDOW_S)
    for message in batch:
        error = message.error()
        if error is not None:
            raise RuntimeError(str(error))
    return batch


def _move(
    producer: Producer, target: str, batch: Sequence[Message], answer: Answer, done: int
) -> None:
    producer.begin_transaction()
    for number, message in enumerate(batch, done):
        key, value = answer(message, number)
        producer.produce(target, value, key, partition=message.partition() or 0)
    producer.commit_transaction(30)
    time.sleep(PAUSE_S)


if __name__ == "__main__":
    run(PlainConfig(**json.loads(sys.argv[1])))
