"""The sandbox: the ledger's own answers in memory, a clock that obeys, failures on demand."""

import inspect
import subprocess
import sys

import pytest

from ingress.sandbox import Magic, Sandbox, SandboxProducer, amount_for, magic_amounts
from ingress.sandbox.sandbox import SEEDED
from ingress.sdk import (
    CaptureHold,
    ClosedError,
    CommandRefusedError,
    DeliveryFailedError,
    LedgerProducer,
    Outcome,
    PlaceHold,
    ResultReader,
    ResultTimeoutError,
    Stage,
    Transfer,
    stamp,
)
from schemas.messages.control import ActivatePolicy, Control
from schemas.messages.vocabulary import RejectionReason
from streams.wallet.genesis import genesis_policy
from tests.support.sources import ROOT
from topics.partitioning import partition_of

REASONS = [each for each in RejectionReason if each is not RejectionReason.NONE]


@pytest.fixture
def sandbox():
    with Sandbox() as made:
        made.seed()
        yield made


@pytest.fixture
def results(sandbox):
    with sandbox.reader() as reader:
        yield reader


def ask(sandbox, results, wallet_id, body, command_id=None):
    sent = sandbox.producer.send(wallet_id, body, command_id=command_id).result()
    return results.wait(wallet_id, sent.command_id, timeout_s=5.0)


def everything(sandbox):
    accounts = {
        (account, currency)
        for wallet_id in SEEDED
        for each in sandbox.wallet(wallet_id).balances
        for account, currency in [(each.account, each.currency)]
    }
    return {(w, *each): sandbox.balance(w, each[1], each[0]) for w in SEEDED for each in accounts}


def test_money_moves_across_partitions_by_the_ledgers_own_protocol(sandbox, results):
    assert partition_of("ann", 2) != partition_of("ben", 2)
    before = sandbox.balance("ben", "EUR")
    final = ask(sandbox, results, "ann", Transfer("ben", "EUR", 12_50))
    assert (final.outcome, final.stage) == (Outcome.ACCEPTED, Stage.FINAL)
    assert sandbox.balance("ben", "EUR") == before + 12_50
    steps = [each for each in sandbox.decisions() if each.command_id == final.command_id]
    assert len(steps) == 3  # sent, credited, settled


def test_the_ledger_refuses_what_the_ledger_refuses(sandbox, results):
    refused = {
        "ann": (Transfer("nobody", "EUR", 1_00), RejectionReason.RECIPIENT_REFUSED),
        "ben": (Transfer("ann", "EUR", 80_00), RejectionReason.INSUFFICIENT_FUNDS),
        "nina": (Transfer("ann", "EUR", 1_00), RejectionReason.WALLET_NOT_ACTIVE),
        "fred": (Transfer("ann", "EUR", 1_00), RejectionReason.DEBIT_BLOCKED),
    }
    for wallet_id, (body, reason) in refused.items():
        assert ask(sandbox, results, wallet_id, body).reason is reason


def test_the_same_id_is_a_duplicate_and_other_content_is_refused(sandbox, results):
    ask(sandbox, results, "ann", Transfer("ben", "EUR", 2_00), "once")
    held = everything(sandbox)
    again = ask(sandbox, results, "ann", Transfer("ben", "EUR", 2_00), "once")
    other = ask(sandbox, results, "ann", Transfer("ben", "EUR", 3_00), "once")
    assert again.outcome is Outcome.DUPLICATE
    assert other.reason is RejectionReason.IDEMPOTENCY_MISMATCH
    assert everything(sandbox) == held


def test_a_hold_ends_when_its_time_has_come_and_not_before(sandbox, results):
    free = sandbox.balance("ann", "EUR")
    hold = ask(sandbox, results, "ann", PlaceHold("ben", "EUR", 5_00, 3_600))
    sandbox.wait(3_599)
    assert sandbox.balance("ann", "EUR", "W.RSV") == 5_00
    sandbox.wait(1)
    assert (sandbox.balance("ann", "EUR"), sandbox.balance("ann", "EUR", "W.RSV")) == (free, 0)
    late = ask(sandbox, results, "ann", CaptureHold(hold.command_id, 5_00, keep_open=False))
    assert late.reason is RejectionReason.HOLD_NOT_ACTIVE


def watched(fire, times):
    def note(at):
        times.append(at)
        return fire(at)

    return note


def test_timers_of_all_partitions_fire_in_their_order(sandbox, results, monkeypatch):
    for wallet_id, seconds in (("ann", 300), ("ben", 200), ("ann", 100)):
        other = "ben" if wallet_id == "ann" else "ann"
        ask(sandbox, results, wallet_id, PlaceHold(other, "EUR", 1_00, seconds))
    known = len(sandbox.decisions())
    began = sandbox.now_us
    world, fired_at = sandbox._world, []
    for each in world.partitions:
        monkeypatch.setattr(each, "fire", watched(each.fire, fired_at))
    sandbox.wait(1_000)
    assert [at - began for at in fired_at] == [100_000_000, 200_000_000, 300_000_000]
    fired = [each for each in sandbox.decisions() if each.decided_at > began]
    assert len(sandbox.decisions()) - known == len(fired) == 3
    assert sorted(each.decided_at - began for each in fired) == [
        seconds * 1_000_000 for seconds in (100, 200, 300)
    ]


def test_every_reason_has_an_amount_of_its_own(sandbox, results):
    held = everything(sandbox)
    decided = len(sandbox.decisions())
    for reason in REASONS:
        answer = ask(sandbox, results, "ann", Transfer("ben", "EUR", amount_for(reason)))
        assert (answer.outcome, answer.reason) == (Outcome.REJECTED, reason)
    assert len(sandbox.decisions()) == decided, "nothing was decided"
    assert everything(sandbox) == held
    assert len(magic_amounts()) == len(REASONS) + len(Magic)


