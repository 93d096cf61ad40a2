"""`bench core`, `bench codec`, `bench step`: what one command costs a worker, part by part.

Theory: the same day (`inside`) is worked off three times over. `core` is `ledger/` alone: decide,
post and evolve, remember the identity, on rows that are in memory. `codec` is bytes to messages and
back, beside fastavro with the same schemas. `step` is everything a worker does but Kafka: read,
decide, encode, seal and chain, and the write to RocksDB. A command is a client's; what its legs
cost on other partitions is part of its figure.

Owns: those three measurements, in microseconds of this thread's CPU.
Never: asserts a figure. Runs compiled code where `ledgerctl` does, and says which.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import fastavro

from ledger.decider import decide
from ledger.effects import apply
from ledger.fold import note
from ledger.limits import INCOMING, OUTGOING
from ledger.place import Place
from ops.bench.inside import LEDGER_ID, Desk, work_off
from ops.bench.plain import COMMAND, DECISION, read_body, schema_of
from schemas.codec import FRAME_BYTES, decode, encode
from schemas.messages.commands import WalletCommand
from schemas.messages.decisions import Decision
from streams.runtime.clock import SystemClock
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.limits import LIMITS
from streams.runtime.metrics import Meter
from streams.runtime.overlay import OverlayState
from streams.runtime.ports import alone
from streams.runtime.store import StoreRoot
from streams.wallet.catalogued import INPUT_TOPICS
from streams.wallet.genesis import Programmes, genesis_policy, genesis_ruleset
from streams.wallet.job import WalletJob
from streams.wallet.reading import Refusal, read
from streams.wallet.tables import TABLES, open_view
from topics.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ledger.inputs import Input
    from ops.bench.load import Load
    from schemas.messages.vocabulary import Outcome
    from streams.runtime.job import InputRecord, LogRecord, Output
    from streams.runtime.ports import Store

MICROS: Final = 1_000_000
FASTAVRO_RECORDS: Final = 10_000  # it is the yardstick, not the thing measured
PARTS: Final = ("step", "seal", "store")


class Decided(NamedTuple):
    """One input as the core gets it, when, and what the worker's own step made of it."""

    given: Input | Refusal
    at_us: int
    decision: Decision


@final
class Worker:
    """A partition as a worker has it, but for Kafka; each part of a turn is booked under a stop."""

    def __init__(  # noqa: PLR0913 - what a partition is made of
        self,
        partition: int,
        partitions: int,
        store: Store,
        meter: Meter,
        sharers: Callable[[], int] = alone,
        *,
        keep: bool = True,
    ) -> None:
        """Share the memory of a process with others; `keep` what was decided, or only count it."""
        job = WalletJob(LEDGER_ID, partitions, genesis_policy(), genesis_ruleset())
        self.partition: Final = partition
        self._overlay: Final = OverlayState(job.tables, store, LIMITS.cached_rows, sharers)
        self._job: Final = job.open(self._overlay, partition)
        self._meter: Final = meter
        self._keep: Final = keep
        self.outcomes: Final[Counter[Outcome]] = Counter()
        self.decided: Final[list[tuple[InputRecord, Decision]]] = []
        self.log: Final[list[LogRecord]] = []

    def turn(
        self, records: Sequence[InputRecord], positions: Mapping[str, int]
    ) -> Sequence[Output]:
        """Decide, seal and store a group."""
        meter = self._meter
        meter.lap("other")
        step = self._job.step
        answers = [step(record) for record in records]
        meter.lap("step")
        group = self._job.seal(answers, positions)
        meter.lap("seal")
        self._overlay.fold()
        self._overlay.flush(b"")
        meter.lap("store")
        self.outcomes.update(answer.decision.outcome for answer in answers)
        if self._keep:
            for record, answer in zip(records, answers, strict=True):
                self.decided.append((record, answer.decision))
            self.log.extend(group.log)
        return group.outputs


def measure_step(loads: Sequence[Load], partitions: int) -> dict[str, Any]:
    """Return microseconds of a command in a worker, Kafka left out, and how they are spent."""
    meter = Meter(SystemClock())
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder:
        root = StoreRoot(Path(folder))
        stores = [root.open("bench", number) for number in range(partitions)]
        try:
            workers = _worked_off(loads, stores, meter)
        finally:
            for store in stores:
                store.close()
    decisions = sum(len(worker.log) for worker in workers)
    spent = {part: meter.cpu_s[part] for part in PARTS}
    return {
        **_counts(loads, decisions),
        "us_per_command": _us(sum(spent.values()), len(loads)),
        "us_per_decision": _us(sum(spent.values()), decisions),
        "us_per_decision_by_part": {part: _us(s, decisions) for part, s in spent.items()},
    }


