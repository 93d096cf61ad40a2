"""Sales: paying a merchant, what was agreed with it, and refunds.

Owns: SetMerchantTerms, Pay, RefundPayment and ReleaseReserve, and where a refund's money ends.
Never: what happens at the merchant when money arrives (`merchants.py`).
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from ops.auditor import merchants, trades
from ops.auditor.answer import ACCEPTED, PENDING, Answer, Refused
from ops.auditor.attempts import attempt, check_new
from ops.auditor.books import Attempt, Books, Consumed, ThingKey, Transaction
from ops.auditor.fields import check_payment_id, check_text
from ops.auditor.money import check_amount
from ops.auditor.payments import Payment, begin_saga, leg_here
from ops.auditor.status import check_debit
from ops.auditor.wish import Wish
from schemas.messages.commands import Pay, RefundPayment, ReleaseReserve, SetMerchantTerms
from schemas.messages.legs import Leg
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    FeeBack,
    PayoutPlan,
    Purpose,
    RejectionReason,
    TransactionKind,
    TransactionState,
    WalletKind,
    WalletStatus,
)
from schemas.values import WALLET_ID

Body = SetMerchantTerms | Pay | RefundPayment | ReleaseReserve
YEAR_S = 366 * 86_400
WHOLE = 10_000
PAYOUT_RAILS = ("", "ach", "sct", "pix", "upi")
NOTHING = Consumed(Attempt(0, 0, 0), 0, 0, 0)
MAY_BE_GIVEN_BACK = (
    TransactionState.COMPLETED,
    TransactionState.SETTLED,
    TransactionState.DISPUTED,
)


def check_shape(policy: Policy, wallet_id: str, body: Body) -> None:
    """Refuse what no state could make right."""
    if isinstance(body, ReleaseReserve):
        check_payment_id(body.payment_id)
    elif isinstance(body, RefundPayment):
        check_payment_id(body.payment_id)
        if body.amount <= 0:
            raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)
    elif isinstance(body, SetMerchantTerms):
        _check_terms(body)
    else:
        if not WALLET_ID.fullmatch(body.to_wallet_id):
            raise Refused(RejectionReason.MALFORMED_FIELD)
        check_text(body.order_ref)
        check_amount(policy, body.currency, body.amount, None)
        if body.to_wallet_id == wallet_id:
            raise Refused(RejectionReason.SELF_TRANSFER)


def _check_terms(body: SetMerchantTerms) -> None:
    bounds = (
        (body.mdr_bp, WHOLE),
        (body.mdr_fixed_minor, 2**31),
        (body.reserve_bp, WHOLE),
        (body.mature_after_s - 1, YEAR_S - 1),
    )
    if not all(0 <= number <= most for number, most in bounds):
        raise Refused(RejectionReason.MALFORMED_FIELD)
    kept_for = body.reserve_for_s
    if kept_for and not body.mature_after_s <= kept_for <= YEAR_S:
        raise Refused(RejectionReason.MALFORMED_FIELD)
    by_itself = body.payout_plan is not PayoutPlan.BY_HAND
    if by_itself != bool(body.payout_rail) or body.payout_rail not in PAYOUT_RAILS:
        raise Refused(RejectionReason.MALFORMED_FIELD)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Judge and carry out a command."""
    wallet = books.wallets[key[0]]
    if isinstance(body, Pay):
        return _pay(books, key, body)
    if isinstance(body, RefundPayment):
        return _refund(books, key, body)
    if isinstance(body, ReleaseReserve):
        return _release(books, (key[0], body.payment_id))
    if wallet.kind is not WalletKind.MERCHANT:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    books.terms[key[0]] = body
    books.touched.add(key[0])
    return ACCEPTED


def _pay(books: Books, key: ThingKey, body: Pay) -> Answer:
    check_new(books, key)
    check_debit(books.wallets[key[0]], body.currency)
    payment = Payment(
        key[1],
        Purpose.SALE,
        key[0],
        body.to_wallet_id,
        body.currency,
        body.amount,
        0,
        "W.AVL",
        about=body.order_ref,
    )
    wish = Wish(key[0], body.to_wallet_id, body.currency, body.amount, body.amount)
    consumed = attempt(books, wish, lambda: check_way(books, payment))
    home = str(books.partition_of(body.to_wallet_id))
    source = ("W.AVL", key[0], body.amount)
    books.post(body.currency, source, ("IB", home, -body.amount))
    return travel(books, payment, consumed)


