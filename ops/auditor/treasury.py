"""Treasury: what happens at banks, balances brought over, money whose owner is not known.

Owns: BookTreasury, MigrateBalance, and the shape of AllocateSuspense.
Never: sends anything; that is `suspense.py`.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import Books, Line, ThingKey, Transaction, Wallet
from ops.auditor.entries import check_room, post_fitting
from ops.auditor.fields import check_id, check_text
from ops.auditor.money import check_amount
from ops.auditor.status import check_credit
from ops.auditor.suspense import allocate, check_open, check_unused
from schemas.messages.commands import (
    AllocateSale,
    AllocateSuspense,
    BookTreasury,
    ChangeTier,
    ChangeWalletStatus,
    Command,
    MigrateBalance,
)
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    RejectionReason,
    TransactionKind,
    TransactionState,
    TreasuryFlow,
    WalletKind,
)
from schemas.values import WALLET_ID

COMMANDS: Final = (MigrateBalance, BookTreasury, AllocateSuspense)
RAILS: Final = ("card", "ach", "sct", "pix", "upi")
FLOW: Final = TreasuryFlow
# What is debited, what is credited; both by the whole amount. The two others are `_lines` itself.
PLAIN: Final = {
    FLOW.F0_2: ("BANK.SAFE", "EQ.OPEN"),
    **dict.fromkeys((FLOW.F2_4, FLOW.F2c_2, FLOW.F2c_9), ("BANK.SAFE", "RAIL.RCV")),
    FLOW.F2c_5: ("RAIL.RCV", "BANK.SAFE"),
    **dict.fromkeys((FLOW.F3_3, FLOW.F3c_3, FLOW.F16_3), ("RAIL.PAY", "BANK.SAFE")),
    **dict.fromkeys((FLOW.F3c_4, FLOW.F16b_1), ("BANK.SAFE", "RAIL.PAY")),
    **dict.fromkeys((FLOW.F10_2, FLOW.F10b_2), ("RAIL.CHB", "BANK.SAFE")),
    FLOW.F10b_3: ("BANK.SAFE", "RAIL.CHB"),
    FLOW.F10_4: ("EXP.RAIL", "BANK.CORP"),
    FLOW.F14_2: ("BILLER", "BANK.SAFE"),
    FLOW.F15_3: ("FX.POS", "REV.FXGAIN"),
    FLOW.F15_3b: ("EXP.FXLOSS", "FX.POS"),
    FLOW.F19_1: ("BANK.SAFE", "SUSP"),
    # Our own money into safeguarding, and back.
    **dict.fromkeys(
        (FLOW.F1_3, FLOW.F2c_6, FLOW.F10_3, FLOW.F17_3, FLOW.F17p_4, FLOW.F18_3, FLOW.F20_2),
        ("BANK.SAFE", "BANK.CORP"),
    ),
    **dict.fromkeys((FLOW.F10_6, FLOW.F22_1), ("BANK.CORP", "BANK.SAFE")),
}


def check_accounts(wallet: Wallet, body: Command) -> None:
    """Each kind of wallet has its own accounts."""
    own = (BookTreasury, AllocateSuspense, AllocateSale)
    if wallet.kind is WalletKind.TREASURY:
        fits = isinstance(body, (*own, ChangeWalletStatus, ChangeTier))
    else:
        fits = not isinstance(body, own)
    if not fits:
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT)


def check_shape(
    policy: Policy, wallet_id: str, body: MigrateBalance | BookTreasury | AllocateSuspense
) -> None:
    """Refuse malformed fields, and fields that a step does not have."""
    if isinstance(body, AllocateSuspense) and not WALLET_ID.fullmatch(body.to_wallet_id):
        raise Refused(RejectionReason.MALFORMED_FIELD, "to_wallet_id")
    check_text(body.ext_ref)
    if isinstance(body, BookTreasury):
        _check_places(body)
    check_amount(policy, body.currency, body.amount, None)
    if isinstance(body, AllocateSuspense) and body.to_wallet_id == wallet_id:
        raise Refused(RejectionReason.SELF_TRANSFER)
    if isinstance(body, BookTreasury):
        _check_amounts(policy, body)


def _accounts(flow: TreasuryFlow) -> tuple[str, ...]:
    if flow is FLOW.F1_2:
        return ("BANK.SAFE", "RAIL.RCV")
    return ("BANK.SAFE",) if flow is FLOW.F15_2 else PLAIN[flow]


def _check_places(body: BookTreasury) -> None:
    accounts = _accounts(body.flow)
    for field, given, codes in (
        ("account", body.account, ("BANK.SAFE", "BANK.CORP")),
        ("rail", body.rail, ("RAIL.RCV", "RAIL.PAY", "RAIL.CHB", "BILLER")),
    ):
        if (given is None) == any(code in accounts for code in codes):
            raise Refused(RejectionReason.MALFORMED_FIELD, field)
        if given is not None:
            check_id(given)


def _check_amounts(policy: Policy, body: BookTreasury) -> None:
    costs = body.cost is not None
    if costs and (body.flow is not FLOW.F1_2 or not 0 <= (body.cost or 0) < body.amount):
        raise Refused(RejectionReason.MALFORMED_FIELD, "cost")
    if body.flow is not FLOW.F15_2:
        if body.other_currency is not None or body.other_amount is not None:
            raise Refused(RejectionReason.MALFORMED_FIELD)
        return
    if body.other_currency in (None, body.currency) or body.other_amount is None:
        raise Refused(RejectionReason.MALFORMED_FIELD)
    check_amount(policy, body.other_currency or "", body.other_amount, None)


def act(
    books: Books, key: ThingKey, body: MigrateBalance | BookTreasury | AllocateSuspense
) -> Answer:
    """Judge and carry out."""
    if isinstance(body, MigrateBalance):
        return _migrate(books, key, body)
    if isinstance(body, BookTreasury):
        return _book(books, key, body)
    return allocate(books, key, body)


def _take_reference(books: Books, scope: str, ext_ref: str) -> None:
    if (scope, ext_ref) in books.references:
        raise Refused(RejectionReason.DUPLICATE_EXTERNAL_REF)


def _migrate(books: Books, key: ThingKey, body: MigrateBalance) -> Answer:
    _take_reference(books, "opening", body.ext_ref)
    check_credit(books.wallets[key[0]], body.currency)
    lines = (("EQ.OPEN", "", body.amount), ("W.AVL", key[0], -body.amount))
    post_fitting(books, body.currency, *lines)
    books.references.add(("opening", body.ext_ref))
    books.touched.add(key[0])
    return ACCEPTED


def _book(books: Books, key: ThingKey, body: BookTreasury) -> Answer:
    wallet = books.wallets[key[0]]
    cleared = _accounts(body.flow)
    if body.rail is not None and "BILLER" not in cleared and body.rail not in RAILS:
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT, body.rail)
    _take_reference(books, body.flow.name, body.ext_ref)
    check_unused(books, key)
    check_open(wallet, body.currency)
    entries = _entries(body)
    for currency, lines in entries:
        check_room(books, currency, *lines)
    for currency, lines in entries:
        books.post(currency, *lines)
    books.references.add((body.flow.name, body.ext_ref))
    books.touched.add(key[0])
    if body.flow is FLOW.F19_1:
        books.transactions[key] = Transaction(
            TransactionKind.SUSPENSE_RECEIPT, TransactionState.PENDING, body.currency, body.amount
        )
        books.receipts[body.ext_ref] = key
    return ACCEPTED


def _entries(body: BookTreasury) -> list[tuple[str, tuple[Line, ...]]]:
    bank, amount = body.account or "", body.amount
    if body.flow is FLOW.F1_2:
        cost = body.cost or 0
        lines: tuple[Line, ...] = (
            ("BANK.SAFE", bank, amount - cost),
            ("EXP.RAIL", "", cost),
            ("RAIL.RCV", body.rail or "", -amount),
        )
        return [(body.currency, lines)]
    if body.flow is FLOW.F15_2:
        sold = body.other_amount or 0
        return [
            (body.currency, (("BANK.SAFE", bank, amount), ("FX.POS", "", -amount))),
            (body.other_currency or "", (("FX.POS", "", sold), ("BANK.SAFE", bank, -sold))),
        ]
    debit, credit = PLAIN[body.flow]
    return [
        (
            body.currency,
            ((debit, _owner(debit, body), amount), (credit, _owner(credit, body), -amount)),
        )
    ]


def _owner(account: str, body: BookTreasury) -> str:
    if account.startswith("BANK."):
        return body.account or ""
    if account.startswith("RAIL.") or account == "BILLER":
        return body.rail or ""
    return "in" if account == "SUSP" else ""
