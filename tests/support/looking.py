"""Looking at the tables of a partition: rows and balances."""

from dataclasses import fields


def rows_of(view):
    """Every row of a memory view, by table."""
    return {each.name: dict(getattr(view, each.name).rows) for each in fields(view)}


def balance(view, wallet_id, account="W.AVL", currency="EUR"):
    """A wallet account's balance, credit positive: what the customer has in it."""
    row = view.wallets.get(wallet_id)
    for each in row.balances:
        if (each.account, each.currency) == (account, currency):
            return -each.minor
    return 0


def system_balance(view, account, owner="", currency="EUR"):
    """A system account's balance, debit positive."""
    row = view.accounts.get((account, owner, currency))
    return 0 if row is None else row.minor


def trial_balance(view):
    """Sum of every account of the partition, by currency."""
    sums = {}
    for wallet in view.wallets.rows.values():
        for each in wallet.balances:
            sums[each.currency] = sums.get(each.currency, 0) + each.minor
    for (_, _, currency), row in view.accounts.rows.items():
        sums[currency] = sums.get(currency, 0) + row.minor
    return sums


def timers_of_standings(view):
    """The keys of the timers that wallets' standings have."""
    dues = [
        (due, number, wallet_id, name)
        for wallet_id, row in view.standings.rows.items()
        for due, number, name in ((row.freeze_due, 4, "freeze"), (row.dormancy_due, 5, "dormancy"))
    ]
    return {key for key in dues if key[0]}
