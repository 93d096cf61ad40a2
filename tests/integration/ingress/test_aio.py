"""The asyncio client on the running ledger."""

import asyncio

from ingress.sdk import MoveToPot, Outcome
from ingress.sdk.aio import connect


def test_many_at_once_are_each_told_their_decision(ledger):
    savers = [ledger.open(fund=100_00) for _ in range(4)]

    async def save():
        async with connect(ledger.kafka) as client:
            asked = [
                client.ask(saver, MoveToPot(1, "EUR", 1_00), command_id=f"aio-{number}")
                for saver in savers
                for number in range(25)
            ]
            return await asyncio.gather(*asked)

    results = asyncio.run(save())
    assert {each.outcome for each in results} == {Outcome.ACCEPTED}
    assert len({(each.partition, each.sequence) for each in results}) == len(results)
    for saver in savers:
        assert ledger.balances(saver) == {"W.AVL": 75_00, "W.POT.1": 25_00}
