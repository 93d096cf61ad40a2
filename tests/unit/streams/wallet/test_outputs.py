"""What goes out besides Decisions: the same bytes again after a recovery."""

from hashlib import sha256

from schemas.codec import decode
from schemas.messages.commands import Transfer
from schemas.messages.legs import Leg
from schemas.messages.results import DeadLetter, Result
from schemas.messages.vocabulary import LegKind, RejectionReason
from streams.wallet.outputs import dead_letter_of
from tests.support.writers import Writer, bytes_of, delivered, legs_of, wallet_at
from topics.catalog import DEAD_LETTERS, LEGS, RESULTS

ALICE, CARL = wallet_at(0), wallet_at(1)
# Every kind of bad record, with and without a key.
POISON = (
    (b"rubbish", b"key"),
    (b"rubbish", None),
    (b"rubbish", b""),
    (None, b"key"),
    (b"", b"key"),
    (bytes(70_000), b"key"),
    (bytes(600_000), b"key"),
    (b"rubbish", bytes(100_000)),
)


def busy():
    """A writer whose open group holds legs, results and every kind of dead letter."""
    writer = Writer()
    writer.open(ALICE, 1_000)
    writer.commit()
    writer.command(ALICE, Transfer(CARL, "EUR", 40), "pay")
    for value, key in POISON:
        writer.say(value, key)
    writer.command(CARL, Transfer(ALICE, "EUR", 1), "misrouted")
    writer.command(ALICE, Transfer(CARL, "EUR", 10**9), "too-much")
    writer.command(ALICE, Transfer(CARL, "EUR", 2), "pay-again")
    return writer


def test_legs_come_first_then_results_then_dead_letters():
    topics = [each.topic for each in busy().commit().outputs]
    assert topics == [LEGS.name] * 2 + [RESULTS.name] * 4 + [DEAD_LETTERS.name] * 9


def test_legs_lie_with_their_receiver_and_the_rest_with_us():
    writer = busy()
    for each in writer.commit().outputs:
        assert each.partition == (1 if each.topic == LEGS.name else 0)
    legs = [decode(Leg, each.value) for each in legs_of(writer.groups[-1])]
    assert [each.pair_seq for each in legs] == [1, 2]


def test_a_credit_goes_to_the_recipient_and_its_answer_to_the_sender():
    here, there = busy(), Writer(1)
    here.commit()
    delivered(here, there)
    asked, answers = legs_of(here.groups[-1]), legs_of(there.groups[-1])
    assert {each.key for each in asked} == {CARL.encode()}
    assert {each.key for each in answers} == {ALICE.encode()}
    assert {decode(Leg, each.value).kind for each in answers} == {LegKind.NACK}


def test_the_end_of_a_transfer_is_told_its_payer():
    here, there = busy(), Writer(1)
    there.open(CARL)
    here.commit()
    there.commit()
    delivered(here, there)
    delivered(there, here)
    results = [decode(Result, each.value) for each in here.groups[-1].outputs]
    told = [(each.wallet_id, each.command_id, each.stage.name) for each in results]
    assert told == [(ALICE, "pay", "FINAL"), (ALICE, "pay-again", "FINAL")]


def test_a_recovered_owner_sends_the_very_same_again():
    writer = busy()
    group = writer.commit()
    other = writer.recovered()
    assert bytes_of(other.job.resend(other.read_input)) == bytes_of(group.outputs)


def test_only_the_last_group_is_sent_again():
    writer = busy()
    writer.commit()
    writer.say(b"late", b"k")
    last = writer.commit()
    other = writer.recovered()
    assert bytes_of(other.job.resend(other.read_input)) == bytes_of(last.outputs)


def test_nothing_is_sent_again_where_nothing_was_replayed():
    assert Writer().job.resend(lambda *_: None) == ()


def test_a_letter_whose_record_is_gone_still_says_what_it_was():
    writer = busy()
    group = writer.commit()
    letters = [decode(DeadLetter, o.value) for o in group.outputs if o.topic == DEAD_LETTERS.name]
    again = [
        decode(DeadLetter, each.value)
        for each in writer.recovered().job.resend(lambda *_: None)
        if each.topic == DEAD_LETTERS.name
    ]
    assert len(again) == len(letters)
    for one, other in zip(letters, again, strict=True):
        assert other.value is None
        assert (one.hash, one.length, one.offset) == (other.hash, other.length, other.offset)
        assert (one.reason, one.sequence) == (other.reason, other.sequence)


def test_a_refusal_by_rule_is_no_dead_letter():
    writer = busy()
    refused = [a.decision for a in writer.answers if a.decision.command_id == "too-much"]
    assert refused[0].reason is not None
    assert dead_letter_of(refused[0], None) is None


def test_a_misrouted_command_is_answered_and_dead():
    writer = Writer()
    decision = writer.command(CARL, Transfer(ALICE, "EUR", 1), "c")
    result, letter = writer.commit().outputs
    assert decode(Result, result.value).reason is RejectionReason.MISROUTED
    assert decode(DeadLetter, letter.value).hash == sha256(decision.input).digest()
