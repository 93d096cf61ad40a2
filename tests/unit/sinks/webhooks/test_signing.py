"""What is signed is verified by the library of the standard, by either secret of a rotation."""

import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from sinks.webhooks.signing import headers_of, secret_of
from tests.unit.sinks.webhooks.told import FORMER, SECRET

BODY = '{"id":"e","data":{"name":"Zoë"}}'


def now_us():
    return time.time_ns() // 1_000


@pytest.mark.parametrize("known", [SECRET, FORMER])
def test_a_receiver_with_either_secret_believes_it(known):
    headers = headers_of("msg_1", BODY, now_us(), (SECRET, FORMER))
    assert Webhook(known).verify(BODY.encode(), headers)["id"] == "e"


@pytest.mark.parametrize(
    "spoil",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(int(time.time()) - 1)},
        {"webhook-signature": "v1,AAAA"},
    ],
)
def test_a_changed_header_is_not_believed(spoil):
    headers = {**headers_of("msg_1", BODY, now_us(), (SECRET,)), **spoil}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers)


def test_a_changed_body_and_a_secret_that_is_over_are_not_believed():
    headers = headers_of("msg_1", BODY, now_us(), (SECRET,))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY.replace("e", "f"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(FORMER).verify(BODY, headers)


def test_nothing_goes_out_unsigned():
    with pytest.raises(AssertionError, match="signed"):
        headers_of("msg_1", BODY, now_us(), ())


def test_a_secret_has_the_form_of_the_standard():
    made = secret_of(bytes(range(32)))
    assert made.startswith("whsec_")
    assert Webhook(made).sign
    with pytest.raises(AssertionError, match="short"):
        secret_of(b"short")
