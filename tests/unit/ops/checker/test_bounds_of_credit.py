"""Check 4 and credit: W.AVL may be overdrawn by its limit, or by less than before."""

from ops.checker.bounds import Bounds
from ops.checker.report import Result
from ops.checker.steps import Logged, Step
from schemas.messages.commands import ChangeCreditLimit, TopUp, Transfer
from schemas.messages.decisions import Decision
from schemas.messages.journal import BalanceAfter
from tests.support.builders import Rig, policy


def log_of_credit():
    """A wallet pays on credit, its limit is lowered, money comes in."""
    rig = Rig()
    rig.open("ann")
    rig.open("bob")
    rig.command("ann", ChangeCreditLimit("EUR", 50))
    rig.command("ann", Transfer("bob", "EUR", 50))
    rig.command("ann", ChangeCreditLimit("EUR", 20))
    rig.command("ann", TopUp("EUR", 5, "card", "r"))
    return [decision for decision, _ in rig.log]


def findings(decisions):
    result = Result(4)
    bounds = Bounds(result, policy())
    for decision in decisions:
        bounds.take(Step(Logged(decision, b"", 0, None, None), None))
    return [each.what for each in result.findings]


def changed(decision, **fields):
    values = {name: getattr(decision, name) for name in Decision.__match_args__}
    return Decision(**{**values, **fields})


def test_a_day_on_credit_is_in_order():
    assert findings(log_of_credit()) == []


def test_a_wallet_overdrawn_beyond_its_limit_is_found():
    day = log_of_credit()
    over = BalanceAfter("W.AVL", "ann", "EUR", 51, 3)
    day[3] = changed(day[3], balances=(over,))
    assert "W.AVL EUR of ann is negative by 51, its credit limit 50" in findings(day)[0]


def test_once_lowered_nothing_more_may_go_out():
    day = log_of_credit()
    day[5] = changed(day[5], balances=(BalanceAfter("W.AVL", "ann", "EUR", 51, 5),))
    assert findings(day) == ["W.AVL EUR of ann is negative by 51, its credit limit 20"]


def test_credit_is_for_the_available_balance_alone():
    day = log_of_credit()
    day[3] = changed(day[3], balances=(BalanceAfter("W.RSV", "ann", "EUR", 1, 3),))
    assert any("W.RSV EUR of ann is negative by 1" in each for each in findings(day))
