"""Whatever a day brings: money is conserved, rows agree with each other and with the log."""

from ledger.chart import WALLET_ACCOUNTS
from ledger.holds import OPEN, remaining_of
from ledger.lifecycle import UNDER_WAY
from ledger.treasury import STEPS
from schemas.messages.events import CreditLimitChanged, LegSent
from schemas.messages.vocabulary import (
    InboxState,
    SagaState,
    TransactionKind,
    TransactionState,
)
from tests.support.invariants import at_every_step, at_rest, on_any_day
from tests.support.looking import rows_of, system_balance, trial_balance
from tests.support.strategies import CURRENCIES, WALLETS, World

WITH_THE_RAIL = (
    TransactionState.PROCESSING,
    TransactionState.COMPLETED,
    TransactionState.SETTLED,
)


@at_every_step
def test_every_partition_sums_to_zero(world):
    """I2."""
    for rig in world.rigs:
        assert set(trial_balance(rig.view).values()) <= {0}


@on_any_day
def test_every_entry_balances(world):
    """I1."""
    for rig in world.rigs:
        for decision, _ in rig.log:
            for entry in decision.entries:
                sums = {}
                for posting in entry.postings:
                    sums[posting.currency] = sums.get(posting.currency, 0) + posting.amount
                assert set(sums.values()) == {0}
                assert all(posting.amount != 0 for posting in entry.postings)


@on_any_day
def test_wallet_accounts_never_go_debit(world):
    """I3: but for W.AVL, as far as the wallet ever had credit."""
    for rig in world.rigs:
        credit = {}
        for decision, _ in rig.log:
            for event in decision.events:
                if isinstance(event, CreditLimitChanged):
                    key = (event.wallet_id, event.currency)
                    credit[key] = max(credit.get(key, 0), event.limit)
        for wallet_id, row in rig.view.wallets.rows.items():
            for each in row.balances:
                most = credit.get((wallet_id, each.currency), 0) if each.account == "W.AVL" else 0
                assert each.minor <= most
            assert {each.account for each in row.balances} <= WALLET_ACCOUNTS


@on_any_day
def test_control_accounts_equal_their_rows(world):
    """RI07: what is reserved or waits is that of the rows it is there for."""
    for rig in world.rigs:
        view = rig.view
        for wallet_id, wallet in view.wallets.rows.items():
            holds = [row for (owner, _), row in view.holds.rows.items() if owner == wallet_id]
            sagas = [row for (owner, _), row in view.sagas.rows.items() if owner == wallet_id]
            reviews = [row for (owner, _), row in view.reviews.rows.items() if owner == wallet_id]
            assert wallet.active_holds == sum(row.status in OPEN for row in holds)
            transactions = [
                row for (owner, _), row in view.transactions.rows.items() if owner == wallet_id
            ]
            under_way = sum(row.state in UNDER_WAY for row in transactions)
            assert wallet.open_movements == len(sagas) + len(reviews) + under_way
            for currency in CURRENCIES:
                held = {
                    each.account: -each.minor
                    for each in wallet.balances
                    if each.currency == currency
                }
                reserved = sum(
                    remaining_of(row)
                    for row in holds
                    if row.currency == currency and row.status in OPEN
                )
                waiting = sum(row.fee for row in sagas if row.currency == currency) + sum(
                    row.amount + row.fee for row in reviews if row.currency == currency
                )
                mine = [row for row in transactions if row.currency == currency]
                assert held.get("W.RSV", 0) == reserved
                assert held.get("W.POUT", 0) == waiting + to_be_handed_over(mine)
                assert held.get("W.PIN", 0) == to_be_cleared(mine)


# What the treasury books when money really moves at a bank.
AT_THE_BANK = {each.flow for each in STEPS.values()}


def pending(transactions, kind):
    return [
        row for row in transactions if row.kind is kind and row.state is TransactionState.PENDING
    ]


def to_be_cleared(transactions):
    return sum(row.amount - row.done for row in pending(transactions, TransactionKind.TOPUP_BANK))


def to_be_handed_over(transactions):
    return sum(row.amount + row.fee for row in pending(transactions, TransactionKind.WITHDRAWAL))


@on_any_day
def test_what_is_open_with_rails_and_schemes_is_on_their_accounts(world):
    """RAIL.*, RCV.CUST and the references agree with the transactions behind them."""
    for rig in world.rigs:
        view = rig.view
        rows = view.transactions.rows
        for currency in CURRENCIES:
            paid_out = [
                row.amount if row.kind is TransactionKind.WITHDRAWAL else row.amount - row.fee
                for row in rows.values()
                if row.kind in {TransactionKind.WITHDRAWAL, TransactionKind.MERCHANT_PAYOUT}
                and row.currency == currency
                and row.state in WITH_THE_RAIL
            ]
            stands = [
                posting.amount
                for decision, _ in rig.log
                for entry in decision.entries
                if entry.flow not in AT_THE_BANK
                for posting in entry.postings
                if (posting.account, posting.currency) == ("RAIL.PAY", currency)
            ]
            assert -sum(stands) == sum(paid_out)
        for (rail, reference), row in view.external_refs.rows.items():
            taken = [
                each.amount
                for each in rows.values()
                if each.kind is TransactionKind.CHARGEBACK
                and (each.rail, each.reference) == (rail, reference)
                and each.state is not TransactionState.REVERSED
            ]
            assert row.charged_back == sum(taken)
            assert 0 <= row.charged_back <= row.amount
        for (account, _, _), row in view.accounts.rows.items():
            assert account != "RCV.CUST" or row.minor >= 0


