"""`ledgerctl dlq list`, and the group that `acting_command.py` adds to.

Owns: options and output.
Never: changes a topic.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

import click

from ops.console import json_option, show_json, show_rows, time_text
from ops.dlq.acting_command import discard, requeue, show
from ops.dlq.plan import acted_on
from ops.operations import recorded
from ops.reading import Record, read_topic
from ops.settings import read_settings
from schemas.codec import decode
from schemas.messages.results import DeadLetter
from topics.catalog import DEAD_LETTERS

SHOWN_BYTES = 24


@click.group()
def dlq() -> None:
    """List dead letters, and send one again."""


@dlq.command(name="list")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@json_option
def list_(limit: int, *, as_json: bool) -> None:
    """List the latest dead letters of each reason, with where their bytes came from.

    The owner of a partition may send the letters of its last group twice: repeats of the same
    coordinates are told once. `done` says what somebody did about one, as recorded here.
    """
    settings = read_settings()
    done = acted_on(recorded(settings.state_dir))
    letters: dict[tuple[str, int, int], dict[str, Any]] = {}
    for record in read_topic(settings.broker(), DEAD_LETTERS.name):
        letter = decode(DeadLetter, record.value or b"")
        letters[letter.topic, letter.partition, letter.offset] = _row(record, letter, done)
    latest = deque(sorted(letters.values(), key=lambda row: str(row["appended"])), maxlen=limit)
    if as_json:
        show_json(list(latest))
        return
    show_rows(list(latest), as_json=False, empty="there are no dead letters")
    counts = Counter(row["reason"] for row in letters.values())
    for reason, count in counts.most_common():
        click.echo(f"{count:>7,} {reason}")


def _row(record: Record, letter: DeadLetter, done: Mapping[str, str]) -> dict[str, Any]:
    kept, name = letter.value, f"{record.partition}/{record.offset}"
    return {
        "reason": letter.reason.name,
        "source": f"{letter.topic}[{letter.partition}] offset {letter.offset}",
        "appended": time_text(letter.append_time),
        "key": repr(letter.key)[:SHOWN_BYTES] if letter.key is not None else "none",
        "bytes": letter.length,
        "begins": "not kept" if kept is None else kept[:SHOWN_BYTES].hex(),
        "detail": letter.detail,
        "decision": f"{letter.partition}/{letter.sequence}",
        "letter": name,
        "done": done.get(name, ""),
    }


for _command in (show, requeue, discard):
    dlq.add_command(_command)
