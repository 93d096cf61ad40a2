"""Models: what this door answers; amounts as decimal text and as minor units.

Owns: the JSON of commands, wallets, balances, holds, transactions, entries, history, sessions.
Never: reads anything. What is owed to a wallet is positive here, as its owner sees it.
"""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from schemas.values import CURRENCIES, Money

State = Literal["DELIVERED", "PENDING", "ACCEPTED", "REJECTED"]
T = TypeVar("T")


def decimal(minor: int, currency: str) -> str:
    """Return minor units as decimal text; a unit nobody knows any more stays as it is."""
    known = CURRENCIES.get(currency)
    return str(minor) if known is None else Money(minor, known).format()


def state_of(reason: str | None, stage: str) -> State:
    """Return how a decided command stands, by its Decision's reason and stage."""
    if reason:
        return "REJECTED"
    return "PENDING" if stage == "PENDING" else "ACCEPTED"


class Answer(BaseModel):
    """What all answers are: complete, and of these fields only; made of a store's row by name."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class CommandState(Answer):
    """A command: DELIVERED is in the log, PENDING is decided in part, the others are final."""

    wallet_id: str
    command_id: str
    state: State
    reason: str | None = None
    detail: str = ""
    partition: int
    sequence: int | None = None
    decided_at: int | None = None
    would_be: list[BalanceView] | None = None


class BalanceView(Answer):
    """One account of a wallet."""

    account: str
    currency: str
    amount: str
    minor: int
    sequence: int

    @classmethod
    def of(cls, account: str, currency: str, minor: int, sequence: int) -> BalanceView:
        """Return what the books hold as credit, as its owner sees it."""
        return cls(
            account=account,
            currency=currency,
            amount=decimal(-minor, currency),
            minor=-minor,
            sequence=sequence,
        )


class WalletView(Answer):
    """A wallet's standing."""

    wallet_id: str
    partition: int
    kind: str
    tier: str
    status: str
    debit_blocked: bool
    credit_blocked: bool
    opened_at: int


class HoldView(Answer):
    """A hold: authorized = captured + released + what remains; minor units."""

    hold_id: str
    to_wallet_id: str
    currency: str
    authorized: int
    captured: int
    released: int
    status: str
    expires_at: int


class TransactionView(Answer):
    """A transaction as it stands; minor units."""

    transaction_id: str
    kind: str
    state: str
    currency: str
    amount: int
    fee: int
    done: int
    refunded: int
    counterparty: str
    rail: str
    reference: str
    opened_at: int
    changed_sequence: int
    changed_at: int


class StepView(Answer):
    """One step of a transaction's life."""

    sequence: int
    before: str
    state: str
    reason: str
    actor: str
    decided_at: int


class PostingView(Answer):
    """One line of a journal entry; debit positive, as the books have it."""

    account: str
    owner: str
    currency: str
    minor: int


class EntryView(Answer):
    """A journal entry: its lines are zero in sum."""

    partition: int
    sequence: int
    entry: int
    flow: str
    decided_at: int
    postings: list[PostingView]


class HistoryView(Answer):
    """One Decision about a wallet; flow and postings are absent when the history is away."""

    sequence: int
    decided_at: int
    command_id: str
    outcome: str
    reason: str
    detail: str
    stage: str
    flow: str | None = None
    counterparty: str | None = None


class Page(Answer, Generic[T]):
    """Items, the newest first; `next_before` is what to ask for next, null at the end."""

    items: list[T]
    next_before: int | None = None


class SessionView(Answer):
    """A session: what to send after `Authorization: Bearer`, and when it ends."""

    session: str
    idle_s: int
    ends_at: int


class ProblemView(BaseModel):
    """A refusal, as RFC 9457 has it; further members say more."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str


CommandState.model_rebuild()
