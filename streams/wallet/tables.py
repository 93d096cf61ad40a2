"""The tables of the wallet job: how the keys and rows of `ledger.view` become bytes.

Owns: one `TableSpec` a table, with its prefix byte, and `open_view`, which binds them to an
overlay.
Never: reads or writes anything itself.

Prefixes are for life: a changed prefix is a lost table. Ids hold no NUL (`schemas.values`), so NUL
parts a key.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from ledger.view import AccountKey, PairKey, PartitionView, TimerKey
from schemas.codec import decode, encode
from schemas.messages.policy import Policy, Ruleset
from schemas.messages.rows import (
    AccountRow,
    AdjustmentRow,
    CandidateRow,
    ControlRow,
    CutRow,
    EvidenceRow,
    ExternalRefRow,
    HeadRow,
    HoldRow,
    IdentityRow,
    InboxRow,
    InflowRow,
    InterestRow,
    LienRow,
    MerchantTermsRow,
    OpenCreditRow,
    OutflowDaysRow,
    OutflowEntryRow,
    OutflowRow,
    PairInRow,
    PairOutRow,
    PayeeRow,
    ProfileRow,
    RatesRow,
    ReviewRow,
    SagaRow,
    ScheduleCountRow,
    ScheduleRow,
    StandingRow,
    SuspendedSaleRow,
    TimerRow,
    TradeRow,
    TransactionRow,
    WalletRow,
)
from streams.runtime.tables import Overlay, TableSpec, two_ids

K = TypeVar("K")
R = TypeVar("R")


def _text(key: str) -> bytes:
    return key.encode()


def _number(key: int) -> bytes:
    return key.to_bytes(4, "big")


def _pair(key: PairKey) -> bytes:
    return key[0].to_bytes(4, "big") + key[1].to_bytes(8, "big")


def _account(key: AccountKey) -> bytes:
    return f"{key[0]}\0{key[1]}\0{key[2]}".encode()


def _numbered(key: tuple[str, int]) -> bytes:
    return key[0].encode() + b"\0" + key[1].to_bytes(8, "big")


def timer_key(key: TimerKey) -> bytes:
    """Encode a timer's key so that bytes sort as due times do."""
    due, kind, wallet_id, timer_id = key
    return due.to_bytes(8, "big") + bytes((kind,)) + f"{wallet_id}\0{timer_id}".encode()


def timer_key_of(data: bytes) -> TimerKey:
    """Read a timer's key back."""
    wallet_id, timer_id = data[9:].decode().split("\0")
    return int.from_bytes(data[:8], "big"), data[8], wallet_id, timer_id


def _spec(
    name: str,
    prefix: bytes,
    encode_key: Callable[[K], bytes],
    row: type[R],
    *,
    hardly_read: bool = False,
) -> TableSpec[K, R]:
    read = partial(decode, row)
    return TableSpec(name, prefix, encode_key, encode, read, hardly_read=hardly_read)


