"""`python -m tests.native.day COMMANDS SEED`: the log of a generated day, as one digest.

Owns: the same commands through the same step in either build: what the two must agree on.
Never: Kafka; the groups go from step to replay in memory.
"""

import json
import os
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from schemas.native import prefer_native

CODE = prefer_native(os.environ)

from ops.demo.generator import first_day  # noqa: E402 - after the choice of the build
from streams.runtime.job import InputRecord, LogRecord  # noqa: E402
from streams.runtime.overlay import OverlayState  # noqa: E402
from streams.runtime.store import StoreRoot  # noqa: E402
from streams.wallet.job import WalletJob  # noqa: E402
from topics.catalog import COMMANDS  # noqa: E402

START_US = 1_750_000_000_000_000
GROUP = 500
GROUP_US = 250_000


def partition(store):
    job = WalletJob("native", 1)
    overlay = OverlayState(job.tables, store)
    return overlay, job.open(overlay, 0)


def groups(commands, seed, writer):
    """Decide the day's records, poison among them, in groups."""
    wallets = max(10, commands // 20)
    records = list(
        first_day(seed, start_us=START_US, commands=commands, wallets=wallets, partitions=1)
    )
    for first in range(0, len(records), GROUP):
        at = START_US + first // GROUP * GROUP_US
        answers = []
        for offset, record in enumerate(records[first : first + GROUP], first):
            while (fired := writer.fire(at)) is not None:
                answers.append(fired)
            answers.append(writer.step(input_of(offset, at, record)))
        yield writer.seal(answers, {COMMANDS.name: first + GROUP})


def input_of(offset, at, record):
    return InputRecord(COMMANDS.name, 0, offset, at, record.key, record.value)


def digests(commands, seed, folder):
    """The log, the rows that the step leaves, and the rows of a replay of that log."""
    digest, offset = sha256(), 0
    stores = [StoreRoot(folder / name).open("wallet", 0) for name in ("led", "followed")]
    (overlay, writer), (followed, follower) = map(partition, stores)
    for group in groups(commands, seed, writer):
        overlay.fold()
        overlay.flush(b"")
        for record in group.log:
            digest.update(record.value)
            follower.replay(LogRecord(record.key, record.value, record.headers, offset))
            offset += 1
        followed.fold()
        followed.flush(b"")
    return offset, digest.hexdigest(), *map(rows_of, stores)


def rows_of(store):
    digest = sha256()
    start = b"\x01"
    while rows := store.scan(start, b"\xff", 10_000):
        digest.update(repr(rows).encode())
        start = rows[-1][0] + b"\0"
    return digest.hexdigest()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        found = digests(int(sys.argv[1]), int(sys.argv[2]), Path(name))
    sys.stdout.write(json.dumps([CODE, *found]))
