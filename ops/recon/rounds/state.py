"""RI08, run: a partition rebuilt from its log alone, and an owner's tables held against that.

Owns: the comparison of one partition: hashes first, rows only where these differ.
Never: opens a store or a topic. Whether the log is the one that was signed is asked on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ops.checker.state import NAMES, name_of, rows_of
from ops.past.rebuild import End, Hashed, Rebuild, State, contradicted, hashed
from ops.proof.checkpoint import Checkpoint
from ops.reading import Record
from ops.recon.rounds.held import Held
from streams.reconciliation.external.exceptions.difference import Difference
from streams.reconciliation.rounds import ri08_state
from streams.reconciliation.rounds.ri08_state import RowBreak, compare_rows
from streams.runtime.ports import Store

SHOWN: Final = 50  # of the rows that differ; a program gets all
APPLIED: Final = "applied"


@dataclass(slots=True)
class Compared:
    """A partition, as its owner has it and as the log gives it."""

    state: State
    held: Hashed
    rows: list[RowBreak]
    unsigned: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether the tables are the fold of a log that is the one that was signed."""
        return not self.rows and not self.unsigned

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Return the breaks, a table each."""
        return ri08_state.failed(self.state.partition, self.state.next_offset, self.rows)

    def document(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "partition": self.state.partition,
            "next_offset": self.state.next_offset,
            "sequence": self.state.sequence,
            "rows": sum(self.held.rows.values()),
            "state_hash": self.held.whole,
            "log_hash": self.state.hash,
            "equal": self.equal,
            "differing": [each._asdict() for each in self.rows],
            "unsigned": self.unsigned,
        }

    def lines(self) -> Iterator[str]:
        """Return it for a person."""
        where = f"partition {self.state.partition}, before offset {self.state.next_offset}"
        if self.rows:
            yield f"{where}: DIFFERENT, {self.held.whole}; the log gives {self.state.hash}"
        else:
            yield f"{where}: equal, {sum(self.held.rows.values())} rows, {self.held.whole}"
        for each in self.rows[:SHOWN]:
            yield f"difference: {each.table} row {each.key} {each.what}"
        if len(self.rows) > SHOWN:
            yield f"and {len(self.rows) - SHOWN} rows more; --json lists them"
        for line in self.unsigned:
            yield f"difference: {line}"


def compare(
    held: Held, records: Iterable[Record], scratch: Store, signed: Sequence[Checkpoint] = ()
) -> Compared:
    """Fold a log into an empty store up to where an owner has come. Raises `LogError`."""
    rebuild = Rebuild(held.partition, scratch, {each.size for each in signed})
    state = rebuild.run(records, End(held.next_offset - 1))
    theirs = hashed(held.store)
    rows: list[RowBreak] = []
    if state.next_offset != held.next_offset:
        what = (
            f"{held.next_offset} is no end of a group of the log; the last is {state.next_offset}"
        )
        rows.append(RowBreak(APPLIED, "next offset", what))
    if theirs.whole != state.hash:
        pairs = compare_rows(rows_of(scratch), rows_of(held.store))
        rows += [RowBreak(NAMES[key[:1]], name_of(key), what) for key, what in pairs]
    return Compared(state, theirs, rows, contradicted(signed, state))
