"""Which deliveries come of events, each once."""

from sinks.webhooks.inbox import deliveries_of
from sinks.webhooks.kept import WIDTH, row_of, subscription_of
from sinks.webhooks.quiet import Quiet
from sinks.webhooks.subscription import Channel, Secrets
from tests.unit.sinks.webhooks.told import AT, FORMER, SECRET, event, subscription


def test_an_event_goes_to_everybody_who_wants_it():
    told = [subscription("a"), subscription("b", types=("hold.*",)), subscription("c")]
    found = deliveries_of([event(number=1), event("hold.voided", number=2)], told)
    assert [(row[0], row[1]) for row in found] == [
        ("a", "transaction:0-1-0"),
        ("c", "transaction:0-1-0"),
        ("a", "transaction:0-2-0"),
        ("b", "transaction:0-2-0"),
        ("c", "transaction:0-2-0"),
    ]
    assert {row[5] for row in found if row[1] == "transaction:0-1-0"} == {found[0][5]}


def test_a_fact_that_is_twice_in_one_batch_is_one_delivery():
    assert len(deliveries_of([event(), event()], [subscription()])) == 1


def test_a_subscription_comes_back_as_it_was_kept():
    given = subscription(
        channel=Channel.NOTICE,
        owner="u-1",
        wallets=("w-1", "w-2"),
        types=("hold.*",),
        reasons=("R",),
        private_allowed=True,
        quiet=Quiet(60, 120, "UTC"),
        secrets=Secrets(SECRET, FORMER, AT),
    )
    for each in (given, subscription()):
        assert len(row_of(each)) == WIDTH
        assert subscription_of(row_of(each)) == each