@on_any_day
def test_a_hold_is_captured_released_and_remaining(world):
    """I5."""
    for rig in world.rigs:
        for row in rig.view.holds.rows.values():
            parts = (row.captured, row.released, remaining_of(row))
            assert min(parts) >= 0
            assert sum(parts) == row.authorized
            assert (remaining_of(row) > 0) is (row.status in OPEN)


@at_every_step
def test_money_between_partitions_is_what_sagas_say(world):
    """I4, at every step."""
    for source, target in world.queues:
        if source < target:
            check_pair(world, source, target)


@at_rest
def test_nothing_is_in_flight_at_rest(world):
    for source, target in world.queues:
        for currency in CURRENCIES:
            there = system_balance(world.rigs[source].view, "IB", str(target), currency)
            back = system_balance(world.rigs[target].view, "IB", str(source), currency)
            assert there + back == 0
    for rig in world.rigs:
        for currency in CURRENCIES:
            assert system_balance(rig.view, "IB", str(rig.place.partition), currency) == 0
    for rig in world.rigs:
        assert rig.view.sagas.rows == {}
        assert rig.view.open_credits.rows == {}
        for peer, pair in rig.view.pairs_out.rows.items():
            assert pair.lowest_open == pair.next
            assert world.rigs[peer].view.pairs_in.get(rig.place.partition).highest == pair.next - 1


@at_rest
def test_a_transfer_is_settled_exactly_when_it_was_credited(world):
    ends = {"TransferDebited": [], "credited": [], "TransferSettled": []}
    ends["TransferCompensated"] = []
    for rig in world.rigs:
        for decision, _ in rig.log:
            for event in decision.events:
                if type(event).__name__ in ends:
                    ends[type(event).__name__].append((event.from_wallet_id, event.transfer_id))
            ends["credited"] += credited_by(decision)
    for key in set(ends["TransferDebited"]):
        started = ends["TransferDebited"].count(key)
        assert ends["credited"].count(key) == ends["TransferSettled"].count(key)
        assert started == ends["TransferSettled"].count(key) + ends["TransferCompensated"].count(
            key
        )
    assert set(ends["credited"]) <= set(ends["TransferDebited"])


@on_any_day
def test_replay_of_the_log_gives_the_same_rows(world):
    for rig in world.rigs:
        assert rows_of(rig.replayed()) == rows_of(rig.view)


@on_any_day
def test_decisions_carry_the_balances_of_the_rows(world):
    for rig in world.rigs:
        last = {}
        sequences = {}
        for number, (decision, _) in enumerate(rig.log, 1):
            assert decision.sequence == number
            for each in decision.balances:
                last[each.account, each.owner, each.currency] = each
                if each.account in WALLET_ACCOUNTS:
                    assert sequences.get(each.owner, 0) <= each.owner_sequence
                    sequences[each.owner] = each.owner_sequence
        for (account, owner, currency), each in last.items():
            if account not in WALLET_ACCOUNTS:
                assert each.minor == system_balance(rig.view, account, owner, currency)


@on_any_day
def test_every_timer_belongs_to_something_open(world):
    for rig in world.rigs:
        check_timers(rig.view)


def check_timers(view):
    expected = {
        *((row.due, 2, *key) for key, row in view.sagas.rows.items() if row.due),
        *((row.expires_at, 1, *key) for key, row in view.reviews.rows.items()),
        *(
            (row.expires_at, 0, *key)
            for key, row in view.holds.rows.items()
            if row.expires_at and row.status in OPEN
        ),
        *((row.due, 3, *key) for key, row in view.transactions.rows.items() if row.due > 0),
    }
    assert set(view.timers.rows) == expected
    assert all(
        (row.due == 0) is (row.state is SagaState.PARKED) for row in view.sagas.rows.values()
    )


@at_rest
def test_the_inbox_keeps_what_may_come_again_and_no_more(world):
    for rig in world.rigs:
        for source, pair in rig.view.pairs_in.rows.items():
            kept = sorted(number for peer, number in rig.view.inbox.rows if peer == source)
            assert kept == list(range(pair.kept_from, pair.highest + 1))
            for leg in world.last_groups[source]:
                if leg.dst_partition == rig.place.partition:
                    assert (source, leg.pair_seq) in rig.view.inbox.rows


def credited_by(decision):
    """The transfer whose money a Decision let in, whatever it was for."""
    if not any(getattr(each, "state", None) is InboxState.CREDITED for each in decision.events):
        return []
    answers = [each.leg for each in decision.events if isinstance(each, LegSent)]
    return [(each.from_wallet_id, each.transfer_id) for each in answers]


def check_pair(world, source, target):
    for currency in CURRENCIES:
        there = system_balance(world.rigs[source].view, "IB", str(target), currency)
        back = system_balance(world.rigs[target].view, "IB", str(source), currency)
        under_way = in_flight(world, source, target, currency)
        under_way += in_flight(world, target, source, currency)
        assert there + back == -under_way


def in_flight(world, source, target, currency):
    """Value of legs sent and neither applied nor compensated."""
    inbox = world.rigs[target].view.inbox.rows
    total = 0
    for row in world.rigs[source].view.sagas.rows.values():
        if row.to_partition == target and row.currency == currency:
            taken = inbox.get((source, row.credit_seq))
            if taken is None or taken.state is not InboxState.CREDITED:
                total += row.amount
    return total


def test_the_world_has_wallets_on_every_partition():
    world = World()
    assert {world.home(each).place.partition for each in WALLETS} == {0, 1, 2}
