"""Checks of the whole ledger: green over a sound day, red for each difference planted in it."""

from hashlib import sha256

import pytest

from ops.audit.totals import Totals
from ops.checker.attempts import Attempts
from ops.checker.balance import check_balance
from ops.checker.letters import Letters
from ops.checker.report import Result
from ops.checker.sagas import Sagas
from ops.checker.targets import Told
from ops.checker.told import Kept
from ops.reading import Record
from schemas.codec import decode
from schemas.messages.events import HoldPlaced, LegReceived, LegSent, TransferSettled
from schemas.messages.legs import Leg
from schemas.messages.results import DeadLetter
from schemas.messages.results import Result as Answer
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage
from tests.support.checked import altered, copied, first, has, is_command, steps_of, with_event
from tests.unit.ops.ledger_day import day
from topics.catalog import COMMANDS, DEAD_LETTERS, EVENTS, LEGS, RESULTS


@pytest.fixture
def steps():
    return [step for writer in day() for step in steps_of(writer)]


def balance_of(steps):
    totals, result = Totals(), Result(3)
    for step in steps:
        totals.add(step.decision)
    check_balance(totals, result)
    return [str(each) for each in result.findings], result


def test_3_a_posting_that_was_bumped(steps):
    assert balance_of(steps)[0] == []
    at = first(steps, lambda decision: bool(decision.entries))
    (entry,) = steps[at].decision.entries
    bumped = copied(entry.postings[0], amount=entry.postings[0].amount + 1)
    entry = copied(entry, postings=(bumped, *entry.postings[1:]))
    steps[at] = altered(steps[at], entries=(entry,))
    found, _ = balance_of(steps)
    assert any("does not balance" in each for each in found)
    assert any("sum to 1" in each for each in found)


def test_3_money_on_its_way_is_itemised_and_unexplained_money_is_found():
    steps = [step for writer in day(settled=False) for step in steps_of(writer)]
    found, result = balance_of(steps)
    assert found == []
    assert [note for note in result.notes if note.startswith("in flight: 40 EUR, far of ")]
    at = first(steps, lambda decision: decision.command_id == "far")
    without = [each for each in steps[at].decision.events if isinstance(each, LegSent)]
    found, _ = balance_of(
        [*steps[:at], altered(steps[at], events=tuple(without)), *steps[at + 1 :]]
    )
    assert found == ["3 ledger: 40 EUR between partitions, open transfers explain 0"]


# --- 6


def legs_on_topic():
    """(partition, value) of every leg that the writers sent."""
    return [
        (each.partition, each.value)
        for writer in day()
        for group in writer.groups
        for each in group.outputs
        if each.topic == LEGS.name
    ]


def sagas_of(steps, legs, *, holds_may_stay=True):
    result = Result(6)
    sagas = Sagas(result)
    for step in steps:
        sagas.take(step)
    for partition, value in legs:
        sagas.see(partition, value, decode(Leg, value))
    sagas.end(holds_may_stay=holds_may_stay, whole=True)
    return [str(each) for each in result.findings], result


def test_6_every_transfer_ended_and_legs_may_lie_there_twice(steps):
    found, result = sagas_of(steps, legs_on_topic() * 2)
    assert found == []
    assert [note for note in result.notes if "hold hold" in note]


def test_6_a_hold_that_may_not_stay(steps):
    (what,), _ = sagas_of(steps, legs_on_topic(), holds_may_stay=False)
    assert "hold hold stays open: 30 EUR placed" in what


def test_6_a_transfer_that_never_ended(steps):
    at = first(steps, has(TransferSettled))
    found, _ = sagas_of([*steps[:at], *steps[at + 1 :]], legs_on_topic())
    assert any("transfer far of" in each and "is open" in each for each in found)


def test_6_a_transfer_that_ends_twice(steps):
    at = first(steps, has(TransferSettled))
    found, _ = sagas_of([*steps, steps[at]], legs_on_topic())
    assert any("transfer far ends, but is not open" in each for each in found)


def test_6_a_leg_that_is_taken_twice(steps):
    at = first(steps, has(LegReceived))
    found, _ = sagas_of([*steps[: at + 1], *steps[at:]], legs_on_topic())
    assert any("is taken again" in each for each in found)


def test_6_a_credit_without_its_settlement(steps):
    at = first(steps, has(TransferSettled))
    steps[at] = with_event(steps[at], TransferSettled, credit_seq=99)
    found, _ = sagas_of(steps, legs_on_topic())
    assert any("credits taken and transfers settled differ" in each for each in found)


def test_6_a_leg_that_is_not_on_its_topic_or_has_two_contents(steps):
    legs = legs_on_topic()
    found, _ = sagas_of(steps, legs[1:])
    assert any("legs sent and legs on the topic differ" in each for each in found)
    other = (legs[0][0], legs[0][1][:-1] + bytes((legs[0][1][-1] ^ 2,)))
    result = Result(6)
    sagas = Sagas(result)
    leg = decode(Leg, legs[0][1])
    sagas.see(*legs[0], leg)
    sagas.see(*other, leg)
    assert "has two contents" in str(result.findings[0])


def test_6_a_hold_that_ends_without_having_begun(steps):
    at = first(steps, has(HoldPlaced))
    result = Result(6)
    sagas = Sagas(result)
    sagas._close(steps[at], ("w", "hold", "h"))
    assert "hold h ends, but is not open" in str(result.findings[0])


# --- 11


