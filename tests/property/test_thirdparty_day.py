"""Whatever a day brings: escrows and claims hold what their rows say, and nobody is paid twice."""

from ledger.lifecycle import may_follow
from schemas.messages.events import EntryPosted, TransactionMoved
from schemas.messages.vocabulary import TransactionKind, TransactionState
from tests.support.invariants import at_every_step, at_rest, on_any_day
from tests.support.looking import system_balance

WAITING = {TransactionState.PENDING, TransactionState.PROCESSING}


# What was handed over stays with its rail until somebody says what became of it.
WITH_A_RAIL = {TransactionKind.WITHDRAWAL, TransactionKind.MERCHANT_PAYOUT}


@at_every_step
def test_escrow_and_claim_accounts_hold_what_their_rows_say(world):
    """RI07, at every step."""
    for rig in world.rigs:
        assert held(rig.view) == expected(rig.view)


@on_any_day
def test_an_escrow_is_released_refunded_under_way_and_left(world):
    """The parts of an escrow add up, and its fee comes out of what was released."""
    for rig in world.rigs:
        for row in rig.view.transactions.rows.values():
            if row.kind is TransactionKind.ESCROW:
                assert min(row.done, row.refunded, row.reserve, left_of(row), row.fee) >= 0
                assert row.fee <= row.done
                assert (left_of(row) == 0) or row.state in WAITING


@at_rest
def test_a_request_is_paid_once_or_not_at_all(world):
    for rig in world.rigs:
        paid = [
            (event.wallet_id, event.transaction_id)
            for decision, _ in rig.log
            for event in decision.events
            if isinstance(event, EntryPosted) and event.flow == "F5.2"
        ]
        completed = [
            key
            for key, row in rig.view.transactions.rows.items()
            if row.kind is TransactionKind.REQUEST_MONEY and row.state is TransactionState.COMPLETED
        ]
        assert sorted(paid) == sorted(completed)


@at_rest
def test_nothing_of_theirs_is_under_way_at_rest(world):
    for rig in world.rigs:
        rows = rig.view.transactions.rows.values()
        states = {row.state for row in rows if row.kind not in WITH_A_RAIL}
        assert TransactionState.PROCESSING not in states
        assert all(row.due >= 0 for row in rig.view.transactions.rows.values())


@on_any_day
def test_no_transaction_leaves_its_lifecycle(world):
    for rig in world.rigs:
        stands = {}
        for decision, _ in rig.log:
            for event in decision.events:
                if isinstance(event, TransactionMoved):
                    key = (event.wallet_id, event.transaction_id)
                    before = stands.get(key, TransactionState.INITIATED)
                    assert event.before is before
                    after = event.row.state
                    assert after is before or may_follow(event.row.kind, before, after)
                    stands[key] = after


def left_of(row):
    """What of an escrow is neither released, refunded nor under way."""
    return row.amount - row.done - row.refunded - row.reserve


def expected(view):
    """The balances of ESC and CLAIM accounts by the rows of their transactions."""
    found = {}
    for (wallet_id, thing), row in view.transactions.rows.items():
        if row.kind is TransactionKind.ESCROW:
            found["ESC", f"{wallet_id}/{thing}", row.currency] = left_of(row)
        elif row.kind is TransactionKind.P2P_CLAIM:
            waits = row.state is TransactionState.PENDING
            found["CLAIM", f"{wallet_id}/{thing}", row.currency] = row.amount if waits else 0
    return found


def held(view):
    """The balances of ESC and CLAIM accounts, credit positive."""
    return {
        key: -system_balance(view, *key) for key in view.accounts.rows if key[0] in {"ESC", "CLAIM"}
    }
