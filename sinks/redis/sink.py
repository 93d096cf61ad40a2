"""Redis sink: balances set if newer, many hashes a call; the position after every reply.

Owns: the scripts, their recovery after a restart of the server, the order of the writes.
Never: computes a row; `rows.py` does.

Disposable: balances and position live in the same server, so whoever flushes it or brings back an
older snapshot takes both. The position is moved only from where this writer left it; when it is
not there any more, the lane reads the log again from wherever the store now stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from redis.exceptions import NoScriptError

from sinks.batch import Batch, Position
from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET, MID_BATCH, CrashPoint, never
from sinks.errors import StoreMoved
from sinks.redis.client import connect, hash_at, store_errors
from sinks.redis.rows import PREFIX, Arguments, changes_of, offset_key

# A call costs the client and the server more than a hash in it. The server does nothing else
# meanwhile: with so many it is about a millisecond.
HASHES_PER_CALL: Final = 200
# Lua unpacks its arguments onto a stack of 8,000; a wallet's or partition's hash may have more.
ARGUMENTS_PER_HASH: Final = 1_500
SET_IF_NEWER: Final = Path(__file__).with_name("set_if_newer.lua").read_text(encoding="utf-8")
ADVANCE: Final = Path(__file__).with_name("advance.lua").read_text(encoding="utf-8")

Change = tuple[str, Sequence[str | int]]  # of one hash: its key, and what is to be set


class RedisSink:
    """Writes batches; one client serves every partition."""

    def __init__(self, url: str, crash: CrashPoint = never, prefix: str = PREFIX) -> None:
        self._client: Final = connect(url)
        self._prefix: Final = prefix
        self._crash: Final = crash
        self._set_if_newer = ""  # digests of the scripts, once loaded
        self._advance = ""

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        with store_errors():
            return position_in(hash_at(self._client, offset_key(self._prefix, partition)))

    def write(self, batch: Batch) -> None:
        """Set what is newer, then move the position."""
        changes = cut(changes_of(self._prefix, batch.partition, batch.decisions))
        half = (len(changes) + 1) // 2
        with store_errors():
            self._load()
            self._set(batch.partition, changes[:half])
            self._crash(MID_BATCH)
            self._set(batch.partition, changes[half:])
            self._crash(BEFORE_OFFSET)
            self._move(batch)
            self._crash(AFTER_OFFSET)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _load(self, *, again: bool = False) -> None:
        if again or not self._advance:
            self._set_if_newer = str(self._client.script_load(SET_IF_NEWER))
            self._advance = str(self._client.script_load(ADVANCE))

    def _set(self, partition: int, changes: Sequence[Change]) -> None:
        for start in range(0, len(changes), HASHES_PER_CALL):
            keys_and_arguments = call_of(partition, changes[start : start + HASHES_PER_CALL])
            try:
                self._client.evalsha(self._set_if_newer, *keys_and_arguments)
            except NoScriptError:  # the server was restarted or its scripts were flushed
                self._load(again=True)
                self._client.evalsha(self._set_if_newer, *keys_and_arguments)

    def _move(self, batch: Batch) -> None:
        after = batch.after
        expected = "" if batch.before is None else batch.before.next_offset
        key = offset_key(self._prefix, batch.partition)
        new = (after.next_offset, after.sequence, after.chain.hex(), after.topic_id)
        try:
            moved = self._client.evalsha(self._advance, 1, key, expected, *new)
        except NoScriptError:
            # Between the balances and now the server lost its scripts, maybe the balances too:
            # then the position is lost with them and does not match.
            self._load(again=True)
            moved = self._client.evalsha(self._advance, 1, key, expected, *new)
        if moved != 1:
            raise StoreMoved(f"partition {batch.partition} of Redis has another position")


def call_of(partition: int, changes: Sequence[Change]) -> tuple[int, *tuple[str | int, ...]]:
    """Return what `set_if_newer` is called with: how many keys, the keys, the arguments."""
    arguments: list[str | int] = [key for key, _ in changes]
    arguments.append(partition)
    for _, some in changes:
        arguments.append(len(some))
        arguments += some
    return len(changes), *arguments


def position_in(fields: dict[str, str]) -> Position | None:
    """Return the position a hash holds, or None when there is no hash."""
    if not fields:
        return None
    return Position(
        int(fields["next_offset"]),
        int(fields["sequence"]),
        bytes.fromhex(fields["chain"]),
        fields["topic_id"],
    )


def cut(changes: dict[str, Arguments]) -> list[Change]:
    """Return the changes of each hash, in parts that the script can unpack."""
    return [
        (key, arguments[start : start + ARGUMENTS_PER_HASH])
        for key, arguments in changes.items()
        for start in range(0, len(arguments), ARGUMENTS_PER_HASH)
    ]
