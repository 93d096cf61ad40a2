"""`check_everything`: one call, every check, one report.

Owns: the order: partitions one by one, then the whole, then each store against it.
Never: judges; the files beside it do. Memory: state per wallet, and one partition's commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, final

from ops.checker import held
from ops.checker.again import Again
from ops.checker.balance import check_balance
from ops.checker.counting import Counting, Rows
from ops.checker.current import check_current
from ops.checker.partition import Whole, check_partition
from ops.checker.recoveries import check_lag, check_recoveries
from ops.checker.report import Report, new_results
from ops.checker.rows import (
    BUCKETS_NAMED,
    Bucket,
    Placed,
    differing,
    inside,
    name_rows,
    rows_in,
)
from ops.checker.state import check_positions, check_state
from ops.checker.targets import NOTHING_TOLD, Targets, Told
from ops.checker.watermarks import check_watermarks
from ops.reading import TopicReader, read_log
from schemas.access.cassandra import Place
from sinks.digests import HISTORY
from streams.runtime.ports import Store
from streams.runtime.store import StoreRoot
from streams.wallet.genesis import genesis_policy, genesis_ruleset
from streams.wallet.job import WalletJob
from topics.catalog import DEAD_LETTERS, EVENTS, LEGS, RESULTS, SHADOW
from topics.partitioning import partition_of

JOB: Final = "wallet"
TRANSACTIONAL: Final = (EVENTS, LEGS, RESULTS, DEAD_LETTERS, SHADOW)


def check_everything(targets: Targets, told: Told = NOTHING_TOLD) -> Report:
    """Check a ledger at rest: every input decided, every sink level with the log."""
    with ExitStack() as opened:
        run = _Run(targets, told, opened)
        run.begin_scans()
        run.check_log()
        run.check_whole()
        run.check_stores()
        return Report(sum(run.whole.sequences.values()), run.results)


@final
class _Run:
    def __init__(self, targets: Targets, told: Told, opened: ExitStack) -> None:
        self.results: Final = new_results()
        self._targets: Final = targets
        self._told: Final = told
        self._opened: Final = opened
        self._readers: Final[dict[str, TopicReader]] = {}
        self._partitions: Final = self._reader(EVENTS.name).partitions
        self._genesis: Final = targets.genesis or (genesis_policy(), genesis_ruleset())
        route = partial(partition_of, partitions=self._partitions)
        self.whole: Final = Whole(self.results, told, route, self._genesis)
        self._counting: Final = opened.enter_context(closing(Counting()))
        self._rows: Final[dict[str, Rows]] = {}
        if targets.postgres is not None:
            rows = partial(held.journal_rows, targets.postgres, self._partitions)
            self._rows["PostgreSQL"] = rows
        if targets.cassandra is not None:
            self._rows["Cassandra"] = partial(held.history_rows, targets.cassandra)

    def _reader(self, topic: str) -> TopicReader:
        if topic not in self._readers:
            reader = TopicReader(self._targets.kafka, topic)
            self._readers[topic] = self._opened.enter_context(closing(reader))
        return self._readers[topic]

    def begin_scans(self) -> None:
        """Let the stores be read while the log is."""
        for store, rows in self._rows.items():
            self._counting.begin(store, rows)

    def check_log(self) -> None:
        """Read every partition, fold it, decide it again."""
        job = WalletJob(self._targets.ledger_id, self._partitions, *self._genesis)
        for partition in range(self._partitions):
            with (
                TemporaryDirectory(prefix="ledger-checker-") as folder,
                closing(StoreRoot(Path(folder)).open(JOB, partition)) as store,
            ):
                again = Again(self.results[7], job, partition, store)
                check_partition(self.whole, self._reader, partition, again)
                self._check_state(partition, store, again)
                if self._targets.postgres is not None:
                    ask = partial(held.current_rows, self._targets.postgres, partition)
                    check_current(partition, store, ask, self.results[8])

    def _check_state(self, partition: int, fold: Store, again: Again) -> None:
        if self._targets.state is None:
            return
        owner = self._targets.state.get(partition)
        if owner is None:
            self.results[8].add(f"RocksDB, partition {partition}", "nobody has its rows")
            return
        check_state(partition, fold, owner, self.results[8])
        at = (again.positions, again.next_offset)
        check_positions(partition, *at, owner, self.results[13])

    def check_whole(self) -> None:
        """What can be said when every partition was read."""
        whole, results = self.whole, self.results
        check_balance(whole.totals, results[3])
        may_stay = self._targets.holds_may_stay
        whole.sagas.end(holds_may_stay=may_stay, whole=LEGS.name not in whole.shortened)
        for topic in TRANSACTIONAL:
            self._read_attempts(topic.name)
        whole.attempts.end()
        letters_are_whole = DEAD_LETTERS.name not in whole.shortened
        whole.letters.end(self._told.poison, whole=letters_are_whole)
        whole.kept.end()
        check_recoveries(self._told, results[16])
        settle_s = self._targets.settle_s
        check_watermarks(self._targets.kafka, self._partitions, settle_s, results[12])

    def _read_attempts(self, topic: str) -> None:
        with closing(TopicReader(self._targets.kafka, topic, committed=False)) as everything:
            self.whole.attempts.see(everything.read(), self._reader(topic).read())

    def check_stores(self) -> None:
        """Every store against the log."""
        targets, balances = self._targets, self.whole.balances
        if targets.state is None:
            self._unchecked("RocksDB", 8, 13)
        if targets.postgres is None:
            self._unchecked("PostgreSQL", 8, 9)
        else:
            dsn = targets.postgres
            balances.compare("PostgreSQL", held.journal_balances(dsn, added_up=False))
            balances.compare("PostgreSQL postings", held.journal_balances(dsn, added_up=True))
            self._compare_rows("PostgreSQL", held.JOURNAL, 9)
            self._check_lag("PostgreSQL", dsn)
        if targets.cassandra is None:
            self._unchecked("Cassandra", 8, 10)
        else:
            self._compare_rows("Cassandra", (HISTORY,), 10)
            self._check_lag("Cassandra", targets.cassandra)
        if targets.redis is None:
            self._unchecked("Redis", 8)
        else:
            balances.compare("Redis", held.redis_balances(targets.redis))
            self._check_lag("Redis", targets.redis)

    def _compare_rows(self, store: str, views: tuple[str, ...], check: int) -> None:
        found = self._counting.of(store)
        self.results[check].looked_at += found.sums.count
        if HISTORY in views:
            self.whole.balances.compare(store, found.newest.balances(), wallets_only=True)
        buckets = differing(self.whole.rows, found.sums, views)[:BUCKETS_NAMED]
        if buckets:
            log = inside(self._log_rows(buckets), buckets)
            name_rows(store, log, inside(self._rows[store](), buckets), self.results[check])

    def _log_rows(self, buckets: list[Bucket]) -> Iterator[Placed]:
        """Read the log of some partitions again."""
        partitions = {partition for _, partition, _ in buckets}
        for placed in read_log(self._targets.kafka, partitions & set(range(self._partitions))):
            yield from rows_in(placed.decision)

    def _check_lag(self, store: str, place: Place) -> None:
        check_lag(store, held.sequences(store, place), self.whole.sequences, self.results[16])

    def _unchecked(self, store: str, *checks: int) -> None:
        for number in checks:
            self.results[number].note(f"{store} was not looked at")
