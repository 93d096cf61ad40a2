"""`policy rollback`: the log says what was in force before, and that is activated again."""

from types import SimpleNamespace

import pytest

from ops.cli import main
from ops.errors import DocumentError
from ops.policy import command, sending
from ops.policy.history import history_of, rollback_of_policy, rollback_of_ruleset
from schemas.codec import decode, encode
from schemas.messages.control import ActivatePolicy, ActivateRuleset, Control
from schemas.messages.vocabulary import ActivationMode
from tests.support.builders import policy, ruleset
from tests.support.checked import log_records
from tests.support.trials import TRIAL
from tests.support.writers import Writer
from tests.unit.ops.kafka_doubles import FakeProducer
from topics.catalog import CONTROL

GENESIS = (policy(), ruleset())
FIRST, SECOND = ruleset(step_up_at=11), ruleset(step_up_at=22)
SHADOW, CANARY = ActivationMode.SHADOW, ActivationMode.CANARY


def writers_after(*bodies, uneven=()):
    """Two writers that took these activations; `uneven` only the first."""
    writers = [Writer(each, 2) for each in range(2)]
    for writer in writers:
        taken = (*bodies, *(uneven if writer.partition == 0 else ()))
        for number, body in enumerate(taken):
            value = encode(Control(f"c{number}", writer.at, "ops", body))
            writer.say(value, str(writer.partition).encode(), CONTROL.name)
        writer.commit()
    return writers


def history(*bodies, uneven=()):
    writers = writers_after(*bodies, uneven=uneven)
    return history_of((each for one in writers for each in one.decisions), 2, GENESIS)


@pytest.mark.parametrize(
    ("bodies", "present", "back"),
    [
        ([FIRST], FIRST, GENESIS[1]),
        ([FIRST, SECOND], SECOND, FIRST),
        ([FIRST, SECOND, SECOND], SECOND, FIRST),
        ([FIRST, SECOND, FIRST], FIRST, SECOND),
    ],
)
def test_the_ruleset_before_comes_back(bodies, present, back):
    found = rollback_of_ruleset(history(*map(ActivateRuleset, bodies)))
    assert found.present.body == ActivateRuleset(present)
    assert found.back.body == ActivateRuleset(back)
    assert found.line().startswith("from ruleset test (")


def test_a_canary_is_taken_back_first_and_a_shadow_is_nothing_to_take_back():
    bodies = (ActivateRuleset(FIRST), ActivateRuleset(SECOND), ActivateRuleset(TRIAL, CANARY, 5))
    found = rollback_of_ruleset(history(*bodies))
    assert (found.present.body.ruleset, found.back.body.ruleset) == (TRIAL, SECOND)
    found = rollback_of_ruleset(history(*bodies, ActivateRuleset(TRIAL, SHADOW)))
    assert (found.present.body.ruleset, found.back.body.ruleset) == (SECOND, FIRST)
    found = rollback_of_ruleset(history(*bodies, ActivateRuleset(SECOND)))
    assert (found.present.body.ruleset, found.back.body.ruleset) == (SECOND, FIRST)


def test_what_was_refused_was_never_in_force():
    bad = ActivateRuleset(ruleset(step_up_at=0))
    found = rollback_of_ruleset(history(ActivateRuleset(FIRST), ActivateRuleset(SECOND), bad))
    assert found.back.body == ActivateRuleset(FIRST)


def test_a_policy_comes_back_unless_wallets_would_hold_what_it_does_not_know():
    later = policy(version="later")
    found = rollback_of_policy(history(ActivatePolicy(later), ActivateRuleset(FIRST)))
    assert (found.present.version, found.back.body) == ("later", ActivatePolicy(GENESIS[0]))
    fewer = policy(version="fewer", currencies=policy().currencies[:2])
    writers = [Writer(each, 2, fewer) for each in range(2)]
    for writer in writers:
        value = encode(Control("c", writer.at, "ops", ActivatePolicy(policy())))
        writer.say(value, str(writer.partition).encode(), CONTROL.name)
        writer.commit()
    log = (each for one in writers for each in one.decisions)
    with pytest.raises(DocumentError, match="policy fewer cannot come back: currencies: "):
        rollback_of_policy(history_of(log, 2, (fewer, ruleset())))


