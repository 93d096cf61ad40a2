"""Requests and replies lost on the way: whoever is unsure asks the log, and the log is whole.

Worker-1 reaches the broker through the proxy, which loses exactly one request, or its reply.
"""

import pytest

from ops.chaos.bypass import Bypass
from ops.chaos.wire import Api
from tests.support.load import Load

LOSSES = [
    (part, manner)
    for part in ("reply", "request")
    for manner in ("cut", "silent")  # the connection ends with it, or says nothing more of it
]
AT_WORK = (Api.END_TXN, Api.PRODUCE, Api.ADD_PARTITIONS_TO_TXN, Api.HEARTBEAT)
ENTERING = (Api.INIT_PRODUCER_ID, Api.LIST_OFFSETS, Api.METADATA, Api.JOIN_GROUP, Api.SYNC_GROUP)
EVERYDAY = {
    (Api.END_TXN, "reply", "cut"),
    (Api.INIT_PRODUCER_ID, "reply", "cut"),
}
MET_S = 60.0
FOR_EVER = 1_000_000
# Committed behind our back, or not at all: the two sides of an unknown outcome.
EVERYDAY_UNKNOWN = {("reply", "silent"), ("request", "cut")}
UNSURE = "OutcomeUnknownError"


def rows(apis):
    return [
        pytest.param(
            api,
            part,
            manner,
            id=f"{api.name}-{part}-{manner}",
            marks=() if (api, part, manner) in EVERYDAY else pytest.mark.long,
        )
        for api in apis
        for part, manner in LOSSES
    ]


@pytest.fixture(scope="module")
def bypass(ledger):
    """The proxy in front of the shared broker; whoever is not sent to it does not notice."""
    found = Bypass.choose(ledger.stack.layout.root)
    process = found.start(ledger.stack)
    yield found
    ledger.process("worker-1").stop()  # it may live behind the proxy still
    ledger.process("worker-1").start()
    process.stop()


@pytest.mark.parametrize(
    ("part", "manner"),
    [
        pytest.param(*loss, marks=() if loss in EVERYDAY_UNKNOWN else pytest.mark.long)
        for loss in LOSSES
    ],
)
def test_an_outcome_that_stays_unknown(part, manner, ledger, bypass):
    """The client asks again by itself, so nothing gets through until the writer is unsure."""
    with Load(ledger) as load:
        send_through(ledger, bypass)
        ledger.wait_running("worker-1", "worker-2")
        load.more()
        before = ledger.text("worker-1").count(UNSURE)
        bypass.lose(Api.END_TXN, part, manner, FOR_EVER)
        try:
            ledger.wait_for(
                "worker-1 to be unsure",
                lambda: ledger.text("worker-1").count(UNSURE) > before,
                MET_S,
            )
        finally:
            bypass.calm()
        ledger.wait_running("worker-1", "worker-2")
        load.more()
    assert not load.failed
    ledger.quiesce()


@pytest.mark.parametrize(("api", "part", "manner"), rows(AT_WORK))
def test_a_loss_at_work(api, part, manner, ledger, bypass):
    with Load(ledger) as load:
        send_through(ledger, bypass)
        ledger.wait_running("worker-1", "worker-2")
        load.more()
        bypass.lose(api, part, manner)
        ledger.wait_for("the loss to be met", lambda: met(bypass), MET_S)
        load.more()
        ledger.wait_running("worker-1", "worker-2")
        load.more()
    assert not load.failed
    ledger.quiesce()


@pytest.mark.parametrize(("api", "part", "manner"), rows(ENTERING))
def test_a_loss_on_the_way_in(api, part, manner, ledger, bypass):
    with Load(ledger) as load:
        load.more()
        ledger.process("worker-1").stop()
        bypass.lose(api, part, manner)
        send_through(ledger, bypass)
        ledger.wait_for("the loss to be met", lambda: met(bypass), MET_S)
        ledger.wait_running("worker-1", "worker-2")
        load.more()
    assert not load.failed
    ledger.quiesce()


def send_through(ledger, bypass):
    """Start worker-1 again, behind the proxy; should it end, its next life is not."""
    ledger.rearm("worker-1", LEDGER_KAFKA=bypass.endpoints.kafka)


def met(bypass):
    return bypass.order("kafka", "look")["losses left"] == 0
