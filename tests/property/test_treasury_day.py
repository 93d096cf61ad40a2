"""Whatever a day brings: suspense, liens, interest and rates equal the rows that speak of them."""

from ledger.lifecycle import UNDER_WAY
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    TransactionKind,
    TransactionState,
    WalletKind,
)
from tests.support.invariants import on_any_day
from tests.support.looking import balance, system_balance
from tests.support.strategies import CURRENCIES

FINAL = (TransactionState.COMPLETED, TransactionState.FAILED)


@on_any_day
def test_suspense_is_what_receipts_have_no_owner_for(world):
    for rig in world.rigs:
        rows = rig.view.transactions.rows.values()
        receipts = [row for row in rows if row.kind is TransactionKind.SUSPENSE_RECEIPT]
        for currency in CURRENCIES:
            waiting = sum(row.amount - row.done for row in receipts if row.currency == currency)
            assert -system_balance(rig.view, "SUSP", "in", currency) == waiting
        for row in receipts:
            assert 0 <= row.done <= row.amount
            assert (row.state is TransactionState.COMPLETED) is (row.done == row.amount)


@on_any_day
def test_an_allocation_under_way_is_a_saga_and_ends_as_its_leg_was_answered(world):
    for rig in world.rigs:
        allocations = {
            key: row
            for key, row in rig.view.transactions.rows.items()
            if row.kind is TransactionKind.SUSPENSE_ALLOCATION
        }
        for key, row in allocations.items():
            under_way = row.state is TransactionState.PROCESSING
            assert under_way is (rig.view.sagas.get(key) is not None)
    world.settle()
    credited = [posting for each in posted(world, "F19.3") for posting in each.postings[1:]]
    delivered = [
        row
        for rig in world.rigs
        for row in rig.view.transactions.rows.values()
        if row.kind is TransactionKind.SUSPENSE_ALLOCATION
        and row.state is TransactionState.COMPLETED
    ]
    assert sorted((each.owner, -each.amount) for each in credited) == sorted(
        (row.counterparty, row.amount) for row in delivered
    )


@on_any_day
def test_liens_are_adjustments_chargebacks_and_what_came_back_to_blocked_wallets(world):
    # What an unfreeze gives back (F8.2f) takes away again.
    came_back = [*posted(world, "F8.2"), *posted(world, "F9.3"), *posted(world, "F8.2f")]
    for rig in world.rigs:
        for wallet_id in rig.view.wallets.rows:
            for currency in CURRENCIES:
                placed = sum(
                    row.amount - row.refunded
                    for key, row in rig.view.transactions.rows.items()
                    if key[0] == wallet_id
                    and row.currency == currency
                    and is_lien(rig.view.adjustments.get(key))
                    and row.state is TransactionState.COMPLETED
                )
                disputed = sum(
                    row.reserve
                    for key, row in rig.view.transactions.rows.items()
                    if key[0] == wallet_id
                    and row.currency == currency
                    and row.kind is TransactionKind.CHARGEBACK
                    and row.state is TransactionState.PENDING
                )
                blocked = -sum(
                    posting.amount
                    for entry in came_back
                    for posting in entry.postings
                    if (posting.account, posting.owner, posting.currency)
                    == ("W.LIEN", wallet_id, currency)
                )
                held = balance(rig.view, wallet_id, "W.LIEN", currency)
                assert held == placed + disputed + blocked


@on_any_day
def test_adjustments_end_once_and_never_by_their_maker_alone(world):
    for rig in world.rigs:
        for key, details in rig.view.adjustments.rows.items():
            row = rig.view.transactions.get(key)
            assert (row.due > 0) is (row.state in UNDER_WAY)
            assert row.maker not in details.checkers
            assert len(set(details.checkers)) == len(details.checkers) <= 2
            assert 0 <= row.refunded <= row.amount
            posted_ = row.state in (TransactionState.COMPLETED, TransactionState.REVERSED)
            assert posted_ is (row.done == row.amount)
            assert posted_ <= bool(details.checkers)


@on_any_day
def test_interest_payable_is_what_wallets_are_owed(world):
    for rig in world.rigs:
        for currency in CURRENCIES:
            owed = sum(
                row.accrued for key, row in rig.view.interest.rows.items() if key[1] == currency
            )
            assert -system_balance(rig.view, "INT.PAY", "", currency) == owed
        assert all(row.accrued > 0 for row in rig.view.interest.rows.values())


@on_any_day
def test_conversions_never_cost_us_anything(world):
    """The spread is never negative; FX.POS holds the fair value of what was sold."""
    for entry in posted(world, "F15.1"):
        earned = [each.amount for each in entry.postings if each.account == "REV.FX"]
        assert all(amount < 0 for amount in earned)


@on_any_day
def test_a_treasury_wallet_has_no_money_and_home_accounts_are_at_rest(world):
    for rig in world.rigs:
        for row in rig.view.wallets.rows.values():
            assert row.kind is not WalletKind.TREASURY or row.balances == ()
        here = str(rig.place.partition)
        assert all(system_balance(rig.view, "IB", here, each) == 0 for each in CURRENCIES)


def is_lien(details):
    return (
        details is not None
        and details.account == "W.LIEN"
        and details.direction is AdjustmentDirection.DEBIT_WALLET
    )


def posted(world, flow):
    return [
        entry
        for rig in world.rigs
        for decision, _ in rig.log
        for entry in decision.entries
        if entry.flow == flow
    ]