def measure_core(loads: Sequence[Load], partitions: int) -> dict[str, Any]:
    """Return microseconds of a command in `ledger/` alone."""
    programme = Programmes(genesis_policy(), genesis_ruleset()).current(None, None).programme
    seconds, decisions = 0.0, 0
    for worker in _worked_off(loads, _disks(partitions), Meter(SystemClock())):
        place = Place(LEDGER_ID, worker.partition, lambda wallet: partition_of(wallet, partitions))
        todo = [_decided(record, decision, place) for record, decision in worker.decided]
        overlay = OverlayState(TABLES, FakeDisk().open())
        view, outcomes = open_view(overlay), []
        began = time.thread_time()
        for given, at_us, decision in todo:
            if not isinstance(given, Refusal):
                verdict = decide(view, given, at_us, programme, place)
                apply(view, verdict.events, at_us, decision.sequence)
                outcomes.append(verdict.outcome)
            note(view, decision)
        seconds += time.thread_time() - began
        decisions += len(todo)
        said = [each.decision.outcome for each in todo if not isinstance(each.given, Refusal)]
        assert outcomes == said, "the core alone decides otherwise than in its worker"
    return {
        **_counts(loads, decisions),
        "limits": len(OUTGOING) + len(INCOMING),
        "rules": len(programme.rules),
        "us_per_command": _us(seconds, len(loads)),
        "us_per_decision": _us(seconds, decisions),
    }


def measure_codec(loads: Sequence[Load], partitions: int) -> dict[str, Any]:
    """Return microseconds to decode a command, and to encode and decode a Decision."""
    commands = [load.value for load in loads if load.value is not None]
    log = decisions_of(loads, partitions)
    decisions = [decode(Decision, value) for value in log]
    assert [encode(each) for each in decisions[:FASTAVRO_RECORDS]] == log[:FASTAVRO_RECORDS]
    decode_command = _each(lambda value: decode(WalletCommand, value), commands)
    encode_decision = _each(encode, decisions)
    return {
        **_counts(loads, len(log)),
        "decision_bytes": round(sum(map(len, log)) / len(log)),
        "decode_command_us": decode_command,
        "encode_decision_us": encode_decision,
        "decode_decision_us": _each(lambda value: decode(Decision, value), log),
        "us_per_decision": round(decode_command + encode_decision, 2),
        **_fastavro(commands[:FASTAVRO_RECORDS], log[:FASTAVRO_RECORDS]),
    }


def log_of(loads: Sequence[Load], partitions: int) -> list[list[LogRecord]]:
    """Return the log of a day, partition by partition."""
    workers = _worked_off(loads, _disks(partitions), Meter(SystemClock()))
    return [worker.log for worker in workers]


def decisions_of(loads: Sequence[Load], partitions: int) -> list[bytes]:
    """Return the Decisions of a day as they lie in the log."""
    return [record.value for records in log_of(loads, partitions) for record in records]


def _worked_off(loads: Sequence[Load], stores: Sequence[Store], meter: Meter) -> list[Worker]:
    count = len(stores)
    workers = [Worker(number, count, store, meter) for number, store in enumerate(stores)]
    meter.start()
    desks = [Desk(worker.partition, worker.turn) for worker in workers]
    work_off(desks, loads, int(time.time()) * MICROS)
    return workers


def _disks(partitions: int) -> list[Store]:
    return [FakeDisk().open() for _ in range(partitions)]


def _decided(record: InputRecord, decision: Decision, place: Place) -> Decided:
    given = read(record, INPUT_TOPICS[record.topic], place)
    return Decided(given, decision.decided_at, decision)


def _fastavro(commands: Sequence[bytes], log: Sequence[bytes]) -> dict[str, float]:
    """Return what the same bytes cost fastavro, messages as its own dictionaries."""
    command, decision = schema_of(COMMAND), schema_of(DECISION)
    commands, log = ([value[FRAME_BYTES:] for value in each] for each in (commands, log))

    def written(value: Any) -> bytes:  # noqa: ANN401 - fastavro's own types
        out = io.BytesIO()
        fastavro.schemaless_writer(out, decision, value)
        return out.getvalue()

    decisions = [read_body(body, decision, named=True) for body in log]
    return {
        "fastavro_decode_command_us": _each(lambda body: read_body(body, command), commands),
        "fastavro_encode_decision_us": _each(written, decisions),
        "fastavro_decode_decision_us": _each(lambda body: read_body(body, decision), log),
    }


def _each(call: Callable[[Any], object], values: Sequence[Any]) -> float:
    """Return the microseconds of a call, on average over the values."""
    began = time.thread_time()
    for value in values:
        call(value)
    return _us(time.thread_time() - began, len(values))


def _us(seconds: float, count: int) -> float:
    return round(seconds / count * MICROS, 2)


def _counts(loads: Sequence[Load], decisions: int) -> dict[str, Any]:
    return {"commands": len(loads), "decisions": decisions}
