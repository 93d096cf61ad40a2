"""What examples of a wallet's status share: the ways into each, and what is asked of a wallet."""

from schemas.messages.commands import (
    CaptureHold,
    ChangeTier,
    ChangeWalletStatus,
    Convert,
    Pay,
    PlaceHold,
    RefundPayment,
    SubmitBankTopUp,
    SweepResidual,
    TopUp,
    Transfer,
    Withdraw,
)
from schemas.messages.control import SetRates
from schemas.messages.policy import FxRate
from schemas.messages.vocabulary import (
    Authority,
    Outcome,
    StatusAction,
    Tier,
    WalletKind,
    WalletStatus,
)
from tests.support.builders import NOON, Rig, policy

DORMANT_AFTER_S = 90 * 86_400
PENDING, ACTIVE, FROZEN, CLOSED, RESTRICTED, DORMANT, CLOSING = WalletStatus
DEBIT, CREDIT, BOTH, UNFREEZE, CLOSE, RESTRICT, LIFT, REVERIFY, START_CLOSING = StatusAction
YES = None


def set_status(rig, action, authority=Authority.OPERATOR, ttl_s=0):
    return rig.command("sam", ChangeWalletStatus(action, authority, ttl_s))


def slept(rig):
    """Nobody paid for long enough; bob is awake again, to be asked for money."""
    rig.wait(DORMANT_AFTER_S * 1_000_000)
    decision = looked_at(rig)
    rig.command("bob", ChangeWalletStatus(REVERIFY, Authority.OPERATOR))
    return decision


def looked_at(rig):
    """The next timer of the wallet; those of others come before."""
    while rig.view.timers.first(1)[0][1].wallet_id != "sam":
        rig.fire()
    return rig.fire()


WAYS = {
    "pending_kyc": lambda rig: rig.command("sam", ChangeTier(Tier.UNVERIFIED)),
    "active": lambda rig: rig.command("sam", ChangeTier(Tier.BASIC)),
    "restricted": lambda rig: set_status(rig, RESTRICT),
    "frozen debit": lambda rig: set_status(rig, DEBIT),
    "frozen debit, court": lambda rig: set_status(rig, DEBIT, Authority.COURT),
    "frozen credit": lambda rig: set_status(rig, CREDIT),
    "frozen both": lambda rig: set_status(rig, BOTH),
    "dormant": slept,
    "closing": lambda rig: set_status(rig, START_CLOSING),
    "closed": lambda rig: (empty(rig), set_status(rig, CLOSE))[1],
}


def started():
    """A customer with money, a payment that may be refunded and a hold that does not expire."""
    rig = Rig(policy_=policy(dormant_after_s=DORMANT_AFTER_S, limits={"withdrawal_out": True}))
    rig.open("mart", Tier.BASIC, ("EUR", "USD"), WalletKind.MERCHANT)
    rig.open("bob")
    rig.open("sam", Tier.BASIC, ("EUR", "USD"))
    table = SetRates("r", (FxRate("EUR", 10**9), FxRate("USD", 900_000_000)), 10 * NOON)
    assert rig.control(table, "rates").outcome is Outcome.ACCEPTED
    for wallet_id in ("sam", "bob"):
        rig.command(wallet_id, TopUp("EUR", 10_000, "card", wallet_id))
    assert rig.command("sam", Pay("mart", "EUR", 1_000, "o"), "p").outcome is Outcome.ACCEPTED
    rig.command("sam", PlaceHold("bob", "EUR", 500, 0), "hold")
    return rig


def empty(rig):
    rig.command("sam", CaptureHold("hold", 500, keep_open=False))
    rig.command("sam", Transfer("bob", "EUR", 8_500))


def standing(way):
    rig = started()
    decision = WAYS[way](rig)
    assert decision.outcome is Outcome.ACCEPTED, decision.reason
    assert rig.view.wallets.get("sam").status.name.lower() == way.split()[0]
    return rig


def convert(rig):
    expires_at = rig.at + 60_000_000
    return rig.command("sam", Convert("EUR", "USD", 100, 111, 1_111_111_111, "q", expires_at))


ASKED = {
    "top-up": lambda rig: rig.command("sam", TopUp("EUR", 10, "card", "new")),
    "bank top-up": lambda rig: rig.command("sam", SubmitBankTopUp("EUR", 10, "ach", "new")),
    "incoming": lambda rig: rig.command("bob", Transfer("sam", "EUR", 10)),
    "refund": lambda rig: rig.command("mart", RefundPayment("sam/p", 100)),
    "pay": lambda rig: rig.command("sam", Pay("mart", "EUR", 10, "o2")),
    "transfer": lambda rig: rig.command("sam", Transfer("bob", "EUR", 10)),
    "withdraw": lambda rig: rig.command("sam", Withdraw("EUR", 10, "ach", "me")),
    "convert": convert,
    "capture": lambda rig: rig.command("sam", CaptureHold("hold", 500, keep_open=False)),
    "close": lambda rig: (empty_by_office(rig), set_status(rig, CLOSE))[1],
}


def empty_by_office(rig):
    """Nothing is left of the wallet, whatever its owner may do."""
    rig.command("sam", CaptureHold("hold", 500, keep_open=False))
    rig.command("sam", SweepResidual("EUR", Authority.OPERATOR))
