"""Facts of one Decision: exactly these columns, with these words."""

import json

import pytest

from ops.published.expected import Rows
from schemas.codec import decode, encode
from schemas.messages.commands import CaptureHold, PlaceHold, Transfer, VoidHold
from schemas.messages.facts import ControlTotal
from schemas.messages.policy import Band, Rule
from schemas.messages.vocabulary import RiskAction
from streams.publish.facts import Said, facts_of
from streams.publish.stamped import DAY_US, Stamp
from streams.publish.totals import Totals
from tests.support.builders import NOON, SECOND, ruleset
from tests.support.checked import copied
from tests.support.published import Published
from tests.support.recon import log_of_writer
from tests.support.writers import Writer, delivered, wallet_at
from topics.catalog import ATTEMPTS, BALANCES, POSTINGS, TOTALS, TRANSACTIONS

HERE, THERE, AWAY = wallet_at(0), wallet_at(0, 1), wallet_at(1)
DAY = NOON // DAY_US


def columns(fact):
    """What a record holds, by name."""
    return {name: getattr(fact, name) for name in fact.__match_args__}


def said(fact, *names):
    return tuple(getattr(fact, name) for name in names)


def remembered(published):
    """What is still travelling after all of it."""
    rows = Rows()
    for each in published.log():
        facts_of(each.decision, Stamp(each.decision, 0), rows)
    return rows


class Town:
    """A ledger of one partition and what is published of it."""

    def __init__(self, rules=None):
        self.writer = Writer(0, 2, ruleset_=rules)
        self.writer.open(HERE, 900)
        self.writer.open(THERE)

    def published(self):
        self.writer.commit()
        return Published(log_of_writer(self.writer)).prompt()

    def last(self, topic, count):
        return self.published().of(topic)[-count:]


@pytest.fixture
def town():
    return Town()


def test_a_posting_has_every_column(town):
    decision = town.writer.command(HERE, Transfer(THERE, "EUR", 250), "pay")
    (debit, credit) = town.last(POSTINGS, 2)
    assert columns(debit) == {
        "posting_id": f"0-{decision.sequence}-0-0",
        "partition": 0,
        "sequence": decision.sequence,
        "entry": 0,
        "posting": 0,
        "ledger_id": "test",
        "command_id": "pay",
        "flow": "F4.1",
        "account": "W.AVL",
        "owner": HERE,
        "wallet_id": HERE,
        "currency": "EUR",
        "exponent": 2,
        "amount_minor": 250,
        "day": DAY,
        "effective_at": NOON,
        "decided_at": NOON,
        "appended_at": NOON,
        "logged_at": NOON,
    }
    assert said(credit, "posting_id", "owner", "amount_minor") == (
        f"0-{decision.sequence}-0-1",
        THERE,
        -250,
    )


def test_a_posting_is_keyed_by_its_wallet_or_by_the_address_of_its_account(town):
    published = town.published()
    keys = [each.key.decode() for each in published.outputs if each.topic == POSTINGS.name]
    facts = published.of(POSTINGS)
    assert keys == [each.wallet_id or f"{each.account}:{each.owner}" for each in facts]
    assert {HERE} < set(keys)
    assert {each.account for each in facts if each.wallet_id} == {"W.AVL"}


def test_a_balance_is_the_newest_of_its_account_and_knows_the_wallets_sequence(town):
    before = town.published().latest()[f"{HERE}|W.AVL|EUR"]
    town.writer.command(HERE, Transfer(THERE, "EUR", 250), "pay")
    after = town.published().latest()[f"{HERE}|W.AVL|EUR"]
    assert after.balance_minor == before.balance_minor + 250
    assert after.wallet_sequence == before.wallet_sequence + 1
    keys = {each.key.decode() for each in town.published().outputs if each.topic == BALANCES.name}
    assert keys == set(town.published().latest())


def test_a_transfer_has_two_sides(town):
    town.writer.command(HERE, Transfer(THERE, "EUR", 250), "pay")
    paid, got = town.last(TRANSACTIONS, 2)
    names = ("wallet_id", "thing", "transaction_id", "direction", "state", "amount_minor")
    assert said(paid, *names) == (HERE, "TRANSFER", "pay", "OUT", "COMPLETED", 250)
    assert said(got, *names) == (THERE, "TRANSFER", "pay", "IN", "COMPLETED", 250)
    assert [each.change for each in (paid, got)] == [0, 1]
    assert paid.counterparty == THERE


def test_a_hold_is_placed_captured_and_freed(town):
    town.writer.command(HERE, PlaceHold(THERE, "EUR", 100, 60), "hold")
    town.writer.command(HERE, CaptureHold("hold", 40, keep_open=True), "take")
    town.writer.command(HERE, VoidHold("hold"), "free")
    found = [each for each in town.published().of(TRANSACTIONS) if each.thing == "HOLD"]
    assert [said(each, "state", "amount_minor", "released_minor") for each in found] == [
        ("ACTIVE", 100, None),
        ("PARTIALLY_CAPTURED", 40, 0),
        ("VOIDED", None, 60),
    ]
    assert found[0].due_at == NOON + 60 * SECOND


