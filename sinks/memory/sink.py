"""Memory sink: a transaction over dictionaries, with a tripwire on everything append-only.

Owns: `MemoryStore`, which outlives its writers as a server would, and the writer.
Never: merges; a row that comes twice is an error here.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from schemas.messages.decisions import Decision
from sinks.answers import Transaction
from sinks.batch import Batch, Position
from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET, MID_BATCH, CrashPoint, never
from sinks.current import HoldFact
from sinks.digests import HOLDS, TRANSACTIONS
from sinks.errors import StoreMoved
from sinks.memory.rows import Fields, Key, Step, appended, balances, born, changed, step_of


class MemoryStore:
    """Tables in dictionaries. `steps` keeps what changed each hold; its reader adds them up."""

    def __init__(self) -> None:
        self.lock: Final = threading.Lock()
        self.positions: Final[dict[int, Position]] = {}
        self.rows: Final[dict[str, dict[Key, tuple[object, ...]]]] = defaultdict(dict)
        self.balances: Final[dict[Key, tuple[int, int]]] = {}
        self.fields: Final[dict[str, dict[Key, Fields]]] = defaultdict(dict)
        self.steps: Final[dict[Key, list[Step]]] = defaultdict(list)

    def transactions(self) -> Iterator[Transaction]:
        """Yield every transaction as it stands."""
        held: dict[Any, dict[str, Any]] = self.fields[TRANSACTIONS]
        for key, fields in held.items():
            times = (*fields["opened"], *fields["changed"])
            yield Transaction(fields["partition"], *key, *fields["said"], *times)

    def holds(self) -> Iterator[HoldFact]:
        """Yield every hold as it stands."""
        held: dict[Any, dict[str, Any]] = self.fields[HOLDS]
        for (wallet, hold), fields in held.items():
            authorized, captured, released = map(sum, zip(*self.steps[wallet, hold], strict=True))
            yield HoldFact(
                wallet_id=wallet,
                hold_id=hold,
                authorized=authorized,
                captured=captured,
                released=released,
                **fields,
            )


class MemorySink:
    """Writes batches into a store that several writers may share."""

    def __init__(self, store: MemoryStore, crash: CrashPoint = never) -> None:
        self._store: Final = store
        self._crash: Final = crash

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        return self._store.positions.get(partition)

    def write(self, batch: Batch) -> None:
        """Apply the batch, or nothing of it."""
        with self._store.lock:
            if self._store.positions.get(batch.partition) != batch.before:
                raise StoreMoved(f"partition {batch.partition} of the memory has another position")
            self._crash(MID_BATCH)
            self._crash(BEFORE_OFFSET)
            for decision in batch.decisions:
                self._apply(decision)
            self._store.positions[batch.partition] = batch.after
        self._crash(AFTER_OFFSET)

    def close(self) -> None:
        """Nothing is open."""

    def _apply(self, decision: Decision) -> None:
        store = self._store
        for table, key, row in appended(decision):
            assert key not in store.rows[table], f"{table} {key} applied twice"
            store.rows[table][key] = row
        for account, (minor, sequence) in balances(decision):
            held = store.balances.get(account)
            if held is None or held[1] < sequence:
                store.balances[account] = (minor, sequence)
        for event in decision.events:
            change = changed(event, decision)
            if change is not None:
                table, key, fields = change
                store.fields[table].setdefault(key, born(table, decision)).update(fields)
            step = step_of(event)
            if step is not None:
                store.steps[step[0]].append(step[1])
