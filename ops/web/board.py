"""Board: every question of the console behind a keeper, and the samples of the charts.

Owns: how old an answer may be, and which sample is taken of it.
Never: asks a server in the thread of a request.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Lock, Thread
from time import monotonic, time
from typing import Final, TypeVar, final

from ops.web.followed import Seen
from ops.web.keeper import PATIENCE_S, Away, Keeper
from ops.web.ring import Ring, Sample
from ops.web.shown import Content, Panel, Shown
from ops.web.source import Source, WalletSeen
from sinks.answers import Balance
from sinks.batch import Position

LOG: Final = logging.getLogger(__name__)
LIVE_S: Final = 1.0
SLOW_S: Final = 5.0  # what reads a topic or a table from end to end
SAMPLE_S: Final = 2.0
K = TypeVar("K")
WALLETS_KEPT: Final = 64  # more than anybody has open at once


@final
class Board:
    """What pages are drawn from."""

    def __init__(
        self,
        source: Source,
        clock: Callable[[], float] = time,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._source: Final = source
        self._clock: Final = clock
        self._patience_s: Final = patience_s
        self.stores: Final = source.stores
        self.ring: Final = Ring()
        self.log: Final = self._kept("Kafka", source.log, LIVE_S)
        self.inputs: Final = self._kept("Kafka", source.inputs, LIVE_S)
        self.positions: Final = {
            name: self._kept(name, _positions(source, name), LIVE_S) for name in self.stores
        }
        self.workers: Final = self._kept("a worker", source.workers, LIVE_S)
        self.holds: Final = self._kept("postgres", source.holds, SLOW_S)
        self.trial: Final = self._kept("postgres", source.trial_balance, SLOW_S)
        self.recon: Final = self._kept("Kafka", source.recon, SLOW_S)
        self.letters: Final = self._kept("Kafka", source.letters, SLOW_S)
        self._wallets: Final[OrderedDict[str, Keeper[WalletSeen]]] = OrderedDict()
        self._beside: Final[OrderedDict[str, Keeper[Sequence[Balance]]]] = OrderedDict()
        self._lock: Final = Lock()

    def shown(self, panel: Panel, about: str = "") -> Shown:
        """Return a panel as it is now; whatever happens, something can be shown."""
        try:
            return Shown(panel, panel.ask(self, about))
        except Away as trouble:
            return Shown(panel, trouble=str(trouble))
        except Exception as error:
            LOG.exception("panel %s", panel.name)
            return Shown(panel, Content(()), f"this panel failed: {type(error).__name__}: {error}")

    def wallet(self, wallet_id: str) -> WalletSeen:
        """Return one wallet. Raises `Away`."""
        source = self._source
        with self._lock:
            keeper = _one_of(
                self._wallets,
                wallet_id,
                lambda: self._kept("postgres", lambda: source.wallet(wallet_id), LIVE_S),
            )
        return keeper.known()

    def beside(self, wallet_id: str) -> Sequence[Balance]:
        """Return one wallet's balances as Redis has them. Raises `Away`."""
        source = self._source
        with self._lock:
            keeper = _one_of(
                self._beside,
                wallet_id,
                lambda: self._kept("redis", lambda: source.balances_beside(wallet_id), LIVE_S),
            )
        return keeper.known()

    def lags(self, seen: Seen) -> dict[str, dict[int, int] | str]:
        """Return how many Decisions each store has still to apply, or why that is not known.

        The log and a store are not asked at one time: a store that is ahead of an older answer of
        the log is level with it.
        """
        found: dict[str, dict[int, int] | str] = {}
        for name, keeper in self.positions.items():
            told = keeper.told()
            if told.value is None:
                found[name] = told.trouble
                continue
            at = {number: position.sequence for number, position in told.value.items()}
            found[name] = {
                number: max(0, seen.sequences.get(number, 0) - at.get(number, 0))
                for number in range(seen.partitions)
            }
        return found

    def sample(self) -> None:
        """Take a sample; nothing is in it while the log is away.

        Of a log that is slow none is taken: the same answer twice would be a throughput of zero.
        """
        began = monotonic()
        told = self.log.told(since=began)
        seen = told.value
        if seen is None:
            self.ring.take(Sample(self._clock(), {}, {}))
            return
        if told.asked < began:
            return
        known = [each for each in self.lags(seen).values() if not isinstance(each, str)]
        worst = {
            number: max(each[number] for each in known)
            for number in range(seen.partitions)
            if known
        }
        sequences = {number: seen.sequences.get(number, 0) for number in range(seen.partitions)}
        self.ring.take(Sample(self._clock(), sequences, worst))

    def close(self) -> None:
        """Let go of every server."""
        self._source.close()

    def _kept(self, where: str, ask: Callable[[], K], keep_s: float) -> Keeper[K]:
        return Keeper(where, ask, keep_s, patience_s=self._patience_s)


@final
class Sampler:
    """Takes a sample every two seconds, also while nobody looks: charts begin before pages do."""

    def __init__(self, board: Board, every_s: float = SAMPLE_S) -> None:
        self._board: Final = board
        self._every_s: Final = every_s
        self._ended: Final = Event()
        self._thread: Final = Thread(target=self._run, name="sampler", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more; a sample that is being taken is not waited for."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            self._board.sample()


def _positions(source: Source, store: str) -> Callable[[], Mapping[int, Position]]:
    return lambda: source.positions(store)


def _one_of(
    kept: OrderedDict[str, Keeper[K]], key: str, made: Callable[[], Keeper[K]]
) -> Keeper[K]:
    keeper = kept.get(key)
    if keeper is None:
        keeper = kept[key] = made()
        if len(kept) > WALLETS_KEPT:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return keeper
