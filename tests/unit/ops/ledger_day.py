"""A short day of two real writers, for tools that read logs: money moves, waits and comes back."""

from functools import cache

from ledger.sealing import SealReader
from schemas.codec import decode
from schemas.messages.commands import PlaceHold, Transfer
from schemas.messages.decisions import Decision
from tests.support.writers import Writer, delivered, wallet_at

ALICE, BOB, CARL = wallet_at(0), wallet_at(0, 1), wallet_at(1)


@cache
def day(*, settled=True):
    """Two writers; unless `settled`, a transfer is still on its way."""
    here, there = Writer(0), Writer(1)
    for wallet_id in (ALICE, BOB):
        here.open(wallet_id, 1_000)
    there.open(CARL)
    here.commit()
    there.commit()
    here.command(ALICE, Transfer(BOB, "EUR", 10), "near")
    here.command(ALICE, Transfer(BOB, "EUR", 10), "near")
    here.command(ALICE, PlaceHold(BOB, "EUR", 30, None), "hold")
    here.command(ALICE, Transfer(CARL, "EUR", 40), "far")
    here.say(b"rubbish", b"key")
    here.commit()
    if settled:
        delivered(here, there)
        delivered(there, here)
    return here, there


def decisions(*, settled=True):
    """Every Decision of the day, partition after partition."""
    return [each for writer in day(settled=settled) for each in writer.decisions]


def groups_of(writer):
    """The sealed groups of a writer's log."""
    reader = SealReader(writer.partition, lambda value: decode(Decision, value))
    taken = [
        reader.take(each.offset, each.value, dict(each.headers)["chain"]) for each in writer.log
    ]
    return [group for group in taken if group is not None]
