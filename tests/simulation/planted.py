"""Planted bugs: each one a small change to one file, made in a temporary copy of the tree.

Never a switch in shipped code. `text` must occur exactly once, so that a bug cannot be planted
beside the code it is meant for without anybody noticing.
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Change:
    """One replacement in one file."""

    path: str
    text: str
    instead: str


class FoundBy(Enum):
    """Seeds; a zombie that wakes in its successor's recovery; the suite of broker behaviours."""

    SEEDS = "seeds"
    WAKES = "wakes"
    BEHAVIOURS = "behaviours"


@dataclass(frozen=True)
class Bug:
    """A planted bug, and what finds it."""

    name: str
    changes: tuple[Change, ...]
    found_by: FoundBy = FoundBy.SEEDS
    seeds: int = 120


BUGS = (
    # Recovery has fenced before it asks, so that this alone does no harm; the suite demands it.
    Bug(
        "bound from the last stable offset",
        (Change("ops/simulate/reader.py", "(0, log.end)", "(0, log.stable_end)"),),
        found_by=FoundBy.BEHAVIOURS,
    ),
    Bug(
        "store written before commit",
        (
            Change(
                "streams/runtime/pipeline.py",
                "        transactions.commit()\n",
                "        self._overlay.fold()\n"
                "        self._overlay.flush(\n"
                "            applied_bytes(self._log_topic_id, last_offset + 1, positions)\n"
                "        )\n"
                "        transactions.commit()\n",
            ),
        ),
    ),
    Bug(
        "recovery before init",
        (
            Change("streams/runtime/recovery.py", "        self._transactions.fence()\n", ""),
            Change(
                "streams/runtime/recovery.py",
                "        folded = self._replay(bound)\n",
                "        folded = self._replay(bound)\n        self._transactions.fence()\n",
            ),
        ),
        found_by=FoundBy.WAKES,
    ),
    Bug(
        "no fresh producer after an unknown outcome",
        (
            Change(
                "streams/runtime/partition.py",
                "if isinstance(error, AbortRequiredError):",
                "if isinstance(error, ProducerLostError):",
            ),
            Change(
                "streams/runtime/partition.py",
                "        self._running = None\n"
                "        self._ports.transactions.drop()\n\n"
                "    def _halt",
                "        self._running = None\n\n    def _halt",
            ),
            Change(
                "streams/runtime/recovery.py",
                "        self._transactions.fence()\n",
                "        if getattr(self._transactions, '_epoch', None) is None:\n"
                "            self._transactions.fence()\n",
            ),
        ),
    ),
    Bug(
        "off-by-one input offset",
        (
            Change(
                "streams/runtime/group.py",
                "self._positions[topic] = record.offset + 1",
                "self._positions[topic] = record.offset",
            ),
        ),
    ),
    Bug(
        "zombie not fenced",
        (
            Change(
                "ops/simulate/worker.py",
                "transactional_id(ENVIRONMENT, job.name, number)",
                "transactional_id(machine.name, job.name, number)",
            ),
        ),
    ),
    Bug(
        "hand-over positions not checked",
        (
            Change(
                "streams/runtime/mailbox.py",
                "        if not fits or hand_over.ticket",
                "        if hand_over.ticket",
            ),
        ),
    ),
    Bug(
        "hand-over tickets not checked",
        (
            Change(
                "streams/runtime/mailbox.py",
                "if hand_over.ticket < self._ticket:",
                "if hand_over.ticket is None:",
            ),
            Change(
                "streams/runtime/mailbox.py",
                "        if not fits or hand_over.ticket != self._ticket:",
                "        if not fits:",
            ),
        ),
    ),
    Bug(
        "seal not checked by a sink",
        (
            Change(
                "sinks/lane.py",
                "        group = self._reader.take(offset, value, chain)\n",
                "        group = SealedGroup([self._decode(value)], chain or b'', offset + 1)\n",
            ),
        ),
    ),
    Bug(
        "sink reads uncommitted",
        (
            Change(
                "ops/simulate/feeder.py",
                "log.visible(position, POLL_RECORDS), log.stable_end",
                "log.visible(position, POLL_RECORDS, committed=False), log.end",
            ),
        ),
    ),
    Bug(
        "leg credited without inbox check",
        (
            Change(
                "ledger/decisions/legs.py",
                "        return _repeat(moment, given)\n",
                "        if leg.kind is LegKind.CREDIT:\n"
                "            return _credit(moment, given)\n"
                "        return _repeat(moment, given)\n",
            ),
        ),
    ),
    Bug(
        "inbox row dropped early",
        (
            Change(
                "ledger/legs.py",
                "return min(pair.lowest_open, pair.floor)",
                "return pair.lowest_open",
            ),
        ),
    ),
    Bug(
        "compensation on timeout",
        (
            Change(
                "ledger/decisions/sagas.py",
                "    attempts = saga.attempts + 1\n",
                "    if saga.attempts >= 0:\n"
                "        asked = legs.cancel(moment.view, moment.place, key, saga).leg\n"
                "        return accepted(_compensated(moment, asked, saga))\n"
                "    attempts = saga.attempts + 1\n",
            ),
        ),
    ),
    Bug(
        "identity row not rolled back",
        (
            Change(
                "streams/runtime/partition.py",
                'what they were."""\n        self._mailbox.shut()\n',
                'what they were."""\n        self._mailbox.shut()\n'
                "        if self._running is not None and self._store is not None:\n"
                "            prefix = {spec.name: spec.prefix for spec in self._job.tables}\n"
                "            rows = self._running[0].overlay.changes()\n"
                "            self._store.write(\n"
                "                [(prefix[n] + k, r) for n, k, r in rows if n == 'identities']\n"
                "            )\n",
            ),
        ),
    ),
    Bug(
        "Decision skipped for a rejection",
        (
            Change(
                "streams/runtime/group.py",
                "            self._add(self._job.step(record))\n",
                "            outcome = self._job.step(record)\n"
                "            if outcome.decision.reason is None or not self.outcomes:\n"
                "                self._add(outcome)\n",
            ),
        ),
    ),
    Bug(
        "outputs of the last group not sent again",
        (
            Change(
                "streams/runtime/recovery.py",
                "        if outputs:\n            self._transactions.begin()",
                "        if not outputs:\n            self._transactions.begin()",
            ),
        ),
    ),
    Bug(
        "legs sent before the Decisions are acknowledged",
        (
            Change(
                "streams/runtime/pipeline.py",
                "        last_offset = transactions.send_log(group.log)\n",
                "        send_outputs(transactions, group.outputs, self._log_topic)\n"
                "        transactions.settle()\n"
                "        last_offset = transactions.send_log(group.log)\n",
            ),
            Change(
                "streams/runtime/pipeline.py",
                '        lap("log")\n        # 2. What follows from it.\n'
                "        send_outputs(transactions, group.outputs, self._log_topic)\n",
                '        lap("log")\n',
            ),
        ),
    ),
    Bug(
        "balances set without sequence check",
        (
            Change(
                "ops/simulate/stores.py",
                "if held.get(str(field), (0, 0))[1] < int(sequence):",
                "if int(sequence):",
            ),
        ),
    ),
    Bug(
        "rows and position of a batch not moved together",
        (
            Change(
                "sinks/memory/sink.py",
                "            if self._store.positions.get(batch.partition) != batch.before:",
                "            if batch.before is None and batch.partition in self._store.positions:",
            ),
        ),
    ),
    Bug(
        "damaged snapshot taken over",
        (
            Change(
                "ops/simulate/snapshots.py",
                "            if not copy.damaged:\n                return copy.rows\n",
                "            if copy.rows:\n                return copy.rows\n",
            ),
        ),
    ),
)
