"""What a broker's authorizer refused, in words that name who and what."""

import pytest
from confluent_kafka import KafkaError

from schemas.access.kafka import Kafka
from schemas.access.tls import Login, Tls
from topics.refusal import refusal

REFUSED = KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_it_names_principal_topic_and_place_and_never_a_password():
    kafka = Kafka("h:1", Tls(), Login("ledger-sink", "hush"), "PLAIN")
    said = refusal(kafka, REFUSED, "ledger.events.v1")
    assert said.startswith("User:ledger-sink may not use the topic ledger.events.v1 at h:1")
    assert "hush" not in said


@pytest.mark.parametrize(
    ("kafka", "who"),
    [
        ("h:1", "User:ANONYMOUS"),
        (Kafka("h:1"), "User:ANONYMOUS"),
        (Kafka("h:1", Tls(cert="c.pem", key="k.pem")), "the holder of c.pem"),
    ],
)
def test_it_says_who_as_far_as_that_is_known(kafka, who):
    assert refusal(kafka, REFUSED, "t").startswith(f"{who} may not use the topic t")


def test_another_error_is_no_refusal():
    assert refusal("h:1", KafkaError.UNKNOWN_TOPIC_OR_PART, "t") == ""
