"""The sender: outcomes kept, endpoints not crowded, people not woken."""

import pytest

from sinks.webhooks.quiet import Quiet
from sinks.webhooks.schedule import TRIPS_AT, Answer, Schedule, State
from sinks.webhooks.sender import PER_ENDPOINT, Sender, Slots
from sinks.webhooks.subscription import Channel
from tests.unit.sinks.webhooks.told import AT, letter, subscription

DAY = Quiet(0, 23 * 60 + 59, "UTC")


class Pile:
    """A queue in memory; what is settled or postponed is noted."""

    def __init__(self, *letters):
        self.letters, self.settled, self.postponed = list(letters), [], []

    def claim(self, busy):
        for each in self.letters:
            if each.to.subscription_id not in busy:
                self.letters.remove(each)
                return each
        return None

    def settle(self, given, answer, verdict, took_ms):
        self.settled.append((given.message_id, answer, verdict.state, took_ms))

    def postpone(self, given, until):
        self.postponed.append((given.message_id, until))


class Mouth:
    """A door that says the next answer."""

    def __init__(self, *answers):
        self.answers, self.sent, self.closed = list(answers), [], False

    def send(self, given):
        self.sent.append(given.message_id)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self):
        self.closed = True


def sender_of(pile, door, slots=None):
    ticks = iter(range(100))
    doors = {Channel.WEBHOOK: door, Channel.NOTICE: door}
    return Sender(pile, doors, slots or Slots(), Schedule(), lambda: next(ticks))


def test_what_came_of_it_is_kept():
    pile, door = Pile(letter(number=1), letter(number=2)), Mouth(Answer(503), Answer(200))
    sender = sender_of(pile, door)
    assert [sender.turn() for _ in range(3)] == [True, True, False]
    assert [(answer.status, state, took) for _, answer, state, took in pile.settled] == [
        (503, State.DUE, 1_000),
        (200, State.DONE, 1_000),
    ]
    assert sender.sent == {"DUE": 1, "DONE": 1}


def test_the_last_attempt_leaves_it_dead(caplog):
    pile = Pile(letter(attempts=11))
    sender_of(pile, Mouth(Answer(None, "no answer"))).turn()
    assert pile.settled[0][2] is State.DEAD
    assert "transaction:0-1-0 to wh-1 is dead" in caplog.text


def test_a_place_is_given_back_also_when_the_store_was_away():
    slots, gone = Slots(1), ConnectionError("gone")
    pile = Pile(letter(), letter(number=2))
    sender = sender_of(pile, Mouth(gone, Answer(200)), slots)
    with pytest.raises(ConnectionError, match="gone"):
        sender.turn()
    assert sender.turn()


def test_one_endpoint_gets_no_more_than_its_places_and_others_go_on():
    slow, other = subscription("slow"), subscription("other")
    slots = Slots()
    pile = Pile(*(letter(slow, number) for number in range(5)), letter(other, 9))
    held = [slots.claim(pile.claim) for _ in range(5)]
    names = [each and each.to.subscription_id for each in held]
    assert names == ["slow"] * PER_ENDPOINT + ["other", None, None]
    slots.free(held[0])
    assert slots.claim(pile.claim).to is slow


def test_an_endpoint_that_kept_failing_is_tried_by_one_until_it_answers():
    slots, ill = Slots(), subscription("ill")
    pile = Pile(*(letter(ill, number, failures=TRIPS_AT) for number in range(2)))
    first = slots.claim(pile.claim)
    assert slots.claim(pile.claim) is None
    slots.free(first)
    pile.letters = [letter(ill, number) for number in range(3)]  # it answered meanwhile
    assert [slots.claim(pile.claim) is not None for _ in range(3)] == [True, True, False]


def test_a_person_is_not_told_in_quiet_hours_and_no_attempt_is_lost():
    person = subscription(channel=Channel.NOTICE, quiet=DAY)
    pile, door = Pile(letter(person, type="notice.low-balance")), Mouth()
    assert sender_of(pile, door).turn()
    assert (door.sent, pile.settled) == ([], [])
    assert pile.postponed[0][1] > AT


def test_security_does_not_wait_for_the_morning():
    person = subscription(channel=Channel.NOTICE, quiet=DAY)
    pile, door = Pile(letter(person, type="attempt.blocked")), Mouth(Answer(200))
    sender_of(pile, door).turn()
    assert (len(door.sent), pile.postponed) == (1, [])
