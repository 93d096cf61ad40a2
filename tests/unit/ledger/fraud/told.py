"""What the tests of flags share: a wallet that was told something, and pays."""

from ledger.flags import FLAGGER
from schemas.messages.control import RiskFlag
from schemas.messages.vocabulary import FlagKind
from tests.support.flag_days import flag
from tests.support.given import given, opened, topped_up
from tests.unit.ledger.fraud.watched import watching

DEVICE, CARD = FlagKind.DEVICE_PARTIES, FlagKind.INSTRUMENT_PARTIES


def told(value, name="phone", kind=DEVICE, **more):
    """The risk job says so now."""

    def step(rig):
        said = flag(value, name=name, kind=kind, as_of=rig.at, **more)
        return rig.control(RiskFlag("alice", said), f"flag{len(rig.log)}", issuer=FLAGGER)

    return step


def after(feature, low, *steps):
    """Alice has money and bob to pay; the rule blocks from `low` on."""
    people = (opened("alice", "bob"), topped_up("alice", 1_000))
    return given(*people, *steps, rig=watching(feature, low))
