"""Suspended sales: what could not be its merchant's goes to a merchant, or back to its payer.

Owns: the row of a suspended sale, AllocateSale, and what its money does at the merchant it was sent
to, when it was delivered and when it was refused.
Never: sends one twice: it is sent while it is PENDING, whole, and only a refusal makes it that
again. What went back to its payer is never refused.

A leg that carries one names all of it, `payer/id/sequence/order`; no id has a slash.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case, Moment
from ledger.catalogue import posted
from ledger.chart import SUSPENSE
from ledger.decisions import sales, travel
from ledger.decisions.merchants import payment_id
from ledger.decisions.payment import Payment
from ledger.decisions.transactions import NOTHING_CONSUMED
from ledger.errors import present
from ledger.heads import head_of
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.commands import AllocateSale
from schemas.messages.events import SuspendedSaleMoved
from schemas.messages.legs import Leg
from schemas.messages.rows import SuspendedSaleRow
from schemas.messages.vocabulary import Purpose, Stage, TransactionState

REASON: Final = "merchant"  # SUSP:merchant holds exactly the sales that are PENDING
PENDING: Final = TransactionState.PENDING
PROCESSING: Final = TransactionState.PROCESSING
COMPLETED: Final = TransactionState.COMPLETED


def name_of(payment: str, sequence: int) -> str:
    """Name a suspended sale; its payer may take the id of its payment again."""
    return f"{payment}/{sequence}"


def kept(moment: Moment, leg: Leg) -> travel.Events:
    """Keep a sale that arrived."""
    name = payment_id(leg.from_wallet_id, leg.transfer_id)
    owners = {"home": str(leg.src_partition), "reason": REASON}
    entry = posted("F6s.2", ("", name), leg.currency, owners, {"amount": leg.amount})
    row = SuspendedSaleRow(PENDING, name, leg.to_wallet_id, leg.currency, leg.amount, leg.about, "")
    return (entry, SuspendedSaleMoved(name_of(name, head_of(moment.view).sequence + 1), row))


def act(case: Case, body: AllocateSale) -> Verdict:
    """Send a suspended sale to whoever it is for."""
    moment = case.moment
    name = name_of(body.payment_id, body.sequence)
    row = present(moment.view.suspended_sales.get(name), "suspended sale")
    subject = (case.wallet_id, case.command.command_id)
    is_payer = body.to_wallet_id == body.payment_id.partition("/")[0]
    payment = Payment(
        subject[1],
        Purpose.REFUND if is_payer else Purpose.SUSPENDED_SALE,
        subject[0],
        body.to_wallet_id,
        row.currency,
        row.amount,
        0,
        SUSPENSE,
        None,
        NOTHING_CONSUMED,
        row.payment_id if is_payer else f"{name}/{row.order_ref}",
    )
    owners = {"reason": REASON, "peer": travel.home_of(moment, body.to_wallet_id)}
    departure = posted("F19.2", subject, row.currency, owners, {"amount": row.amount})
    movement = travel.send(moment, payment, (departure,))
    if isinstance(movement, Refusal):
        return rejected(movement)
    ends = is_payer or movement.stage is Stage.FINAL
    sent = _moved(name, row, COMPLETED if ends else PROCESSING, body.to_wallet_id)
    return accepted((sent, *movement.events), movement.stage)


def arrive(moment: Moment, leg: Leg) -> travel.Events | Refusal:
    """Take a sale in that was suspended before, as if its payer paid now, or refuse it."""
    payer, command_id, _, order_ref = leg.about.split("/", 3)
    sale = Leg(
        leg.kind,
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
    return sales.refusal(moment, sale) or sales.sold(moment, sale, "F6.2")


def delivered(moment: Moment, leg: Leg) -> travel.Events:
    """End a sale that arrived; one to this partition was sent and ended in the same Decision."""
    if leg.src_partition == leg.dst_partition:
        return ()
    name, row = _named(moment, leg)
    return (_moved(name, row, COMPLETED, row.sent_to),)


def refused(moment: Moment, leg: Leg) -> travel.Events:
    """Put the money back into SUSP:merchant, where it waits again."""
    name, row = _named(moment, leg)
    owners = {"reason": REASON, "peer": str(leg.src_partition)}
    subject = (leg.from_wallet_id, leg.transfer_id)
    entry = posted("F19b.1", subject, row.currency, owners, {"amount": row.amount})
    return (_moved(name, row, PENDING, ""), entry)


def _named(moment: Moment, leg: Leg) -> tuple[str, SuspendedSaleRow]:
    name = "/".join(leg.about.split("/", 3)[:3])
    return name, present(moment.view.suspended_sales.get(name), "suspended sale")


def _moved(
    name: str, row: SuspendedSaleRow, state: TransactionState, sent_to: str
) -> SuspendedSaleMoved:
    return SuspendedSaleMoved(
        name,
        SuspendedSaleRow(
            state,
            row.payment_id,
            row.merchant,
            row.currency,
            row.amount,
            row.order_ref,
            sent_to,
        ),
    )
