"""Suspended sales: sent to a merchant, or back to whoever paid.

Owns: AllocateSale, and a suspended sale that arrives, has arrived or comes back.
Never: believes that one waits because its row says so; SUSP:merchant is asked too.
"""

from __future__ import annotations

from ops.auditor import merchants
from ops.auditor.answer import ACCEPTED, PENDING, Answer, Broken, Refused
from ops.auditor.attempts import check_new
from ops.auditor.books import Books, ThingKey
from ops.auditor.fields import check_payment_id
from ops.auditor.kept import Suspended
from ops.auditor.payments import Payment, begin_saga, leg_here
from ops.auditor.sales import NOTHING, check_way, come_back
from schemas.messages.commands import AllocateSale
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import LegKind, Purpose, RejectionReason, WalletKind
from schemas.values import WALLET_ID


def check_shape(wallet_id: str, body: AllocateSale) -> None:
    """Refuse what no state could make right."""
    check_payment_id(body.payment_id)
    if body.sequence <= 0 or not WALLET_ID.fullmatch(body.to_wallet_id):
        raise Refused(RejectionReason.MALFORMED_FIELD)
    if body.to_wallet_id == wallet_id:
        raise Refused(RejectionReason.SELF_TRANSFER)


def act(books: Books, key: ThingKey, body: AllocateSale) -> Answer:
    """Judge and carry out."""
    wallet = books.wallets[key[0]]
    if wallet.kind is not WalletKind.TREASURY:
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT)
    payer, command_id = body.payment_id.split("/")
    sale = books.suspended.get((payer, command_id, body.sequence))
    if sale is None or not sale.waits:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    check_new(books, key)
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if wallet.debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    answer = _send(books, key, body, sale)
    sale.waits = False
    books.touched.add(key[0])
    return answer


def _send(books: Books, key: ThingKey, body: AllocateSale, sale: Suspended) -> Answer:
    is_back = body.to_wallet_id == sale.payer
    about = f"{body.payment_id}/{body.sequence}/{sale.order_ref}"
    payment = Payment(
        key[1],
        Purpose.REFUND if is_back else Purpose.SUSPENDED_SALE,
        key[0],
        body.to_wallet_id,
        sale.currency,
        sale.amount,
        0,
        "SUSP",
        about=body.payment_id if is_back else about,
    )
    home = books.partition_of(body.to_wallet_id)
    here = leg_here(books, payment)
    if home == books.partition and not is_back:
        try:
            merchants.check_sale(books, _sale_of(here))
        except Refused as refused:
            detail = refused.reason.name
            raise Refused(RejectionReason.RECIPIENT_REFUSED, detail) from refused
    check_way(books, payment)
    out = (("SUSP", "merchant", sale.amount), ("IB", str(home), -sale.amount))
    books.post(sale.currency, *out)
    if books.balance("SUSP", "merchant", sale.currency) > 0:
        raise Broken("a sale waits that SUSP:merchant does not hold")
    if home != books.partition:
        begin_saga(books, payment, NOTHING, home)
        return PENDING
    if is_back:
        come_back(books, here)
    else:
        merchants.sell(books, _sale_of(here))
    return ACCEPTED


def _sale_of(leg: Leg) -> Leg:
    """Return the leg that the payer's own partition would have sent."""
    payer, command_id, _, order_ref = leg.about.split("/", 3)
    return Leg(
        LegKind.CREDIT,
        leg.src_partition,
        leg.dst_partition,
        leg.pair_seq,
        leg.final_below,
        leg.credit_seq,
        command_id,
        Purpose.SALE,
        payer,
        leg.to_wallet_id,
        leg.currency,
        leg.amount,
        None,
        order_ref,
    )


def arrive(books: Books, leg: Leg) -> None:
    """Take it as a sale, or refuse it."""
    sale = _sale_of(leg)
    merchants.check_sale(books, sale)
    merchants.sell(books, sale)


def refused(books: Books, leg: Leg) -> None:
    """No merchant has it: it waits again."""
    payer, command_id, sequence, _ = leg.about.split("/", 3)
    sale = books.suspended[payer, command_id, int(sequence)]
    if sale.waits:
        raise Broken(f"suspended sale {leg.about} came back, but was not sent")
    sale.waits = True
    source = ("IB", str(leg.src_partition), sale.amount)
    books.post(sale.currency, source, ("SUSP", "merchant", -sale.amount))
