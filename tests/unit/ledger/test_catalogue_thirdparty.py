"""Escrows, claims and bills post what the table says, row by row, and leave nothing in between."""

from schemas.messages.commands import (
    AcceptClaim,
    CancelClaim,
    FundEscrow,
    OpenWallet,
    PayBill,
    RefundEscrow,
    RejectBill,
    ReleaseEscrow,
    SendToAlias,
)
from schemas.messages.policy import FeeRule
from schemas.messages.vocabulary import FeeFlow, Tier, WalletKind
from tests.support.builders import Rig, policy
from tests.support.given import command, given, opened, topped_up
from tests.support.looking import balance, system_balance
from tests.unit.ledger.catalogue_rows import THIRD_PARTY, posted_by, postings_of

WALLETS = {"s": "alice", "r": "bob-1", "m": "mia-1"}
THINGS = {"e1": "alice/e1", "c1": "alice/first", "c2": "alice/second", "b": "water"}
OWNERS = {**WALLETS, **THINGS, "S": "0", "R": "1", "M": "1"}
POLICY = policy(fees=(FeeRule(FeeFlow.ESCROW, 300, 0), FeeRule(FeeFlow.BILL, 0, 75)))


def two():
    """Alice on partition 0 with 1000.00; bob and the merchant mia on partition 1."""
    here, there = Rig(0, policy_=POLICY), Rig(1, policy_=POLICY)
    given(opened("alice"), topped_up("alice", 1_000_00), rig=here)
    there.open("bob-1")
    there.command("mia-1", OpenWallet(WalletKind.MERCHANT, Tier.BASIC, ("EUR",)))
    return here, there


def check(decision, *flows):
    """A Decision posts these rows and no other."""
    assert posted_by(decision) == [postings_of(each, OWNERS, THIRD_PARTY) for each in flows]


def crossed(here, there):
    """Deliver the CREDIT and its answer; return both Decisions."""
    arrival = there.leg(here.legs.pop())
    return arrival, here.leg(there.legs.pop())


def pair(here, there):
    return system_balance(here.view, "IB", "1") + system_balance(there.view, "IB", "0")


def test_escrow():
    here, there = two()
    check(here.command("alice", FundEscrow("mia-1", "EUR", 200_00, None), "e1"), "F11.1")
    check(here.command("alice", ReleaseEscrow("e1", 150_00)), "F11.2")
    arrival, answer = crossed(here, there)
    check(arrival, "F11.3")
    check(answer)
    check(here.command("alice", RefundEscrow("e1")), "F11.4")
    assert system_balance(here.view, "ESC", "alice/e1") == pair(here, there) == 0
    assert balance(there.view, "mia-1", "M.PAY") == 145_50
    assert balance(here.view, "alice") == 850_00


def test_unregistered_recipient():
    here, there = two()
    check(here.command("alice", SendToAlias("9f", "EUR", 50_00), "first"), "F12.1")
    check(here.command("alice", AcceptClaim("first", "bob-1")), "F12.2")
    arrival, answer = crossed(here, there)
    check(arrival, "F12.3")
    check(answer)
    assert system_balance(here.view, "CLAIM", "alice/first") == pair(here, there) == 0
    assert balance(there.view, "bob-1") == 50_00


def test_claim_expired_or_cancelled():
    for end in (lambda rig: rig.fire(), command("alice", CancelClaim("second"))):
        here, _ = two()
        check(here.command("alice", SendToAlias("9f", "EUR", 50_00), "second"), "F12b.1")
        check(end(here), "F12b.2")
        assert system_balance(here.view, "CLAIM", "alice/second") == 0
        assert balance(here.view, "alice") == 1_000_00


def test_bill_payment():
    here, _ = two()
    check(here.command("alice", PayBill("water", "EUR", 80_00, "7/26")), "F14.1")
    assert system_balance(here.view, "BILLER", "water") == -80_00  # until treasury remits it


def test_biller_rejects():
    here, _ = two()
    check(here.command("alice", PayBill("water", "EUR", 80_00, "7/26"), "bill"), "F14b.1")
    check(here.command("alice", RejectBill("bill", "AC04")), "F14b.2")
    assert system_balance(here.view, "BILLER", "water") == 0
    assert system_balance(here.view, "REV.BILL") == 0
    assert balance(here.view, "alice") == 1_000_00
