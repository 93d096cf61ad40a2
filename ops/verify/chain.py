"""Chain: one pass over the log for its seals, sequences and hashes alone.

Owns: that pass, which decodes of a Decision no more than a fold needs.
Never: adds anything up: whether entries and balances hold is for `check.py` to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ledger.sealing import CHAIN_HEADER, LogError, SealReader
from ops.reading import Record, damage_of
from ops.verify.check import Verdict
from schemas.codec import CodecError, decode_partly
from schemas.messages.decisions import Decision


def verify_chain(records: Iterator[Record]) -> Verdict:
    """Check records in log order; a damaged partition is left where it is damaged."""
    readers: dict[int, SealReader] = {}
    damage: dict[int, LogError] = {}
    for record in records:
        number = record.partition
        if number in damage:
            continue
        reader = readers.get(number)
        if reader is None:
            reader = readers[number] = SealReader(number, partial(decode_partly, Decision))
        try:
            reader.take(record.offset, record.value or b"", record.headers.get(CHAIN_HEADER))
        except (LogError, CodecError) as error:
            damage[number] = damage_of(error, record, reader.sequence + reader.unsealed + 1)
    verdict = Verdict(damage=[str(each) for each in damage.values()])
    for number, reader in readers.items():
        if reader.sequence:
            verdict.decisions[number] = verdict.last_sequence[number] = reader.sequence
    return verdict
