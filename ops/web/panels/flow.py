"""Flow: for each partition its speed, what waits for it, and how far each store is behind.

Owns: its columns and rows.
Never: knows what lag is; `ops.lag.plan` does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from ops.lag.plan import waiting_rows
from ops.web.board import Board
from ops.web.followed import Seen
from ops.web.keeper import Away
from ops.web.shown import Column, Content, Panel

JOB: Final = "wallet"
STORES: Final = ("postgres", "cassandra", "redis")
UNKNOWN: Final = "?"


def flow(board: Board, about: str) -> Content:  # noqa: ARG001 - every panel's question
    """Return a row for each partition."""
    seen = board.log.known()
    rates, lags = board.ring.rates(), board.lags(seen)
    notes = [each for each in lags.values() if isinstance(each, str)]
    waiting = _waiting(board, seen, notes)
    owners = _owners(board, notes)
    rows: list[dict[str, Any]] = []
    for number in range(seen.partitions):
        worker, state = owners.get(number, ("", "no worker seen"))
        row: dict[str, Any] = {
            "partition": number,
            "decisions": seen.sequences.get(number, 0),
            "per second": rates.get(number),
            "waiting": None if waiting is None else waiting.get(number, 0),
        }
        for store in STORES:
            row[store] = _of(lags.get(store, ""), number)
        rows.append({**row, "worker": worker, "state": state})
    return Content(rows, ". ".join(notes))


def _of(lag: Mapping[int, int] | str, number: int) -> int | str | None:
    if isinstance(lag, str):
        return "away" if lag else None
    return lag[number]


def _waiting(board: Board, seen: Seen, notes: list[str]) -> Mapping[int, int] | None:
    """Return how many records wait for each partition's writer, at most."""
    try:
        ends = board.inputs.known()
    except Away as trouble:
        notes.append(str(trouble))
        return None
    found: Counter[int] = Counter()
    for row in waiting_rows(seen.heads, ends):
        found[row["partition"]] += row["waiting at most"]
    return found


def _owners(board: Board, notes: list[str]) -> dict[int, tuple[str, str]]:
    """Return who runs each partition of the wallet job: a living owner before one that is gone."""
    try:
        told = board.workers.known()
    except Away as trouble:
        notes.append(str(trouble))
        return {}
    mine = [row for row in told if row["job"] == JOB]
    mine.sort(key=lambda row: row["state"] != "gone")
    return {row["partition"]: (row["worker"], row["state"]) for row in mine}


FLOW: Final = Panel(
    "flow",
    "Partitions",
    (
        Column("partition", "number"),
        Column("decisions", "number"),
        Column("per second", "number"),
        Column("waiting", "number", "waits, at most"),
        *(Column(store, "number", f"{store} behind") for store in STORES),
        Column("worker"),
        Column("state", "mark"),
    ),
    flow,
    "There is no partition.",
    form="dense",
)