def record(topic, offset, attempt):
    return Record(topic, 0, offset, 0, None, b"", {"attempt": attempt})


def attempts_of(*reads, sealed=()):
    result = Result(11)
    attempts = Attempts(result)
    for each in sealed:
        attempts.seal(each)
    for everything, committed in reads:
        attempts.see(everything, committed)
    attempts.end()
    return [str(each) for each in result.findings], result


def test_11_aborted_and_sealed_attempts_are_good():
    aborted, sealed = record(EVENTS.name, 0, b"a/1"), record(EVENTS.name, 2, b"a/2")
    found, result = attempts_of(([aborted, sealed], [sealed]), sealed=[b"a/2"])
    assert found == []
    assert result.looked_at == 2
    assert result.notes == ["1 aborted attempts"]


def test_11_a_leg_of_an_attempt_that_was_aborted():
    aborted, leg = record(EVENTS.name, 0, b"a/1"), record(LEGS.name, 5, b"a/1")
    (what,), _ = attempts_of(([aborted], []), ([leg], [leg]))
    assert what == f"11 {LEGS.name}[0] offset 5: is visible, its attempt a/1 was never sealed"


def test_11_void_decisions_and_torn_repeats_are_notes():
    void, torn, again = (record(EVENTS.name, 0, b"v"), record(RESULTS.name, 0, b"t"),
                         record(RESULTS.name, 1, b"t"))  # fmt: skip
    cut, left = record(EVENTS.name, 5, b"s"), record(LEGS.name, 7, b"s")
    found, result = attempts_of(
        ([void, cut], [void, cut]), ([torn, again], [torn]), ([left], []), sealed=[b"s"]
    )
    assert found == []
    assert [note.split(":")[0] for note in result.notes[:3]] == [
        "void",
        "torn after its seal",
        "torn when sent again",
    ]


# --- 15


def letters_on_topic():
    return [
        decode(DeadLetter, each.value)
        for writer in day()
        for group in writer.groups
        for each in group.outputs
        if each.topic == DEAD_LETTERS.name
    ]


def letters_of(steps, letters, injected=None):
    result = Result(15)
    check = Letters(result)
    for step in steps:
        check.take(step)
    for letter in letters:
        check.see(letter)
    check.end(injected, whole=True)
    return [each.what for each in result.findings]


def test_15_letters_are_what_was_injected(steps):
    letters = letters_on_topic()
    places = {(each.topic, each.partition, each.offset) for each in letters}
    assert letters_of(steps, letters * 2, places) == []
    assert letters_of(steps, letters, [*places, (COMMANDS.name, 0, 999)]) == [
        "was injected and is no dead letter"
    ]
    assert letters_of(steps, letters, ()) == ["is a dead letter that nobody injected"]


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        (lambda letter: [], "has no dead letter"),
        (lambda letter: [letter, copied(letter, offset=999)], "that no Decision owes"),
        (lambda letter: [copied(letter, hash=bytes(32))], "holds other bytes"),
        (lambda letter: [copied(letter, hash=bytes(32), value=None)], "is about other bytes"),
        (lambda letter: [letter, copied(letter, hash=bytes(32), value=None)], "has two letters"),
    ],
)
def test_15_a_letter_that_is_wrong(steps, planted, what):
    (letter,) = letters_on_topic()
    assert any(what in each for each in letters_of(steps, planted(letter)))


# --- 17


def kept_of(steps, told, knows=lambda answer: True):
    result = Result(17)
    kept = Kept(result, told)
    for step in steps:
        kept.take(step)
    kept.check_results(0, knows)
    kept.end()
    return [each.what for each in result.findings]


def test_17_what_was_acknowledged_is_answered(steps):
    at = first(steps, is_command)
    source = steps[at].decision.source
    place = (COMMANDS.name, steps[at].decision.partition, source.offset)
    digest = sha256(steps[at].record.value).digest()
    assert kept_of(steps, Told(delivered={place: digest})) == []
    assert kept_of(steps, Told(delivered={place: bytes(32)})) == [
        "holds other bytes than were acknowledged"
    ]
    lost = (COMMANDS.name, 0, 999)
    assert kept_of(steps, Told(delivered={lost: digest})) == [
        "was acknowledged, but no Decision answers it"
    ]


def answer(**changed):
    told = Answer("w", "c", Outcome.ACCEPTED, None, "", Stage.FINAL, 0, 7, None, 1)
    return copied(told, **changed)


def test_17_a_result_that_is_not_in_the_log(steps):
    (what,) = kept_of(steps, Told(results=[answer()]), knows=lambda told: False)
    assert what == "c was told #7, not logged"


def test_17_repeats_agree_and_two_final_answers_contradict(steps):
    refused = {"outcome": Outcome.REJECTED, "reason": RejectionReason.LIMIT_COUNT}
    again = {"outcome": Outcome.DUPLICATE, "sequence": 9}
    pending = answer(stage=Stage.PENDING)
    mismatch = answer(outcome=Outcome.REJECTED, reason=RejectionReason.IDEMPOTENCY_MISMATCH)
    good = [pending, answer(), answer(), answer(**again), mismatch]
    assert kept_of(steps, Told(results=good)) == []
    (what,) = kept_of(steps, Told(results=[answer(), answer(**refused)]))
    assert what == "c was told #7 and #7, ACCEPTED and LIMIT_COUNT"
    (what,) = kept_of(steps, Told(results=[answer(**refused), answer(**again)]))
    assert "LIMIT_COUNT and DUPLICATE" in what
