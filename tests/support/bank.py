"""Bank: the words of examples about bank top-ups, withdrawals and chargebacks.

Owns: steps and expectations in the form of `tests.support.given`.
Never: a rule.
"""

from schemas.messages.commands import (
    AdviseChargeback,
    CancelWithdrawal,
    ClearTopUp,
    ResolveChargeback,
    ReturnTopUp,
    ReturnWithdrawal,
    SettleTransaction,
    SubmitBankTopUp,
    SubmitWithdrawal,
    Withdraw,
)
from tests.support.given import command
from tests.support.looking import balance, system_balance


def submitted(wallet_id, amount, ext_ref="in", command_id="top", rail="ach", currency="EUR"):
    """A bank is to bring money."""
    return command(wallet_id, SubmitBankTopUp(currency, amount, rail, ext_ref), command_id)


def cleared(wallet_id, amount, transaction_id="top"):
    """It was cleared, or part of it is released early."""
    return command(wallet_id, ClearTopUp(transaction_id, amount))


def returned(wallet_id, transaction_id="top", reason_code="R01"):
    """The rail took a top-up back."""
    return command(wallet_id, ReturnTopUp(transaction_id, reason_code))


def withdraw(wallet_id, amount, command_id="out", rail="ach", to="NL91", currency="EUR"):
    """The customer wants money paid out."""
    return command(wallet_id, Withdraw(currency, amount, rail, to), command_id)


def handed_over(wallet_id, transaction_id="out", ext_ref="ref"):
    """A withdrawal went to its rail."""
    return command(wallet_id, SubmitWithdrawal(transaction_id, ext_ref))


def cancelled(wallet_id, transaction_id="out"):
    """A withdrawal is not to go."""
    return command(wallet_id, CancelWithdrawal(transaction_id))


def brought_back(wallet_id, transaction_id="out", reason_code="AC04"):
    """A withdrawal came back."""
    return command(wallet_id, ReturnWithdrawal(transaction_id, reason_code))


def settled(wallet_id, transaction_id="out", ext_ref="line"):
    """A transaction was matched with a line of the bank."""
    return command(wallet_id, SettleTransaction(transaction_id, ext_ref))


def charged_back(wallet_id, amount, command_id="back", ext_ref="card1", rail="card"):
    """A scheme announced a chargeback."""
    return command(wallet_id, AdviseChargeback(rail, ext_ref, amount), command_id)


def resolved(wallet_id, *, won, chargeback_id="back"):
    """A chargeback has its outcome."""
    return command(wallet_id, ResolveChargeback(chargeback_id, won))


def stands(wallet_id, transaction_id, state, **fields):
    """A transaction is in this state, and has these fields."""

    def check(then):
        row = then.rig.view.transactions.get((wallet_id, transaction_id))
        assert row.state is state
        assert {name: getattr(row, name) for name in fields} == fields

    return check


def holds(wallet_id, **accounts):
    """A wallet's accounts hold these amounts: AVL, PIN, POUT, LIEN."""

    def check(then):
        found = {name: balance(then.rig.view, wallet_id, f"W.{name}") for name in accounts}
        assert found == accounts

    return check


def system(account, minor, owner=""):
    """A system account stands so, debit positive."""

    def check(then):
        assert system_balance(then.rig.view, account, owner) == minor

    return check


def posted(*entries):
    """Exactly these entries: flow, then account, owner and amount of each line."""

    def check(then):
        found = [
            (entry.flow, *((each.account, each.owner, each.amount) for each in entry.postings))
            for entry in then.decision.entries
        ]
        assert found == list(entries)

    return check