def test_an_id_that_was_refused_by_its_amount_is_a_duplicate_as_any_other(sandbox, results):
    body = Transfer("ben", "EUR", amount_for(RejectionReason.RISK_BLOCKED))
    first = ask(sandbox, results, "ann", body, "same")
    sandbox.wait(5)
    again = ask(sandbox, results, "ann", body, "same")
    assert (again.outcome, again.reason) == (Outcome.DUPLICATE, first.reason)
    assert again.decided_at == first.decided_at
    for other in (Transfer("ben", "EUR", 1_00), of_amount(RejectionReason.LIMIT_COUNT)):
        mismatch = ask(sandbox, results, "ann", other, "same")
        assert mismatch.reason is RejectionReason.IDEMPOTENCY_MISMATCH


def of_amount(reason):
    return Transfer("ben", "EUR", amount_for(reason))


def test_what_is_lost_is_not_acknowledged(sandbox):
    lost = sandbox.producer.send("ann", Transfer("ben", "EUR", amount_for(Magic.LOST)))
    with pytest.raises(DeliveryFailedError):
        lost.result()


def test_what_is_silent_is_never_answered(sandbox, results):
    sent = sandbox.producer.send("ann", Transfer("ben", "EUR", amount_for(Magic.SILENT))).result()
    sandbox.wait(86_400)
    with pytest.raises(ResultTimeoutError):
        results.wait("ann", sent.command_id, timeout_s=0.05)


def test_what_is_slow_is_answered_a_minute_later(sandbox, results):
    sent = sandbox.producer.send("ann", Transfer("ben", "EUR", amount_for(Magic.SLOW))).result()
    sandbox.wait(59)
    with pytest.raises(ResultTimeoutError):
        results.wait("ann", sent.command_id, timeout_s=0.05)
    sandbox.wait(1)
    assert results.wait("ann", sent.command_id, timeout_s=5.0).command_id == sent.command_id
    told = results.positions()
    sandbox.wait(60)
    results.poll(0.0)
    assert results.positions() == told, "it is told once"


def test_a_reader_goes_on_where_another_one_stopped(sandbox, results):
    ask(sandbox, results, "ann", Transfer("ben", "EUR", 1_00), "first")
    positions = results.positions()
    sandbox.producer.send("ann", Transfer("ben", "EUR", 1_00), command_id="second").result()
    with sandbox.reader(positions) as later, sandbox.reader() as newest:
        later.expect("ann", "second")
        later.expect("ann", "first")
        assert {each.command_id for each in later.poll(0.0)} == {"second"}
        newest.expect("ann", "second")
        assert newest.poll(0.0) == []


def test_reset_forgets_everything(sandbox):
    sandbox.wait(86_400)
    sandbox.reset()
    assert (sandbox.decisions(), sandbox.wallet("ann")) == ([], None)
    fresh = Sandbox()
    assert sandbox.now_us == fresh.now_us
    assert (sandbox.seed(), fresh.seed()) == (tuple(SEEDED), tuple(SEEDED))
    assert everything(sandbox) == everything(fresh)


def test_the_same_commands_make_the_same_log():
    logs = []
    for _ in range(2):
        with Sandbox(partitions=3) as made:
            made.seed()
            command = stamp(
                "ann", Transfer("ben", "EUR", 3_00), command_id="c", issued_at_us=made.now_us
            )
            made.producer.send_command(command).result()
            made.wait(86_400)
            logs.append([[r.value for r in each.log] for each in made._world.partitions])
    assert logs[0] == logs[1]
    assert sum(map(len, logs[0])) > 10


def test_a_policy_is_activated_as_anywhere(sandbox, results):
    genesis = genesis_policy()
    fields = {name: getattr(genesis, name) for name in type(genesis).__match_args__}
    free = type(genesis)(**{**fields, "version": "free", "fees": ()})
    sandbox.control(Control("p", sandbox.now_us, "ops", ActivatePolicy(free), "bea"))
    before = sandbox.balance("ann", "EUR")
    paid = ask(sandbox, results, "ann", Transfer("ben", "EUR", 10_00))
    assert sandbox.balance("ann", "EUR") == before - 10_00  # that policy has no fees
    steps = [each for each in sandbox.decisions() if each.command_id == paid.command_id]
    assert {each.policy_version for each in steps} == {"free"}


def test_a_bad_command_is_refused_before_it_is_sent(sandbox):
    with pytest.raises(CommandRefusedError, match="amount"):
        sandbox.producer.send("ann", Transfer("ben", "EUR", 12.5))


def test_a_closed_sandbox_takes_nothing(sandbox):
    reader = sandbox.reader()
    reader.close()
    sandbox.close()
    with pytest.raises(ClosedError):
        sandbox.producer.send("ann", Transfer("ben", "EUR", 1))
    with pytest.raises(ClosedError):
        reader.poll(0.0)


@pytest.mark.parametrize(
    "name", [each for each in vars(LedgerProducer) if not each.startswith("_")]
)
def test_the_producer_has_the_interface_of_the_real_one(name, sandbox):
    real, played = getattr(LedgerProducer, name), getattr(SandboxProducer, name)
    assert inspect.signature(real) == inspect.signature(played)
    assert sandbox.producer.partitions == 2
    assert isinstance(sandbox.reader(), ResultReader)


def test_the_base_install_is_enough():
    code = (
        "import sys\n"
        "for name in ('faust','aiokafka','mode','rocksdict','fsspec','psycopg','redis','fastapi',"
        "'cassandra','prometheus_client','click','rich'): sys.modules[name] = None\n"
        "from ingress.sandbox import Sandbox\n"
        "Sandbox().seed()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
