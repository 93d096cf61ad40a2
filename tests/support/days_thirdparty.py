"""Operations of a random day: escrows, claims, bills, requests for money and savings pots.

Owns: what is drawn for them, mostly about something that stands, now and then about nothing.
Never: carries anything out; `World` orders it.
"""

from schemas.messages.commands import (
    AcceptClaim,
    CancelClaim,
    CancelRequest,
    FundEscrow,
    MoveFromPot,
    MoveToPot,
    PayBill,
    PayRequest,
    RefundEscrow,
    RejectBill,
    ReleaseEscrow,
    RequestMoney,
    SendToAlias,
)
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import TransactionKind, TransactionState
from tests.support.builders import INT64_MAX

# How often in a hundred operations, beside those of `tests.support.strategies`.
THIRD_PARTY_KINDS = {"escrow": 12, "claim": 8, "bill": 4, "request": 12, "pot": 4}


class ThirdPartyDays:
    """A mixin of `World`; `_order`, `_pair`, `_wallet`, `_currency` and `_amount` are its own."""

    def _escrow(self):
        key, row = self._begun(TransactionKind.ESCROW)
        turn = self.random.randrange(10)
        if turn < 4 or row is None:
            buyer, seller = self._pair()
            ttl_s = self.random.choice((None, 0, 60, 3_600, -1))
            self._order(buyer, FundEscrow(seller, self._currency(), self._amount(), ttl_s))
        elif turn < 9:
            rest = row.amount - row.done
            amount = min(self.random.choice((1, rest // 2, rest, rest, rest + 1)), INT64_MAX)
            self._order(key[0], ReleaseEscrow(key[1], amount))
        else:
            self._order(key[0], RefundEscrow(key[1]))

    def _claim(self):
        key, row = self._begun(TransactionKind.P2P_CLAIM)
        turn = self.random.randrange(9)
        if turn < 4 or row is None:
            alias = f"alias{self.random.randrange(3)}"
            self._order(self._wallet(), SendToAlias(alias, self._currency(), self._amount()))
        elif turn < 8:
            to = self.random.choice((self._wallet(), self._wallet(), "nobody-1"))
            self._order(key[0], AcceptClaim(key[1], to))
        else:
            self._order(key[0], CancelClaim(key[1]))

    def _bill(self):
        key, row = self._begun(TransactionKind.BILL_PAYMENT)
        if self.random.random() < 0.6 or row is None:
            biller = self.random.choice(("water", "power", "?"))
            self._order(self._wallet(), PayBill(biller, self._currency(), self._amount(), "7/26"))
        else:
            self._order(key[0], RejectBill(key[1], "AC04"))

    def _request(self):
        key, row = self._begun(TransactionKind.REQUEST_MONEY)
        turn = self.random.randrange(10)
        if turn < 4 or row is None:
            payer, requester = self._pair()
            ttl_s = self.random.choice((0, 60, 3_600, -1))
            self._order(requester, RequestMoney(payer, self._currency(), self._amount(), ttl_s))
        elif turn < 9:
            payer = self.random.choice(
                (row.counterparty or self._wallet(),) * 5 + (self._wallet(),)
            )
            amount = self.random.choice((row.amount,) * 5 + (self._amount(),))
            self._order(payer, PayRequest(key[0], key[1], row.currency, amount))
        else:
            self._order(key[0], CancelRequest(key[1]))

    def _pot(self):
        move = self.random.choice((MoveToPot, MoveToPot, MoveFromPot))
        pot = self.random.choice((1, 1, 1, 8, 9))
        self._order(self._wallet(), move(pot, self._currency(), self._amount()))

    def _begun(self, kind) -> tuple[tuple[str, str], TransactionRow | None]:
        """One of a kind, most often one that waits; of another kind now and then."""
        rows = [
            (key, row)
            for rig in self.rigs
            for key, row in sorted(rig.view.transactions.rows.items())
            if row.kind is kind or self.random.random() < 0.02
        ]
        waiting = [each for each in rows if each[1].state is TransactionState.PENDING]
        if waiting and self.random.random() < 0.8:
            rows = waiting
        return self.random.choice(rows) if rows else (("alice", "unknown"), None)