HEAD: Final = _spec("head", b"a", _text, HeadRow)
POLICY: Final = _spec("policy", b"b", _text, Policy)
RULESET: Final = _spec("ruleset", b"c", _text, Ruleset)
WALLETS: Final = _spec("wallets", b"d", _text, WalletRow)
ACCOUNTS: Final = _spec("accounts", b"e", _account, AccountRow)
HOLDS: Final = _spec("holds", b"f", two_ids, HoldRow)
OUTFLOWS: Final = _spec("outflows", b"g", _text, OutflowRow)
OUTFLOW_ENTRIES: Final = _spec("outflow_entries", b"h", _numbered, OutflowEntryRow)
INFLOWS: Final = _spec("inflows", b"i", _text, InflowRow)
PAYEES: Final = _spec("payees", b"j", two_ids, PayeeRow)
SAGAS: Final = _spec("sagas", b"k", two_ids, SagaRow)
REVIEWS: Final = _spec("reviews", b"l", two_ids, ReviewRow)
IDENTITIES: Final = _spec("identities", b"m", two_ids, IdentityRow, hardly_read=True)
EXTERNAL_REFS: Final = _spec("external_refs", b"n", two_ids, ExternalRefRow, hardly_read=True)
INBOX: Final = _spec("inbox", b"o", _pair, InboxRow)
PAIRS_IN: Final = _spec("pairs_in", b"p", _number, PairInRow)
PAIRS_OUT: Final = _spec("pairs_out", b"q", _number, PairOutRow)
OPEN_CREDITS: Final = _spec("open_credits", b"r", _pair, OpenCreditRow)
TIMERS: Final = TableSpec(
    "timers", b"s", timer_key, encode, partial(decode, TimerRow), timer_key_of
)
CONTROLS: Final = _spec("controls", b"t", _text, ControlRow)
TRANSACTIONS: Final = _spec("transactions", b"u", two_ids, TransactionRow)
ADJUSTMENTS: Final = _spec("adjustments", b"v", two_ids, AdjustmentRow)
INTEREST: Final = _spec("interest", b"w", two_ids, InterestRow)
RATES: Final = _spec("rates", b"x", _text, RatesRow)
MERCHANT_TERMS: Final = _spec("merchant_terms", b"y", _text, MerchantTermsRow)
OUTFLOW_DAYS: Final = _spec("outflow_days", b"z", _text, OutflowDaysRow)
PROFILES: Final = _spec("profiles", b"{", _text, ProfileRow)
SUSPENDED_SALES: Final = _spec("suspended_sales", b"|", _text, SuspendedSaleRow)
LIENS: Final = _spec("liens", b"}", two_ids, LienRow)
EVIDENCE: Final = _spec("evidence", b"~", two_ids, EvidenceRow)
CANDIDATE: Final = _spec("candidate", b"\x7f", _text, CandidateRow)
SCHEDULES: Final = _spec("schedules", b"\x80", two_ids, ScheduleRow)
SCHEDULE_COUNTS: Final = _spec("schedule_counts", b"\x81", _text, ScheduleCountRow)
STANDINGS: Final = _spec("standings", b"\x84", _text, StandingRow)
CUTS: Final = _spec("cuts", b"\x88", _text, CutRow)
TRADES: Final = _spec("trades", b"\x8c", _text, TradeRow)

TABLES: Final = (
    HEAD,
    POLICY,
    RULESET,
    WALLETS,
    ACCOUNTS,
    HOLDS,
    OUTFLOWS,
    OUTFLOW_ENTRIES,
    INFLOWS,
    PAYEES,
    SAGAS,
    REVIEWS,
    IDENTITIES,
    EXTERNAL_REFS,
    INBOX,
    PAIRS_IN,
    PAIRS_OUT,
    OPEN_CREDITS,
    TIMERS,
    CONTROLS,
    TRANSACTIONS,
    ADJUSTMENTS,
    INTEREST,
    RATES,
    MERCHANT_TERMS,
    OUTFLOW_DAYS,
    PROFILES,
    SUSPENDED_SALES,
    LIENS,
    EVIDENCE,
    CANDIDATE,
    SCHEDULES,
    SCHEDULE_COUNTS,
    STANDINGS,
    CUTS,
    TRADES,
)


def open_view(overlay: Overlay) -> PartitionView:
    """Bind every table of the ledger to an overlay."""
    return PartitionView(
        head=overlay.table(HEAD),
        policy=overlay.table(POLICY),
        ruleset=overlay.table(RULESET),
        wallets=overlay.table(WALLETS),
        accounts=overlay.table(ACCOUNTS),
        holds=overlay.table(HOLDS),
        outflows=overlay.table(OUTFLOWS),
        outflow_entries=overlay.table(OUTFLOW_ENTRIES),
        inflows=overlay.table(INFLOWS),
        payees=overlay.table(PAYEES),
        sagas=overlay.table(SAGAS),
        reviews=overlay.table(REVIEWS),
        identities=overlay.table(IDENTITIES),
        external_refs=overlay.table(EXTERNAL_REFS),
        inbox=overlay.table(INBOX),
        pairs_in=overlay.table(PAIRS_IN),
        pairs_out=overlay.table(PAIRS_OUT),
        open_credits=overlay.table(OPEN_CREDITS),
        timers=overlay.table(TIMERS),
        controls=overlay.table(CONTROLS),
        transactions=overlay.table(TRANSACTIONS),
        adjustments=overlay.table(ADJUSTMENTS),
        interest=overlay.table(INTEREST),
        rates=overlay.table(RATES),
        merchant_terms=overlay.table(MERCHANT_TERMS),
        outflow_days=overlay.table(OUTFLOW_DAYS),
        profiles=overlay.table(PROFILES),
        suspended_sales=overlay.table(SUSPENDED_SALES),
        liens=overlay.table(LIENS),
        evidence=overlay.table(EVIDENCE),
        candidate=overlay.table(CANDIDATE),
        schedules=overlay.table(SCHEDULES),
        schedule_counts=overlay.table(SCHEDULE_COUNTS),
        standings=overlay.table(STANDINGS),
        cuts=overlay.table(CUTS),
        trades=overlay.table(TRADES),
    )
