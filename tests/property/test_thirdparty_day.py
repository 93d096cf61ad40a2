"""Whatever a day brings: escrows and claims hold what their rows say, and nobody is paid twice."""

from hypothesis import given

from ledger.lifecycle import may_follow
from schemas.messages.events import EntryPosted, TransactionMoved
from schemas.messages.vocabulary import TransactionKind, TransactionState
from tests.support.looking import system_balance
from tests.support.strategies import World, days

WAITING = {TransactionState.PENDING, TransactionState.PROCESSING}


# What was handed over stays with its rail until somebody says what became of it.
WITH_A_RAIL = {TransactionKind.WITHDRAWAL, TransactionKind.MERCHANT_PAYOUT}


@given(days)
def test_escrow_and_claim_accounts_hold_what_their_rows_say(day):
    """RI07, at every step."""
    world = World()
    for operation in day:
        world.do(operation)
        for rig in world.rigs:
            assert held(rig.view) == expected(rig.view)


@given(days)
def test_an_escrow_is_released_refunded_under_way_and_left(day):
    """The parts of an escrow add up, and its fee comes out of what was released."""
    for rig in World().run(day).rigs:
        for row in rig.view.transactions.rows.values():
            if row.kind is TransactionKind.ESCROW:
                assert min(row.done, row.refunded, row.reserve, left_of(row), row.fee) >= 0
                assert row.fee <= row.done
                assert (left_of(row) == 0) or row.state in WAITING


@given(days)
def test_a_request_is_paid_once_or_not_at_all(day):
    for rig in World().run(day).settle().rigs:
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


@given(days)
def test_nothing_of_theirs_is_under_way_at_rest(day):
    for rig in World().run(day).settle().rigs:
        rows = rig.view.transactions.rows.values()
        states = {row.state for row in rows if row.kind not in WITH_A_RAIL}
        assert TransactionState.PROCESSING not in states
        assert all(row.due >= 0 for row in rig.view.transactions.rows.values())


@given(days)
def test_no_transaction_leaves_its_lifecycle(day):
    for rig in World().run(day).rigs:
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
