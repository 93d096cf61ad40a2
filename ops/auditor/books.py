"""The books of one partition: what the auditor knows, in dictionaries and lists.

Owns: every fact that later predictions need, the balances, and the effects of the Decision at hand.
Never: has a rule; refuses only what no bookkeeping allows (`Broken`).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, final

from ops.auditor.answer import AccountKey, Answer, Assessed, Broken, Foreseen
from ops.auditor.history import Paid, Received
from ops.auditor.kept import CardTopUp, Schedule, Standing, Suspended, Told, Traded
from ops.auditor.rulesets import Rulesets
from schemas.messages.commands import Origin, SetMerchantTerms
from schemas.messages.control import SetRates
from schemas.messages.legs import Leg
from schemas.messages.policy import Policy, Ruleset
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    InboxState,
    OutflowFamily,
    Purpose,
    RejectionReason,
    Tier,
    TransactionKind,
    TransactionState,
    WalletKind,
)

INT64_MAX: Final = 2**63 - 1
WALLET_ACCOUNTS: Final = frozenset(
    (
        *("W.AVL", "W.RSV", "W.PIN", "W.POUT", "W.LIEN", "M.PEND", "M.PAY", "M.OUT", "M.RSV"),
        *("PTS.MEMBER", *(f"W.POT.{number}" for number in range(1, 9))),
    )
)
NEVER_DEBIT: Final = WALLET_ACCOUNTS | {"ESC", "CLAIM", "DSP"}

ThingKey = tuple[str, str]  # wallet id, id of a hold, review or transfer
TimerKey = tuple[int, int, str, str]  # due, kind, wallet id, thing
Used = tuple[str, str, int, int, int, bool]  # what, wallet, base minor units, day, month, mark
Line = tuple[str, str, int]  # account, owner, amount: debit positive


@dataclass(slots=True)
class Attempt:
    """One attempt to pay or to reserve; a refused one has no amount and no count."""

    at: int
    amount: int
    count: int


@dataclass(slots=True)
class Wallet:
    """A wallet. Sums are base minor units by day and month number."""

    tier: Tier
    currencies: tuple[str, ...]
    opened_at: int = 0
    tier_changed_at: int = 0
    sequence: int = 0
    closed: bool = False
    debit_blocked: bool = False
    credit_blocked: bool = False
    open_holds: set[str] = field(default_factory=set)
    attempts: list[Attempt] = field(default_factory=list)
    paid: list[Paid] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    payees: set[str] = field(default_factory=set)
    first_payments: list[int] = field(default_factory=list)
    out_by_day: dict[int, int] = field(default_factory=dict)
    out_by_week: dict[int, int] = field(default_factory=dict)  # by the Monday after it
    out_by_month: dict[int, int] = field(default_factory=dict)
    withdrawn_by_day: dict[int, int] = field(default_factory=dict)
    count_by_day: dict[int, int] = field(default_factory=dict)
    in_by_day: dict[int, int] = field(default_factory=dict)
    in_count_by_day: dict[int, int] = field(default_factory=dict)
    in_by_month: dict[int, int] = field(default_factory=dict)
    kind: WalletKind = WalletKind.CUSTOMER
    credit: dict[str, int] = field(default_factory=dict)  # limits by currency
    standing: Standing = field(default_factory=Standing)
    told: dict[str, Told] = field(default_factory=dict)  # flags, the latest last
    traded: Traded = field(default_factory=Traded)


@dataclass(slots=True)
class Consumed:
    """What a movement took of the payer's limits, to be given back should it fail."""

    attempt: Attempt
    day: int
    month: int
    base: int
    family: OutflowFamily = OutflowFamily.PAYMENT


@dataclass(slots=True)
class Hold:
    """Reserved money."""

    to_wallet_id: str
    currency: str
    authorized: int
    due: int
    consumed: Consumed
    captured: int = 0
    released: int = 0
    is_open: bool = True
    added: list[tuple[int, Consumed]] = field(default_factory=list)
    was_captured: bool = False

    @property
    def remaining(self) -> int:
        """Return what is still reserved."""
        return self.authorized - self.captured - self.released


@dataclass(slots=True)
class Review:
    """A transfer that waits for a reviewer."""

    to_wallet_id: str
    currency: str
    amount: int
    fee: int
    due: int
    consumed: Consumed


@dataclass(slots=True)
class Saga:
    """A transfer to another partition without its final answer."""

    purpose: Purpose
    to_wallet_id: str
    to_partition: int
    currency: str
    amount: int
    fee: int
    credit_seq: int
    due: int
    consumed: Consumed
    hold_id: str | None
    questions: int = 0
    about: str = ""


@dataclass(slots=True)
class Transaction:
    """A transaction as it stands; amounts are minor units."""

    kind: TransactionKind
    state: TransactionState
    currency: str
    amount: int
    fee: int = 0
    done: int = 0
    refunded: int = 0
    fee_refunded: int = 0
    reserve: int = 0
    counterparty: str = ""
    rail: str = ""
    due: int = 0
    maker: str = ""
    reference: str = ""
    consumed: Consumed | None = None
    pending: int = 0
    disputed: int = 0
    day: int = 0
    answered: list[int] | None = None  # evidence: its deadline, then when each came
    reserve_due: int = 0
    about: str = ""


