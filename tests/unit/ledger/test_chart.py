"""The chart: whose an account is decides where it lies and whether it may go debit."""

from ledger.catalogue import FLOWS
from ledger.chart import CHART, NEVER_DEBIT, WALLET_ACCOUNTS, Nature, Owner


def test_accounts_of_wallets_are_liabilities_that_never_go_debit():
    for each in CHART.values():
        assert (each.code in WALLET_ACCOUNTS) is (each.owner is Owner.WALLET)
        if each.owner in (Owner.WALLET, Owner.THING):
            assert each.nature is Nature.LIABILITY
            assert each.code in NEVER_DEBIT


def test_a_debt_is_an_asset_and_may_stand_on_the_debit_side():
    for code in ("RCV.CUST", "RCV.MERCH"):
        assert CHART[code].nature is Nature.ASSET
        assert code not in NEVER_DEBIT
        assert code not in WALLET_ACCOUNTS


def test_flows_name_accounts_of_the_chart_and_say_whose_they_are():
    for flow, lines in FLOWS.items():
        for line in lines:
            owner = CHART[line.account].owner
            assert bool(line.owner) is (owner is not Owner.NOBODY), (flow, line.account)


def test_a_flow_has_both_sides_and_no_line_twice():
    for flow, lines in FLOWS.items():
        assert {line.side for line in lines} == {1, -1}, flow
        said = [(line.account, line.owner, line.amount, line.side) for line in lines]
        assert len(set(said)) == len(said), flow
