"""A rule raises one thing when its condition becomes true, and nothing again until it was false."""

import pytest

from schemas.messages.automation import Bound, GiveCommand, GiveNotice, NoticeKind, Watch
from schemas.messages.commands import MoveFromPot, MoveToPot, TopUp, Transfer, Withdraw
from schemas.messages.vocabulary import Outcome, RejectionReason
from streams.automation.job import AutomationJob
from tests.unit.streams.automation.watched import (
    SAFE,
    SECOND,
    Watched,
    rule,
    sweep,
    template,
)
from topics.catalog import JOB_COMMANDS
from topics.partitioning import partition_of

HOUR_S = 3_600
HOUR = HOUR_S * SECOND


def test_a_crossing_raises_one_notice_however_long_it_lasts():
    town = Watched(rule())
    town.pay(20_00)
    town.pay(21_00)  # 9.00 are left
    town.pay(1_00)
    town.pay(1_00)
    assert town.told() == [("LOW", "ann", 1, 9_00)]


def test_it_is_armed_again_by_a_balance_that_is_not_low():
    town = Watched(rule())
    town.pay(45_00)
    town.pay(45_00, "bob", "ann")
    town.pay(49_00)
    # Bob fell to nothing in between: an account is watched for itself.
    assert town.told() == [("LOW", "ann", 1, 5_00), ("LOW", "bob", 1, 0), ("LOW", "ann", 2, 1_00)]
    assert len({each.notice_id for each in town.notices}) == len(town.notices)


@pytest.mark.parametrize(("left", "raised"), [(10_01, 0), (10_00, 0), (9_99, 1)])
def test_a_bound_is_half_open(left, raised):
    town = Watched(rule())
    town.pay(50_00 - left)
    assert len(town.told()) == raised


def test_a_prefunded_account_below_its_threshold_raises_a_funding_instruction():
    fund = GiveNotice("FUND", 2_000_00)
    town = Watched(rule("prefund", SAFE, (Bound("balance", None, 500_00),), then=fund))
    town.received(1_000_00)
    town.left(400_00)
    assert town.told() == []
    town.left(200_00)
    town.left(50_00)
    (notice,) = [each for each in town.notices if each.kind is NoticeKind.RAISED]
    assert (notice.balance, notice.amount, notice.code) == (400_00, 1_600_00, "FUND")
    assert (notice.account, notice.owner, notice.currency) == ("BANK.SAFE", "payouts", "EUR")
    assert (notice.rule_id, notice.rules_version) == ("prefund", "v1")
    assert notice.sequence == town.writer.decisions[-2].sequence
    town.received(1_650_00)
    town.left(1_600_00)
    assert [crossing for _, _, crossing, _ in town.told()] == [1, 2]


def test_a_balance_above_its_ceiling_is_swept_by_a_command():
    town = Watched(sweep())
    town.command("ann", TopUp("EUR", 70_00, "card", "more"))
    (given,) = town.commanded()
    assert given.body == Transfer("bob", "EUR", 70_00)
    assert given.wallet_id == "ann"
    assert given.command_id.startswith("auto-sweep-")
    assert given.command_id.endswith("-1")
    assert (town.available("ann"), town.available("bob")) == (50_00, 70_00)
    town.command("ann", TopUp("EUR", 50_00, "card", "again"))
    assert [each.body.amount for each in town.commanded()] == [70_00, 50_00]


def test_a_command_goes_to_the_partition_of_the_wallet_that_decides():
    town = Watched()
    town.job = AutomationJob(8).open(town.overlay, 0)
    named = GiveCommand("head-office", template(Transfer("bob", "EUR", 1)))
    given = []
    town.take = given.extend
    for then in (named, GiveCommand("", named.template)):
        low = (Bound("balance", None, 40_00),)
        town.activate(rule(watch=Watch("W.AVL", "ann", "EUR"), then=then, when=low))
        town.pay(15_00)
    places = [(each.key, each.partition) for each in given if each.topic == JOB_COMMANDS.name]
    assert places == [
        (b"head-office", partition_of("head-office", 8)),
        (b"ann", partition_of("ann", 8)),
    ]
    assert len({place for _, place in places}) == 2