def test_there_must_be_something_before_and_partitions_at_one():
    with pytest.raises(DocumentError, match="ruleset test is in force since the beginning"):
        rollback_of_ruleset(history())
    with pytest.raises(DocumentError, match="policy test is in force since the beginning"):
        rollback_of_policy(history(ActivateRuleset(FIRST)))
    uneven = history(ActivateRuleset(FIRST), uneven=[ActivateRuleset(SECOND)])
    with pytest.raises(DocumentError, match="partitions are not at one: ruleset test on 0"):
        rollback_of_ruleset(uneven)


@pytest.fixture
def producer(monkeypatch, tmp_path):
    """A ledger of two partitions on which two rulesets were activated; its producer."""
    writers = writers_after(ActivateRuleset(FIRST), ActivateRuleset(SECOND))
    records = [each for writer in writers for each in log_records(writer)]
    reader = SimpleNamespace(partitions=2, read=lambda: iter(records), close=lambda: None)
    producer = FakeProducer()
    settings = SimpleNamespace(broker=lambda: "here", state_dir=tmp_path)
    monkeypatch.setattr(command, "TopicReader", lambda *_: reader)
    monkeypatch.setattr(command, "genesis_policy", lambda: GENESIS[0])
    monkeypatch.setattr(command, "genesis_ruleset", lambda: GENESIS[1])
    monkeypatch.setattr(command, "read_settings", lambda: settings)
    monkeypatch.setattr(sending, "producer_for", lambda _: producer)
    monkeypatch.setattr(sending, "partition_count", lambda *_: 2)
    return producer


def test_a_plan_is_shown_and_nothing_sent(producer, capsys, tmp_path):
    assert main(["policy", "rollback"]) == 0
    out = capsys.readouterr().out
    assert "from ruleset test (" in out
    assert out.count("activate ruleset test (") == 2
    assert out.endswith("nothing was done: add --execute to do it\n")
    assert producer.records == []
    assert list(tmp_path.iterdir()) == []


def test_without_a_reason_nothing_is_executed(producer, capsys):
    assert main(["policy", "rollback", "--execute"]) == 2
    assert "--execute needs --reason" in capsys.readouterr().err
    assert producer.records == []


def test_a_rollback_is_sent_and_recorded(producer, capsys, tmp_path):
    done = ("--execute", "--reason", "INC-481: blocks everybody")
    assert main(["policy", "rollback", "--approver", "bea", *done]) == 0
    assert capsys.readouterr().out.endswith("done\n")
    assert [(topic, key, number) for topic, key, _, number in producer.records] == [
        (CONTROL.name, b"0", 0),
        (CONTROL.name, b"1", 1),
    ]
    sent = [decode(Control, value) for _, _, value, _ in producer.records]
    assert {each.control_id for each in sent} == {sent[0].control_id}
    assert sent[0].body == ActivateRuleset(FIRST)
    assert {each.approver for each in sent} == {"bea"}
    assert ", approved by bea" in (tmp_path / "operations.jsonl").read_text()
    assert '"reason": "INC-481: blocks everybody"' in (tmp_path / "operations.jsonl").read_text()


def test_an_approver_is_a_name(producer, capsys):
    assert main(["policy", "rollback", "--approver", "b e a"]) == 2
    assert "error: --approver: 'b e a' is no name" in capsys.readouterr().err
    assert producer.records == []


def test_a_policy_without_a_former_one_is_a_usage_error(producer, capsys):
    assert main(["policy", "rollback", "--policy"]) == 2
    assert "error: policy test is in force since the beginning" in capsys.readouterr().err
    assert producer.records == []
