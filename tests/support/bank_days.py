"""Bank days: what the rails of banks and cards bring into a random day, and take back.

Owns: operations about bank top-ups, withdrawals, settlements and chargebacks.
Never: a rule. The world that lives through them is `tests.support.strategies.World`.
"""

from schemas.messages.commands import (
    AdviseChargeback,
    CancelWithdrawal,
    ClearTopUp,
    ResolveChargeback,
    ReturnTopUp,
    ReturnWithdrawal,
    SettleTransaction,
    SubmitBankTopUp,
    SubmitWithdrawal,
    Withdraw,
)
from schemas.messages.vocabulary import TransactionKind
from tests.support.builders import INT64_MAX

# How often, in terms of the hundred operations of a day without them.
BANK_KINDS = {
    "bank_in": 5,
    "bank_in_next": 6,
    "withdraw": 6,
    "withdrawal_next": 7,
    "settle": 2,
    "chargeback": 3,
    "chargeback_end": 3,
}


class BankDays:
    """Operations of a world."""

    def _bank_in(self):
        rail = self.random.choice(("ach", "ach", "sct", "sdd", "pix", "upi", "card"))
        amount = self.random.choice((10, 500, 3_000, 9_000, 9_001, self._amount()))
        reference = str(self.random.randrange(60))
        self._order(self._wallet(), SubmitBankTopUp(self._currency(), amount, rail, reference))

    def _bank_in_next(self):
        wallet_id, top_up_id = self._transaction(TransactionKind.TOPUP_BANK)
        row = self.home(wallet_id).view.transactions.get((wallet_id, top_up_id))
        rest = 1 if row is None else row.amount - row.done
        amount = min(self.random.choice((rest, rest, rest // 2, rest + 1)), INT64_MAX)
        bodies = (ClearTopUp(top_up_id, amount), ReturnTopUp(top_up_id, "R01"))
        self._order(wallet_id, self.random.choices(bodies, (3, 2))[0])

    def _withdraw(self):
        rail = self.random.choice(("ach", "sct", "pix", "upi", "sdd"))
        to = f"NL{self.random.randrange(6)}"
        self._order(self._wallet(), Withdraw(self._currency(), self._amount(), rail, to))

    def _withdrawal_next(self):
        wallet_id, withdrawal_id = self._transaction(TransactionKind.WITHDRAWAL)
        bodies = (
            SubmitWithdrawal(withdrawal_id, str(self.random.randrange(60))),
            CancelWithdrawal(withdrawal_id),
            ReturnWithdrawal(withdrawal_id, "AC04"),
        )
        self._order(wallet_id, self.random.choices(bodies, (4, 1, 2))[0])

    def _settle(self):
        wallet_id, transaction_id = self._transaction(*TransactionKind)
        self._order(wallet_id, SettleTransaction(transaction_id, "line"))

    def _chargeback(self):
        """Of a top-up by card; now and then of nothing, or of more than it was."""
        found = [
            (row.wallet_id, reference, row.amount - row.charged_back)
            for rig in self.rigs
            for (rail, reference), row in sorted(rig.view.external_refs.rows.items())
            if rail == "card"
        ]
        wallet_id, reference, rest = self.random.choice(found)
        wallet_id = self.random.choice((wallet_id,) * 7 + (self._wallet(),))
        amount = self.random.choice((rest, rest // 2, rest, rest + 1))
        rail = self.random.choice(("card",) * 7 + ("ach",))
        self._order(wallet_id, AdviseChargeback(rail, reference, amount))

    def _chargeback_end(self):
        wallet_id, chargeback_id = self._transaction(TransactionKind.CHARGEBACK)
        self._order(wallet_id, ResolveChargeback(chargeback_id, self.random.random() < 0.4))

    def _transaction(self, *kinds):
        """The key of a transaction, mostly of these kinds; of an unknown one when there is none."""
        keys = [
            key
            for rig in self.rigs
            for key, row in sorted(rig.view.transactions.rows.items())
            if row.kind in kinds or self.random.random() < 0.05
        ]
        return self.random.choice(keys) if keys else ("alice", "unknown")
