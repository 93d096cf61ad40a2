"""Where a command may be decided, and what a repeated command id is told."""

import pytest

from schemas.messages.commands import OpenWallet, TopUp, Transfer, VoidHold
from schemas.messages.rows import IdentityRow
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage, Tier, WalletKind
from tests.support.builders import DAY, Rig
from tests.support.given import (
    accepted,
    command,
    duplicate,
    given,
    happened,
    opened,
    pay,
    rejected,
    topped_up,
)

OPEN = OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",))


def test_a_wallet_of_another_partition_is_misrouted():
    given().when(command("bob-1", OPEN)).then(rejected(RejectionReason.MISROUTED, "bob-1"))


@pytest.mark.parametrize("key", [b"", b"alice2", b"ALICE", b"\xff"])
def test_the_key_is_the_wallet_in_the_body(key):
    refused = rejected(RejectionReason.KEY_MISMATCH, "key")
    given().when(command("alice", OPEN, key=key)).then(refused)


def test_misrouted_comes_before_the_key():
    refused = rejected(RejectionReason.MISROUTED)
    given().when(command("bob-1", OPEN, key=b"alice")).then(refused)


def test_these_two_take_no_identity():
    start = given()
    start.when(command("alice", OPEN, "one", key=b"bob"))
    start.when(command("alice", OPEN, "one")).then(accepted())


def test_the_same_command_gets_the_first_answer_again():
    start = given(opened("alice", "bob"), topped_up("alice", 10), pay("alice", "bob", 4, "one"))
    start.when(pay("alice", "bob", 4, "one")).then(duplicate(of=4))


def test_a_refused_command_stays_refused():
    start = given(opened("alice", "bob"))
    start.when(pay("alice", "bob", 4, "one")).then(rejected(RejectionReason.INSUFFICIENT_FUNDS))
    start.when(topped_up("alice", 10)).then(accepted())
    decision = start.when(pay("alice", "bob", 4, "one")).then(duplicate(of=3))
    assert (decision.reason, decision.detail) == (RejectionReason.INSUFFICIENT_FUNDS, "EUR")


def test_a_duplicate_says_whether_a_result_still_follows():
    start = given(opened("alice"), topped_up("alice", 10), pay("alice", "bob-1", 4, "one"))
    assert start.when(pay("alice", "bob-1", 4, "one")).then().stage is Stage.PENDING


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (Transfer("carl", "EUR", 4), "to_wallet_id"),
        (Transfer("bob", "USD", 4), "currency"),
        (Transfer("bob", "EUR", 5), "amount"),
        (Transfer("carl", "USD", 5), "to_wallet_id"),
        (VoidHold("hold"), "body"),
        (TopUp("EUR", 4, "card", "ref"), "body"),
    ],
)
def test_the_same_id_with_other_content_names_the_first_differing_field(body, field):
    start = given(opened("alice", "bob"), topped_up("alice", 10), pay("alice", "bob", 4, "one"))
    refused = rejected(RejectionReason.IDEMPOTENCY_MISMATCH, field)
    start.when(command("alice", body, "one")).then(refused, happened())
    start.when(pay("alice", "bob", 4, "one")).then(duplicate(of=4))


def test_equal_checks_under_another_fingerprint_are_still_a_mismatch():
    rig = Rig()
    given(opened("alice"), topped_up("alice", 10, command_id="one", ext_ref="ref"), rig=rig)
    row = rig.view.identities.get(("alice", "one"))
    rig.view.identities.put(
        ("alice", "one"),
        IdentityRow(
            bytes(16),
            row.field_checks,
            row.outcome,
            row.reason,
            row.detail,
            row.stage,
            row.sequence,
            row.decided_at,
        ),
    )
    decision = rig.command("alice", TopUp("EUR", 10, "card", "ref"), "one")
    assert (decision.reason, decision.detail) == (RejectionReason.IDEMPOTENCY_MISMATCH, "body")


def test_the_envelope_is_not_content():
    start = given(opened("alice"), topped_up("alice", 10, ext_ref="ref", command_id="one"))
    body = TopUp("EUR", 10, "card", "ref")
    issued_at = start.rig.at - DAY
    start.when(command("alice", body, "one", issued_at=issued_at)).then(duplicate(of=2))


def test_ids_belong_to_their_wallet():
    start = given(opened("alice", "bob"), topped_up("alice", 10, command_id="one"))
    start.when(topped_up("bob", 10, command_id="one")).then(accepted())


@pytest.mark.parametrize(
    ("later", "outcome"),
    [(35 * DAY - 1, Outcome.DUPLICATE), (35 * DAY, Outcome.ACCEPTED)],
)
def test_an_identity_counts_for_35_days(later, outcome):
    start = given(opened("alice", "bob"), topped_up("alice", 10), pay("alice", "bob", 4, "one"))
    start.rig.wait(later)
    assert start.when(pay("alice", "bob", 4, "one")).then().outcome is outcome
