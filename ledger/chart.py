"""The chart of accounts: every account class of the ledger, as data.

Owns: codes, nature, whose an account is, and which accounts may never go debit (I3).
Never: postings (`ledger.catalogue`, `ledger.journal`), balances.

An account is a code, an owner and a currency. Accounts of a wallet lie in the wallet's own row;
all others exist once per partition, so no row is shared between partitions; their sum over the
partitions is what a report shows. A debt (RCV.*) names a wallet as its owner but is an asset of
ours, so it lies among the system accounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, final


class Nature(Enum):
    """The class of an account; it says on which side its balance normally stands."""

    ASSET = "A"
    LIABILITY = "L"
    EQUITY = "E"
    REVENUE = "R"
    EXPENSE = "X"
    CLEARING = "C"  # either side, zero at rest


class Owner(Enum):
    """Whose an account is: what the owner part of its address names."""

    WALLET = "wallet"  # inside the wallet's row
    DEBTOR = "debtor"  # a wallet, in a system account
    THING = "thing"  # an escrow, a claim, a dispute
    OUTSIDE = "outside"  # a rail, bank account, biller or reason
    PEER = "peer"  # another partition
    NOBODY = "nobody"


@final
class Account:
    """One line of the chart."""

    __slots__ = ("code", "nature", "never_debit", "owner", "purpose")

    def __init__(self, code: str, nature: Nature, owner: Owner, purpose: str) -> None:
        self.code: Final = code
        self.nature: Final = nature
        self.owner: Final = owner
        self.purpose: Final = purpose
        # Money that belongs to somebody else: a customer's debt is an asset of its own (RCV.*).
        self.never_debit: Final = owner in (Owner.WALLET, Owner.THING)


AVAILABLE: Final = "W.AVL"
RESERVED: Final = "W.RSV"
PENDING_IN: Final = "W.PIN"
PENDING_OUT: Final = "W.POUT"
LIEN: Final = "W.LIEN"
POTS: Final = tuple(f"W.POT.{number}" for number in range(1, 9))
MERCHANT_PENDING: Final = "M.PEND"
MERCHANT_PAYABLE: Final = "M.PAY"
MERCHANT_PAYOUT: Final = "M.OUT"
MERCHANT_RESERVE: Final = "M.RSV"
POINTS_MEMBER: Final = "PTS.MEMBER"
ESCROW: Final = "ESC"
CLAIM: Final = "CLAIM"
DISPUTE: Final = "DSP"
CUSTOMER_DEBT: Final = "RCV.CUST"
MERCHANT_DEBT: Final = "RCV.MERCH"
RAIL_RECEIVABLE: Final = "RAIL.RCV"
RAIL_PAYABLE: Final = "RAIL.PAY"
RAIL_CHARGEBACK: Final = "RAIL.CHB"
REVENUE_TOP_UP: Final = "REV.TOPUP"
REVENUE_TRANSFER: Final = "REV.P2P"
REVENUE_ESCROW: Final = "REV.ESC"
REVENUE_BILL: Final = "REV.BILL"
BILLER: Final = "BILLER"
IN_FLIGHT: Final = "IB"
SUSPENSE: Final = "SUSP"
WRITE_OFF: Final = "EXP.WRITEOFF"
INTEREST_PAYABLE: Final = "INT.PAY"

_A, _L, _E = Nature.ASSET, Nature.LIABILITY, Nature.EQUITY
_R, _X, _C = Nature.REVENUE, Nature.EXPENSE, Nature.CLEARING
_REVENUES: Final = "TOPUP P2P WD MDR ESC BILL DSP PAYOUT FX FXGAIN BREAKAGE"
_EXPENSES: Final = "RAIL CASHBACK LOYALTY INT CHB FRAUD WRITEOFF GOODWILL ROUND FXLOSS"

_LINES: Final = (
    Account(AVAILABLE, _L, Owner.WALLET, "what may be spent now"),
    Account(RESERVED, _L, Owner.WALLET, "authorised, not captured"),
    Account(PENDING_IN, _L, Owner.WALLET, "incoming, not available yet: uncleared or held"),
    Account(PENDING_OUT, _L, Owner.WALLET, "outgoing, committed, not handed over"),
    Account(LIEN, _L, Owner.WALLET, "legal hold or chargeback lien"),
    *(Account(code, _L, Owner.WALLET, "a savings pot") for code in POTS),
    Account(MERCHANT_PENDING, _L, Owner.WALLET, "sold, not matured"),
    Account(MERCHANT_PAYABLE, _L, Owner.WALLET, "may be paid out"),
    Account(MERCHANT_PAYOUT, _L, Owner.WALLET, "in a payout batch"),
    Account(MERCHANT_RESERVE, _L, Owner.WALLET, "rolling and chargeback reserve"),
    Account(POINTS_MEMBER, _L, Owner.WALLET, "points of a member, unit PTS"),
    Account(ESCROW, _L, Owner.THING, "escrow, on the buyer's partition"),
    Account(CLAIM, _L, Owner.THING, "sent to somebody who is not registered yet"),
    Account(DISPUTE, _L, Owner.THING, "disputed money of a merchant"),
    Account(CUSTOMER_DEBT, _A, Owner.DEBTOR, "what a customer owes us"),
    Account(MERCHANT_DEBT, _A, Owner.DEBTOR, "what a merchant owes us"),
    Account("BANK.SAFE", _A, Owner.OUTSIDE, "safeguarding account at a bank"),
    Account("BANK.CORP", _A, Owner.OUTSIDE, "our own account at a bank"),
    Account("BANK.PREFUND", _A, Owner.OUTSIDE, "prefunding at a payout partner"),
    Account(RAIL_RECEIVABLE, _A, Owner.OUTSIDE, "collected from customers, not received from rail"),
    Account(RAIL_PAYABLE, _L, Owner.OUTSIDE, "payouts submitted, not left the bank"),
    Account(RAIL_CHARGEBACK, _A, Owner.OUTSIDE, "taken by a scheme, outcome open"),
    Account("FX.POS", _C, Owner.NOBODY, "currency position; credit is long"),
    Account(BILLER, _L, Owner.OUTSIDE, "collected for a biller, not remitted"),
    Account("SUSP", _L, Owner.OUTSIDE, "unidentified, by reason"),
    Account("UNCLAIMED", _L, Owner.NOBODY, "residuals of closed and dormant wallets"),
    Account("LOY.PROV", _L, Owner.NOBODY, "money value of outstanding points"),
    Account("PTS.ISSUED", _C, Owner.NOBODY, "points given, unit PTS"),
    Account("PTS.REDEEMED", _C, Owner.NOBODY, "points spent, unit PTS"),
    Account("PTS.EXPIRED", _C, Owner.NOBODY, "points lapsed, unit PTS"),
    Account("INT.PAY", _L, Owner.NOBODY, "interest accrued, not paid"),
    Account("TAX.PAY", _L, Owner.NOBODY, "tax withheld"),
    *(Account(f"REV.{each}", _R, Owner.NOBODY, "earned") for each in _REVENUES.split()),
    *(Account(f"EXP.{each}", _X, Owner.NOBODY, "spent") for each in _EXPENSES.split()),
    Account("EQ.OPEN", _E, Owner.NOBODY, "opening balances; zero over all partitions"),
    Account("EQ.RETAINED", _E, Owner.NOBODY, "results of earlier years"),
    Account(IN_FLIGHT, _C, Owner.PEER, "due to and from one other partition"),
)
CHART: Final[Mapping[str, Account]] = MappingProxyType({each.code: each for each in _LINES})

# These sit inside the wallet's own row; all others are system accounts.
WALLET_ACCOUNTS: Final = frozenset(each.code for each in _LINES if each.owner is Owner.WALLET)
# I3: a posting that would turn one of these debit is a bug.
NEVER_DEBIT: Final = frozenset(each.code for each in _LINES if each.never_debit)

INT64_MAX: Final = 2**63 - 1
INT64_MIN: Final = -(2**63)
