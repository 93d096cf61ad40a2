"""What the tests of merchant features share: a shop of which half a sale is kept back."""

from schemas.messages.commands import OpenDispute, Pay, RefundPayment
from schemas.messages.events import MerchantSold, TransactionMoved
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import RiskAction, TransactionKind, WalletKind
from tests.support.builders import Rig, policy, ruleset
from tests.support.given import given, opened, topped_up

PAYERS = ("ann", "bob", "carl")


def shop(feature, low, *steps):
    """A shop whose one rule asks for half of a sale from a value of its feature on."""
    bands = (Band(0, low, 0, RiskAction.ALLOW), Band(low, None, 1, RiskAction.ALLOW))
    half = {"merchant_reserve_at": 1, "merchant_reserve_bp": 5_000}
    rules = ruleset(merchant_rules=(Rule("FR", feature, bands, 0),), **half)
    people = (opened(*PAYERS), opened("mart", kind=WalletKind.MERCHANT))
    funds = [topped_up(each, 10**9) for each in PAYERS]
    rig = Rig(policy_=policy(), ruleset_=rules)
    return given(*people, *funds, *steps, rig=rig)


def sale(amount=1_000, payer="ann"):
    """A payment to the shop."""
    return lambda rig: rig.command(payer, Pay("mart", "EUR", amount, "order"), f"s{len(rig.log)}")


def sales(count, amount=1_000, payer="ann"):
    """Several of the same."""

    def step(rig):
        for _ in range(count):
            decision = sale(amount, payer)(rig)
        return decision

    return step


def refunds(total):
    """So much of the first sales is given back."""

    def step(rig):
        left, decision = total, None
        for name, row in payments(rig):
            part = min(left, row.amount - row.refunded)
            if part > 0:
                decision = rig.command("mart", RefundPayment(name, part))
            left -= part
        return decision

    return step


def disputes(count):
    """So many of the first sales that were not refunded whole are disputed."""

    def step(rig):
        decision = None
        left = [(name, row.amount - row.refunded) for name, row in payments(rig)]
        for name, amount in [each for each in left if each[1] > 0][:count]:
            decision = rig.command("mart", OpenDispute(name, amount, "file"))
        return decision

    return step


def payments(rig):
    """The shop's payments by id, as they are."""
    rows = rig.view.transactions.rows.items()
    return [(key[1], row) for key, row in rows if row.kind is TransactionKind.PAYMENT]


def saw(value):
    """The feature's value was this; None = it had none."""

    def check(then):
        (event,) = [each for each in then.decision.events if isinstance(each, MerchantSold)]
        assert [each.value for each in event.fired] == ([] if value is None else [value])
        assert len(event.missing) == (1 if value is None else 0)

    return check


def kept(amount):
    """So much of the sale is in the reserve."""

    def check(then):
        rows = [each.row for each in then.decision.events if isinstance(each, TransactionMoved)]
        assert rows[-1].reserve == amount

    return check
