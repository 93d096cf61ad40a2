"""Sending: the future of a delivery, and who may end it."""

import asyncio

import pytest

from ingress.sdk import DeliveryFailedError, Transfer
from ingress.sdk.sending import Delivered, Sending

BODY = Transfer("ben", "EUR", 1_00)


class Kept(Sending):
    """A producer whose deliveries are reported when the test says so."""

    def __init__(self):
        self.reports = []

    def post(self, command, on_delivery, traceparent=""):
        self.reports.append((command, on_delivery))

    def close(self):
        pass

    def report(self, outcome=None):
        command, on_delivery = self.reports.pop(0)
        on_delivery(outcome or Delivered(command.command_id, "t", 0, 7, None))


def test_a_delivery_is_told():
    producer = Kept()
    future = producer.send("ann", BODY, command_id="c")
    assert not future.done()
    producer.report()
    assert future.result(0) == Delivered("c", "t", 0, 7, None)


def test_a_failure_is_raised():
    producer = Kept()
    future = producer.send("ann", BODY, command_id="c")
    producer.report(DeliveryFailedError("c", "t", 0, "timed out"))
    with pytest.raises(DeliveryFailedError):
        future.result(0)


def test_a_command_on_its_way_is_not_cancelled_and_its_report_does_no_harm():
    producer = Kept()
    future = producer.send("ann", BODY)
    assert not future.cancel()
    producer.report()
    assert future.result(0).offset == 7


def test_who_waited_no_longer_does_not_break_the_report():
    producer = Kept()

    async def give_up():
        waiting = asyncio.wrap_future(producer.send("ann", BODY))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(waiting, 0.01)

    asyncio.run(give_up())
    producer.report()
    assert producer.reports == []
