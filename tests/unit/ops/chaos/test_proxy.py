"""The proxy: bytes pass unchanged, and exactly what was ordered is lost, late, cut or frozen."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest

from ops.chaos.proxy import Gate
from ops.chaos.rules import Loss, Route, Rules
from ops.chaos.wire import LENGTH, REQUEST_HEAD, Api, FramingError, correlation_of, request_of
from ops.stack.ports import HOST

END_TXN, FETCH = int(Api.END_TXN), int(Api.FETCH)


def request(api, correlation, body=b"body"):
    data = REQUEST_HEAD.pack(api, 1, correlation) + body
    return LENGTH.pack(len(data)) + data


def reply_to(frame):
    data = LENGTH.pack(request_of(frame).correlation) + b"answer"
    return LENGTH.pack(len(data)) + data


@asynccontextmanager
async def through_a_gate():
    """A gate before a broker that answers every request; gives the gate, a client, what arrived."""
    arrived = []

    async def broker(reader, writer):
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                head = await reader.readexactly(4)
                frame = head + await reader.readexactly(LENGTH.unpack(head)[0])
                arrived.append(request_of(frame))
                writer.write(reply_to(frame))
        writer.close()

    server = await asyncio.start_server(broker, HOST, 0)
    gate = Gate(Route("kafka", 0, server.sockets[0].getsockname()[1], framed=True))
    door = await asyncio.start_server(gate.enter, HOST, 0)
    client = await asyncio.open_connection(HOST, door.sockets[0].getsockname()[1])
    try:
        yield gate, client, arrived
    finally:
        client[1].close()
        gate.act("cut")
        door.close()
        server.close()


async def ask(client, *frames):
    for frame in frames:
        client[1].write(frame)
    return await asyncio.wait_for(client[0].readexactly(14), 10)


def test_requests_and_replies_pass_unchanged():
    async def story():
        async with through_a_gate() as (_, client, arrived):
            sent = request(FETCH, 7)
            assert await ask(client, sent) == reply_to(sent)
            assert [each.correlation for each in arrived] == [7]

    asyncio.run(story())


def test_only_the_reply_of_the_named_api_is_lost_in_silence():
    async def story():
        async with through_a_gate() as (gate, client, arrived):
            gate.rules.losses.append(Loss(END_TXN, "reply", "silent", 1))
            answer = await ask(client, request(END_TXN, 1), request(FETCH, 2))
            assert correlation_of(answer) == 2
            assert [each.api for each in arrived] == [END_TXN, FETCH]
            assert correlation_of(await ask(client, request(END_TXN, 3))) == 3

    asyncio.run(story())


@pytest.mark.parametrize(("part", "reaches"), [("reply", [END_TXN]), ("request", [])])
def test_a_loss_with_a_cut_ends_the_connection(part, reaches):
    async def story():
        async with through_a_gate() as (gate, client, arrived):
            gate.rules.losses.append(Loss(END_TXN, part, "cut", 1))
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await ask(client, request(END_TXN, 1))
            assert [each.api for each in arrived] == reaches

    asyncio.run(story())


def test_a_frozen_link_is_open_and_silent_until_it_is_cut():
    async def story():
        async with through_a_gate() as (gate, client, _):
            assert await ask(client, request(FETCH, 1))
            gate.act("freeze")
            client[1].write(request(FETCH, 2))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client[0].read(1), 0.1)
            gate.act("thaw")
            with pytest.raises(ConnectionError):
                await asyncio.wait_for(client[0].readexactly(1), 10)

    asyncio.run(story())


def test_a_server_that_is_away_is_a_reset():
    async def story():
        gate = Gate(Route("kafka", 0, 1))
        door = await asyncio.start_server(gate.enter, HOST, 0)
        reader, writer = await asyncio.open_connection(*door.sockets[0].getsockname())
        with suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(1), 10) == b""
        writer.close()
        door.close()

    asyncio.run(story())


def test_a_loss_is_used_up_and_counted():
    rules = Rules()
    rules.obey({"do": "lose", "api": END_TXN, "part": "reply", "manner": "cut", "count": 2})
    assert rules.loss_of(FETCH) is None
    assert [rules.loss_of(END_TXN) is not None for _ in range(3)] == [True, True, False]
    assert rules.report() == {"lost reply, cut": 2, "losses left": 0}
    rules.obey({"do": "delay", "ms": 20})
    assert rules.delay_s == 0.02
    rules.obey({"do": "calm"})
    assert (rules.delay_ms, rules.losses) == (0.0, [])
    with pytest.raises(ValueError, match="dance"):
        rules.obey({"do": "dance"})


def test_bytes_that_are_not_a_request_are_refused():
    with pytest.raises(FramingError):
        request_of(LENGTH.pack(2) + b"no")