def test_a_command_sent_twice_moves_money_once():
    town = Watched(sweep())
    town.command("ann", TopUp("EUR", 70_00, "card", "more"))
    value, key = town.orders[0]
    assert town.writer.say(value, key, JOB_COMMANDS.name).outcome is Outcome.DUPLICATE
    town.live()
    assert (town.available("bob"), len(town.orders)) == (70_00, 1)


@pytest.mark.parametrize(
    ("body", "level", "computed"),
    [
        (MoveToPot(1, "EUR", 1), 50_00, MoveToPot(1, "EUR", 70_00)),
        (MoveFromPot(1, "EUR", 1), 50_00, MoveFromPot(1, "EUR", 70_00)),
        (Withdraw("EUR", 1, "sct", "me"), 50_00, Withdraw("EUR", 70_00, "sct", "me")),
        (Transfer("bob", "EUR", 3_00), None, Transfer("bob", "EUR", 3_00)),
    ],
)
def test_a_level_computes_the_amount_of_a_command(body, level, computed):
    then = GiveCommand("ann", template(body), level)
    town = Watched(rule(when=(Bound("balance", 100_00, None),), then=then))
    town.command("ann", TopUp("EUR", 70_00, "card", "more"))
    assert town.commanded()[0].body == computed


def test_a_command_that_is_refused_becomes_a_notice():
    town = Watched(sweep(to="ann"))
    town.command("ann", TopUp("EUR", 70_00, "card", "more"))
    assert town.writer.decisions[-1].reason is RejectionReason.SELF_TRANSFER
    refused = town.notices[-1]
    assert refused.kind is NoticeKind.COMMAND_REFUSED
    assert (refused.rule_id, refused.owner) == ("sweep", "ann")
    assert refused.code.startswith("SELF_TRANSFER")
    assert refused.notice_id == town.commanded()[0].command_id


@pytest.mark.parametrize(
    ("command_id", "topic"), [("auto-sweep-0-1", None), ("settle-1", JOB_COMMANDS.name)]
)
def test_what_others_are_refused_is_none_of_its_business(command_id, topic):
    town = Watched(sweep(to="ann"))
    told = len(town.notices)
    town.command("ann", Transfer("ann", "EUR", 1), command_id)
    if topic:
        town.writer.say(template(Transfer("bob", "EUR", 1)), b"ann", topic)
        town.live()
    assert len(town.notices) == told


def test_within_the_cool_down_a_crossing_waits_and_is_raised_at_its_end():
    town = Watched(rule(cooldown_s=HOUR_S))
    town.pay(45_00)
    first = town.notices[-1].at
    town.pay(45_00, "bob", "ann")
    town.pay(44_00)
    town.pay(1_00)
    assert [each[:3] for each in town.told() if each[1] == "ann"] == [("LOW", "ann", 1)]
    town.wait(HOUR)
    last = [each for each in town.notices if each.owner == "ann"][-1]
    assert (last.crossing, last.balance, last.at) == (2, 5_00, first + HOUR)
    assert town.books.waiting.first(9) == []


def test_a_crossing_that_is_over_before_the_cool_down_raises_nothing():
    town = Watched(rule(cooldown_s=HOUR_S))
    town.pay(45_00)
    town.pay(45_00, "bob", "ann")
    town.pay(44_00)
    town.pay(44_00, "bob", "ann")
    town.wait(2 * HOUR)
    assert [each[:3] for each in town.told() if each[1] == "ann"] == [("LOW", "ann", 1)]
    assert [key for key, _ in town.books.waiting.first(9) if "ann" in key[1][1]] == []


def test_after_the_cool_down_a_crossing_is_raised_at_once():
    town = Watched(rule(cooldown_s=HOUR_S))
    town.pay(45_00)
    town.wait(HOUR)
    town.pay(45_00, "bob", "ann")
    town.pay(49_00)
    assert [crossing for _, owner, crossing, _ in town.told() if owner == "ann"] == [1, 2]


@pytest.mark.parametrize("after", [(), (rule(cooldown_s=7_200),)])
def test_a_crossing_that_waits_for_a_rule_that_is_gone_or_changed_raises_nothing(after):
    town = Watched(rule(cooldown_s=HOUR_S))
    town.pay(45_00)
    town.pay(45_00, "bob", "ann")
    town.pay(49_00)
    town.activate(*after)
    raised = town.told()
    town.wait(HOUR)
    assert town.told() == raised
    assert town.books.waiting.first(9) == []


