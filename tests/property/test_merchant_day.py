"""Whatever a day brings to merchants: their accounts are those of their payments."""

from schemas.messages.vocabulary import TransactionKind, TransactionState
from tests.support.invariants import on_any_day
from tests.support.looking import balance
from tests.support.strategies import CURRENCIES


@on_any_day
def test_accounts_of_merchants_equal_their_rows(world):
    """RI07: what has to mature, what is reserved and what is in a payout."""
    for rig in world.rigs:
        for wallet_id, wallet in rig.view.wallets.rows.items():
            for currency in CURRENCIES:
                held = {
                    each.account: -each.minor
                    for each in wallet.balances
                    if each.currency == currency
                }
                mine = [
                    row
                    for (owner, _), row in rig.view.transactions.rows.items()
                    if owner == wallet_id and row.currency == currency
                ]
                check_merchant(held, mine)


def check_merchant(held, things):
    payments = [row for row in things if row.kind is TransactionKind.PAYMENT]
    assert held.get("M.PEND", 0) == sum(row.amount - row.done for row in payments)
    assert held.get("M.RSV", 0) == sum(row.reserve for row in payments)
    frozen = [row for row in things if row.kind is TransactionKind.MERCHANT_PAYOUT]
    waiting = sum(row.amount for row in frozen if row.state is TransactionState.PENDING)
    assert held.get("M.OUT", 0) == waiting


@on_any_day
def test_suspended_money_is_that_of_sales_that_wait(world):
    """RI07."""
    for rig in world.rigs:
        for currency in CURRENCIES:
            held = rig.view.accounts.get(("SUSP", "merchant", currency))
            waiting = sum(
                row.amount
                for row in rig.view.suspended_sales.rows.values()
                if row.state is TransactionState.PENDING and row.currency == currency
            )
            assert (0 if held is None else -held.minor) == waiting


@on_any_day
def test_a_lien_of_refunds_lies_in_a_blocked_wallet(world):
    """What is not blocked has nothing of it, and W.LIEN holds at least that."""
    for rig in world.rigs:
        for (wallet_id, currency), row in rig.view.liens.rows.items():
            wallet = rig.view.wallets.get(wallet_id)
            assert wallet.credit_blocked
            assert 0 < row.held <= balance(rig.view, wallet_id, "W.LIEN", currency)


@on_any_day
def test_disputed_money_is_that_of_open_disputes(world):
    """RI07."""
    for rig in world.rigs:
        held = {
            owner: -row.minor
            for (account, owner, _), row in rig.view.accounts.rows.items()
            if account == "DSP" and row.minor != 0
        }
        disputes = {
            f"{merchant}/{name}": row.amount
            for (merchant, name), row in rig.view.transactions.rows.items()
            if row.kind is TransactionKind.DISPUTE and row.state is TransactionState.PENDING
        }
        assert held == disputes


@on_any_day
def test_a_payment_gives_back_no_more_than_it_was(world):
    """I6."""
    for rig in world.rigs:
        for row in rig.view.transactions.rows.values():
            if row.kind is TransactionKind.PAYMENT:
                assert min(row.refunded, row.disputed, row.reserve, row.fee_refunded) >= 0
                assert row.refunded + row.disputed <= row.amount
                assert row.fee_refunded <= row.fee <= row.amount
                assert row.fee + row.reserve <= row.amount
                gone = row.refunded + row.disputed == row.amount
                open_ = row.state is TransactionState.DISPUTED
                assert (row.state is TransactionState.REVERSED) == (gone and not open_)
                released = row.reserve == 0 or row.reserve_due == 0 or open_
                assert (row.due == 0) == (row.done == row.amount and released)
