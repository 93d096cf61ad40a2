"""What the benches of the entrance call lost, doubled and stale; and the requests they send."""

import asyncio
import json

import pytest

from ops.bench.fresh_pairs import Written, _Turns, is_shown
from ops.bench.http_faults import requests_of
from ops.bench.http_wire import Told, asked, written
from ops.bench.log_answers import compared

ANN, BOB, CARL = (("w", name) for name in ("ann", "bob", "carl"))
WROTE = Written("k-2", 7, 4_00, 1_00)


def test_a_command_is_lost_without_a_decision_and_doubled_with_two_first_ones():
    assert compared({ANN, BOB}, {ANN: 1, BOB: 1}) == ([], [])
    assert compared({ANN, BOB}, {ANN: 1}) == ([BOB], [])
    # Also one whose sender never heard that it was accepted.
    assert compared({ANN}, {ANN: 1, CARL: 2}) == ([], [CARL])


@pytest.mark.parametrize(
    ("read", "fresh", "stale"),
    [
        (
            "balances",
            [{"account": "W.AVL", "minor": 4_00}, {"account": "W.POT.1", "minor": 1_00}],
            [{"account": "W.AVL", "minor": 5_00}],
        ),
        ("entries", {"items": [{"sequence": 7}]}, {"items": [{"sequence": 6}]}),
        ("entries", {"items": [{"sequence": 7}]}, {"items": []}),
        ("history", {"items": [{"command_id": "k-2"}]}, {"items": [{"command_id": "k-1"}]}),
        ("command", {"state": "ACCEPTED"}, {"state": "PENDING"}),
    ],
)
def test_a_read_is_fresh_when_it_shows_exactly_what_was_written(read, fresh, stale):
    assert is_shown(read, WROTE, fresh)
    assert not is_shown(read, WROTE, stale)


def test_events_happen_at_their_share_of_the_turns_and_turns_go_on_until_they_are_over():
    async def play():
        happened = []
        turns = _Turns(8, [lambda: happened.append("one"), lambda: happened.append("two")])
        taken = 0
        for taken in turns:  # noqa: B007 - the last is what counts
            await asyncio.sleep(0)
        await turns.happened()
        assert happened == ["one", "two"]
        return taken

    assert asyncio.run(play()) >= 8


def test_every_request_has_a_key_of_its_own_and_one_address():
    found = list(requests_of(rate=50, seconds=4, wallets=20, partitions=8))
    assert len({each.identity for each in found}) == len(found) == 200
    for (wallet_id, command_id), content in found:
        head, _, body = content.partition(b"\r\n\r\n")
        assert head.startswith(f"POST /v1/wallets/{wallet_id}".encode())
        assert f"Idempotency-Key: {command_id}\r\n".encode() in head
        assert f"Content-Length: {len(body)}".encode() in head
        assert json.loads(body)


def test_reads_ask_with_a_position_and_problems_have_a_code():
    assert b"Ledger-At-Least: 3:4\r\n" in asked("h", "/wallets/w/holds", "3:4")
    assert b"Prefer: wait=9\r\n" in written("h", "/wallets/w", "k", {}, 9)
    assert Told(503, {}, b'{"code": "BEHIND"}').code == "BEHIND"
    assert Told(200, {}, b"[]").code == ""


def test_a_refusal_of_the_ledger_is_no_request_to_come_again():
    assert Told(503, {}, b'{"code": "BEHIND"}').is_not_now
    assert Told(409, {}, b'{"code": "IN_FLIGHT"}').is_not_now
    assert not Told(409, {}, b'{"code": "WALLET_EXISTS"}').is_not_now
