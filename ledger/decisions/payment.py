"""Payment: money that is free to go moves to its recipient, here or on another partition.

Owns: the events of the movement itself, for transfers, captures and approved reviews alike.
Never: checks the payer; that is done. Checks the recipient only when it lives here: elsewhere its
own partition accepts or refuses.
"""

from __future__ import annotations

from typing import Final, final

from ledger import legs
from ledger.case import Moment
from ledger.chart import IN_FLIGHT, INT64_MIN, REVENUE_TRANSFER
from ledger.decisions.incoming import admit
from ledger.refusal import Refusal
from schemas.messages.decisions import Event
from schemas.messages.events import InflowConsumed, TransferCompleted, TransferDebited
from schemas.messages.vocabulary import Purpose, RejectionReason, Stage


@final
class Consumption:
    """The outflow entry a movement consumed, to be given back should it be refused."""

    __slots__ = ("base_amount", "day", "entry", "month")

    def __init__(self, entry: int, day: int, month: int, base_amount: int) -> None:
        self.entry: Final = entry
        self.day: Final = day
        self.month: Final = month
        self.base_amount: Final = base_amount


@final
class Payment:
    """A movement about to happen; `source` is the payer's account the money is in.

    `about` names the thing it is for: an escrow or claim of the payer, a request of the recipient.
    """

    __slots__ = (
        "about",
        "amount",
        "consumption",
        "currency",
        "fee",
        "from_wallet_id",
        "hold_id",
        "purpose",
        "source",
        "to_wallet_id",
        "transfer_id",
    )

    def __init__(  # noqa: PLR0913 - one record of facts
        self,
        transfer_id: str,
        purpose: Purpose,
        from_wallet_id: str,
        to_wallet_id: str,
        currency: str,
        amount: int,
        fee: int,
        source: str,
        hold_id: str | None,
        consumption: Consumption,
        about: str = "",
    ) -> None:
        self.transfer_id: Final = transfer_id
        self.purpose: Final = purpose
        self.from_wallet_id: Final = from_wallet_id
        self.to_wallet_id: Final = to_wallet_id
        self.currency: Final = currency
        self.amount: Final = amount
        self.fee: Final = fee
        self.source: Final = source
        self.hold_id: Final = hold_id
        self.consumption: Final = consumption
        self.about: Final = about


@final
class Movement:
    """The events that move the money; PENDING when another partition still has to answer."""

    __slots__ = ("events", "stage")

    def __init__(self, events: tuple[Event, ...], stage: Stage) -> None:
        self.events: Final = events
        self.stage: Final = stage


def move(moment: Moment, payment: Payment) -> Movement | Refusal:
    """Return the movement, or RECIPIENT_REFUSED with the recipient's own reason as detail.

    A system account without room in 64 bits refuses too: what follows must succeed.
    """
    home = moment.place.home_of(moment.view, payment.to_wallet_id)
    if is_full(moment, REVENUE_TRANSFER, "", payment.currency, payment.fee):
        return Refusal(RejectionReason.AMOUNT_OVERFLOW, REVENUE_TRANSFER)
    if home != moment.place.partition:
        if is_full(moment, IN_FLIGHT, str(home), payment.currency, payment.amount):
            return Refusal(RejectionReason.AMOUNT_OVERFLOW, IN_FLIGHT)
        return sent(moment, payment, home)
    payer = payment.from_wallet_id
    admitted = admit(moment, payment.to_wallet_id, payment.currency, payment.amount, payer)
    if isinstance(admitted, Refusal):
        return Refusal(RejectionReason.RECIPIENT_REFUSED, admitted.reason.name)
    return _completed(payment, admitted)


def is_full(moment: Moment, account: str, owner: str, currency: str, credit: int) -> bool:
    """Tell whether a system account has no room for a credit in 64 bits."""
    row = moment.view.accounts.get((account, owner, currency)) if credit > 0 else None
    return row is not None and row.minor - credit < INT64_MIN


def _completed(payment: Payment, admitted: InflowConsumed) -> Movement:
    completed = TransferCompleted(
        payment.transfer_id,
        payment.purpose,
        payment.from_wallet_id,
        payment.to_wallet_id,
        payment.currency,
        payment.amount,
        payment.fee,
        payment.source,
    )
    return Movement((admitted, completed), Stage.FINAL)


def sent(moment: Moment, payment: Payment, partition: int) -> Movement:
    """Return the events of money that leaves for another partition."""
    consumption = payment.consumption
    debited = TransferDebited(
        payment.transfer_id,
        payment.purpose,
        payment.from_wallet_id,
        payment.to_wallet_id,
        partition,
        payment.currency,
        payment.amount,
        payment.fee,
        payment.source,
        payment.hold_id,
        legs.next_number(moment.view, partition),
        consumption.entry,
        consumption.base_amount,
        consumption.day,
        consumption.month,
        moment.at + moment.programme.saga_cancel_after_us,
        payment.about,
    )
    return Movement((debited, legs.credit(moment.view, moment.place, debited)), Stage.PENDING)
