"""Runs: what a run over everything needs, read from the log and from what was taken in.

Owns: reading until an instant: of a Decision its own time, of a file the broker's.
Never: judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from ops.reading import TopicReader, read_log
from ops.recon.report.content import Days
from schemas.access.kafka import Servers
from schemas.codec import decode
from schemas.messages.external import StatementPart
from streams.reconciliation.external.expecting import Expecting, RailBook
from streams.reconciliation.external.parts import statements_of
from streams.reconciliation.external.run import Run, run_of
from streams.wallet.genesis import genesis_policy
from topics.catalog import EXTERNAL_STATEMENTS


def read_parts(address: Servers, until_us: int) -> list[StatementPart]:
    """Return everything that was taken in before an instant."""
    with closing(TopicReader(address, EXTERNAL_STATEMENTS.name)) as reader:
        return [
            decode(StatementPart, record.value or b"")
            for record in reader.read()
            if record.append_time_us < until_us
        ]


def read_run(address: Servers, days: Days, book: RailBook, parts: Sequence[StatementPart]) -> Run:
    """Fold the log into what is expected, and match it with what was taken in."""
    expecting = Expecting(book, genesis_policy().zone)
    for placed in read_log(address):
        if placed.decision.decided_at < days.end_us:
            expecting.take(placed.decision)
    return run_of(expecting.expectations(), statements_of(parts), book, days.last)
