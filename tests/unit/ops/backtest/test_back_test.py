"""The back-test: a log of two busy writers is proved, and a candidate is asked beside it."""

from contextlib import nullcontext
from functools import cache

import pytest

from ledger.view import memory_view
from ops.backtest.beside import stake_of
from ops.backtest.run import BackTest, require_decisions
from ops.backtest.tally import tally
from ops.checker.steps import Step
from ops.errors import DocumentError
from schemas.codec import decode, encode
from schemas.messages.commands import (
    BulkItem,
    BulkTransfer,
    CaptureHold,
    Convert,
    IncrementHold,
    PlaceHold,
    WalletCommand,
)
from schemas.messages.control import ActivatePolicy, ActivateRuleset, Control
from schemas.messages.policy import Band, Rule, Typology, TypologyShare
from schemas.messages.vocabulary import Outcome, RiskAction
from streams.runtime.fakes_local import FakeDisk
from tests.support.builders import SECOND, policy, ruleset
from tests.support.checked import altered, log_records, logged_of
from tests.support.strategies import POLICY, RULES
from tests.support.traffic import PARTITIONS, Traffic
from tests.support.writers import Writer, wallet_at
from topics.catalog import CONTROL

EVERYTHING = (None, None)
FEATURE = "out_attempts_1h"
CANDIDATE = ruleset(
    Rule(
        "FR01",
        FEATURE,
        (Band(2, 4, 550, RiskAction.ALLOW), Band(4, None, 0, RiskAction.BLOCK)),
        0,
    ),
    Rule("FR05", "first_payment", (Band(1, None, 310, RiskAction.ALLOW),), 0),
)


class OneSet(Traffic):
    """Traffic in which the same rules are in force all day."""

    def _trial(self):
        pass


@cache
def writers():
    return OneSet().run(7, 260).writers


def back_test(candidate, logs=None, genesis=(POLICY, RULES), span=EVERYTHING):
    """A back-test over some writers, or over changed records of them."""
    done = BackTest(genesis, candidate, span)
    for partition, records in enumerate(logs or [log_records(each) for each in writers()]):
        done.partition(partition, PARTITIONS, records, disk)
    return done


def disk(partition):
    """An empty store."""
    return nullcontext(FakeDisk().open())


def assessed():
    """Every Decision in which the rules were asked, as it was recorded."""
    every = [each for writer in writers() for each in writer.decisions]
    return [each for each in every if each.risk is not None and each.dry_run is None]


def seen(decision, feature):
    """What a feature said, by the recorded rule that always fires."""
    named = [each for each in decision.risk.fired if each.feature == feature]
    return next((each.value for each in named if each.rule_id == "SEEN"), None)


def test_the_sets_in_force_are_reproduced_and_equal_themselves():
    done = back_test(RULES)
    assert done.differences == []
    everything = [each for writer in writers() for each in writer.decisions]
    assert done.proved + done.dropped == len(everything) == done.decisions
    assert done.dropped > 0
    assert [each.live for each in done.compared] == [each.candidate for each in done.compared]
    assert [each.live for each in done.compared] == [each.risk for each in assessed()]
    report = tally(done.compared, RULES, {})
    assert report.asked == len(assessed()) > 30
    assert report.live == report.candidate
    assert report.candidate.both > 0
    assert report.candidate.only_live == report.candidate.only_candidate == 0


def test_a_candidate_says_what_the_recorded_features_say():
    """The recorded rules show each feature's value: the expectation needs no second run."""
    done = back_test(CANDIDATE)
    for each, decision in zip(done.compared, assessed(), strict=True):
        if isinstance(decode(WalletCommand, decision.input).body, BulkTransfer):
            continue  # of its items each set may have found another one the gravest
        attempts, first = seen(decision, FEATURE), seen(decision, "first_payment")
        fired = {name for name, value, low in
                 (("FR01", attempts, 2), ("FR05", first, 1)) if (value or 0) >= low}  # fmt: skip
        assert {rule.rule_id for rule in each.candidate.fired} == fired
        score = 550 * (2 <= attempts < 4) + 310 * (first == 1)
        blocks = attempts >= 4 or score >= 700
        expected = (
            RiskAction.BLOCK
            if blocks
            else RiskAction.REVIEW
            if score >= 500
            else RiskAction.STEP_UP
            if score >= 300
            else RiskAction.ALLOW
        )
        assert (each.candidate.score, each.candidate.action) == (score, expected)
    actions = {each.candidate.action for each in done.compared}
    assert actions == set(RiskAction)


def test_the_numbers_are_those_of_the_compared_commands():
    done = back_test(CANDIDATE)
    report = tally(done.compared, CANDIDATE, {})
    allow = RiskAction.ALLOW
    both = sum(each.live.action is not allow is not each.candidate.action for each in done.compared)
    assert report.candidate.both == report.live.both == both > 0
    stopped = [each for each in done.compared if each.candidate.action is not allow]
    assert report.candidate.only_candidate == len(stopped) - both > 0
    assert report.candidate.stake == {
        code: sum(each.amount for each in stopped if each.currency == code)
        for code in {each.currency for each in stopped}
    }
    line = report.rules[("FR01", FEATURE)]
    on = [each for each in done.compared if "FR01" in {r.rule_id for r in each.candidate.fired}]
    assert line.fired == len(on) == line.only_candidate + line.both
    assert line.actions[RiskAction.BLOCK] == sum(
        each.candidate.action is RiskAction.BLOCK for each in on
    )
    assert report.rules[("SEEN", FEATURE)].only_live == len(done.compared)
    document = line.document(labels=False)
    assert document["would_block"] == line.actions[RiskAction.BLOCK]
    assert "recall" not in document


