"""Values nobody expects, in every field of every command: refused by the field's name."""

import json

import pytest

from ingress.http.route import request_of
from ingress.http.routes import WRITES
from ingress.http.shape import ENVELOPE, ORIGIN
from tests.unit.ingress.http.test_both_doors import sample

ODD = [None, [], {}, [[]], {"a": {}}, "", "x" * 5_000, "\x00", "é", True, -1, 0, 1.5, 2**80]
WHOLE = [*ODD, ["x"], [{}], [None]]


def sent(door, path, body):
    response = door.post(path, body)
    assert response.status_code in (202, 422), (path, body, response.text)
    return response


@pytest.mark.parametrize("route", WRITES, ids=lambda route: route.command)
def test_an_odd_value_is_refused_or_taken_and_never_breaks_the_door(door, route):
    path, body = request_of(route, sample(route.command), "EUR")
    given = json.loads(body)
    refused = 0
    for field in {*given, *ENVELOPE}:
        for value in WHOLE:
            response = sent(door, path, {**given, field: value})
            if response.status_code == 422:
                refused += 1
                named = response.json()["field"]
                assert named.partition(".")[0].partition("[")[0] in {field, *given}, named
    assert refused


@pytest.mark.parametrize("part", ORIGIN["properties"])
def test_an_odd_part_of_an_origin_is_named(door, part):
    body = {"to_wallet_id": "w-2", "currency": "EUR", "amount": "1.00"}
    for value in ODD[1:]:
        response = sent(door, "/wallets/w-1/transfers", {**body, "origin": {part: value}})
        if response.status_code == 422:
            assert response.json()["field"] == f"origin.{part}"
