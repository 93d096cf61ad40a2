"""`ledgerctl dlq list`, and the group that `acting_command.py` adds to.

Owns: options and output.
Never: changes a topic.
"""

from __future__ import annotations

from collections import Counter

import click

from ops.console import json_option, show_json, show_rows
from ops.dlq.acting_command import discard, requeue, show
from ops.dlq.letters import letter_rows
from ops.dlq.plan import acted_on
from ops.operations import recorded
from ops.reading import read_topic
from ops.settings import read_settings
from topics.catalog import DEAD_LETTERS


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
    letters = letter_rows(read_topic(settings.broker(), DEAD_LETTERS.name), done)
    latest = letters[-limit:]
    if as_json:
        show_json(latest)
        return
    show_rows(latest, as_json=False, empty="there are no dead letters")
    counts = Counter(row["reason"] for row in letters)
    for reason, count in counts.most_common():
        click.echo(f"{count:>7,} {reason}")


for _command in (show, requeue, discard):
    dlq.add_command(_command)
