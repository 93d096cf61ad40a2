"""`bench rebuild` and `bench verify`: how fast one partition's log becomes state, or is checked.

Theory: a day of one partition lies in memory as its topic has it. `rebuild` folds it into an empty
RocksDB, as `ledgerctl state at` does, up to the last row written; the hash of the rows comes after
and is told apart. `verify` is the pass of `ledgerctl verify log --chain-only`. Each runs in this
one thread; RocksDB writes its files in threads of its own, so CPU of the process is told as well.

Owns: those two measurements.
Never: asserts a figure; reads a broker, whose share in it is what `bench recovery` has.
"""

from __future__ import annotations

import gc
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ops.bench.core import log_of
from ops.past.rebuild import End, Rebuild
from ops.reading import Record
from ops.verify.chain import verify_chain
from streams.runtime.store import StoreRoot
from topics.catalog import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ops.bench.load import Load

ONE: Final = 1


def records_of(loads: Sequence[Load]) -> list[Record]:
    """Return the log of a day as a reader of the topic gets it."""
    (log,) = log_of(loads, ONE)
    return [
        Record(EVENTS.name, 0, offset, 0, each.key, each.value, dict(each.headers))
        for offset, each in enumerate(log)
    ]


def measure_rebuild(records: Sequence[Record]) -> dict[str, Any]:
    """Return Decisions per second of the fold, and how long the hash of its rows took."""
    with (
        tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder,
        closing(StoreRoot(Path(folder)).open("bench", 0)) as store,
    ):
        rebuild = Rebuild(0, store)
        with _timed(len(records)) as figures:
            rebuild.fold(records, End())
        began = time.perf_counter()
        state = rebuild.hashed()
        hash_s = time.perf_counter() - began
    assert state.sequence == len(records), "every Decision of the day is sealed"
    return {**figures, "rows": state.rows.total(), "hash_s": round(hash_s, 2)}


def measure_verify(records: Sequence[Record]) -> dict[str, Any]:
    """Return Decisions per second of the check of seals, sequences and chain."""
    with _timed(len(records)) as figures:
        verdict = verify_chain(iter(records))
    assert verdict.decisions[0] == len(records), "every Decision of the day is sealed"
    return {**figures, "differences": verdict.differences}


@contextmanager
def _timed(decisions: int) -> Iterator[dict[str, Any]]:
    """Time what is done inside. The log itself lies in memory: no reader would have it there."""
    figures: dict[str, Any] = {"decisions": decisions}
    gc.collect()
    gc.freeze()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield figures
    finally:
        gc.unfreeze()
    seconds, spent = time.perf_counter() - wall, time.process_time() - cpu
    figures |= {
        "seconds": round(seconds, 2),
        "cpu_s": round(spent, 2),
        "decisions_per_s": round(decisions / seconds),
        "decisions_per_cpu_s": round(decisions / spent),
    }
