"""What examples of proofs share: a partition's log as the topic has it, and who signs it."""

from ingress.sdk import Transfer
from ledger.sealing import CHAIN_HEADER
from ops.proof.checkpoint import Leaves
from ops.proof.export import export
from ops.proof.note import Signer
from ops.reading import Record, raise_damage, sealed
from tests.support.writers import Writer, wallet_at
from topics.catalog import EVENTS
from verifier import verify_ledger

SIGNER = Signer("office", bytes(range(32)))
KEY = SIGNER.verifier().text()


def records_of(partition=0, commands=12):
    """The records of a partition: two wallets that pay each other, three Decisions a group."""
    writer = Writer(partition)
    here, there = wallet_at(partition), wallet_at(partition, 1)
    writer.open(here, funds=900)
    writer.open(there)
    for number in range(commands):
        writer.command(here, Transfer(there, "EUR", 1 + number), f"n{number}")
        if number % 3 == 2:
            writer.commit()
    writer.commit()
    return [record_of(each, partition) for each in writer.log]


def record_of(record, partition=0):
    headers = dict(record.headers)
    return Record(EVENTS.name, partition, record.offset, 0, record.key, record.value, headers)


def changed(record, **fields):
    """A record with another value, chain or offset."""
    values = {name: getattr(record, name) for name in Record.__slots__}
    if "chain" in fields:
        values["headers"] = {CHAIN_HEADER: fields.pop("chain")}
    return Record(**{**values, **fields})


def leaves_of(records, partition=0):
    leaves = Leaves(partition)
    for placed in sealed(iter(records), raise_damage):
        leaves.add(placed)
    return leaves


def notes_of(records, *sizes, partition=0, signer=SIGNER):
    """Signed checkpoints of these sizes."""
    return [signer.sign(each.text()) for each in leaves_of(records, partition).checkpoints(sizes)]


def verified(folder, records, notes, *keys):
    """Export, run the stand-alone verifier; its exit code."""
    export(folder, records, notes)
    return verify_ledger.main(folder, *(keys or (KEY,)))
