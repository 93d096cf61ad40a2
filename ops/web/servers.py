"""Servers: the console's questions asked of Kafka, the stores and the state folders of workers.

Owns: connections, kept while they answer and opened anew after they did not.
Never: reads in another way than the nouns of ledgerctl do, or writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from threading import Lock
from typing import Any, Final, TypeVar, final

from ingress.sdk.stamp import now_us
from ops.dlq.letters import letter_rows
from ops.dlq.plan import acted_on
from ops.operations import recorded
from ops.partitions.plan import rows
from ops.reading import TopicReader, read_topic
from ops.recon.reading import read_found
from ops.settings import Settings
from ops.stores import reads_of
from ops.web.followed import Seen
from ops.web.source import HOLDS_MAX, Recon, WalletSeen
from ops.web.tail import CLOSE_S, TIMEOUT_S, Tail
from sinks.answers import Balance, OpenHold
from sinks.batch import Position
from sinks.errors import SinkError
from streams.wallet.job import WalletJob
from topics.catalog import DEAD_LETTERS

T = TypeVar("T")
OF_WALLET: Final = 25


@final
class Held:
    """The reads of one store, kept while they answer; one question at a time."""

    def __init__(self, settings: Settings, name: str) -> None:
        self._settings: Final = settings
        self._name: Final = name
        self._reads: Any = None
        self._lock: Final = Lock()

    def ask(self, question: Callable[[Any], T]) -> T:
        """Ask. Raises `SinkError`, `NothingKnownError`."""
        with self._lock:
            try:
                if self._reads is None:
                    self._reads = reads_of(self._name, self._settings.store(self._name))
                return question(self._reads)
            except SinkError:
                self._close()
                raise

    def close(self) -> None:
        """Let go of the store, unless a question waits for it: then the process's end does."""
        if self._lock.acquire(timeout=CLOSE_S):
            self._close()
            self._lock.release()

    def _close(self) -> None:
        reads, self._reads = self._reads, None
        if reads is not None:
            with suppress(SinkError):
                reads.close()


@final
class Servers:
    """The servers that settings name."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; opens nothing yet. Raises `NothingKnownError` without a broker."""
        self.stores: tuple[str, ...] = tuple(settings.stores())
        self._settings: Final = settings
        self._kafka: Final = settings.broker()
        self._tail: Final = Tail(self._kafka)
        # A store that counts for long must not keep its own position from being told.
        self._positions: Final = {name: Held(settings, name) for name in self.stores}
        self._postgres: Final = Held(settings, "postgres")
        self._wallets: Final = Held(settings, "postgres")
        self._redis: Final = Held(settings, "redis")

    def log(self) -> Seen:
        """Return the newest Decisions, and what follows from them."""
        return self._tail.look()

    def inputs(self) -> Mapping[str, Mapping[int, int]]:
        """Return the end of each input topic, by partition."""
        ends = {}
        for topic in WalletJob.inputs:
            with closing(TopicReader(self._kafka, topic.name, timeout_s=TIMEOUT_S)) as reader:
                ends[topic.name] = reader.ends()
        return ends

    def positions(self, store: str) -> Mapping[int, Position]:
        """Return where a store stands, by partition."""
        return self._positions[store].ask(lambda reads: dict(reads.positions()))

    def holds(self) -> Sequence[OpenHold]:
        """Return open holds, the next to expire first."""
        now = now_us()
        return self._postgres.ask(lambda reads: tuple(reads.open_holds(now, HOLDS_MAX)))

    def trial_balance(self) -> Mapping[tuple[int, str], int]:
        """Return the sum of all balances by partition and currency."""
        return self._postgres.ask(lambda reads: dict(reads.trial_balance()))

    def wallet(self, wallet_id: str) -> WalletSeen:
        """Return one wallet."""
        return self._wallets.ask(
            lambda reads: WalletSeen(
                reads.wallet(wallet_id),
                reads.balances(wallet_id),
                reads.holds(wallet_id, OF_WALLET),
                reads.transactions(wallet_id, OF_WALLET),
                reads.history(wallet_id, OF_WALLET),
            )
        )

    def balances_beside(self, wallet_id: str) -> Sequence[Balance]:
        """Return the same wallet's balances as Redis has them."""
        return self._redis.ask(lambda reads: tuple(reads.balances(wallet_id)))

    def recon(self) -> Recon:
        """Return breaks and cuts."""
        return Recon(*read_found(self._kafka))

    def letters(self) -> Sequence[Mapping[str, Any]]:
        """Return dead letters as `ledgerctl dlq list` does, oldest first."""
        done = acted_on(recorded(self._settings.state_dir))
        return letter_rows(read_topic(self._kafka, DEAD_LETTERS.name), done)

    def workers(self) -> Sequence[Mapping[str, Any]]:
        """Return what every worker says of its partitions."""
        return rows(self._settings.state_dir, now_us())

    def close(self) -> None:
        """Let go of every server."""
        self._tail.close()
        for held in (*self._positions.values(), self._postgres, self._wallets, self._redis):
            held.close()
