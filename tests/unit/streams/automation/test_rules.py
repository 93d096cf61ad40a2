"""A document of rules that the job could not work by is refused, and the field named."""

import pytest

from ledger.errors import ProgrammeError
from schemas.messages.automation import AutomationRules, Bound, GiveCommand, GiveNotice, Watch
from schemas.messages.commands import FreezePayout, Transfer
from streams.automation.rules import check_rules, natural
from tests.unit.streams.automation.watched import SAFE, rule, sweep, template

TRANSFER = template(Transfer("bob", "EUR", 1))
LOW = (Bound("balance", None, 10),)


def document(*rules, version="v1"):
    return AutomationRules(version, rules)


def then(action, **more):
    return document(rule(then=action, **more))


@pytest.mark.parametrize(
    "good",
    [
        document(),
        document(rule(), sweep(), rule("r" * 32, watch=SAFE, cooldown_s=366 * 86_400)),
        then(GiveCommand("", TRANSFER)),
        then(GiveCommand("bank", template(FreezePayout("EUR"))), watch=SAFE),
        then(GiveNotice("X", 10_00)),  # a bound is half-open: there it does not hold any more
        document(rule(events=("TransferCompleted",), when=(Bound("amount", -5, 5),) * 8)),
    ],
)
def test_a_usable_document_passes(good):
    check_rules(good)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (document(version=""), "version"),
        (document(version="v" * 65), "version"),
        (document(*[rule(f"r{number}") for number in range(101)]), "rules"),
        (document(rule(), rule()), "rules[1].rule_id"),
        (document(rule("")), "rules[0].rule_id"),
        (document(rule("a b")), "rules[0].rule_id"),
        (document(rule("r" * 33)), "rules[0].rule_id"),
        (document(rule(watch=Watch("W.AVAIL", "", "EUR"))), "rules[0].watch.account"),
        (document(rule(watch=Watch("W.AVL", "x" * 65, "EUR"))), "rules[0].watch.owner"),
        (document(rule(watch=Watch("W.AVL", "", "EURO"))), "rules[0].watch.currency"),
        (document(rule(events=("ToppedUp", "Topped"))), "rules[0].events[1]"),
        (document(rule(when=LOW * 9)), "rules[0].when"),
        (document(rule(when=(*LOW, Bound("size", 1, 2)))), "rules[0].when[1].feature"),
        (document(rule(when=(Bound("balance", None, None),))), "rules[0].when[0].low"),
        (document(rule(when=(Bound("balance", 5, 5),))), "rules[0].when[0].high"),
        (document(rule(cooldown_s=-1)), "rules[0].cooldown_s"),
        (document(rule(cooldown_s=366 * 86_400 + 1)), "rules[0].cooldown_s"),
        (then(GiveNotice("two words")), "rules[0].then.code"),
        (then(GiveNotice("X", 9_99)), "rules[0].then.level"),
        (then(GiveNotice("X", 5), when=(Bound("amount", 0, None),)), "rules[0].then.level"),
        (then(GiveCommand("no good", TRANSFER)), "rules[0].then.wallet_id"),
        (then(GiveCommand("", TRANSFER), watch=SAFE), "rules[0].then.wallet_id"),
        (then(GiveCommand("", b"nonsense")), "rules[0].then.template"),
        (then(GiveCommand("", template(FreezePayout("EUR")), 20_00)), "rules[0].then.level"),
        (then(GiveCommand("", template(Transfer("b", "USD", 1)), 20_00)), "rules[0].then.level"),
    ],
)
def test_what_is_wrong_is_named(bad, field):
    with pytest.raises(ProgrammeError) as refused:
        check_rules(bad)
    assert refused.value.field == field


def test_no_bound_at_all_is_refused():
    bare = rule()
    nothing = type(bare)(bare.rule_id, bare.watch, bare.events, (), bare.cooldown_s, bare.then)
    with pytest.raises(ProgrammeError, match="when"):
        check_rules(document(nothing))


@pytest.mark.parametrize(
    ("account", "seen"),
    [("W.AVL", 5), ("M.PAY", 5), ("REV.MDR", 5), ("BANK.SAFE", -5), ("EXP.RAIL", -5), ("IB", -5)],
)
def test_money_is_positive_to_its_owner(account, seen):
    assert natural(account, -5) == seen
