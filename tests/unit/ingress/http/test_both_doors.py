"""What is sent by HTTP is, byte for byte, what would be sent by Kafka: so is what is decided."""

import json

import pytest

from ingress.http.route import request_of
from ingress.http.routes import WRITES
from ingress.sdk import Authentication, BulkItem, Origin, stamp
from ingress.sdk.bodies import BODIES, Kind
from ingress.sdk.fields import check_command
from ops.bench.profiles import loads_of
from schemas.codec import decode, encode
from schemas.messages.commands import AvailableAtLeast, WalletCommand, WalletSequenceIs

BY_COMMAND = {route.command: route for route in WRITES}
MIXED = 2_000
SAMPLES = {
    Kind.ID: "x-1",
    Kind.PAYMENT: "w-9/c-9",
    Kind.TEXT: "some text",
    Kind.CURRENCY: "EUR",
    Kind.CURRENCIES: ("EUR", "JPY"),
    Kind.AMOUNT: 12_34,
    Kind.LIMIT: 0,
    Kind.SECONDS: 3_600,
    Kind.NUMBER: 3,
    Kind.FLAG: True,
    Kind.COUNT: 0,
    Kind.ITEMS: (BulkItem("w-2", "EUR", 5, "a"), BulkItem("w-3", "EUR", 6, "b")),
}


def sample(name):
    """A command of a kind with every field given."""
    spec = BODIES[name]
    values = [
        next(iter(field.symbols)) if field.kind is Kind.SYMBOL else SAMPLES[field.kind]
        for field in spec.fields
    ]
    conditions = (AvailableAtLeast("EUR", 1_00), WalletSequenceIs(7))
    origin = Origin("card-1", "phone-1", "NL", "5411", Authentication.STRONG)
    body = spec.message(*values)
    command = stamp("w-1", body, conditions=conditions, dry_run=True, origin=origin)
    check_command(command)
    return command


def by_http(door, command):
    """The bytes that the door sends for a command."""
    path, body = request_of(BY_COMMAND[type(command.body).__name__], command, "EUR")
    response = door.post(path, json.loads(body), Idempotency_Key=command.command_id)
    assert response.status_code == 202, response.text
    return encode(door.ledger.taken[-1])


@pytest.mark.parametrize("name", BODIES)
def test_every_command_is_the_same_by_both_doors(door, name):
    command = sample(name)
    assert by_http(door, command) == encode(command)


def test_a_mixed_day_is_the_same_by_both_doors(door):
    loads = list(loads_of("mixed", 3, MIXED, 200, 8))
    assert len(loads) == MIXED
    kinds = set()
    for load in loads:
        command = decode(WalletCommand, load.value)
        kinds.add(type(command.body).__name__)
        assert by_http(door, command) == load.value
    assert len(kinds) > 5