@dataclass(slots=True)
class Adjustment:
    """What an adjustment is, beside its transaction."""

    account: str
    direction: AdjustmentDirection
    corrects: str | None
    checkers: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Taken:
    """A leg in the inbox."""

    digest: bytes
    state: InboxState
    reason: RejectionReason | None


@dataclass(slots=True)
class Answered:
    """What the first Decision of a command id said."""

    content: bytes
    answer: Answer
    sequence: int
    at: int


@final
class Books:
    """Everything of one partition; from `posted` on, of the Decision at hand."""

    def __init__(  # noqa: PLR0915 - one record of facts
        self, partition: int, partition_of: Callable[[str], int], policy: Policy, ruleset: Ruleset
    ) -> None:
        self.partition: Final = partition
        self.partition_of: Final = partition_of
        self.policy = policy
        self.rulesets: Final = Rulesets(ruleset)
        self.sequence = self.at = self.last_cut = 0
        self.origin = Origin()  # of the command at hand
        self.wallets: Final[dict[str, Wallet]] = {}
        self.balances: Final[dict[AccountKey, int]] = {}
        self.holds: Final[dict[ThingKey, Hold]] = {}
        self.reviews: Final[dict[ThingKey, Review]] = {}
        self.sagas: Final[dict[ThingKey, Saga]] = {}
        self.transactions: Final[dict[ThingKey, Transaction]] = {}
        self.receipts: Final[dict[str, ThingKey]] = {}
        self.adjustments: Final[dict[ThingKey, Adjustment]] = {}
        self.suspended: Final[dict[tuple[str, str, int], Suspended]] = {}
        self.liens: Final[dict[ThingKey, int]] = {}  # of refunds, by currency
        self.interest: Final[dict[ThingKey, int]] = {}
        self.schedules: Final[dict[ThingKey, Schedule]] = {}
        self.rates: SetRates | None = None
        self.terms: Final[dict[str, SetMerchantTerms]] = {}
        self.timers: Final[list[TimerKey]] = []
        self.answered: Final[dict[ThingKey, Answered]] = {}
        self.references: Final[set[tuple[str, str]]] = set()
        self.card_top_ups: Final[dict[str, CardTopUp]] = {}  # by reference
        self.controls: Final[dict[str, int]] = {}
        self.inbox: Final[dict[tuple[int, int], Taken]] = {}
        self.highest_in: Final[dict[int, int]] = {}
        self.kept_from: Final[dict[int, int]] = {}
        self.next_out: Final[dict[int, int]] = {}
        self.open_credits: Final[dict[int, set[int]]] = {}
        self.posted: dict[AccountKey, int] = {}
        self.legs: list[Leg] = []
        self.touched: set[str] = set()
        self.limits: list[Used] = []
        self.risk: Assessed | None = None
        self.foreseen: Foreseen | None = None  # of a dry run: stage, postings, balances

    def begin(self, at: int) -> None:
        """Begin the next Decision."""
        self.sequence += 1
        self.at = at
        self.posted, self.legs, self.touched = {}, [], set()
        self.limits, self.risk, self.foreseen = [], None, None
        self.rulesets.choose("")

    def end(self) -> None:
        """Every wallet that the Decision was about counts it once."""
        for wallet_id in self.touched:
            self.wallets[wallet_id].sequence += 1

    def balance(self, account: str, owner: str, currency: str) -> int:
        """Return a balance, debit positive."""
        return self.balances.get((account, owner, currency), 0)

    def room(self, account: str, owner: str, currency: str, amount: int) -> bool:
        """Tell whether an amount still fits the account's 64 bits."""
        return -INT64_MAX - 1 <= self.balance(account, owner, currency) + amount <= INT64_MAX

    def post(self, currency: str, *lines: Line) -> None:
        """Post one journal entry; lines of zero do not exist."""
        if sum(amount for _, _, amount in lines) != 0:
            raise Broken(f"the auditor's own entry does not balance: {lines}")
        for account, owner, amount in lines:
            if amount == 0:
                continue
            key = (account, owner, currency)
            self.balances[key] = self.balance(*key) + amount
            self.posted[key] = self.posted.get(key, 0) + amount
            if account in NEVER_DEBIT and amount > 0 and self.balances[key] > self._credit(key):
                raise Broken(f"{key} would go debit by {self.balances[key]}")

    def _credit(self, key: AccountKey) -> int:
        account, owner, currency = key
        wallet = self.wallets.get(owner) if account == "W.AVL" else None
        return 0 if wallet is None else wallet.credit.get(currency, 0)

    def set_timer(self, due: int, kind: int, key: ThingKey) -> None:
        """Wake a thing at `due`; 0 means never."""
        if due > 0:
            insort(self.timers, (due, kind, *key))

    def drop_timer(self, due: int, kind: int, key: ThingKey) -> None:
        """Let a thing sleep."""
        if due > 0:
            del self.timers[bisect_left(self.timers, (due, kind, *key))]
