"""Orders: what may lie on top of any command of a random day.

Owns: credit limits, which conditions a command carries, and what a client sends again.
Never: a rule; what is drawn here may hold or not, and be malformed.
"""

from ledger.balances import available_of, balance_of
from schemas.messages.commands import (
    AdviseChargeback,
    AvailableAtLeast,
    ChangeCreditLimit,
    MoveToPot,
    OpenWallet,
    PayBill,
    PlaceHold,
    SweepResidual,
    TopUp,
    Transfer,
    VoidHold,
    WalletSequenceIs,
    Withdraw,
)
from schemas.messages.vocabulary import Authority, Tier, WalletKind
from tests.support.builders import INT64_MAX
from tests.support.looking import balance

# Of all commands. A dry run is remembered like any other: its id may come again, and is free.
CONDITIONAL = 0.15
DRY = 0.08


ORDER_KINDS = {"credit": 2, "overdraw": 6}
POOR = ("flo", "gus-1")  # who have little, and live on credit


class OrderDays:
    """The envelope of commands."""

    def _again(self):
        """A client sends a command id again, with the same content or with another."""
        if self.ordered:
            wallet_id, body, command_id, conditions = self.random.choice(self.ordered)
            body = self.random.choice((body, VoidHold("other")))
            conditions = self.random.choice((conditions, conditions, self._conditions(wallet_id)))
            self._order(wallet_id, body, command_id, conditions)

    def open_poor(self):
        """Whoever has little is there from the start."""
        for wallet_id in POOR:
            rig = self.home(wallet_id)
            rig.command(wallet_id, OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR", "USD")))
            rig.command(wallet_id, TopUp("EUR", 200, "card", wallet_id), "start")
            rig.command(wallet_id, ChangeCreditLimit("EUR", 500), "credit")

    def _credit(self):
        limit = self.random.choice((0, 0, 50, 500, 5_000, 2**63 - 1, -1))
        wallet_id = self.random.choice((self._anybody(), *POOR))
        currency = self.random.choice((self._currency(), self._currency(), "JPY"))
        self._order(wallet_id, ChangeCreditLimit(currency, limit))

    def _overdraw(self):
        """Spend about what is there, or about what credit allows; or take it from one overdrawn."""
        wallet_id = self.random.choice(POOR)
        row = self.home(wallet_id).view.wallets.get(wallet_id)
        own, has = -balance_of(row, "W.AVL", "EUR"), available_of(row, "EUR")
        amount = self.random.choice((own, own + 1, has // 2, has, has + 1, 50))
        amount = min(amount, INT64_MAX)
        payee = self._anybody()
        body = self.random.choice(
            (
                Transfer(payee, "EUR", amount),
                Transfer(payee, "EUR", amount),
                PlaceHold(payee, "EUR", amount, 3_600),
                Withdraw("EUR", amount, "ach", "me"),
                PayBill("water", "EUR", amount, "b"),
                MoveToPot(1, "EUR", amount),
                AdviseChargeback("card", wallet_id, 50),
                SweepResidual("EUR", Authority.OPERATOR),
                TopUp("EUR", abs(amount), "card", f"{wallet_id}{len(self.ordered)}"),
            )
        )
        self._order(wallet_id, body)

    def _sometimes(self, wallet_id):
        """The conditions of a command that has none of its own: mostly none."""
        return self._conditions(wallet_id) if self.random.random() < CONDITIONAL else ()

    def _conditions(self, wallet_id):
        """Conditions of which some hold, some do not and a few are malformed."""
        view = self.home(wallet_id).view
        row = view.wallets.get(wallet_id)
        stands = 0 if row is None else row.sequence
        has = 0 if row is None else balance(view, wallet_id)
        wanted = self.random.choice((0, 1, has, has, has + 1, 500, -1))
        code = self.random.choice(("EUR", "EUR", "EUR", "USD", "XXX"))
        known = self.random.choice((stands, stands, stands + 1, 0, -1))
        both = (AvailableAtLeast(code, wanted), WalletSequenceIs(known))
        return self.random.choice((both, both[:1], both[1:], both[::-1], (both[1],) * 9))
