"""`bench memory`: what a command costs one worker, in time and memory, as its wallets get more.

Theory: the databases of one worker are filled with open, funded wallets, as rows. Then wallets
drawn evenly pay each other, so that nearly every payment asks for rows that no cache has: the worst
town there is. Everything runs that a worker does but for Kafka. Each size has a process of its own,
for memory that was taken once is seldom given back.

Owns: that measurement.
Never: asserts a figure.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from ledger.chart import AVAILABLE
from ops.bench.core import PARTS, Worker
from ops.bench.inside import Desk, work_off
from ops.bench.load import Load
from schemas.codec import encode
from schemas.messages.commands import Transfer, WalletCommand
from schemas.messages.rows import AccountBalance, WalletRow
from schemas.messages.vocabulary import Outcome, Tier, WalletKind, WalletStatus
from streams.runtime.clock import SystemClock
from streams.runtime.metrics import Meter
from streams.runtime.store import StoreRoot
from streams.wallet.tables import WALLETS
from topics.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from streams.runtime.store import RocksStore

PARTITIONS: Final = 4  # of one worker
FUNDS: Final = 1_000_00
AMOUNT: Final = 100
CURRENCY: Final = "EUR"
FILL_ROWS: Final = 5_000
MICROS: Final = 1_000_000
MIB: Final = 2**20


def measure_each(sizes: Sequence[int], commands: int) -> dict[str, Any]:
    """Return the figures of every size, each from a process of its own."""
    return {str(size): _alone(size, commands) for size in sizes}


def measure(wallets: int, commands: int) -> dict[str, Any]:
    """Return the figures of one size: a command's microseconds, memory and disk in MiB."""
    meter = Meter(SystemClock())
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder:
        root = StoreRoot(Path(folder))
        stores = [root.open("bench", number) for number in range(PARTITIONS)]
        try:
            began = int(time.time()) * MICROS
            _fill(stores, wallets, began)
            workers = [
                Worker(number, PARTITIONS, store, meter, root.open_stores, keep=False)
                for number, store in enumerate(stores)
            ]
            meter.start()
            desks = [Desk(worker.partition, worker.turn) for worker in workers]
            work_off(desks, _payments(wallets, commands, began), began)
            disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        finally:
            for store in stores:
                store.close()
    said = sum((worker.outcomes for worker in workers), Counter[Outcome]())
    spent = sum(meter.cpu_s[part] for part in PARTS)
    return {
        "us_per_command": round(spent / commands * MICROS, 2),
        "decisions": said.total(),
        "accepted": round(said[Outcome.ACCEPTED] / said.total(), 3),
        "rss_max_mb": _peak_kb() // 1024,
        "disk_mb": disk // MIB,
    }


def _alone(wallets: int, commands: int) -> Mapping[str, Any]:
    command = ("bench", "memory", "--wallets", str(wallets), "--commands", str(commands), "--json")
    done = subprocess.run(
        (sys.executable, "-m", "ops.cli", *command), stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)["by_wallets"][str(wallets)]
    return found


def _fill(stores: Sequence[RocksStore], wallets: int, at: int) -> None:
    """Write the rows of open, funded wallets."""
    funds = (AccountBalance(AVAILABLE, CURRENCY, -FUNDS),)
    row = WalletRow(
        WalletKind.CUSTOMER,
        Tier.PREMIUM,
        WalletStatus.ACTIVE,
        False,  # noqa: FBT003 - positional like the schema
        False,  # noqa: FBT003
        at,
        2,
        (CURRENCY,),
        0,
        0,
        0,
        funds,
    )
    value = WALLETS.encode(row)
    waiting: list[list[tuple[bytes, bytes | None]]] = [[] for _ in stores]
    for number in range(wallets):
        name = _name(number)
        partition = partition_of(name, PARTITIONS)
        waiting[partition].append((WALLETS.prefix + WALLETS.encode_key(name), value))
        if len(waiting[partition]) >= FILL_ROWS:
            stores[partition].write(waiting[partition])
            waiting[partition].clear()
    for store, rows in zip(stores, waiting, strict=True):
        store.write(rows)


def _payments(wallets: int, commands: int, at: int) -> list[Load]:
    return list(_drawn(Random(7), wallets, commands, at))  # noqa: S311 - a bench, not a secret


def _drawn(random: Random, wallets: int, commands: int, at: int) -> Iterator[Load]:
    for number in range(commands):
        payer, payee = random.sample(range(wallets), 2)
        name, command_id = _name(payer), f"p{number}"
        body = Transfer(_name(payee), CURRENCY, AMOUNT)
        value = encode(WalletCommand(command_id, name, at, body))
        yield Load(name.encode(), value, partition_of(name, PARTITIONS), command_id)


def _name(number: int) -> str:
    return f"w{number:08d}"


def _peak_kb() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
