"""The OpenAPI document: what schemathesis makes of it is never answered with an error of ours."""

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ingress.http.roles import DESK, READS
from ingress.http.routes import WRITES
from ingress.sdk.bodies import BODIES

EXAMPLES = 5
HERE = {"Host": "localhost"}  # a door without keys is called by no other name
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


def holds_for(operation):
    """A test of one operation; the plugin's own does not know this pytest."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def holds(case):
        case.call_and_validate(checks=CHECKS, headers=HERE)

    return holds


def test_no_request_made_from_the_document_breaks_the_door(door):
    schema = schemathesis.openapi.from_asgi("/openapi.json", door.app, headers=HERE)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == len(WRITES) + len(READS) + len(DESK)
    for operation in operations:
        holds_for(operation)()
    assert door.ledger.taken, "some of them must be commands"


def test_every_field_of_every_command_is_described(door):
    paths = door.app.openapi()["paths"]
    for route in WRITES:
        operation = paths[f"/v1{route.path}"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        inside = {each["name"] for each in operation["parameters"]} | set(body["properties"])
        assert {field.name for field in BODIES[route.command].fields} <= inside, route
