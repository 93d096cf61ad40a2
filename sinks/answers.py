"""What the stores answer: the values that every `reads` module gives back.

Owns: their names and types; amounts are minor units, debit positive; times are microseconds.
Never: asks a store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Balance:
    """One account after the Decision that touched it last; `sequence` is its owner's own."""

    partition: int
    account: str
    owner: str
    currency: str
    minor: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Wallet:
    """A wallet's standing."""

    wallet_id: str
    partition: int
    kind: str
    tier: str
    status: str
    debit_blocked: bool
    credit_blocked: bool
    opened_at: int


@dataclass(frozen=True, slots=True)
class Line:
    """One posting."""

    account: str
    owner: str
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry with all of its postings."""

    partition: int
    sequence: int
    entry: int
    flow: str
    decided_at: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one input: one row per Decision. `reason` may be empty."""

    partition: int
    sequence: int
    decided_at: int
    source: str  # COMMANDS, LEGS, CONTROL or the kind of a timer
    source_offset: int  # -1 for a timer
    wallet_id: str
    command_id: str
    outcome: str
    reason: str
    detail: str
    stage: str
    duplicate_of: int  # 0 when it is none


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold: authorized = captured + released + what remains."""

    wallet_id: str
    hold_id: str
    to_wallet_id: str
    currency: str
    authorized: int
    captured: int
    released: int
    status: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A hold that still reserves something, and since when."""

    wallet_id: str
    hold_id: str
    to_wallet_id: str
    currency: str
    remaining: int
    placed_at: int
    expires_at: int  # the journal's word for never, where it does not
    bucket: str  # its age in words: under 1 day
    overdue: bool


class Transaction(NamedTuple):
    """A transaction as it stands, and when it began and last changed; what digests are made of.

    Amounts are minor units. `due` is 0 without a timer, negative while the timer sleeps.
    """

    partition: int
    wallet_id: str
    transaction_id: str
    kind: str
    state: str
    currency: str
    amount: int
    fee: int
    done: int
    refunded: int
    fee_refunded: int
    reserve: int
    disputed: int
    other_currency: str
    other_amount: int
    maker: str
    counterparty: str
    rail: str
    reference: str
    due: int
    opened_sequence: int
    opened_at: int
    changed_sequence: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class TransactionStep:
    """One step of a transaction; `step` is its place among the events of its Decision."""

    partition: int
    sequence: int
    step: int
    wallet_id: str
    transaction_id: str
    kind: str
    before: str
    state: str
    reason: str
    actor: str
    decided_at: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One Decision as one wallet saw it. `postings` and `balances` are that wallet's own."""

    wallet_id: str
    month: int  # 202611
    sequence: int
    partition: int
    decided_at: int
    command_id: str
    outcome: str
    reason: str
    detail: str
    stage: str
    flow: str
    counterparty: str
    what: str  # what else changed: WITHDRAWAL PROCESSING, TIER FULL; may be empty
    postings: tuple[tuple[str, str, int], ...]  # account, currency, amount
    balances: tuple[tuple[str, str, int], ...]  # account, currency, balance after
