"""Invariants: what must hold at every time, and whether it does now.

Owns: the list. Each is answered alone; one that cannot be asked is not known, and never well.
Never: reads everything; `ledgerctl verify all` does, of a ledger at rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ops.console import money_text
from ops.web.board import Board
from ops.web.keeper import Away
from ops.web.shown import Column, Content, Panel
from streams.reconciliation.external.exceptions.workflow import ENDED

YES: Final = "yes"
NO: Final = "NO"
UNKNOWN: Final = "not known"
Said = tuple[str, str]  # whether it holds, and what was found


def invariants(board: Board, about: str) -> Content:  # noqa: ARG001 - every panel's question
    """Return whether each holds."""
    return Content(
        [{"holds": holds, "invariant": name, "found": found} for name, holds, found in said(board)]
    )


def said(board: Board) -> list[tuple[str, str, str]]:
    """Return name, verdict and finding of each."""
    rows = []
    for name, check in CHECKS.items():
        try:
            holds, found = check(board)
        except Away as trouble:
            holds, found = UNKNOWN, str(trouble)
        rows.append((name, holds, found))
    return rows


def zero_sum(board: Board) -> Said:
    """Judge the trial balance of each partition, by currency."""
    sums = board.trial.known()
    wrong = [
        f"partition {number} {money_text(minor, currency)}"
        for (number, currency), minor in sorted(sums.items())
        if minor
    ]
    partitions, currencies = {key[0] for key in sums}, {key[1] for key in sums}
    good = f"{len(partitions)} partitions in {len(currencies)} currencies, in PostgreSQL"
    return (NO, ", ".join(wrong)) if wrong else (YES, good)


def sealed(board: Board) -> Said:
    """Judge what was read of the log."""
    seen = board.log.known()
    return (NO, seen.damage[-1]) if seen.damage else (YES, f"the last {len(seen.latest)} Decisions")


def no_break(board: Board) -> Said:
    """Judge the reconciliation's open cases."""
    cases = board.recon.known().found.cases.by_id.values()
    still = [each.case_id for each in cases if each.state not in ENDED]
    return (NO, f"{len(still)}, such as {still[0]}") if still else (YES, "no break is open")


def equal_cut(board: Board) -> Said:
    """Judge the newest cut that was proved."""
    proved = [each for each in board.recon.known().found.cuts.values() if each.proved is not None]
    if not proved:
        return UNKNOWN, "no cut was proved yet; `ledgerctl recon cut` takes one"
    newest = max(proved, key=lambda each: each.k)
    assert newest.proved is not None, "chosen so"
    return (YES if newest.proved.equal else NO), f"cut {newest.k} ({newest.label})"


def not_ahead(board: Board) -> Said:
    """Judge the stores' positions by a look at the log that was begun after they were told."""
    positions = {name: keeper.told() for name, keeper in board.positions.items()}
    told_last = max((told.answered for told in positions.values()), default=0.0)
    log = board.log.told(since=told_last)
    sequences = log.known().sequences
    if log.asked < told_last:
        return UNKNOWN, "the log has not been looked at since the stores were"
    silent = [told.trouble for told in positions.values() if told.value is None]
    ahead = [
        f"{name} in partition {number} by {position.sequence - sequences.get(number, 0)}"
        for name, told in positions.items()
        for number, position in (told.value or {}).items()
        if position.sequence > sequences.get(number, 0)
    ]
    if ahead:
        return NO, ", ".join(ahead)
    return (UNKNOWN, "; ".join(silent)) if silent else (YES, f"{len(positions)} stores")


def running(board: Board) -> Said:
    """Judge what workers say."""
    rows = board.workers.known()
    halted = [f"{row['job']} {row['partition']}" for row in rows if row["state"] == "halted"]
    if halted:
        return NO, f"halted: {', '.join(halted)}"
    living = sum(row["state"] == "running" for row in rows)
    return (YES, f"{living} run") if living else (UNKNOWN, "no worker of this machine speaks")


CHECKS: Final[dict[str, Callable[[Board], Said]]] = {
    "Every partition's balances sum to zero": zero_sum,
    "The end of the log is readable and sealed": sealed,
    "The reconciliation has no open break": no_break,
    "All partitions were equal at the newest cut": equal_cut,
    "No store is ahead of the log": not_ahead,
    "No partition is halted": running,
}
INVARIANTS: Final = Panel(
    "invariants",
    "What must hold at every time",
    (Column("holds", "mark"), Column("invariant"), Column("found")),
    invariants,
    "There is nothing to hold.",
)
