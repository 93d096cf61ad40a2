"""Seals and the hash chain: what makes a torn, changed, dropped or reordered Decision visible.

Owns: the leaf and chain hashes, and `SealReader`, through which every reader of the log takes
Decisions.
Never: reads Kafka. Feed it records in log order; it hands out whole sealed groups, or raises
`LogError`.

The rule of the log. A transaction's Decisions carry consecutive sequences and the last one holds
the seal {first sequence, count, ...}. A reader buffers Decisions and applies them only when a seal
matches its buffer. The next sequence is last + 1, or the buffer's first again: then the buffered
Decisions were *void* (a torn transaction that its owner decided again) and are dropped. Anything
else is damage, and the reader stops.

Hashes: leaf = SHA-256(0x00 | value), chain = SHA-256(0x02 | previous chain | leaf), over the record
values as published. The chain travels in the record header `chain`; void Decisions are not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Final, final

from schemas.messages.decisions import Decision

CHAIN_HEADER: Final = "chain"
CHAIN_START: Final = bytes(32)


class LogError(Exception):
    """The log is damaged: names the partition, the sequence and the offset."""


def leaf_of(value: bytes) -> bytes:
    """Return the hash of a record value, as chain and tree have it (32 bytes)."""
    return sha256(b"\x00" + value).digest()


def linked(previous: bytes, leaf: bytes) -> bytes:
    """Return the chain head after a leaf, given the head before it (32 bytes each)."""
    return sha256(b"\x02" + previous + leaf).digest()


def chain_after(previous: bytes, value: bytes) -> bytes:
    """Return the chain head after a record value, given the head before it (32 bytes each)."""
    return linked(previous, leaf_of(value))


@final
class SealedGroup:
    """The Decisions of one transaction; `next_offset` is the offset after the sealing record."""

    __slots__ = ("chain", "decisions", "next_offset")

    def __init__(self, decisions: list[Decision], chain: bytes, next_offset: int) -> None:
        self.decisions: Final = decisions
        self.chain: Final = chain
        self.next_offset: Final = next_offset

    @property
    def first_sequence(self) -> int:
        """Sequence of the first Decision."""
        return self.decisions[0].sequence

    @property
    def last_sequence(self) -> int:
        """Sequence of the sealing Decision."""
        return self.decisions[-1].sequence


@final
class SealReader:
    """Buffers the Decisions of one partition until their seal, checking sequence and chain.

    `sequence` and `chain` say where the reader stands: the last applied Decision and the chain head
    after it. A reader that did not keep the chain gives None: then the first record's own header is
    taken on trust.
    """

    def __init__(
        self,
        partition: int,
        decode: Callable[[bytes], Decision],
        sequence: int = 0,
        chain: bytes | None = CHAIN_START,
    ) -> None:
        self.partition: Final = partition
        self.voided = 0
        self._decode: Final = decode
        self._sealed_sequence = sequence
        self._sealed_chain = chain
        self._buffer: list[Decision] = []
        self._chain = chain

    @property
    def sequence(self) -> int:
        """Sequence of the last sealed Decision handed out."""
        return self._sealed_sequence

    @property
    def unsealed(self) -> int:
        """Decisions waiting for their seal."""
        return len(self._buffer)

    def take(self, offset: int, value: bytes, chain_header: bytes | None) -> SealedGroup | None:
        """Take the next record; return its group when it seals one. Raises `LogError`."""
        decision = self._decode(value)
        self._place(decision, offset)
        self._link(decision, offset, value, chain_header)
        self._buffer.append(decision)
        if decision.seal is None:
            return None
        return self._seal(decision, offset)

    def _place(self, decision: Decision, offset: int) -> None:
        """Check the sequence; a group that starts again voids the buffer."""
        if decision.partition != self.partition:
            raise self._damage(offset, f"holds a Decision of partition {decision.partition}")
        expected = self._sealed_sequence + len(self._buffer) + 1
        if decision.sequence == expected:
            return
        if self._buffer and decision.sequence == self._sealed_sequence + 1:
            self.voided += len(self._buffer)
            self._buffer = []
            self._chain = self._sealed_chain
            return
        raise self._damage(offset, f"has sequence {decision.sequence} where {expected} must follow")

    def _link(
        self, decision: Decision, offset: int, value: bytes, chain_header: bytes | None
    ) -> None:
        if chain_header is None:
            raise self._damage(offset, f"sequence {decision.sequence} has no `chain` header")
        if self._chain is not None and chain_after(self._chain, value) != chain_header:
            raise self._damage(offset, f"sequence {decision.sequence} breaks the hash chain")
        self._chain = chain_header

    def _seal(self, decision: Decision, offset: int) -> SealedGroup:
        seal = decision.seal
        group = self._buffer
        assert seal is not None, "take() looks first"
        assert self._chain is not None, "_link() set it"
        if seal.first_sequence != group[0].sequence or seal.count != len(group):
            raise self._damage(
                offset,
                f"seal of {seal.count} from {seal.first_sequence} does not match "
                f"the {len(group)} Decisions from {group[0].sequence}",
            )
        self._buffer = []
        self._sealed_sequence = decision.sequence
        self._sealed_chain = self._chain
        return SealedGroup(group, self._chain, offset + 1)

    def _damage(self, offset: int, what: str) -> LogError:
        return LogError(f"log partition {self.partition}, offset {offset}: {what}")
