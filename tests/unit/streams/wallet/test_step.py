"""The step: time, timers, repeats, and the fold of what was committed."""

import pytest

from ledger.sealing import LogError
from schemas.codec import decode, encode
from schemas.messages.commands import BulkItem, BulkTransfer, PlaceHold, Transfer
from schemas.messages.decisions import InputSource, TimerSource
from schemas.messages.events import HoldReleased, TransferCancelAsked
from schemas.messages.legs import Leg
from schemas.messages.rows import HeadRow
from schemas.messages.vocabulary import LegKind, Outcome, RejectionReason, Stage, TimerKind
from streams.runtime.job import LogRecord
from streams.wallet.step import ENGINE
from streams.wallet.tables import HEAD
from tests.support.builders import MINUTE, NOON, SECOND, policy
from tests.support.writers import Writer, delivered, legs_of, wallet_at

ALICE, BOB, CARL = wallet_at(0), wallet_at(0, 1), wallet_at(1)


def funded(**options):
    writer = Writer(**options)
    writer.open(ALICE, 1_000)
    writer.open(BOB)
    return writer


def hold(writer, command_id="hold", ttl_s=10):
    return writer.command(ALICE, PlaceHold(BOB, "EUR", 5, ttl_s), command_id)


def test_decided_at_is_the_append_time_and_never_goes_back():
    writer = Writer()
    times = (NOON, NOON + 5, NOON - SECOND, NOON + 4, NOON + 6)
    decided = [writer.say(b"x", at=at) for at in times]
    assert [each.decided_at for each in decided] == [NOON, NOON + 5, NOON + 5, NOON + 5, NOON + 6]
    assert [each.source.append_time for each in decided] == list(times)


def test_sequences_have_no_gap():
    writer = funded()
    writer.commit()
    writer.say(None)
    hold(writer)
    writer.say(b"", at=writer.at + MINUTE)
    writer.commit()
    assert [each.sequence for each in writer.decisions] == list(range(1, len(writer.log) + 1))
    assert {(each.ledger_id, each.engine) for each in writer.decisions} == {("test", ENGINE)}


def test_a_timer_fires_before_the_record_that_reaches_its_due_time():
    writer = funded()
    due = hold(writer).decided_at + 10 * SECOND
    early = writer.say(b"", at=due - 1)
    late = writer.say(b"", at=due)
    fired = writer.answers[-2].decision
    assert early.sequence + 1 == fired.sequence == late.sequence - 1
    assert isinstance(fired.source, TimerSource)
    assert (fired.source.kind, fired.source.due) == (TimerKind.HOLD_EXPIRY, due)
    assert (fired.wallet_id, fired.command_id) == (ALICE, "hold")
    assert fired.decided_at == due
    assert HoldReleased in {type(each) for each in fired.events}


def test_timers_fire_in_order_of_their_due_times():
    writer = funded()
    for name, ttl_s in (("c", 30), ("a", 10), ("b", 20)):
        hold(writer, name, ttl_s)
    writer.answers.clear()
    writer.say(b"", at=writer.at + MINUTE)
    fired = [each.decision for each in writer.answers[:-1]]
    assert [each.command_id for each in fired] == ["a", "b", "c"]
    assert [each.decided_at - NOON for each in fired] == [10 * SECOND, 20 * SECOND, 30 * SECOND]


def test_nothing_fires_before_its_time_or_without_a_timer():
    writer = funded()
    assert writer.job.fire(NOON * 2) is None
    hold(writer)
    assert writer.job.fire(NOON + 10 * SECOND - 1) is None
    assert writer.job.fire(NOON + 10 * SECOND).decision.decided_at == NOON + 10 * SECOND


def test_a_timer_due_at_a_time_already_reached_fires_at_once_and_not_in_the_past():
    writer = funded()
    hold(writer)
    # A record that was taken without looking at timers, as when a batch had no room for more.
    late = writer.put(b"", at=NOON + MINUTE)
    assert writer.job.step(late).decision.decided_at == NOON + MINUTE
    assert writer.job.fire(0).decision.decided_at == NOON + MINUTE
    assert writer.job.fire(0) is None


def test_the_size_of_an_answer_bounds_what_it_adds_to_the_log():
    writer = Writer()
    size = writer.job.step(writer.put(b"x" * 1_000)).size
    assert size > 1_000


def pending():
    """Alice paid Carl, who lives elsewhere."""
    here, there = funded(), Writer(1)
    pay = Transfer(CARL, "EUR", 40)
    decision = here.command(ALICE, pay, "pay")
    assert (decision.outcome, decision.stage) == (Outcome.ACCEPTED, Stage.PENDING)
    here.commit()
    return here, there, pay


def test_a_repeat_of_a_pending_transfer_is_told_that_it_is_pending():
    here, _, pay = pending()
    again = here.command(ALICE, pay, "pay")
    assert (again.outcome, again.stage) == (Outcome.DUPLICATE, Stage.PENDING)
    assert here.decisions[again.duplicate_of - 1].command_id == "pay"
    assert legs_of(here.commit()) == []


@pytest.mark.parametrize("recover", [False, True])
def test_a_repeat_of_a_settled_transfer_is_told_the_final_answer(recover):
    here, there, pay = pending()
    there.open(CARL)
    there.commit()
    delivered(here, there)
    delivered(there, here)
    if recover:
        here = here.recovered()
    again = here.command(ALICE, pay, "pay")
    assert (again.outcome, again.reason, again.stage) == (Outcome.DUPLICATE, None, Stage.FINAL)


