"""The directory: one wallet behind an alias, and nothing in the topic that tells whose it is."""

from concurrent.futures import Future

import pytest
from confluent_kafka import KafkaError

from ingress.sdk import (
    CURRENCIES,
    AliasDirectory,
    AliasTakenError,
    BrokerUnreachableError,
    ClosedError,
    CommandRefusedError,
    DeliveryFailedError,
    DirectorySettings,
    LedgerProducer,
    Money,
    SendToAlias,
    Transfer,
    alias_hash,
    directory,
)
from schemas.codec import decode
from schemas.messages.aliases import AliasEntry
from tests.unit.ingress.alias_topic import AliasTopic

SECRET = "a secret that nobody ever guesses"
FIVE = Money(5_00, CURRENCIES["EUR"])


@pytest.fixture
def topic(monkeypatch):
    topic = AliasTopic()
    monkeypatch.setattr(directory, "Consumer", topic.consumer)
    monkeypatch.setattr(directory, "Producer", topic.producer)
    return topic


@pytest.fixture
def aliases(topic):
    with AliasDirectory("here:1", SECRET, DirectorySettings(timeout_s=0.2)) as opened:
        yield opened


def another(secret=SECRET):
    return AliasDirectory("here:1", secret, DirectorySettings(timeout_s=0.2))


def test_who_was_set_is_found_however_the_alias_is_written(aliases):
    entry = aliases.set("Ann@Example.org", "ann-1")
    assert entry.wallet_id == "ann-1"
    assert aliases.find(" ann@EXAMPLE.org ") == entry
    assert aliases.find("bob@example.org") is None


def test_the_topic_holds_no_alias_in_the_clear(topic, aliases):
    for alias in ("ann@example.org", "+31612345678", "annsmith"):
        aliases.set(alias, "w-1")
    written = [each for records in topic.records for each in records]
    assert len(written) == 3
    for key, value in written:
        assert len(key) == 64
        assert {b"ann", b"example", b"316", b"smith"} & {
            part for part in (b"ann", b"example", b"316", b"smith") if part in key + value
        } == set()
        assert decode(AliasEntry, value).wallet_id == "w-1"


def test_what_another_process_sets_is_seen(aliases):
    with another() as other:
        other.set("ann", "ann-1")
    assert aliases.find("ann").wallet_id == "ann-1"


def test_another_secret_sees_nothing(aliases):
    aliases.set("ann", "ann-1")
    with another("another secret that is long enough") as other:
        assert other.find("ann") is None


def test_the_same_wallet_twice_is_written_once(topic, aliases):
    first = aliases.set("ann", "ann-1")
    assert aliases.set("@ANN", "ann-1") == first
    assert topic.writes == 1


def test_a_taken_alias_is_refused_and_named_by_its_hash(topic, aliases):
    aliases.set("annsmith", "ann-1")
    with pytest.raises(AliasTakenError) as refused:
        aliases.set("annsmith", "bob-1")
    assert refused.value.alias_hash == alias_hash(SECRET, "annsmith")
    assert "annsmith" not in str(refused.value)
    assert aliases.find("annsmith").wallet_id == "ann-1"


def test_a_removed_alias_is_nobodys_and_may_be_set_again(topic, aliases):
    aliases.set("ann", "ann-1")
    assert aliases.remove("ann").wallet_id == "ann-1"
    assert aliases.find("ann") is None
    assert aliases.remove("ann") is None
    assert topic.writes == 2
    assert aliases.set("ann", "bob-1").wallet_id == "bob-1"


def test_a_compacted_topic_is_read_to_its_end_over_the_holes(topic, aliases):
    for number in range(20):
        aliases.set(f"user{number}", f"w-{number}")
    for number in range(10):
        aliases.remove(f"user{number}")
    topic.compact()
    with another() as late:
        found = [late.find(f"user{number}") for number in range(20)]
    assert [each and each.wallet_id for each in found] == [
        *[None] * 10,
        *[f"w-{number}" for number in range(10, 20)],
    ]


def test_a_registered_alias_is_paid_by_a_transfer(aliases):
    aliases.set("+31 6 12345678", "ann-1")
    assert aliases.body("+31612345678", FIVE) == Transfer("ann-1", "EUR", 5_00)


def test_an_unregistered_alias_is_paid_by_a_claim(aliases):
    wanted = SendToAlias(alias_hash(SECRET, "ann@example.org"), "EUR", 5_00)
    assert aliases.body("Ann@example.org", FIVE) == wanted


class Recorder(LedgerProducer):
    """A producer whose commands stay here."""

    def __init__(self):
        self.sent = []

    def send_command(self, command, traceparent=""):
        self.sent.append(command)
        return Future()


def test_send_to_alias_stamps_the_wallet(aliases):
    aliases.set("ann", "ann-1")
    producer = Recorder()
    producer.send_to_alias(aliases, "bob-1", "@ann", FIVE, command_id="c-1")
    producer.send_to_alias(aliases, "bob-1", "@carl", FIVE)
    first, second = producer.sent
    assert (first.command_id, first.wallet_id) == ("c-1", "bob-1")
    assert first.body == Transfer("ann-1", "EUR", 5_00)
    assert second.body == SendToAlias(alias_hash(SECRET, "carl"), "EUR", 5_00)


@pytest.mark.parametrize("wallet_id", ["", "two words", None])
def test_what_is_no_wallet_id_is_refused(topic, aliases, wallet_id):
    with pytest.raises(CommandRefusedError, match="wallet_id"):
        aliases.set("ann", wallet_id)
    assert topic.writes == 0


def test_a_short_secret_is_refused_before_anything_is_connected(topic):
    with pytest.raises(CommandRefusedError, match="secret"):
        AliasDirectory("here:1", "short")


def test_a_write_that_is_refused_is_told(topic, aliases):
    topic.refuses = KafkaError.TOPIC_AUTHORIZATION_FAILED
    with pytest.raises(DeliveryFailedError, match="authorization"):
        aliases.set("ann", "ann-1")
    assert aliases.find("ann") is None


def test_a_write_without_an_answer_is_told(topic, aliases):
    topic.silent = True
    with pytest.raises(DeliveryFailedError, match="no answer in time"):
        aliases.set("ann", "ann-1")


def test_a_topic_that_cannot_be_read_is_told_in_time(topic, aliases):
    topic.put(b"k", None)
    topic.put(b"other", None)
    topic.deaf = True
    with pytest.raises(BrokerUnreachableError, match="not read to its end"):
        aliases.refresh()


def test_trouble_that_passes_is_waited_for(topic, aliases):
    aliases.set("ann", "ann-1")
    topic.troubles = [KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT]
    assert aliases.find("ann").wallet_id == "ann-1"


def test_trouble_that_does_not_pass_is_named_in_time(topic, aliases):
    topic.put(b"k", None)
    topic.troubles = [KafkaError.TOPIC_AUTHORIZATION_FAILED] * 10**6
    with pytest.raises(BrokerUnreachableError, match=r"not read to its end \(.*authorization"):
        aliases.refresh()


def test_a_closed_directory_says_so(aliases):
    aliases.close()
    aliases.close()
    with pytest.raises(ClosedError):
        aliases.find("ann")
