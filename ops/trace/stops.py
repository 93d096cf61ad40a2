"""Stops: what one record says about a command, as a line of its journey.

Owns: which records belong to a command, and how each is told.
Never: reads a topic or a store.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from eyes.trace import HEADER, read
from ops.console import money_text
from ops.described import command_text, entry_text, outcome_text, source_text
from ops.reading import Placed, Record
from schemas.codec import CodecError, decode
from schemas.messages.commands import WalletCommand
from schemas.messages.decisions import Decision
from schemas.messages.events import LegSent
from schemas.messages.legs import Leg
from schemas.messages.results import DeadLetter, Result
from sinks.answers import Answer, Balance, Entry, HistoryLine

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: what it is, where it lies, when it was there (microseconds, 0 = unknown).

    `trace` is the id of the trace that its record says it is part of, if any.
    """

    stop: str
    where: str
    at_us: int
    what: str
    trace: str = ""


def command_stop(record: Record, command_id: str) -> tuple[Stop, WalletCommand] | None:
    """Return the stop of a command record, when it is this command's."""
    command = _decoded(WalletCommand, record, command_id)
    if command is None or command.command_id != command_id:
        return None
    what = f"{command_text(command.body)} for {command.wallet_id}"
    return _stop("command", record, what), command


def concerns(decision: Decision, command_id: str) -> bool:
    """Say whether a Decision answers a command, or a leg or timer of the movement it began."""
    if decision.command_id == command_id:
        return True
    names = ("transfer_id", "hold_id", "review_id")
    return any(
        getattr(event, name, None) == command_id for event in decision.events for name in names
    )


def decision_stops(placed: Placed) -> Iterator[Stop]:
    """Yield a Decision, its journal entries and the partitions it sends legs to."""
    decision = placed.decision
    where = f"log[{decision.partition}] sequence {decision.sequence} offset {placed.offset}"
    events = ", ".join(type(event).__name__ for event in decision.events)
    told = f"{outcome_text(decision)} of {source_text(decision)}"
    sealed = " (sealed here)" if decision.seal is not None else ""
    yield Stop(
        "decision", where, decision.decided_at, f"{told}{f': {events}' if events else ''}{sealed}"
    )
    for entry in decision.entries:
        yield Stop("entry", where, decision.decided_at, entry_text(entry))


def destinations(decision: Decision) -> set[int]:
    """Return the partitions a Decision sends legs to."""
    return {event.leg.dst_partition for event in decision.events if isinstance(event, LegSent)}


def leg_stop(record: Record, command_id: str) -> Stop | None:
    """Return the stop of a leg, when it belongs to the command's movement."""
    leg = _decoded(Leg, record, command_id)
    if leg is None or leg.transfer_id != command_id:
        return None
    reason = f" {leg.reason.name}" if leg.reason else ""
    way = f"{leg.src_partition} -> {leg.dst_partition} number {leg.pair_seq}"
    what = f"{leg.kind.name}{reason} {money_text(leg.amount, leg.currency)}, {way}"
    return _stop("leg", record, what)


def result_stop(record: Record, command_id: str) -> Stop | None:
    """Return the stop of a result, when it answers the command."""
    result = _decoded(Result, record, command_id)
    if result is None or result.command_id != command_id:
        return None
    dry = "dry run:" if result.dry_run is not None else ""
    reason = result.reason.name if result.reason else ""
    words = [dry, result.outcome.name, reason, result.detail]
    told = " ".join(word for word in words if word)
    return _stop("result", record, f"{told}, {result.stage.name}")


def dead_letter_stop(record: Record, command_id: str) -> Stop | None:
    """Return the stop of a dead letter whose bytes hold the command's id."""
    letter = _decoded(DeadLetter, record, command_id)
    if letter is None:
        return None
    source = f"{letter.topic}[{letter.partition}] offset {letter.offset}"
    what = f"{letter.reason.name} from {source}: {letter.detail}"
    return _stop("dead letter", record, what)


def store_stops(store: str, found: Iterator[object]) -> Iterator[Stop]:
    """Yield what a store holds about the command and its wallet."""
    for row in found:
        if isinstance(row, Answer):
            where = f"outcome {row.partition}/{row.sequence}"
            what = " ".join(word for word in (row.outcome, row.reason, row.stage) if word)
            yield Stop(store, where, row.decided_at, what)
        elif isinstance(row, Entry):
            lines = ", ".join(
                f"{line.account}:{line.owner} {money_text(line.amount, line.currency)}"
                for line in row.lines
            )
            where = f"journal entry {row.partition}/{row.sequence}/{row.entry}"
            yield Stop(store, where, row.decided_at, f"{row.flow} {lines}")
        elif isinstance(row, HistoryLine):
            where = f"history {row.wallet_id}/{row.month}/{row.sequence}"
            yield Stop(
                store,
                where,
                row.decided_at,
                " ".join(word for word in (row.outcome, row.flow, row.what) if word),
            )
        elif isinstance(row, Balance):
            amount = money_text(-row.minor, row.currency)
            where = f"balance {row.owner} {row.account}"
            yield Stop(store, where, 0, f"{amount} at wallet sequence {row.sequence}")


def _decoded(kind: type[M], record: Record, command_id: str) -> M | None:
    if record.value is None or command_id.encode() not in record.value:
        return None
    try:
        return decode(kind, record.value)
    except CodecError:
        return None


def _stop(kind: str, record: Record, what: str) -> Stop:
    where = f"{record.topic}[{record.partition}] offset {record.offset}"
    trace = read(record.headers.get(HEADER))
    return Stop(kind, where, record.append_time_us, what, "" if trace is None else trace.trace_id)
