"""Dead letters: what may be sent again, where it goes, and what was done about one."""

import json

import pytest

from ops.dlq.plan import acted_on, letter_named, requeue_of
from ops.errors import DocumentError
from ops.operations import record as note
from ops.operations import recorded
from ops.reading import Record
from schemas.codec import encode
from schemas.messages.commands import VoidHold, WalletCommand
from schemas.messages.results import DeadLetter
from schemas.messages.vocabulary import RejectionReason
from tests.support.writers import wallet_at
from topics.catalog import COMMANDS, DEAD_LETTERS, LEGS

WALLET = wallet_at(1)
KEY = WALLET.encode()
VALUE = encode(WalletCommand("c-1", WALLET, 5, VoidHold("h")))


def letter(value=VALUE, key=KEY, topic=COMMANDS.name):
    reason = RejectionReason.MISROUTED
    size = len(value or b"")
    return DeadLetter(topic, 0, 7, 9, reason, "detail", 3, size, bytes(32), key, value)


def records(*letters):
    return [
        Record(DEAD_LETTERS.name, 0, offset, 1, None, encode(each), {})
        for offset, each in enumerate(letters)
    ]


def found(each):
    return letter_named(records(letter(b"other"), each), "0/1")


def test_a_misrouted_command_goes_to_the_partition_of_its_key_under_its_own_id():
    plan = requeue_of(found(letter()), 2)
    assert plan.record() == (WALLET.encode(), VALUE, 1)
    assert plan.line() == (
        f"send VoidHold c-1 of wallet {WALLET} again, to wallet.commands.v1[1]; "
        "it lay at wallet.commands.v1[0] offset 7"
    )


@pytest.mark.parametrize(
    ("each", "what"),
    [
        (letter(b"rubbish"), "would come back unread: no frame"),
        (letter(VALUE[:-1]), "would come back unread"),
        (letter(None), "bytes were not kept"),
        (letter(topic=LEGS.name), "only clients' commands are sent again"),
        (letter(key=b"somebody"), "only the client can say"),
        (letter(key=None), "only the client can say"),
    ],
)
def test_what_would_come_back_or_is_nobodys_to_send_is_refused(each, what):
    with pytest.raises(DocumentError, match=what):
        requeue_of(found(each), 2)


def test_a_letter_that_is_not_there_is_named():
    with pytest.raises(DocumentError, match="there is no letter 0/9"):
        letter_named(records(letter()), "0/9")


def test_what_was_done_is_read_from_the_record_of_operations(tmp_path):
    assert list(recorded(tmp_path / "nobody")) == []
    for what in (
        "requeue letter 0/1: send VoidHold c-1 of wallet w again",
        "discard letter 0/2: MISROUTED from wallet.commands.v1[0] offset 7",
        "release worker-1 wallet 3: letter 0/3",
        "sign 3 checkpoints",
        "requeue letter 0/2: send it after all",
    ):
        note(tmp_path, what, "a test")
    assert acted_on(recorded(tmp_path)) == {"0/1": "requeued", "0/2": "requeued"}
    assert all(json.loads(json.dumps(each))["reason"] == "a test" for each in recorded(tmp_path))
