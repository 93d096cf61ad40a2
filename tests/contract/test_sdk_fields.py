"""The SDK's table of commands is the vocabulary's: every command, every field, in order."""

from ingress.sdk import Tier, Transfer, WalletCommand
from ingress.sdk.bodies import BODIES, Kind
from schemas.messages import commands
from schemas.model import Maybe, Named, Primitive, Sequence, load, name_of

CATALOGUE = load()
LOGICAL = {
    "wallet-id": Kind.ID,
    "command-id": Kind.ID,
    "iso-4217": Kind.CURRENCY,
    "minor-units": Kind.AMOUNT,
    "minor-units-or-none": Kind.LIMIT,
    "payment-id": Kind.PAYMENT,
    "count": Kind.COUNT,
}
PLAIN = {"boolean": Kind.FLAG, "string": Kind.TEXT, "int": Kind.NUMBER, "long": Kind.SECONDS}


def test_every_command_is_in_the_table():
    (body,) = [
        field
        for field in CATALOGUE.record("ledger.commands.WalletCommand").fields
        if field.name == "body"
    ]
    assert [name_of(branch) for branch in body.type.branches] == list(BODIES)


def test_every_field_is_in_the_table_with_its_kind():
    for name, spec in BODIES.items():
        record = CATALOGUE.record(f"ledger.commands.{name}")
        assert spec.message is getattr(commands, name)
        assert [field.name for field in record.fields] == [field.name for field in spec.fields]
        assert [kind_of(field.type) for field in record.fields] == [
            field.kind for field in spec.fields
        ]
        assert [field.has_default for field in record.fields] == [
            field.optional for field in spec.fields
        ]


def test_messages_are_the_vocabularys_own():
    assert WalletCommand is commands.WalletCommand
    assert Transfer is commands.Transfer
    assert next(iter(Tier)) is Tier.UNVERIFIED


def kind_of(kind):
    match kind:
        case Maybe(inner):
            return kind_of(inner)
        case Sequence(Named()):
            return Kind.ITEMS
        case Sequence():
            return Kind.CURRENCIES
        case Named():
            return Kind.SYMBOL
        case Primitive(name, logical):
            return LOGICAL.get(logical, PLAIN[name])
