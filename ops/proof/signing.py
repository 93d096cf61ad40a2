"""Signing: the checkpoints that are due, over a log that is what it was when it was signed before.

Owns: reading log and checkpoints, the producer of the checkpoints' topic.
Never: signs anything for a partition whose log contradicts an earlier signature.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.sealing import LogError, leaf_of
from ops.delivery import deliver, producer_for
from ops.proof.checkpoint import Checkpoint, Leaves, broken_by, due
from ops.proof.note import NoteError, Signer, Verifier, open_note
from ops.proof.receipt import Receipt, receipt_of
from ops.reading import TopicReader, read_log, read_topic, sealed
from schemas.access.kafka import Servers
from topics.catalog import CHECKPOINTS, EVENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass(frozen=True, slots=True)
class Signed:
    """A note of the topic, and what it says."""

    note: str
    checkpoint: Checkpoint


@dataclass(slots=True)
class Plan:
    """What is to be signed, and what forbids it."""

    fresh: list[Checkpoint] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return what will be done, in words."""
        return [
            f"sign the first {each.size} Decisions of {each.ledger_id}, partition {each.partition}"
            for each in self.fresh
        ]


def read_notes(
    address: Servers, trusted: Sequence[Verifier], differences: list[str]
) -> dict[int, list[Signed]]:
    """Return the checkpoints of each partition, in order.

    What nobody trusted has signed is told and left out: whoever can write to the topic could else
    stop all signing with one record.
    """
    found: defaultdict[int, list[Signed]] = defaultdict(list)
    for record in read_topic(address, CHECKPOINTS.name):
        note = (record.value or b"").decode(errors="replace")
        try:
            checkpoint = Checkpoint.parse(open_note(note, trusted))
        except NoteError as error:
            where = f"{record.topic}[{record.partition}] offset {record.offset}"
            differences.append(f"{where}: {error}")
        else:
            found[checkpoint.partition].append(Signed(note, checkpoint))
    return dict(found)


def read_leaves(
    address: Servers, differences: list[str], partitions: Collection[int] | None = None
) -> dict[int, Leaves | None]:
    """Return the leaves of each partition, or of some; None for a damaged one, which is told."""
    found: dict[int, Leaves | None] = {}
    with closing(TopicReader(address, EVENTS.name)) as reader:
        for number in sorted(range(reader.partitions) if partitions is None else partitions):
            leaves, damage = Leaves(number), list[LogError]()
            for placed in sealed(reader.read([number]), damage.append):
                leaves.add(placed)
            found[number] = None if damage else leaves
            differences += map(str, damage)
    return found


def plan_of(address: Servers, trusted: Sequence[Verifier], every: int) -> Plan:
    """Read everything and say what is due."""
    plan = Plan()
    notes = read_notes(address, trusted, plan.differences)
    leaves = read_leaves(address, plan.differences)
    for number in sorted({*notes, *leaves}):
        signed = [each.checkpoint for each in notes.get(number, ())]
        here = leaves.get(number, Leaves(number))
        if here is None:
            continue  # damaged, and that is told
        if broken := broken_by(signed, here):
            plan.differences += broken
            continue
        reached = len(here.leaves)
        plan.fresh += here.checkpoints(due(reached, (each.size for each in signed), every))
    return plan


def read_receipt(address: Servers, signed: Signed, sequence: int) -> Receipt:
    """Return the receipt of a Decision that a checkpoint covers. Raises `LogError`."""
    checkpoint = signed.checkpoint
    leaves: list[bytes] = []
    value: bytes | None = None
    for placed in read_log(address, [checkpoint.partition]):
        leaves.append(leaf_of(placed.value))
        if len(leaves) == sequence:
            value = placed.value
        if len(leaves) == checkpoint.size:
            break
    if value is None:
        raise LogError(f"log partition {checkpoint.partition} ends before sequence {sequence}")
    return receipt_of(signed.note, leaves, checkpoint.size, sequence, value)


def send(address: Servers, signer: Signer, checkpoints: Sequence[Checkpoint]) -> None:
    """Sign and write checkpoints, acknowledged. Raises `TopicRefusedError`."""
    records = [
        (str(each.partition).encode(), signer.sign(each.text()).encode(), each.partition)
        for each in checkpoints
    ]
    deliver(producer_for(address), CHECKPOINTS.name, records)
