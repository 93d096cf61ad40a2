"""Words for examples of escrows: alice funds, bob sells, on two partitions or at home."""

from schemas.messages.commands import (
    FundEscrow,
    OpenWallet,
    RefundEscrow,
    ReleaseEscrow,
)
from schemas.messages.policy import FeeRule
from schemas.messages.vocabulary import (
    FeeFlow,
    Tier,
    TransactionState,
    WalletKind,
)
from tests.support.builders import Rig, policy
from tests.support.given import (
    command,
    given,
    opened,
    topped_up,
)
from tests.support.looking import system_balance

LIMITS = {"day_out": 300, "count_out_hour": 1}
POLICY = policy(fees=(FeeRule(FeeFlow.ESCROW, 300, 3),), limits=LIMITS)
ACCOUNT = "alice/e1"


def fund(amount=200, seller="bob-1", ttl_s=None, command_id="e1", currency="EUR"):
    return command("alice", FundEscrow(seller, currency, amount, ttl_s), command_id)


def release(amount, command_id="rel", escrow_id="e1"):
    return command("alice", ReleaseEscrow(escrow_id, amount), command_id)


def refund(escrow_id="e1", command_id="ref"):
    return command("alice", RefundEscrow(escrow_id), command_id)


def two(*steps, kind=WalletKind.CUSTOMER):
    """Alice on partition 0 with 1000, bob on partition 1."""
    here, there = Rig(0, policy_=POLICY), Rig(1, policy_=POLICY)
    given(opened("alice"), topped_up("alice", 1_000), *steps, rig=here)
    there.command("bob-1", OpenWallet(kind, Tier.BASIC, ("EUR",)))
    return here, there


def home(*steps, seller_kind=WalletKind.CUSTOMER):
    """Alice and the seller on one partition."""
    rig = Rig(policy_=POLICY)
    bob = command("bob", OpenWallet(seller_kind, Tier.BASIC, ("EUR",)))
    return given(opened("alice"), bob, topped_up("alice", 1_000), *steps, rig=rig)


def row_of(rig, escrow_id="e1"):
    return rig.view.transactions.get(("alice", escrow_id))


def escrow_is(state, done=0, refunded=0, held=0, fee=0, under_way=0):
    """The escrow stands here, and its account holds what the row says."""

    def check(then):
        row = row_of(then.rig)
        assert row.state is state
        assert (row.done, row.refunded, row.fee, row.reserve) == (done, refunded, fee, under_way)
        assert system_balance(then.rig.view, "ESC", ACCOUNT) == -held
        assert (row.due > 0) is (state is TransactionState.PENDING and row.due != 0)

    return check
