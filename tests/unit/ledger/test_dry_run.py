"""A dry run is decided by the code that does it, and leaves nothing behind."""

import pytest

from ledger.results import results_of
from schemas.messages.commands import OpenWallet, PlaceHold, TopUp, Transfer
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage, Tier, WalletKind
from tests.support.builders import Rig, fees, policy
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    has,
    opened,
    rejected,
    topped_up,
)
from tests.support.looking import rows_of


def dry(wallet_id, body, command_id="one"):
    return command(wallet_id, body, command_id, dry_run=True)


def funded(rig=None):
    return given(opened("alice", "bob"), topped_up("alice", 100), rig=rig)


def untouched(then):
    """Nothing but the head moved."""
    assert {**rows_of(then.rig.view), "head": None} == {**then.before, "head": None}


def postings(would_be):
    return [
        (entry.flow, [(line.account, line.owner, line.amount) for line in entry.postings])
        for entry in would_be.entries
    ]


def test_it_says_what_would_be_posted_with_its_fee():
    start = funded(Rig(policy_=policy(fees=fees(200))))
    decision = start.when(dry("alice", Transfer("bob", "EUR", 50))).then(
        accepted(), happened(), untouched
    )
    would_be = decision.dry_run
    lines = [("W.AVL", "alice", 51), ("W.AVL", "bob", -50), ("REV.P2P", "", -1)]
    assert postings(would_be) == [("F4.1", lines)]
    stands = {(each.account, each.owner): each.minor for each in would_be.balances}
    assert stands == {("W.AVL", "alice"): -47, ("W.AVL", "bob"): -50, ("REV.P2P", ""): -1}
    sequences = {each.owner: each.owner_sequence for each in would_be.balances}
    assert sequences == {"alice": 3, "bob": 2, "": decision.sequence}


def test_its_answer_is_final_though_the_command_would_be_pending():
    decision = (
        funded()
        .when(dry("alice", Transfer("bob-1", "EUR", 50)))
        .then(accepted(), happened(), untouched)
    )
    assert (decision.stage, decision.dry_run.stage) == (Stage.FINAL, Stage.PENDING)
    (result,) = results_of(decision)
    assert (result.stage, result.dry_run) == (Stage.FINAL, decision.dry_run)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (Transfer("bob", "EUR", 101), RejectionReason.INSUFFICIENT_FUNDS),
        (Transfer("bob", "EUR", 0), RejectionReason.AMOUNT_NOT_POSITIVE),
        (PlaceHold("bob", "USD", 5, None), RejectionReason.CURRENCY_NOT_HELD),
        (TopUp("EUR", 5, "pix", "r"), RejectionReason.UNKNOWN_ACCOUNT),
        (OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",)), RejectionReason.WALLET_EXISTS),
    ],
)
def test_a_refusal_is_told_and_no_attempt_is_counted(body, reason):
    decision = funded().when(dry("alice", body)).then(rejected(reason), happened(), untouched)
    assert (decision.dry_run.entries, decision.dry_run.balances) == ((), ())


def test_its_id_stays_free():
    start = funded()
    start.when(dry("alice", Transfer("bob", "EUR", 50))).then(accepted(), has("bob", 0))
    start.when(dry("alice", Transfer("bob", "EUR", 60))).then(accepted(), has("bob", 0))
    start.when(command("alice", Transfer("bob", "EUR", 70), "one")).then(accepted(), has("bob", 70))


def test_of_an_id_that_is_taken_it_says_what_its_repeat_is_told():
    start = funded()
    start.when(command("alice", Transfer("bob", "EUR", 70), "one")).then(accepted())
    again = start.when(dry("alice", Transfer("bob", "EUR", 70))).then(duplicate(of=4))
    assert again.dry_run.entries == ()
    mismatch = rejected(RejectionReason.IDEMPOTENCY_MISMATCH, "amount")
    start.when(dry("alice", Transfer("bob", "EUR", 71))).then(mismatch, untouched)
    start.when(command("alice", Transfer("bob", "EUR", 70), "one")).then(duplicate(of=4))


def test_a_wallet_that_would_be_opened_is_not():
    opening = OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",))
    start = given()
    start.when(dry("alice", opening)).then(accepted(), happened(), untouched)
    start.when(command("alice", opening)).then(accepted())


def test_an_ordinary_command_is_no_dry_run():
    decision = funded().when(command("alice", Transfer("bob", "EUR", 50))).then(accepted())
    assert decision.dry_run is None
    (result,) = results_of(decision)
    assert (result.outcome, result.dry_run) == (Outcome.ACCEPTED, None)
