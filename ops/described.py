"""Described: a Decision and its parts in a few words.

Owns: how inputs, outcomes, events and postings read in tables.
Never: reads anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ops.console import money_text, time_text
from ops.reading import Placed
from schemas.codec import CodecError, decode_any
from schemas.messages.commands import WalletCommand
from schemas.messages.control import Control
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.journal import JournalEntry, WouldBe
from schemas.messages.legs import Leg
from sinks.answers import Transaction


def row_of(placed: Placed) -> dict[str, Any]:
    """Return one Decision as a row."""
    decision = placed.decision
    return {
        "partition": decision.partition,
        "sequence": decision.sequence,
        "decided": time_text(decision.decided_at),
        "wallet": decision.wallet_id,
        "input": input_text(decision),
        "outcome": outcome_text(decision),
        "entries": "; ".join(entry_text(entry) for entry in decision.entries),
        "command": decision.command_id,
    }


def transaction_row_of(transaction: Transaction) -> dict[str, Any]:
    """Return a transaction as a row."""
    return {
        "changed": time_text(transaction.changed_at),
        "transaction": transaction.transaction_id,
        "kind": transaction.kind,
        "state": transaction.state,
        "amount": money_text(transaction.amount, transaction.currency),
        "fee": money_text(transaction.fee, transaction.currency),
        "other side": transaction.counterparty,
        "rail": transaction.rail,
        "reference": transaction.reference,
    }


def document_of(placed: Placed) -> dict[str, Any]:
    """Return one Decision as a document with its events and postings."""
    decision = placed.decision
    return {
        "partition": decision.partition,
        "offset": placed.offset,
        "sequence": decision.sequence,
        "decided_at_us": decision.decided_at,
        "append_time_us": placed.append_time_us,
        "wallet_id": decision.wallet_id,
        "command_id": decision.command_id,
        "input": input_text(decision),
        "source": source_text(decision),
        "outcome": decision.outcome.name,
        "reason": decision.reason.name if decision.reason else None,
        "detail": decision.detail,
        "stage": decision.stage.name,
        "duplicate_of": decision.duplicate_of,
        "dry_run": None if decision.dry_run is None else would_be_document(decision.dry_run),
        "events": [type(event).__name__ for event in decision.events],
        "entries": entry_documents(decision.entries),
        "sealed_here": decision.seal is not None,
    }


def would_be_document(would_be: WouldBe) -> dict[str, Any]:
    """Return what a dry run would have done as a document."""
    return {"stage": would_be.stage.name, "entries": entry_documents(would_be.entries)}


def entry_documents(entries: Iterable[JournalEntry]) -> list[dict[str, Any]]:
    """Return journal entries as documents."""
    return [
        {
            "flow": entry.flow,
            "postings": [
                {
                    "account": posting.account,
                    "owner": posting.owner,
                    "currency": posting.currency,
                    "amount_minor": posting.amount,
                }
                for posting in entry.postings
            ],
        }
        for entry in entries
    ]


def input_text(decision: Decision) -> str:
    """Return what was asked: the kind of command, leg, control record or timer."""
    source = decision.source
    if not isinstance(source, InputSource):
        return f"timer {source.kind.name}"
    try:
        message = decode_any(decision.input)
    except CodecError:
        return f"{decision.input_length} bytes"
    if isinstance(message, Leg):
        return f"leg {message.kind.name} {money_text(message.amount, message.currency)}"
    if isinstance(message, WalletCommand | Control):
        return command_text(message.body)
    return type(message).__name__


def command_text(body: object) -> str:
    """Return the kind of a command and its amount."""
    amount, currency = getattr(body, "amount", None), getattr(body, "currency", "minor units")
    name = type(body).__name__
    return name if amount is None else f"{name} {money_text(amount, currency)}"


def source_text(decision: Decision) -> str:
    """Return which record or timer a Decision answers."""
    source = decision.source
    if isinstance(source, InputSource):
        return f"{source.topic.name.lower()}[{decision.partition}] offset {source.offset}"
    return f"timer {source.kind.name} due {time_text(source.due)}"


def outcome_text(decision: Decision) -> str:
    """Return outcome, reason and stage."""
    words = [decision.outcome.name]
    if decision.dry_run is not None:
        words.insert(0, "dry run:")
    if decision.reason is not None:
        words.append(decision.reason.name)
    if decision.detail:
        words.append(f"({decision.detail})")
    if decision.stage.name != "FINAL":
        words.append(decision.stage.name)
    return " ".join(words)


def entry_text(entry: JournalEntry) -> str:
    """Return a journal entry: its flow and postings, debit positive."""
    lines = ", ".join(
        f"{posting.account}{f':{posting.owner}' if posting.owner else ''} "
        f"{money_text(posting.amount, posting.currency)}"
        for posting in entry.postings
    )
    return f"{entry.flow} {lines}"