def test_labels_give_precision_and_recall():
    done = back_test(CANDIDATE)
    stopped = [each for each in done.compared if each.candidate.action is not RiskAction.ALLOW]
    passed = [each for each in done.compared if each.candidate.action is RiskAction.ALLOW]
    key = [(each.wallet_id, each.command_id) for each in (*stopped[:4], passed[0])]
    labels = dict(zip(key, (True, False, True, True, True), strict=True)) | {("w", "no"): True}
    report = tally(done.compared, CANDIDATE, labels)
    assert report.labels_used == 5
    assert (report.candidate.precision, report.candidate.recall) == (3 / 4, 3 / 4)
    assert report.rules[("SEEN", FEATURE)].precision is None
    document = report.candidate.document(labels=True)
    assert document["precision"] == document["recall"] == 3 / 4
    assert tally(done.compared, CANDIDATE, {}).candidate.recall is None


def test_a_range_of_time_leaves_the_rest_out_and_the_state_whole():
    done = back_test(CANDIDATE)
    times = sorted(each.decided_at for each in assessed())
    since, until = times[len(times) // 3], times[-1]
    part = back_test(CANDIDATE, span=(since, until))
    inside = {
        (each.partition, each.sequence) for each in assessed() if since <= each.decided_at < until
    }
    assert part.compared == [e for e in done.compared if (e.partition, e.sequence) in inside]
    assert 0 < len(part.compared) < len(done.compared)
    require_decisions(part, None, None)
    nothing = back_test(CANDIDATE, span=(done.span[1] + SECOND, None))
    with pytest.raises(DocumentError, match="--from x --to the end; the log goes from 2025"):
        require_decisions(nothing, "x", None)
    with pytest.raises(DocumentError, match="the log is empty"):
        require_decisions(back_test(CANDIDATE, [[], []]), None, None)


def test_a_difference_names_partition_and_sequence():
    writer = writers()[1]
    logged = list(logged_of(writer))
    planted = next(each for each in logged if each.decision.risk is not None
                   and each.decision.seal is None)  # fmt: skip
    step = altered(Step(planted, None), policy_version="other")
    steps = [step if each is planted else Step(each, None) for each in logged]
    done = BackTest((POLICY, RULES), CANDIDATE, EVERYTHING)
    done.steps(1, PARTITIONS, iter(steps), disk)
    (difference,) = done.differences
    assert difference.startswith(f"partition 1 #{planted.decision.sequence} wallet ")
    assert difference.endswith("logged 'other'")
    assert done.proved + done.dropped == len(logged) - 1


def test_other_genesis_documents_are_a_difference_from_the_first_decision_on():
    done = back_test(CANDIDATE, genesis=(policy(version="other"), RULES))
    assert done.differences[0].startswith("partition 0 #1 ")
    assert done.proved < done.decisions - done.dropped


def test_a_damaged_log_is_named():
    records = log_records(writers()[0])
    done = back_test(CANDIDATE, [[*records[:30], *records[31:]], []])
    assert len(done.differences) == 1
    assert done.differences[0].startswith("partition 0 offset ")


def test_the_policy_beside_the_candidate_is_the_one_then_in_force():
    writer = Writer(0, PARTITIONS)
    payer, payee = wallet_at(0), wallet_at(0, 1)
    writer.open(payer, 1_000)
    writer.open(payee)
    for number, body in enumerate(
        (ActivatePolicy(policy(version="later")), ActivateRuleset(CANDIDATE))
    ):
        control = encode(Control(f"c{number}", writer.at, "ops", body))
        writer.say(control, b"0", CONTROL.name)
    writer.command(payer, PlaceHold(payee, "EUR", 10, None), "hold")
    writer.commit()
    done = back_test(CANDIDATE, [log_records(writer)], (policy(), ruleset()))
    assert done.differences == []
    (compared,) = done.compared
    assert compared.live == compared.candidate


def test_what_is_at_stake_is_what_the_command_wanted():
    writer = Writer(0, PARTITIONS, POLICY, ruleset())
    payer, payee = wallet_at(0), wallet_at(0, 1)
    writer.open(payer, 9_000, ("EUR", "USD"))
    writer.open(payee)
    writer.command(payer, PlaceHold(payee, "EUR", 100, None), "hold")
    writer.command(payer, IncrementHold("hold", 50), "more")
    writer.command(payer, CaptureHold("hold", 170, True), "tip")
    writer.commit()
    assert [each.outcome for each in writer.decisions[-3:]] == [Outcome.ACCEPTED] * 3
    done = back_test(CANDIDATE, [log_records(writer)], (POLICY, ruleset()))
    assert [(each.command_id, each.currency, each.amount) for each in done.compared] == [
        ("hold", "EUR", 100),
        ("more", "EUR", 50),
        ("tip", "EUR", 20),
    ]
    quote = Convert("USD", "EUR", 30, 29, 10**9, "q", 0)
    assert stake_of(memory_view(), payer, quote) == ("USD", 30)
    minors = (("EUR", 5), ("USD", 7), ("EUR", 6))
    items = [BulkItem(payee, code, minor, f"r{minor}") for code, minor in minors]
    assert stake_of(memory_view(), payer, BulkTransfer(tuple(items))) == ("EUR", 11)


def test_typologies_of_the_candidate_count():
    thin = ruleset(
        Rule("FR05", "first_payment", (Band(1, None, 10, RiskAction.ALLOW),), 0),
        typologies=(Typology("NEW", (TypologyShare("first_payment", 100),), 10, 20, 30),),
    )
    actions = {each.candidate.action for each in back_test(thin).compared}
    assert actions == {RiskAction.ALLOW, RiskAction.STEP_UP}
