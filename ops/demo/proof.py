"""The demo's proof: the log read once from its beginning, and every store held against it.

Owns: following the log while the demo runs, and the comparison at its end.
Never: asks a worker or a sink what it believes; the topics and the stores are read.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, final

from ops.audit.follow import LogFollower
from ops.audit.stores import StoreView
from ops.audit.totals import Totals
from sinks.digests import Digest, Digests, LogDigests, differences

NAMES: Final = {
    "outcomes": "outcome of every input",
    "entries": "journal entries",
    "postings": "postings",
    "balances": "every balance",
    "history": "history rows",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: `rows` is what the log demands."""

    store: str
    what: str
    rows: int
    equal: bool


@dataclass(slots=True)
class Proof:
    """Everything compared; `findings` says in words what differs."""

    lines: list[Line] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing differed."""
        return not self.findings


@final
class Audit:
    """Folds the log in a thread of its own while it grows."""

    def __init__(self, bootstrap: str) -> None:
        self.totals: Final = Totals()
        self.sequences: Final[dict[int, int]] = {}
        self._follower: Final = LogFollower(bootstrap)
        self._digests: Final = {number: LogDigests(number) for number in self._follower.readers}
        self._stop: Final = threading.Event()
        self._failure: BaseException | None = None
        self._thread: Final = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raise what stopped the audit, if anything did."""
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        """Stop following. Raises what stopped the audit, if anything did."""
        self._stop.set()
        self._thread.join()
        self._follower.close()
        self.check()

    def digests(self) -> Mapping[int, Digests]:
        """Return the digests of every partition; call it after `close`."""
        return {number: digests.result() for number, digests in self._digests.items()}

    @property
    def voided(self) -> int:
        """Decisions of torn transactions, which no reader applies."""
        return sum(reader.voided for reader in self._follower.readers.values())

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                for group in self._follower.poll():
                    for decision in group.decisions:
                        self.totals.add(decision)
                    partition = group.decisions[0].partition
                    self._digests[partition].add(group.decisions)
                    self.sequences[partition] = group.last_sequence
        except BaseException as failure:  # noqa: BLE001 - handed to whoever asks next
            self._failure = failure


def prove(audit: Audit, stores: Mapping[str, StoreView]) -> Proof:
    """Compare the log's own sums, then every store partition by partition."""
    proof = Proof(findings=list(audit.totals.findings))
    log = audit.digests()
    _own(audit, proof)
    for store, view in stores.items():
        found = view.digests(tuple(log))
        proof.findings += [
            f"{store}, partition {number}: the log has no such partition"
            for number in sorted(found.keys() - log.keys())
        ]
        for name in view.views:
            wrong = [
                f"{store}, partition {number}: {difference}"
                for number in log
                for difference in differences(
                    log[number], {name: found.get(number, {}).get(name, Digest())}
                )
            ]
            rows = sum(log[number][name].count for number in log)
            proof.lines.append(Line(store, NAMES[name], rows, not wrong))
            proof.findings += wrong
    return proof


def _own(audit: Audit, proof: Proof) -> None:
    totals = audit.totals
    crooked = [key for key, minor in totals.trial_balance().items() if minor]
    proof.findings += [f"trial balance of {key} is not zero" for key in crooked]
    chained = sum(audit.sequences.values())
    proof.lines += [
        Line("log", "sequence, seal and hash chain", chained, equal=True),
        Line("log", "entries balance, balances add up", totals.entries, not totals.findings),
    ]
    if totals.open_transfers:
        proof.findings.append(f"{len(totals.open_transfers)} transfers are still in flight")
