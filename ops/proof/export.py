"""Export: a ledger as files that anybody can check without us (`verifier/verify_ledger.py`).

Owns: the form of those files.
Never: leaves anything out: void records are part of the log.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from ledger.sealing import CHAIN_HEADER
from ops.proof.encoding import b64
from schemas.lock import read_lock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import TextIO

    from ops.reading import Record

DECISION = "ledger.decisions.Decision"


def export(folder: Path, records: Iterable[Record], notes: Iterable[str]) -> dict[int, int]:
    """Write records and checkpoints; return how many records each partition has."""
    folder.mkdir(parents=True, exist_ok=True)
    versions = {each.schema_id: each.schema for each in read_lock()[DECISION]}
    (folder / "schemas.json").write_text(json.dumps(versions), encoding="utf-8")
    lines = "".join(f"{json.dumps(note)}\n" for note in notes)
    (folder / "checkpoints.jsonl").write_text(lines, encoding="utf-8")
    counts: Counter[int] = Counter()
    files: dict[int, TextIO] = {}
    try:
        for record in records:
            number = record.partition
            if number not in files:
                files[number] = (folder / f"log-{number}.jsonl").open("w", encoding="utf-8")
            files[number].write(json.dumps(_line(record)) + "\n")
            counts[number] += 1
    finally:
        for file in files.values():
            file.close()
    return dict(sorted(counts.items()))


def _line(record: Record) -> dict[str, object]:
    return {
        "offset": record.offset,
        "value": b64(record.value or b""),
        "chain": b64(record.headers.get(CHAIN_HEADER, b"")),
    }