def test_what_a_late_timer_does_counts_from_when_it_was_due(town):
    town.writer.command(HERE, PlaceHold(THERE, "EUR", 100, 60), "hold")
    town.writer.at += 3_600 * SECOND
    town.writer.command(HERE, Transfer(THERE, "EUR", 1), "later")
    published = town.published()
    expired = next(each for each in published.of(TRANSACTIONS) if each.state == "EXPIRED")
    assert (expired.effective_at, expired.appended_at) == (NOON + 60 * SECOND, None)
    (fired,) = [
        each.decision for each in published.log() if each.decision.sequence == expired.sequence
    ]
    late = Stamp(copied(fired, decided_at=NOON + DAY_US), NOON + 2 * DAY_US)
    assert late.times == (NOON + 60 * SECOND, NOON + DAY_US, None, NOON + 2 * DAY_US)
    assert late.day == DAY + 1


@pytest.mark.parametrize(("later_s", "effective"), [(-90, NOON - 90 * SECOND), (5, NOON)])
def test_a_command_counts_from_when_it_was_issued_and_never_later_than_decided(
    town, later_s, effective
):
    issued_at = NOON + later_s * SECOND
    town.writer.command(HERE, Transfer(THERE, "EUR", 1), "slow", issued_at=issued_at)
    (fact, _) = town.last(POSTINGS, 2)
    assert said(fact, "effective_at", "decided_at", "appended_at") == (effective, NOON, NOON)
    (attempt,) = town.last(ATTEMPTS, 1)
    assert said(attempt, "issued_at", "effective_at") == (issued_at, effective)


@pytest.mark.parametrize(("open_there", "state"), [(True, "COMPLETED"), (False, "FAILED")])
def test_a_transfer_that_travels_ends_with_all_that_it_began_with(town, open_there, state):
    town.writer.command(HERE, Transfer(AWAY, "EUR", 250), "pay")
    town.writer.commit()
    other = Writer(1, 2)
    if open_there:
        other.open(AWAY)
    delivered(town.writer, other)
    delivered(other, town.writer)
    sent, ended = town.last(TRANSACTIONS, 2)
    names = ("transaction_id", "direction", "counterparty", "amount_minor", "kind")
    assert said(sent, *names) == ("pay", "OUT", AWAY, 250, "TRANSFER") == said(ended, *names)
    assert [said(each, "before", "state") for each in (sent, ended)] == [
        (None, "PROCESSING"),
        ("PROCESSING", state),
    ]
    assert remembered(town.published()) == {}
    got = Published(log_of_writer(other), 1).prompt().of(TRANSACTIONS)[-1:]
    arrived = [("pay", "IN", HERE, 250, "TRANSFER")]
    assert [said(each, *names) for each in got] == (arrived if open_there else [])


def test_an_attempt_says_what_was_asked_and_what_fired():
    rule = Rule("FR05", "first_payment", (Band(1, None, 320, RiskAction.ALLOW),), 0)
    town = Town(ruleset(rule))
    decision = town.writer.command(HERE, Transfer(THERE, "EUR", 250), "pay")
    (fact,) = town.last(ATTEMPTS, 1)
    assert said(fact, "asked", "currency", "exponent", "amount_minor", "counterparty") == (
        *("Transfer", "EUR", 2, 250, THERE),
    )
    assert said(fact, "outcome", "reason", "action", "score") == (
        *("REJECTED", "STEP_UP_REQUIRED", "STEP_UP", 320),
    )
    assert (fact.fired_rules, fact.missing, fact.typologies_json) == ("FR05", "", "{}")
    assert json.loads(fact.fired_json) == [
        {
            "rule_id": "FR05",
            "feature": "first_payment",
            "value": 1,
            "weight": 320,
            "action": "ALLOW",
        }
    ]
    assert fact.counted
    assert fact.ruleset_hash == decision.ruleset_hash.hex()


def test_a_dry_run_is_no_attempt_and_posts_nothing(town):
    before = len(town.published().outputs)
    town.writer.command(HERE, Transfer(THERE, "EUR", 250), "pay", dry_run=True)
    assert len(town.published().outputs) == before


def test_totals_are_told_at_the_end_of_each_transaction_of_the_log(town):
    town.writer.commit()
    town.writer.command(HERE, Transfer(THERE, "EUR", 1), "a")
    town.writer.command(HERE, Transfer(THERE, "EUR", 2), "b")
    published = town.published()
    ends = {each.decision.sequence for each in published.log() if each.decision.seal}
    assert {each.through_sequence for each in published.of(TOTALS)} == ends
    last = {each.total_id: each for each in published.of(TOTALS)}
    total = last[f"{POSTINGS.name}|0|{DAY}|EUR"]
    assert int(total.debit_minor) == -int(total.credit_minor) > 0
    assert total.records == len(published.of(POSTINGS))


def test_a_days_sum_may_be_beyond_64_bits(town):
    (fact, *_) = town.published().of(POSTINGS)
    large = [Said(POSTINGS.name, "k", fact, amount) for amount in (2**62, 2**62, 2**62)]
    totals = Totals(Rows(), 0)
    totals.add(large, DAY, (1, NOON))
    totals.add(large[:1], DAY, (2, NOON))
    (total,) = totals.told((3, NOON))
    assert (total.records, total.debit_minor, total.through_sequence) == (4, str(2**64), 3)
    assert decode(ControlTotal, encode(total)) == total
