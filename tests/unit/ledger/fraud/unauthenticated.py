"""What the tests of FR34 share: payments with and without authentication."""

from schemas.messages.vocabulary import Authentication
from tests.support.given import given, opened, topped_up
from tests.unit.ledger.fraud.watched import pays, watching


def strong(amount):
    """A payment that was authenticated strongly."""
    return pays("alice", "bob", amount, authentication=Authentication.STRONG)


def bare(amount):
    """One that was not authenticated at all."""
    return pays("alice", "bob", amount, authentication=Authentication.NONE)


def after(feature, low, *steps):
    """What alice did, and from which value on the rule blocks."""
    people = (opened("alice", "bob"), topped_up("alice", 10_000))
    return given(*people, *steps, rig=watching(feature, low))
