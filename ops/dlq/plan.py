"""Plan: what may be done with a dead letter, and where it would go.

Owns: finding a letter, and the refusal to send again what would only come back.
Never: sends, reads a topic.

Only a client's command that this code can read is sent again, under its own id, to the partition of
its own key: if the client has sent it rightly meanwhile, the answer is a duplicate and no money
moves twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ops.errors import DocumentError
from ops.reading import Record
from schemas.codec import CodecError, decode
from schemas.messages.commands import WalletCommand
from schemas.messages.results import DeadLetter
from topics.catalog import COMMANDS
from topics.partitioning import partition_of

DONE: Final = {"requeue": "requeued", "discard": "discarded"}


@dataclass(frozen=True, slots=True)
class Found:
    """A letter and its name: partition and offset on the topic of letters."""

    name: str
    letter: DeadLetter

    def source(self) -> str:
        """Return where its bytes came from."""
        letter = self.letter
        return f"{letter.topic}[{letter.partition}] offset {letter.offset}"


@dataclass(frozen=True, slots=True)
class Requeue:
    """A record to be sent again."""

    found: Found
    command: WalletCommand
    partition: int

    def line(self) -> str:
        """Return what will be done."""
        command = self.command
        return (
            f"send {type(command.body).__name__} {command.command_id} of wallet "
            f"{command.wallet_id} again, to {COMMANDS.name}[{self.partition}]; "
            f"it lay at {self.found.source()}"
        )

    def record(self) -> tuple[bytes, bytes, int]:
        """Return key, value and partition."""
        letter = self.found.letter
        assert letter.value is not None, "a plan is made of kept bytes only"
        return self.command.wallet_id.encode(), letter.value, self.partition


def letter_named(records: Iterable[Record], name: str) -> Found:
    """Return the letter at PARTITION/OFFSET. Raises `DocumentError`."""
    for record in records:
        if f"{record.partition}/{record.offset}" == name:
            return Found(name, decode(DeadLetter, record.value or b""))
    raise DocumentError(f"there is no letter {name}; `ledgerctl dlq list` names them")


def requeue_of(found: Found, partitions: int) -> Requeue:
    """Plan to send a letter again. Raises `DocumentError` when it would come back, or must not."""
    letter = found.letter
    if letter.topic != COMMANDS.name:
        raise DocumentError(
            f"letter {found.name} is of {letter.topic}: only clients' commands are sent again"
        )
    if letter.value is None:
        raise DocumentError(f"letter {found.name}: its {letter.length} bytes were not kept")
    try:
        command = decode(WalletCommand, letter.value)
    except CodecError as error:
        raise DocumentError(f"letter {found.name} would come back unread: {error}") from error
    if letter.key != command.wallet_id.encode():
        raise DocumentError(
            f"letter {found.name}: its key is {letter.key!r}, its wallet {command.wallet_id}: "
            "which of them the client meant, only the client can say"
        )
    return Requeue(found, command, partition_of(command.wallet_id, partitions))


def acted_on(operations: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Return what was done with letters, by name, from the record of operations."""
    found: dict[str, str] = {}
    for each in operations:
        words = str(each.get("what", "")).split()
        if words[1:2] == ["letter"] and words[0] in DONE:
            found[words[2].rstrip(":")] = DONE[words[0]]
    return found
