"""Redis audited: balances are read back bucket by bucket, or healed field by field.

Owns: the scan of the keys, what was surely written when they were read, the healing script.
Never: computes a balance: an order names what the log says. A value that the sink wrote meanwhile
is newer than the order, and stays.

Balances are set before the position is, so a value may be of Decisions that the position does not
cover yet. Therefore a bucket is attested with two positions: that before the scan, below which
nothing may be missing, and one at which everything is through that was in the log after the
reading, above which nothing may be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, final

from ledger.units import SYSTEM, UNIT_BUCKETS, unit_bucket, unit_of, wallet_of
from schemas.messages.decisions import Decision
from schemas.messages.recon import (
    BalanceHeld,
    BalancesHeld,
    RepairBegun,
    RepairEnded,
    RepairOrdered,
)
from schemas.messages.vocabulary import Store
from sinks.audit.store import Held, LogEnd
from sinks.batch import Position
from sinks.redis.client import connect, hash_at, store_errors
from sinks.redis.rows import PARTITION_FIELD, PREFIX, hash_key, offset_key, system_key, wallet_key
from sinks.redis.sink import position_in

HEAL: Final = Path(__file__).with_name("heal.lua").read_text(encoding="utf-8")
KEYS_AT_ONCE: Final = 1_000
WAIT_S: Final = 0.05
WAITS: Final = 60  # then the sink is behind: the bucket is left for the next round
WAITS_BEFORE_ASKING: Final = 4  # whether the log has anything at all behind the position
SHOWN: Final = 5


@final
class RedisAudited:
    """Satisfies `sinks.audit.store.Audited`."""

    store: Final = Store.REDIS

    def __init__(
        self,
        url: str,
        log: LogEnd,
        wait: Callable[[float], bool],
        prefix: str = PREFIX,
    ) -> None:
        self._client: Final = connect(url)
        self._log: Final = log
        self._wait: Final = wait
        self._prefix: Final = prefix
        self._scanned: dict[int, Position] = {}  # partitions whose keys are known, and since when
        self._keys: dict[tuple[int, int], list[str]] = {}  # partition, bucket -> wallets

    def sequence(self, partition: int) -> int:
        """Return the last sequence the store took."""
        with store_errors():
            position = self._position(partition)
        return 0 if position is None else position.sequence

    def buckets(self, sequence: int) -> int:
        """Return how many buckets there are, however far the store is."""
        del sequence
        return UNIT_BUCKETS

    def tail(self, sequence: int) -> None:
        """Return that no bucket is newer than the others."""
        del sequence

    def bucket(self, order: RepairOrdered) -> int:
        """Return the bucket of the unit that an order is about."""
        return unit_bucket(order.bucket)

    def range(self, order: RepairOrdered) -> None:
        """Return that the order says all."""
        del order

    def wants(self, order: RepairOrdered, decision: Decision) -> bool:
        """Say that no Decision is needed."""
        del order, decision
        return False

    def read(self, partition: int, bucket: int) -> Held | None:
        """Read a bucket back; None while the sink is behind."""
        with store_errors():
            before = self._scanned.get(partition)
            if before is None or bucket == UNIT_BUCKETS - 1:
                before = self._scan(partition)
            if before is None:
                return None
            balances = [*self._system(partition, bucket), *self._wallets(partition, bucket)]
            covered = self._covered(partition, self._log.end(partition))
        if covered is None:
            return None
        body = BalancesHeld(bucket, before.sequence, covered, tuple(balances))
        return Held(body, len(balances))

    def before(self, partition: int, order: RepairOrdered) -> RepairBegun:
        """Read what a unit holds that is to be healed."""
        with store_errors():
            digest = self._digest(partition, order)
        return RepairBegun(order.break_id, order.attempt, digest)

    def repair(
        self, partition: int, order: RepairOrdered, decisions: Sequence[Decision]
    ) -> RepairEnded:
        """Set, replace or remove the fields that an order names, all at once."""
        assert not decisions, "none were asked for"
        arguments: list[str | int] = [partition]
        for each in order.balances:
            arguments += (each.field, each.held, each.wanted)
        with store_errors():
            before = self._digest(partition, order)
            changed = self._client.eval(HEAL, 1, self._key(partition, order.bucket), *arguments)
            after = self._digest(partition, order)
        assert isinstance(changed, int), "the script returns a number"
        words = [
            f"{each.field} '{each.held}' -> '{each.wanted}'" for each in order.balances[:SHOWN]
        ]
        detail = ", ".join(words)
        return RepairEnded(order.break_id, order.attempt, before, after, changed, detail, 0)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _position(self, partition: int) -> Position | None:
        return position_in(hash_at(self._client, offset_key(self._prefix, partition)))

    def _key(self, partition: int, unit: str) -> str:
        return hash_key(self._prefix, partition, wallet_of(unit))

    def _scan(self, partition: int) -> Position | None:
        """Learn which wallets a partition has; what is put in later is left for the next round."""
        position = self._position(partition)
        if position is None:
            return None
        found: dict[int, list[str]] = defaultdict(list)
        wallets = self._prefix_of_wallets()
        names = {
            str(key)[len(wallets) :]
            for key in self._client.scan_iter(f"{wallets}*", count=KEYS_AT_ONCE)
        }
        for wallet in self._of(partition, sorted(names)):
            found[unit_bucket(unit_of(wallet, ""))].append(wallet)
        for bucket in range(UNIT_BUCKETS):
            self._keys[partition, bucket] = found.get(bucket, [])
        self._scanned[partition] = position
        return position

    def _prefix_of_wallets(self) -> str:
        return wallet_key(self._prefix, "")

    def _of(self, partition: int, wallets: Sequence[str]) -> list[str]:
        found: list[str] = []
        for start in range(0, len(wallets), KEYS_AT_ONCE):
            some = wallets[start : start + KEYS_AT_ONCE]
            with self._client.pipeline(transaction=False) as pipe:
                for wallet in some:
                    pipe.hget(wallet_key(self._prefix, wallet), PARTITION_FIELD)
                owners = pipe.execute()
            pairs = zip(some, owners, strict=True)
            found += [wallet for wallet, owner in pairs if owner == str(partition)]
        return found

    def _system(self, partition: int, bucket: int) -> list[BalanceHeld]:
        fields = hash_at(self._client, system_key(self._prefix, partition))
        return [
            BalanceHeld(SYSTEM, field, value)
            for field, value in fields.items()
            if field != PARTITION_FIELD and unit_bucket(unit_of(SYSTEM, field)) == bucket
        ]

    def _wallets(self, partition: int, bucket: int) -> list[BalanceHeld]:
        wallets = self._keys[partition, bucket]
        with self._client.pipeline(transaction=False) as pipe:
            for wallet in wallets:
                pipe.hgetall(wallet_key(self._prefix, wallet))
            hashes = pipe.execute()
        return [
            BalanceHeld(wallet, field, value)
            for wallet, fields in zip(wallets, hashes, strict=True)
            for field, value in fields.items()
            if field != PARTITION_FIELD
        ]

    def _covered(self, partition: int, end: int) -> int | None:
        """Wait until the sink is past an offset; return where it stands then."""
        for attempt in range(WAITS):
            position = self._position(partition)
            if position is None:
                return None
            behind = position.next_offset
            # What lies there may be markers of transactions only: records would be taken.
            if behind >= end - 1 or (
                attempt > WAITS_BEFORE_ASKING and self._log.is_empty_from(partition, behind)
            ):
                return position.sequence
            if self._wait(WAIT_S):
                return None
        return None

    def _digest(self, partition: int, order: RepairOrdered) -> bytes:
        """Return the digest of the fields of a unit, now."""
        fields = hash_at(self._client, self._key(partition, order.bucket))
        if wallet_of(order.bucket) == SYSTEM:
            fields = {each.field: fields.get(each.field, "") for each in order.balances}
        text = "\n".join(f"{field} {value}" for field, value in sorted(fields.items()))
        return sha256(text.encode()).digest()
