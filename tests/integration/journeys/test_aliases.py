"""An alias on the real broker: paid while it is nobody's, claimed, paid by transfer, given up."""

import pytest

from ingress.sdk import (
    CURRENCIES,
    AliasDirectory,
    AliasTakenError,
    LedgerProducer,
    Money,
    Outcome,
    SendToAlias,
    Transfer,
    acceptance,
    open_claims,
)
from ops.reading import read_log, read_topic
from topics.catalog import ALIASES

SECRET = "a secret that nobody ever guesses"
TWENTY = Money(20_00, CURRENCIES["EUR"])


@pytest.fixture
def aliases(ledger):
    with AliasDirectory(ledger.kafka, SECRET) as opened:
        yield opened


def test_an_alias_from_claim_to_transfer(ledger, aliases):
    payer, ann = ledger.open(partition=3, fund=100_00), ledger.open(partition=6)
    alias = f"Ann+{ann}@Example.org"
    first = aliases.body(alias, TWENTY)
    assert first == SendToAlias(aliases.hash_of(alias), "EUR", 20_00)
    assert ledger.ask(payer, first).outcome is Outcome.ACCEPTED

    aliases.set(alias, ann)
    decisions = [placed.decision for placed in read_log(ledger.kafka)]
    (claim,) = open_claims(decisions, aliases.hash_of(alias))
    command = acceptance(claim, ann)
    taken = ledger.ask(command.wallet_id, command.body, command_id=command.command_id)
    assert taken.outcome is Outcome.ACCEPTED
    assert ledger.balances(ann) == {"W.AVL": 20_00}
    again = ledger.ask(command.wallet_id, command.body, command_id=command.command_id)
    assert again.outcome is Outcome.DUPLICATE

    with AliasDirectory(ledger.kafka, SECRET) as another, LedgerProducer(ledger.kafka) as producer:
        assert another.body(alias.lower(), TWENTY) == Transfer(ann, "EUR", 20_00)
        sent = producer.send_to_alias(another, payer, alias.upper(), TWENTY).result(30)
        with pytest.raises(AliasTakenError):
            another.set(alias, payer)
        assert another.remove(alias).wallet_id == ann
    assert aliases.find(alias) is None

    def arrived():
        return ledger.balances(ann) == {"W.AVL": 40_00}

    ledger.wait_for(f"transfer {sent.command_id}", arrived)
    # A claim costs nothing, a transfer between persons its fee, if there is one.
    assert ledger.balances(payer)["W.AVL"] <= 60_00


def test_the_topic_tells_nobody_who_is_who(ledger, aliases):
    wallet_id = ledger.open()
    alias = f"+31 6 {int(wallet_id.removeprefix('w-')):08}"
    aliases.set(alias, wallet_id)
    digits = alias.replace(" ", "").encode()[1:]
    records = list(read_topic(ledger.kafka, ALIASES.name))
    mine = [each for each in records if each.key == aliases.hash_of(alias).encode()]
    assert len(mine) == 1
    assert [each for each in records if digits in each.key + (each.value or b"")] == []
