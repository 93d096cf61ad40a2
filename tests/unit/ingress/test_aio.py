"""The asyncio client: many commands at once, each told its own result."""

import asyncio

import pytest

from ingress.sdk import (
    DeliveryFailedError,
    InFlightError,
    QueueFullError,
    ResultTimeoutError,
    Transfer,
)
from ingress.sdk.aio import AsyncLedger
from ingress.sdk.fakes import FakeLedger, result_of
from ingress.sdk.waiting import Waiters
from schemas.messages.vocabulary import RejectionReason, Stage

PAY = Transfer("w-2", "EUR", 5_00)


@pytest.fixture
def fake():
    return FakeLedger(Waiters())


@pytest.fixture
def ledger(fake):
    return AsyncLedger(fake, fake.waiters)


def test_each_is_told_its_own_result(fake, ledger):
    refused = RejectionReason.INSUFFICIENT_FUNDS
    fake.says = lambda command, n: [
        result_of(command, n, refused if command.command_id == "c-3" else None)
    ]

    async def all_at_once():
        asked = [ledger.ask("w-1", PAY, command_id=f"c-{number}") for number in range(50)]
        return await asyncio.gather(*asked)

    results = asyncio.run(all_at_once())
    assert [each.command_id for each in results] == [f"c-{number}" for number in range(50)]
    assert [each.command_id for each in results if each.reason] == ["c-3"]
    assert len(fake.waiters) == 0


def test_who_waits_in_vain_is_told_what_is_known(fake, ledger):
    fake.says = lambda command, n: [result_of(command, n, stage=Stage.PENDING)]
    with pytest.raises(ResultTimeoutError) as raised:
        asyncio.run(ledger.ask("w-1", PAY, timeout_s=0.01))
    assert raised.value.pending.stage is Stage.PENDING
    fake.says = lambda _command, _n: []
    with pytest.raises(ResultTimeoutError, match="no result"):
        asyncio.run(ledger.ask("w-1", PAY, timeout_s=0.01))


def test_one_command_is_not_awaited_twice_at_once(fake, ledger):
    fake.says = lambda _command, _n: []

    async def twice():
        asked = [ledger.ask("w-1", PAY, command_id="c-1", timeout_s=0.01) for _ in range(2)]
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second = asyncio.run(twice())
    assert isinstance(first, ResultTimeoutError)
    assert isinstance(second, InFlightError)
    assert len(fake.taken) == 1


def test_what_could_not_be_sent_is_raised_and_forgotten(fake, ledger):
    fake.full = QueueFullError(1, 0.0)
    with pytest.raises(QueueFullError):
        asyncio.run(ledger.ask("w-1", PAY))
    fake.full, fake.lost = None, True
    with pytest.raises(DeliveryFailedError):
        asyncio.run(ledger.ask("w-1", PAY))
    assert len(fake.waiters) == 0
