"""Claims of an alias: found in the log while they wait, and taken by the command there is."""

import pytest

from ingress.sdk import OpenClaim, acceptance, alias_hash, open_claims
from ingress.sdk.fields import check_command
from schemas.messages.commands import (
    AcceptClaim,
    CancelClaim,
    ChangeWalletStatus,
    SendToAlias,
    Transfer,
)
from schemas.messages.vocabulary import Authority, Outcome, RejectionReason, StatusAction
from tests.support.writers import Writer

ANN = alias_hash("s" * 32, "ann@example.org")
BOB = alias_hash("s" * 32, "bob@example.org")


@pytest.fixture
def town():
    town = Writer(0, 1)
    town.open("payer", 100_00)
    town.open("other", 100_00)
    town.open("ann")
    return town


def send(town, command_id, alias=ANN, sender="payer", minor=5_00):
    decision = town.command(sender, SendToAlias(alias, "EUR", minor), command_id)
    assert decision.outcome is Outcome.ACCEPTED
    return OpenClaim(sender, command_id, "EUR", minor)


def take(town, command):
    return town.command(command.wallet_id, command.body, command.command_id)


def waiting(town, alias=ANN):
    town.commit()
    return open_claims(town.decisions, alias)


def has(town, wallet_id):
    row = town.job.view.wallets.get(wallet_id)
    return -sum(each.minor for each in row.balances if each.account == "W.AVL")


def test_claims_that_wait_are_found_oldest_first(town):
    claims = [send(town, "c-1"), send(town, "c-2", sender="other", minor=7_00), send(town, "c-3")]
    send(town, "c-4", BOB)
    town.command("payer", Transfer("ann", "EUR", 1), "t-1")
    assert waiting(town) == claims


def test_a_claim_that_was_taken_or_taken_back_waits_no_more(town):
    first, second, third = (send(town, f"c-{number}") for number in range(3))
    assert take(town, acceptance(first, "ann")).outcome is Outcome.ACCEPTED
    town.command("payer", CancelClaim(second.claim_id), "cancel")
    assert waiting(town) == [third]
    assert has(town, "ann") == 5_00


def test_taking_a_claim_twice_moves_money_once(town):
    claim = send(town, "c-1")
    command = acceptance(claim, "ann")
    take(town, command)
    again = acceptance(claim, "ann")
    assert again.command_id == command.command_id
    assert take(town, again).outcome is Outcome.DUPLICATE
    assert has(town, "ann") == 5_00


def test_a_refused_claim_is_taken_by_another_attempt(town):
    claim = send(town, "c-1")
    block = ChangeWalletStatus(StatusAction.FREEZE_CREDIT, Authority.COMPLIANCE)
    town.command("ann", block, "block")
    assert take(town, acceptance(claim, "ann")).reason is RejectionReason.RECIPIENT_REFUSED
    town.command("ann", ChangeWalletStatus(StatusAction.UNFREEZE, Authority.COMPLIANCE), "free")
    assert waiting(town) == [claim]
    assert take(town, acceptance(claim, "ann")).outcome is Outcome.DUPLICATE
    assert take(town, acceptance(claim, "ann", attempt=2)).outcome is Outcome.ACCEPTED
    assert waiting(town) == []


def test_the_command_is_addressed_to_the_sender_and_well_formed():
    command = acceptance(OpenClaim("payer", "c-1", "EUR", 5_00), "ann")
    check_command(command)
    assert (command.wallet_id, command.body) == ("payer", AcceptClaim("c-1", "ann"))


def test_ids_of_acceptances_differ_by_what_they_are_about():
    claim = OpenClaim("payer", "c-1", "EUR", 5_00)
    ids = {
        acceptance(claim, "ann").command_id,
        acceptance(claim, "bob").command_id,
        acceptance(claim, "ann", attempt=2).command_id,
        acceptance(claim._replace(claim_id="c-2"), "ann").command_id,
        acceptance(claim._replace(sender="other"), "ann").command_id,
    }
    assert len(ids) == 5


def test_a_payment_resolved_again_after_a_registration_is_not_made_twice(town):
    """The same id with the body of another day is refused: whoever retries sends what he made."""
    send(town, "c-1")
    again = town.command("payer", Transfer("ann", "EUR", 5_00), "c-1")
    assert again.reason is RejectionReason.IDEMPOTENCY_MISMATCH
    assert has(town, "payer") == 95_00