def check_way(books: Books, payment: Payment) -> None:
    """Refuse what the account between two partitions has no room for."""
    home = books.partition_of(payment.payee)
    if home != books.partition and not books.room(
        "IB", str(home), payment.currency, -payment.amount
    ):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)


def travel(books: Books, payment: Payment, consumed: Consumed) -> Answer:
    """Let money go from IB to whoever it is for, here or elsewhere."""
    home = books.partition_of(payment.payee)
    if home != books.partition:
        begin_saga(books, payment, consumed, home)
        return PENDING
    leg = leg_here(books, payment)
    if payment.purpose is Purpose.SALE:
        merchants.arrive(books, leg)
    else:
        come_back(books, leg)
    return ACCEPTED


def come_back(books: Books, leg: Leg) -> None:
    """Give a payer money back, wherever that may be."""
    wallet = books.wallets.get(leg.to_wallet_id)
    account, owner = "W.AVL", leg.to_wallet_id
    blocked = wallet is not None and wallet.credit_blocked and not wallet.closed
    leaving = wallet is None or wallet.closed or wallet.standing.life is WalletStatus.CLOSING
    if leaving and not blocked:
        account, owner = "UNCLAIMED", ""
    elif blocked:
        account = "W.LIEN"
        lien = (owner, leg.currency)
        books.liens[lien] = books.liens.get(lien, 0) + leg.amount
    source = ("IB", str(leg.src_partition), leg.amount)
    books.post(leg.currency, source, (account, owner, -leg.amount))
    if wallet is not None:
        books.touched.add(leg.to_wallet_id)


def find_payment(books: Books, key: ThingKey, amount: int) -> Transaction:
    """Return a payment of which so much may be given back."""
    payment = books.transactions.get(key)
    if payment is None or payment.kind is not TransactionKind.PAYMENT:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if payment.state not in MAY_BE_GIVEN_BACK:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if payment.refunded + payment.disputed + amount > payment.amount:
        raise Refused(RejectionReason.REFUND_EXCEEDED)
    return payment


def settle_state(payment: Transaction) -> None:
    """A payment of which nothing is left is reversed."""
    if payment.refunded + payment.disputed == payment.amount:
        payment.state = TransactionState.REVERSED


def _refund(books: Books, key: ThingKey, body: RefundPayment) -> Answer:
    merchant = key[0]
    payment_key = (merchant, body.payment_id)
    check_new(books, key)
    payment = find_payment(books, payment_key, body.amount)
    wallet = books.wallets[merchant]
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if wallet.debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    home = books.partition_of(payment.counterparty)
    if home != books.partition and not books.room("IB", str(home), payment.currency, -body.amount):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    fee = _fee_back(books, merchant, payment, body.amount)
    lines = merchants.draw(books, payment_key, body.amount - fee)
    books.post(payment.currency, *lines, ("REV.MDR", "", fee), ("IB", str(home), -body.amount))
    payment.refunded += body.amount
    payment.fee_refunded += fee
    if payment.state is not TransactionState.DISPUTED:
        settle_state(payment)
    books.transactions[key] = Transaction(
        TransactionKind.REFUND, TransactionState.COMPLETED, payment.currency, body.amount, fee
    )
    trades.gave_back(books, merchant, payment.currency, body.amount)
    books.touched.add(merchant)
    back = Payment(
        key[1],
        Purpose.REFUND,
        merchant,
        payment.counterparty,
        payment.currency,
        body.amount,
        0,
        "",
        about=body.payment_id,
    )
    return travel(books, back, NOTHING)


def _release(books: Books, key: ThingKey) -> Answer:
    payment = books.transactions.get(key)
    if payment is None or payment.kind is not TransactionKind.PAYMENT:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if payment.state is TransactionState.DISPUTED or not payment.reserve:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if books.wallets[key[0]].debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    merchants.release(books, key, payment)
    return ACCEPTED


def _fee_back(books: Books, merchant: str, payment: Transaction, amount: int) -> int:
    """Return the fee of all that was refunded, rounded, less what went back before."""
    if merchants.terms(books, merchant).fee_back is FeeBack.NONE:
        return 0
    share = Fraction(payment.refunded + amount, payment.amount) * payment.fee
    return min(amount, floor(share + Fraction(1, 2)) - payment.fee_refunded)