@pytest.mark.parametrize("recover", [False, True])
def test_a_repeat_of_a_compensated_transfer_is_told_the_final_answer(recover):
    here, there, pay = pending()
    delivered(here, there)  # nobody has opened Carl's wallet
    delivered(there, here)
    if recover:
        here = here.recovered()
    again = here.command(ALICE, pay, "pay")
    assert (again.outcome, again.stage) == (Outcome.DUPLICATE, Stage.FINAL)
    assert again.reason is RejectionReason.RECIPIENT_REFUSED
    assert again.detail == "UNKNOWN_WALLET"
    assert again.events == ()


def test_the_same_id_with_other_content_is_refused_and_named():
    here, _, _ = pending()
    other = here.command(ALICE, Transfer(CARL, "EUR", 41), "pay")
    assert (other.reason, other.detail) == (RejectionReason.IDEMPOTENCY_MISMATCH, "amount")
    again = here.command(ALICE, Transfer(CARL, "EUR", 40), "pay")
    assert again.outcome is Outcome.DUPLICATE


def test_a_misrouted_command_does_not_take_its_id():
    writer = Writer()
    assert writer.command(ALICE, Transfer(BOB, "EUR", 1), "open", key=b"x").fingerprint == b""
    writer.open(ALICE)
    assert writer.answers[-1].decision.outcome is Outcome.ACCEPTED


def test_an_unanswered_transfer_is_asked_after_and_addressed_by_its_leg():
    here, there, _ = pending()
    here.say(b"", at=here.at + MINUTE)
    asked = here.answers[-2].decision
    assert isinstance(asked.events[0], TransferCancelAsked)
    kinds = [decode(Leg, each.value).kind for each in legs_of(here.commit())]
    assert kinds == [LegKind.CANCEL]
    credited, _ = delivered(here, there)
    assert (credited.wallet_id, credited.command_id) == (CARL, "pay")
    answered, _ = delivered(there, here)
    assert (answered.wallet_id, answered.command_id) == (ALICE, "pay")
    assert isinstance(answered.source, InputSource)


def test_legs_that_come_again_change_nothing():
    here, there, _ = pending()
    there.open(CARL)
    there.commit()
    delivered(here, there)
    before = there.rows
    there.taken_from = {}
    (again,) = delivered(here, there)
    assert (again.outcome, again.events) == (Outcome.DUPLICATE, ())
    after = there.rows
    head = HEAD.prefix
    assert {**before, head: b""} == {**after, head: b""}


def test_replay_tells_where_inputs_go_on():
    here, _, _ = pending()
    other = here.recovered()
    assert other.positions == here.positions
    assert other.rows == here.rows
    done = [Writer().job.replay(each) for each in here.log[:1]]
    assert done == [None]  # its group is not whole yet


def test_a_recovered_writer_goes_on_with_the_very_same_bytes():
    here, _, pay = pending()
    other = here.recovered()
    groups = []
    for writer in (here, other):
        writer.say(b"rubbish", b"k")
        writer.command(ALICE, pay, "pay")
        writer.command(ALICE, Transfer(CARL, "EUR", 7), "more")
        groups.append(writer.commit())
    one, two = groups
    assert [(each.value, each.headers) for each in one.log] == [
        (each.value, each.headers) for each in two.log
    ]


def test_what_was_rolled_back_is_decided_again_alike():
    writer = funded()
    writer.commit()
    rows = writer.rows
    value = writer.put(b"rubbish")
    first = writer.job.step(writer.put(b"rubbish")).decision
    writer.overlay.rollback()
    assert writer.overlay.changes() == []
    assert writer.rows == rows
    assert writer.job.step(value).decision.sequence == first.sequence


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda record: LogRecord(record.key, record.value, (), 5), "no `chain` header"),
        (
            lambda record: LogRecord(record.key, record.value, (("chain", bytes(32)),), 5),
            "breaks the hash chain",
        ),
        (lambda record: LogRecord(b"", b"rubbish", record.headers, 5), "unreadable: no frame"),
    ],
)
def test_a_damaged_log_stops_the_replay_and_is_named(spoil, message):
    writer = funded()
    writer.commit()
    with pytest.raises(LogError, match=message) as damage:
        writer.recovered(log=[spoil(writer.log[0])])
    assert str(damage.value).startswith("log partition 0, offset 5")


def test_the_head_row_names_the_chain():
    writer = funded()
    group = writer.commit()
    head = decode(HeadRow, writer.rows[HEAD.prefix])
    assert (head.sequence, head.chain) == (3, dict(group.log[-1].headers)["chain"])
    assert head.group_first_sequence == 4


def test_genesis_is_in_force_where_nothing_was_given():
    writer = Writer(policy_=policy(version="mine"))
    assert writer.say(b"").policy_version == "mine"


@pytest.mark.parametrize("items", [1, 4, 5, 60])
@pytest.mark.parametrize("dry_run", [False, True])
def test_the_size_of_a_bulk_is_no_less_than_what_it_writes(items, dry_run):
    writer = funded()
    body = BulkTransfer(tuple(BulkItem(BOB, "EUR", 1, f"r{place}") for place in range(items)))
    decision = writer.command(ALICE, body, "bulk", dry_run=dry_run)
    entries = decision.dry_run.entries if dry_run else decision.entries
    assert len(entries) == items
    assert writer.answers[-1].size >= len(encode(decision))
