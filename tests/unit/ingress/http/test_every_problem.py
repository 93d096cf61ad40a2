"""Every problem that `docs/openapi.json` documents is provoked here, at every address that can."""

import json
import re
from functools import cached_property
from pathlib import Path

import pytest

from ingress.http.problems import DOOR, MEDIA_TYPE, URN
from ingress.http.reasons import STATUS
from ingress.http.roles import READS
from ingress.http.routes import WRITES
from ingress.sdk.fakes import result_of
from tests.unit.ingress.http.office import Office
from tests.unit.ingress.http.provoking import DOORS_OWN, FIVE, TRANSFERS

DOCS = Path(__file__).parents[4] / "docs"
DOCUMENT = json.loads((DOCS / "openapi.json").read_text())
VIEW = DOCUMENT["components"]["schemas"]["ProblemView"]
DOCUMENTED = VIEW["properties"]["code"]["x-status"]  # code: status
GOOD = {"200", "202", "204"}
TYPES = {"string": str, "integer": int}
OPERATIONS = [
    (method, path, each["operationId"])
    for path, methods in DOCUMENT["paths"].items()
    for method, each in methods.items()
]
# `401 `A`, `B`` in a table or a sentence of the guide.
TOLD = re.compile(r"\b([45]\d\d) ((?:`[A-Z_]+`(?:, )?)+)")


class Place:
    """Whatever a problem may need, made when it is asked for: the door made last answers."""

    def __init__(self, new_door, folder, monkeypatch):
        self.new_door, self.monkeypatch = new_door, monkeypatch
        self._folder = folder

    @cached_property
    def door(self):
        return self.new_door()

    @cached_property
    def office(self):
        return Office(self.new_door, self._folder)


@pytest.fixture
def place(new_door, tmp_path, monkeypatch):
    return Place(new_door, tmp_path, monkeypatch)


def is_problem(response, code, status):
    document = response.json()
    assert (document["code"], response.status_code) == (code, status), document
    assert response.headers["content-type"] == MEDIA_TYPE
    assert (document["type"], document["status"]) == (URN + code, status)
    for name in VIEW["required"]:
        assert type(document[name]) is TYPES[VIEW["properties"][name]["type"]], name
    assert document["title"]
    return True


def test_what_is_documented_is_what_can_be_provoked():
    assert sorted(DOCUMENTED) == VIEW["properties"]["code"]["enum"]
    assert DOCUMENTED.keys() == DOORS_OWN.keys() | {reason.value for reason in STATUS}
    assert DOORS_OWN.keys() == DOOR.keys()
    for _, path, name in OPERATIONS:
        answers = next(x for x in DOCUMENT["paths"][path].values() if x["operationId"] == name)
        (shared,) = answers["responses"].keys() - GOOD
        schema = answers["responses"][shared]["content"][MEDIA_TYPE]["schema"]
        assert (shared, schema) == ("default", {"$ref": "#/components/schemas/ProblemView"}), path


@pytest.mark.parametrize("code", sorted(DOORS_OWN))
def test_a_problem_of_the_door_is_provoked(place, code):
    assert is_problem(DOORS_OWN[code](place), code, DOCUMENTED[code])


@pytest.mark.parametrize("reason", STATUS)
def test_a_reason_of_the_ledger_is_a_problem(door, reason):
    door.ledger.says = lambda command, n: [result_of(command, n, reason)]
    response = door.post(TRANSFERS, FIVE, Prefer="wait=5")
    assert is_problem(response, reason.value, DOCUMENTED[reason.value])
    assert response.json()["command"]["state"] == "REJECTED"


def test_the_guide_tells_the_status_that_is_answered():
    told = TOLD.findall((DOCS / "guides" / "http.md").read_text())
    assert len(told) > 15
    for status, codes in told:
        for code in re.findall(r"[A-Z_]+", codes):
            assert DOCUMENTED[code] == int(status), code


@pytest.mark.parametrize("route", WRITES, ids=lambda route: route.operation)
def test_every_write_refuses_what_every_write_refuses(place, route):
    door = place.door
    path = route.path.replace("{", "").replace("}", "")
    assert is_problem(door.post(path, {}, Idempotency_Key=None), "IDEMPOTENCY_KEY_MISSING", 400)
    assert is_problem(door.post(path, {}, Prefer="wait=x"), "HEADER_MALFORMED", 400)
    assert is_problem(door.post(path, []), "BODY_MALFORMED", 400)
    assert is_problem(door.post(path, {"no such field": 1}), "FIELD_REFUSED", 422)
    other = door.run(door.client.patch(f"/v1{path}"))
    assert is_problem(other, "METHOD_NOT_ALLOWED", 405)
    assert is_problem(place.office.door.post(path, {}), "UNAUTHENTICATED", 401)


@pytest.mark.parametrize("name", sorted(READS))
def test_every_read_refuses_what_every_read_refuses(place, name):
    door = place.door
    ((method, path, _),) = [each for each in OPERATIONS if each[2] == name]
    assert method == "get"
    address = path.removeprefix("/v1").replace("{", "").replace("}", "")
    assert is_problem(door.get(address, Ledger_At_Least="x"), "HEADER_MALFORMED", 400)
    spaced = path.removeprefix("/v1").replace("{wallet_id}", "a b")
    assert is_problem(door.get(spaced), "PARAMETER_REFUSED", 422)
    door.journal.away = door.redis.away = door.history.away = True
    assert is_problem(door.get(address), "STORE_AWAY", 503)
    assert is_problem(place.office.door.get(address), "UNAUTHENTICATED", 401)
