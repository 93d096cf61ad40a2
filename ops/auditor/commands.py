"""Commands: the order in which one is judged, and what each of them does.

Owns: arrival, repeats, state and status of every command; the seldom ones whole.
Never: paying and reserving (`spending.py`), movements (`payments.py`).
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Final

from ops.auditor import conditions, families, life, reviews, spending
from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import Answered, Books, ThingKey, Wallet
from ops.auditor.compare import balances_of, without_zero
from ops.auditor.draft import draft_of
from ops.auditor.kept import CardTopUp
from ops.auditor.limits import check_in, consume_in
from ops.auditor.money import fee
from ops.auditor.shape import DAY_US, check_shape
from ops.auditor.status import check_top_up
from ops.auditor.treasury import check_accounts
from schemas.messages.commands import (
    CaptureHold,
    ChangeTier,
    ChangeWalletStatus,
    Command,
    OpenWallet,
    Origin,
    PlaceHold,
    ResolveReview,
    TopUp,
    Transfer,
    VoidHold,
    WalletCommand,
)
from schemas.messages.vocabulary import FeeFlow, Outcome, RejectionReason, Stage
from schemas.values import COMMAND_ID, WALLET_ID

KEPT_US: Final = 35 * DAY_US
SELDOM: Final = (TopUp, ChangeWalletStatus, ChangeTier)


def command(books: Books, key: bytes, given: WalletCommand) -> Answer:
    """Judge a readable command and carry it out, if it is not a dry run."""
    if not given.dry_run:
        return _command(books, key, given)
    draft = draft_of(books)
    answer = _command(draft, key, given)
    draft.end()
    books.foreseen = (answer.stage, without_zero(draft.posted), balances_of(draft))
    books.risk = draft.risk
    return replace(answer, stage=Stage.FINAL)


def _command(books: Books, key: bytes, given: WalletCommand) -> Answer:
    wallet_id, command_id = given.wallet_id, given.command_id
    if books.partition_of(wallet_id) != books.partition:
        return Answer(Outcome.REJECTED, RejectionReason.MISROUTED)
    if key != wallet_id.encode():
        return Answer(Outcome.REJECTED, RejectionReason.KEY_MISMATCH)
    if not WALLET_ID.fullmatch(wallet_id) or not COMMAND_ID.fullmatch(command_id):
        return Answer(Outcome.REJECTED, RejectionReason.MALFORMED_FIELD)
    content = sha256(repr((given.body, given.conditions)).encode()).digest()[:16]
    earlier = books.answered.get((wallet_id, command_id))
    if earlier is not None and books.at - earlier.at < KEPT_US:
        return _repeated(earlier, content)
    try:
        answer = _new(books, given)
    except Refused as refused:
        answer = refused.answer()
    _remember(books, given, content, answer)
    return answer


def _repeated(earlier: Answered, content: bytes) -> Answer:
    if content != earlier.content:
        return Answer(Outcome.REJECTED, RejectionReason.IDEMPOTENCY_MISMATCH)
    first = earlier.answer
    return Answer(Outcome.DUPLICATE, first.reason, first.detail, first.stage, earlier.sequence)


def _remember(books: Books, given: WalletCommand, content: bytes, answer: Answer) -> None:
    """A verdict on a review is final in itself, though the movement it starts may be pending."""
    if isinstance(given.body, ResolveReview):
        answer = Answer(answer.outcome, answer.reason, answer.detail, Stage.FINAL)
    key = (given.wallet_id, given.command_id)
    books.answered[key] = Answered(content, answer, books.sequence, books.at)


def _new(books: Books, given: WalletCommand) -> Answer:
    books.origin = given.origin or Origin()
    check_shape(books.policy, given, books.at)
    if given.conditions:
        conditions.check_shape(books.policy, given.conditions)
        conditions.check(books, given, _decide)
    return _decide(books, given)


def _decide(books: Books, given: WalletCommand) -> Answer:
    """Judge a well-formed command by what is there."""
    body = given.body
    wallet = books.wallets.get(given.wallet_id)
    if isinstance(body, OpenWallet):
        return _open(books, given.wallet_id, wallet, body)
    if wallet is None:
        raise Refused(RejectionReason.UNKNOWN_WALLET)
    check_accounts(wallet, body)
    if isinstance(body, (Transfer, CaptureHold)):
        _check_unused(books, (given.wallet_id, given.command_id))
    if isinstance(body, SELDOM):
        return _seldom(books, given.wallet_id, wallet, body)
    return _about_money(books, (given.wallet_id, given.command_id), body)


def _about_money(books: Books, key: ThingKey, body: Command) -> Answer:
    if isinstance(body, Transfer):
        return spending.transfer(books, key, body)
    if isinstance(body, PlaceHold):
        return spending.place_hold(books, key, body)
    if isinstance(body, (CaptureHold, VoidHold)):
        return spending.end_hold(books, key, body)
    if isinstance(body, ResolveReview):
        return reviews.resolve_review(books, key, body)
    return families.act(books, key, body)


def _seldom(
    books: Books, wallet_id: str, wallet: Wallet, body: TopUp | ChangeWalletStatus | ChangeTier
) -> Answer:
    if isinstance(body, TopUp):
        return _top_up(books, wallet_id, wallet, body)
    if isinstance(body, ChangeWalletStatus):
        return life.change_status(books, wallet_id, body)
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    wallet.tier, wallet.tier_changed_at = body.tier, books.at
    life.watch(books, wallet_id)
    books.touched.add(wallet_id)
    return ACCEPTED


def _check_unused(books: Books, key: tuple[str, str]) -> None:
    """An id names its movement while that is open, even when its answer is long forgotten."""
    if key in books.sagas or key in books.reviews:
        raise Refused(RejectionReason.INVALID_TRANSITION)


def _open(books: Books, wallet_id: str, wallet: Wallet | None, body: OpenWallet) -> Answer:
    if wallet is not None:
        raise Refused(RejectionReason.WALLET_EXISTS)
    books.wallets[wallet_id] = Wallet(body.tier, body.currencies, books.at, kind=body.kind)
    life.watch(books, wallet_id)
    books.touched.add(wallet_id)
    return ACCEPTED


def _top_up(books: Books, wallet_id: str, wallet: Wallet, body: TopUp) -> Answer:
    if body.rail != "card":
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT)
    if (body.rail, body.ext_ref) in books.references:
        raise Refused(RejectionReason.DUPLICATE_EXTERNAL_REF)
    check_top_up(wallet, body.currency)
    charge = fee(books.policy, FeeFlow.TOPUP_CARD, body.amount)
    owed = max(0, books.balance("RCV.CUST", wallet_id, body.currency))
    recovered = min(owed, body.amount - charge)
    check_in(books, wallet_id, body.currency, body.amount, body.amount - charge - recovered)
    if not books.room("RAIL.RCV", body.rail, body.currency, body.amount):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    card, token = body.rail == "card", books.origin.instrument
    consume_in(books, wallet_id, body.currency, body.amount, card=card, instrument=token)
    books.references.add((body.rail, body.ext_ref))
    books.card_top_ups[body.ext_ref] = CardTopUp(wallet_id, body.currency, body.amount)
    books.post(
        body.currency,
        ("RAIL.RCV", body.rail, body.amount),
        ("RCV.CUST", wallet_id, -recovered),
        ("W.AVL", wallet_id, charge + recovered - body.amount),
        ("REV.TOPUP", "", -charge),
    )
    return ACCEPTED
