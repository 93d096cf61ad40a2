"""Merchants of a random day: sales, refunds, and whatever else is about a payment.

Owns: the operations of `World` that merchants bring.
Never: a rule.
"""

from ledger.lifecycle import UNDER_WAY
from schemas.messages.commands import (
    AllocateSale,
    CancelPayout,
    ChangeWalletStatus,
    FreezePayout,
    OpenDispute,
    Pay,
    RefundPayment,
    ReleaseReserve,
    ResolveDispute,
    ReturnPayout,
    SetMerchantTerms,
    SubmitEvidence,
    SubmitPayout,
    WithdrawDispute,
)
from schemas.messages.vocabulary import (
    Authority,
    FeeBack,
    StatusAction,
    TransactionKind,
    TransactionState,
)

MERCHANTS = ("shop", "mart-2")
DESKS = ("desk", "bank-1", "desk-2")  # a treasury wallet of each partition
MERCHANT_KINDS = {
    "sale": 9,
    "refund": 4,
    "blocked_refund": 3,
    "terms": 1,
    "reserve": 2,
    "allocate_sale": 3,
    "freeze_payout": 4,
    "payout": 6,
    "dispute": 3,
    "verdict": 3,
    "evidence": 3,
}


class MerchantOperations:
    """Operations about merchants; the world they happen in is the class that takes them."""

    def _sale(self):
        """A customer pays a merchant; now and then somebody who is none, or nobody."""
        merchant = self.random.choice((*MERCHANTS, *MERCHANTS, *MERCHANTS, "nobody-1", "bob"))
        self._order(self._wallet(), Pay(merchant, self._currency(), self._amount(), "order"))

    def _refund(self):
        merchant, payment_id, left = self._payment()
        amount = self.random.choice((1, left // 3, left, left, left + 1))
        self._order(merchant, RefundPayment(payment_id, amount))

    def _blocked_refund(self):
        """A refund for a payer who was blocked meanwhile, and soon is not any more."""
        merchant, payment_id, left = self._payment()
        payer = payment_id.partition("/")[0]
        self._order(payer, ChangeWalletStatus(StatusAction.FREEZE_CREDIT, Authority.COURT))
        self._order(merchant, RefundPayment(payment_id, self.random.choice((1, left))))
        if self.random.random() < 0.5:
            self._deliver()
        self._order(payer, ChangeWalletStatus(StatusAction.UNFREEZE, Authority.COURT))

    def _terms(self):
        parts = (0, 290, 10_000), (0, 30, 5_000), (0, 500, 10_000), (1, 600), tuple(FeeBack)
        kept_for = self.random.choice((0, 600, 600, 86_400, 7, -1))
        terms = SetMerchantTerms(*map(self.random.choice, parts), reserve_for_s=kept_for)
        self._order(self._anybody(), terms)

    def _reserve(self):
        """Let go what is kept back of a payment, if anything is."""
        merchant, payment_id, _ = self._payment()
        self._order(merchant, ReleaseReserve(payment_id))

    def _allocate_sale(self):
        """Send a suspended sale on; now and then one that is gone, or by another desk."""
        kept = [
            (rig, name)
            for rig in self.rigs
            for name, row in sorted(rig.view.suspended_sales.rows.items())
            for _ in range(4 if row.state is TransactionState.PENDING else 1)
        ]
        rig, name = self.random.choice(kept) if kept else (self.rigs[0], "alice/n/1")
        payer, command_id, sequence = name.split("/")
        desk = DESKS[rig.place.partition % len(DESKS)]
        desk = self.random.choice((*(desk,) * 9, *DESKS, "alice"))
        to = self.random.choice((payer, payer, *MERCHANTS, *MERCHANTS, "nobody-1", "bob", desk))
        self._order(desk, AllocateSale(f"{payer}/{command_id}", int(sequence), to))

    def _payment(self):
        """A payment at its merchant, and what is left of it; an unknown one when there is none."""
        payments = [
            (*key, row.amount - row.refunded - row.disputed)
            for rig in self.rigs
            for key, row in sorted(rig.view.transactions.rows.items())
            if row.kind is TransactionKind.PAYMENT
        ]
        return self.random.choice(payments) if payments else (MERCHANTS[0], "alice/unknown", 1)

    def _freeze_payout(self):
        self._order(self.random.choice((*MERCHANTS, "bob")), FreezePayout(self._currency()))

    def _payout(self):
        merchant, name, _ = self._of_merchant(TransactionKind.MERCHANT_PAYOUT)
        rail = self.random.choice(("sct", "sct", "ach", "card"))
        submit = SubmitPayout(name, rail, str(self.random.randrange(6)))
        others = (CancelPayout(name), ReturnPayout(name, "AC04"))
        self._order(merchant, self.random.choice((submit, submit, *others)))

    def _dispute(self):
        merchant, payment_id, left = self._payment()
        amount = self.random.choice((left, left // 2, left + 1))
        self._order(merchant, OpenDispute(payment_id, amount, "file"))

    def _evidence(self):
        merchant, name, _ = self._of_merchant(TransactionKind.DISPUTE)
        digest = self.random.choice(("ab" * 32, "cd" * 32, "AB" * 32))
        self._order(merchant, SubmitEvidence(name, self.random.choice(("f-1", "f-2")), digest))

    def _verdict(self):
        merchant, name, amount = self._of_merchant(TransactionKind.DISPUTE)
        part = self.random.choice((None, 0, amount // 3, amount, amount + 1, -1))
        resolve = ResolveDispute(name, part)
        self._order(merchant, self.random.choice((resolve, resolve, WithdrawDispute(name))))

    def _of_merchant(self, kind):
        """A merchant's payout or dispute, those still open more often; or an unknown one."""
        found = [
            (*key, row.amount)
            for rig in self.rigs
            for key, row in sorted(rig.view.transactions.rows.items())
            if row.kind is kind
            for _ in range(4 if row.state in UNDER_WAY else 1)
        ]
        return self.random.choice(found) if found else (MERCHANTS[0], "unknown", 1)