def test_a_changed_rule_begins_anew_and_its_crossings_go_on():
    town = Watched(rule(cooldown_s=HOUR_S))
    town.pay(45_00)
    town.pay(45_00, "bob", "ann")
    town.pay(44_00)  # waits
    town.activate(rule(then=GiveNotice("VERY-LOW")), version="v2")
    town.pay(1_00)
    town.pay(1_00)
    last = town.notices[-1]
    assert (last.code, last.crossing, last.rules_version) == ("VERY-LOW", 2, "v2")
    assert town.books.waiting.first(9) == []


def test_the_same_rule_in_another_document_goes_on_as_it_was():
    town = Watched(rule())
    town.pay(45_00)
    town.activate(rule(), rule("other", when=(Bound("balance", 10**9, None),)), version="v2")
    town.pay(1_00)
    assert town.told() == [("LOW", "ann", 1, 5_00)]


def test_rules_look_at_nothing_decided_before_them():
    """A job that is behind meets old Decisions after the record of the rules."""
    early = Watched()
    early.pay(45_00)
    behind = Watched()
    behind.writer.at = early.writer.at
    behind.activate(rule())
    for each in early.records:
        behind.step(each.topic, each.offset, each.append_time, each.key, each.value)
    assert behind.told() == []


def test_an_amount_is_what_the_decision_moved():
    large = rule("large", when=(Bound("amount", None, -30_00 + 1),))
    town = Watched(large)
    town.pay(20_00)
    town.pay(30_00)
    assert town.told() == [("LOW", "ann", 1, 0)]


def test_all_bounds_must_hold():
    both = (Bound("balance", None, 10_00), Bound("amount", -5_00, 0))
    town = Watched(rule(when=both))
    town.pay(45_00)
    assert town.told() == []
    town.pay(1_00)
    assert town.told() == [("LOW", "ann", 1, 4_00)]


def test_a_rule_may_ask_for_events():
    town = Watched(rule(events=("ToppedUp",), when=(Bound("balance", None, 60_00),)))
    town.pay(45_00)
    assert town.told() == []
    town.command("ann", TopUp("EUR", 5_00, "card", "a"))
    assert town.told() == [("LOW", "ann", 1, 10_00)]


def test_another_account_currency_or_owner_is_not_looked_at():
    only_bob = rule(watch=Watch("W.AVL", "bob", "EUR"))
    dollars = rule("usd", watch=Watch("W.AVL", "", "USD"))
    reserved = rule("rsv", watch=Watch("W.RSV", "", "EUR"))
    town = Watched(only_bob, dollars, reserved)
    town.pay(45_00)
    town.pay(45_00, "bob", "ann")
    assert town.told() == [("LOW", "bob", 1, 0)]


def test_a_document_that_was_taken_is_told_once():
    town = Watched()
    said = town.activate(rule(), control_id="c", version="v7")
    assert (said.kind, said.notice_id, said.rules_version) == (NoticeKind.RULES_TAKEN, "c", "v7")
    assert said.at == town.writer.at
    town.activate(rule(then=GiveNotice("X")), control_id="c")
    assert len(town.notices) == 1
    assert len(town.books.rules.first(9)) == 1


def test_a_document_that_cannot_be_used_is_refused_and_the_one_before_stays():
    town = Watched(rule())
    said = town.activate(rule(), rule("bad", when=(Bound("colour", 1, None),)))
    assert (said.kind, said.code) == (NoticeKind.RULES_REFUSED, "rules[1].when[0].feature")
    town.pay(45_00)
    assert town.told() == [("LOW", "ann", 1, 5_00)]


@pytest.mark.parametrize("value", [None, b"", b"nonsense", template(TopUp("EUR", 1, "card", "r"))])
def test_bytes_that_are_no_document_are_refused(value):
    town = Watched()
    said = town.hear(value)
    assert (said.kind, said.code, said.notice_id) == (NoticeKind.RULES_REFUSED, "value", "offset-0")


def test_only_rules_in_force_are_kept():
    town = Watched(rule())
    for number in range(3):
        town.activate(rule(then=GiveNotice(f"L{number}")))
    town.pay(45_00)
    assert [code for code, *_ in town.told()] == ["L2"]
    assert len(town.books.rules.first(9)) == 1
