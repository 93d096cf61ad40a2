"""The posting catalogue: which accounts each flow debits and credits, as data.

Owns: `FLOWS`, one line a flow, and `posted`, which fills one in with owners and amounts.
Never: decides when a flow happens, reads a balance.

A side reads `ACCOUNT:owner amount`, several of them parted by commas; `ACCOUNT:owner amount other`
is in the other currency of a conversion. Owner and amount are names that the caller of `posted`
gives a meaning; an account without an owner has the empty one. Lines of zero are left out. That an
entry balances is asserted where it is applied (`ledger.effects`).
The flows of the hot path (F1.1, F4, F5, F7) are built by hand in `ledger.journal`; those of F5
stand here too, for a transfer that pays a request. F23 moves between W.AVL and the pot that a
command names (`ledger.decisions.pots`).
The account of an adjustment (F20.1) is its proposal's, so `ledger.decisions.adjustments` builds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, final

from schemas.messages.events import EntryPosted
from schemas.messages.journal import Posting

DEBIT: Final = 1
CREDIT: Final = -1


@final
class Line:
    """One line of a flow: an account, whose it is, which amount, on which side."""

    __slots__ = ("account", "amount", "in_other", "owner", "side")

    def __init__(
        self,
        account: str,
        owner: str,
        amount: str,
        side: int,
        in_other: bool,  # noqa: FBT001 - a field, always passed by the parser
    ) -> None:
        self.account: Final = account
        self.owner: Final = owner
        self.amount: Final = amount
        self.side: Final = side
        self.in_other: Final = in_other


# Whence a merchant gives money back, in this order.
_FUNDING: Final = (
    "M.PEND:wallet pending, M.PAY:wallet payable, M.RSV:wallet reserve, RCV.MERCH:wallet short"
)
# Flow -> debits, credits.
_TEXTS: Final[dict[str, tuple[str, str]]] = {
    # A request is paid as a transfer is; h: to a wallet at home, which takes it at once.
    "F5.1": ("W.AVL:wallet total", "IB:home amount, W.POUT:wallet fee"),
    "F5.1h": ("W.AVL:wallet total", "IB:home amount, REV.P2P fee"),
    "F5.2": ("IB:home amount", "W.AVL:wallet amount"),
    "F5b.2": ("IB:home amount, W.POUT:wallet fee", "W.AVL:wallet total"),
    # Escrow; r: the seller refused, w: the seller is no merchant.
    "F11.1": ("W.AVL:wallet amount", "ESC:thing amount"),
    "F11.2": ("ESC:thing total", "IB:home amount, REV.ESC fee"),
    "F11.2r": ("IB:home amount, REV.ESC fee", "ESC:thing total"),
    "F11.3": ("IB:home amount", "M.PAY:wallet amount"),
    "F11.3w": ("IB:home amount", "W.AVL:wallet amount"),
    "F11.4": ("ESC:thing amount", "W.AVL:wallet amount"),
    # Recipient without a wallet; r: the one that claimed it refused.
    "F12.1": ("W.AVL:wallet amount", "CLAIM:thing amount"),
    "F12.2": ("CLAIM:thing amount", "IB:home amount"),
    "F12.2r": ("IB:home amount", "CLAIM:thing amount"),
    "F12.3": ("IB:home amount", "W.AVL:wallet amount"),
    "F12b.2": ("CLAIM:thing amount", "W.AVL:wallet amount"),
    # Bills; u: the payer's wallet was closed meanwhile.
    "F14.1": ("W.AVL:wallet total", "BILLER:biller amount, REV.BILL fee"),
    "F14b.2": ("BILLER:biller amount, REV.BILL fee", "W.AVL:wallet total"),
    "F14b.2u": ("BILLER:biller amount, REV.BILL fee", "UNCLAIMED total"),
    # Top-ups by bank, and debts.
    "F2.1": ("RAIL.RCV:rail amount", "W.PIN:wallet amount"),
    "F2.2": ("W.PIN:wallet amount", "W.AVL:wallet amount"),
    "F2.3": ("W.PIN:wallet amount", "W.AVL:wallet amount"),
    "F2b.2": ("W.PIN:wallet amount", "RAIL.RCV:rail amount"),
    "F2c.4": ("W.AVL:wallet covered, RCV.CUST:wallet short", "RAIL.RCV:rail amount"),
    "F2c.7": ("RAIL.RCV:rail amount", "RCV.CUST:wallet amount"),
    # Withdrawals.
    "F3.1": ("W.AVL:wallet total", "W.POUT:wallet total"),
    "F3.2": ("W.POUT:wallet total", "RAIL.PAY:rail amount, REV.WD fee"),
    "F3b.2": ("W.POUT:wallet total", "W.AVL:wallet total"),
    "F3c.5": ("RAIL.PAY:rail amount, REV.WD fee", "W.AVL:wallet total"),
    # Chargebacks of top-ups by card.
    "F10.1": ("W.AVL:wallet amount", "W.LIEN:wallet amount"),
    "F10.5": (
        "W.LIEN:wallet lien, W.AVL:wallet covered, RCV.CUST:wallet short",
        "RAIL.CHB:rail amount",
    ),
    "F10b.4": ("W.LIEN:wallet amount", "W.AVL:wallet amount"),
    # Treasury: what happens at our banks, and on the treasury's partition only.
    "F0.1": ("EQ.OPEN amount", "W.AVL:wallet amount"),
    "F0.2": ("BANK.SAFE:account amount", "EQ.OPEN amount"),
    "F1.2": ("BANK.SAFE:account net, EXP.RAIL cost", "RAIL.RCV:rail amount"),
    "F1.3": ("BANK.SAFE:account amount", "BANK.CORP:account amount"),
    "F2.4": ("BANK.SAFE:account amount", "RAIL.RCV:rail amount"),
    "F2c.2": ("BANK.SAFE:account amount", "RAIL.RCV:rail amount"),
    "F2c.5": ("RAIL.RCV:rail amount", "BANK.SAFE:account amount"),
    "F2c.6": ("BANK.SAFE:account amount", "BANK.CORP:account amount"),
    "F2c.9": ("BANK.SAFE:account amount", "RAIL.RCV:rail amount"),
    "F3.3": ("RAIL.PAY:rail amount", "BANK.SAFE:account amount"),
    "F3c.3": ("RAIL.PAY:rail amount", "BANK.SAFE:account amount"),
    "F3c.4": ("BANK.SAFE:account amount", "RAIL.PAY:rail amount"),
    "F10.2": ("RAIL.CHB:rail amount", "BANK.SAFE:account amount"),
    "F10.3": ("BANK.SAFE:account amount", "BANK.CORP:account amount"),
    "F10.4": ("EXP.RAIL amount", "BANK.CORP:account amount"),
    "F10.6": ("BANK.CORP:account amount", "BANK.SAFE:account amount"),
    "F10b.2": ("RAIL.CHB:rail amount", "BANK.SAFE:account amount"),
    "F10b.3": ("BANK.SAFE:account amount", "RAIL.CHB:rail amount"),
    "F14.2": ("BILLER:rail amount", "BANK.SAFE:account amount"),
    "F15.2": (
        "BANK.SAFE:account amount, FX.POS sold other",
        "FX.POS amount, BANK.SAFE:account sold other",
    ),
    "F15.3": ("FX.POS amount", "REV.FXGAIN amount"),
    "F15.3b": ("EXP.FXLOSS amount", "FX.POS amount"),
    "F16.3": ("RAIL.PAY:rail amount", "BANK.SAFE:account amount"),
    "F16b.1": ("BANK.SAFE:account amount", "RAIL.PAY:rail amount"),
    "F17.3": ("BANK.SAFE:account amount", "BANK.CORP:account amount"),
    "F17p.4": ("BANK.SAFE:account amount", "BANK.CORP:account amount"),
    "F18.3": ("BANK.SAFE:account amount", "BANK.CORP:account amount"),
    "F19.1": ("BANK.SAFE:account amount", "SUSP:reason amount"),
    "F19.2": ("SUSP:reason amount", "IB:peer amount"),
    "F19.3": ("IB:peer amount", "W.AVL:wallet amount"),
    "F19b.1": ("IB:peer amount", "SUSP:reason amount"),
    "F20.2": ("BANK.SAFE:account amount", "BANK.CORP:account amount"),
    "F22.1": ("BANK.CORP:account amount", "BANK.SAFE:account amount"),
    # Conversions.
    "F15.1": (
        "W.AVL:wallet sold, FX.POS bought other",
        "FX.POS fair, REV.FX spread, W.AVL:wallet bought other",
    ),
    # Interest.
    "F18.1": ("EXP.INT amount", "INT.PAY amount"),
    "F18.2": ("INT.PAY amount", "W.AVL:wallet amount"),
    # Residuals, and what comes back for a wallet that was closed.
    "F21.1": ("W.AVL:wallet amount", "UNCLAIMED amount"),
    # Sales and captures at a merchant; s: kept in suspense. A debt is paid before money is pending.
    "F6.1": ("W.AVL:wallet amount", "IB:home amount"),
    "F6.2": (
        "IB:home amount",
        "RCV.MERCH:wallet recovered, M.PEND:wallet pending, M.RSV:wallet reserve, REV.MDR fee",
    ),
    "F6s.2": ("IB:home amount", "SUSP:reason amount"),
    "F6.3": ("M.PEND:wallet amount", "M.PAY:wallet amount"),
    # A reserve is released; a debt is paid first here too.
    "F6.4r": ("M.RSV:wallet amount", "RCV.MERCH:wallet recovered, M.PAY:wallet payable"),
    "F7.3": ("W.RSV:wallet amount", "IB:home amount"),
    "F7.4": ("IB:home amount", "RCV.MERCH:wallet recovered, M.PEND:wallet pending, REV.MDR fee"),
    # Refunds.
    "F8.1": (
        f"{_FUNDING}, REV.MDR fee",
        "IB:home amount",
    ),
    # Disputes; what the merchant keeps becomes payable.
    "F9.1": (_FUNDING, "DSP:thing amount"),
    "F9.2": ("DSP:thing amount", "IB:home buyer, RCV.MERCH:wallet recovered, M.PAY:wallet kept"),
    "F9.3": ("IB:home amount", "W.AVL:wallet available, W.LIEN:wallet lien, UNCLAIMED unclaimed"),
    "F9.4": ("M.PAY:wallet payable, RCV.MERCH:wallet short", "REV.DSP fee"),
    # Payouts; r: called off, u: the merchant's wallet was closed meanwhile.
    "F16.1": ("M.PAY:wallet amount", "M.OUT:wallet amount"),
    "F16.1r": ("M.OUT:wallet amount", "M.PAY:wallet amount"),
    "F16.2": ("M.OUT:wallet amount", "RAIL.PAY:rail net, REV.PAYOUT fee"),
    "F16b.2": ("RAIL.PAY:rail net", "M.PAY:wallet net"),
    "F16b.2u": ("RAIL.PAY:rail net", "UNCLAIMED net"),
    # Credits are not blocked any more: what refunds brought meanwhile is available.
    "F8.2f": ("W.LIEN:wallet amount", "W.AVL:wallet amount"),
    "F8.2": ("IB:home amount", "W.AVL:wallet available, W.LIEN:wallet lien, UNCLAIMED unclaimed"),
}


def _lines(text: str, side: int) -> tuple[Line, ...]:
    found: list[Line] = []
    for each in text.split(", "):
        words = each.split(" ")
        account, _, owner = words[0].partition(":")
        found.append(Line(account, owner, words[1], side, words[2:] == ["other"]))
    return tuple(found)


FLOWS: Final[Mapping[str, tuple[Line, ...]]] = MappingProxyType(
    {
        flow: _lines(debits, DEBIT) + _lines(credits_, CREDIT)
        for flow, (debits, credits_) in _TEXTS.items()
    }
)


def posted(  # noqa: PLR0913 - a flow is filled in at one place
    flow: str,
    subject: tuple[str, str],
    currency: str,
    owners: dict[str, str],
    amounts: dict[str, int],
    other: str = "",
) -> EntryPosted:
    """Return the entry of a flow about a (wallet id, transaction id)."""
    postings: list[Posting] = []
    for line in FLOWS[flow]:
        amount = amounts[line.amount]
        if amount != 0:
            owner = owners[line.owner] if line.owner else ""
            unit = other if line.in_other else currency
            postings.append(Posting(line.account, owner, unit, line.side * amount))
    return EntryPosted(subject[0], subject[1], flow, tuple(postings))
