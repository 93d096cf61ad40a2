"""The AsyncAPI document is what topics and schemas are; whatever it refers to is there."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from fastavro import parse_schema, schemaless_reader
from fastavro.schema import fingerprint as fingerprint_of
from fastavro.schema import to_parsing_canonical_form

from ops.drawn.__main__ import main
from schemas.codec import FRAME_BYTES
from schemas.lock import read_lock
from topics.catalog import CHECKPOINTS, COMMANDS, CONTROL, TOPICS
from topics.plan import desired_config

PATH = Path(__file__).parents[2] / "docs" / "asyncapi.json"
GOLDEN = Path(__file__).parent / "golden"
DOCUMENT = json.loads(PATH.read_text(encoding="utf-8"))
MESSAGES = DOCUMENT["components"]["messages"]


def found(reference):
    """What a reference inside of the document leads to."""
    place = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        place = place[part]
    return place


def references(node):
    if isinstance(node, dict):
        yield from ([node["$ref"]] if "$ref" in node else [])
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from references(each)


def test_it_is_what_topics_and_schemas_say(capsys, monkeypatch):
    assert main(["--check"]) == 0
    monkeypatch.setattr("ops.drawn.__main__.asyncapi_page", lambda: "{}")
    assert main(["--check"]) == 1
    assert "docs/asyncapi.json" in capsys.readouterr().err


def test_every_topic_is_a_channel_with_one_operation():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert set(DOCUMENT["info"]) >= {"title", "version"}
    assert [each["address"] for each in DOCUMENT["channels"].values()] == [t.name for t in TOPICS]
    told = [found(each["channel"]["$ref"])["address"] for each in DOCUMENT["operations"].values()]
    assert sorted(told) == sorted(topic.name for topic in TOPICS)
    received = {
        found(each["channel"]["$ref"])["address"]
        for each in DOCUMENT["operations"].values()
        if each["action"] == "receive"
    }
    assert {COMMANDS.name, CONTROL.name} <= received
    assert {each["action"] for each in DOCUMENT["operations"].values()} == {"send", "receive"}


def test_every_reference_leads_somewhere():
    every = list(references(DOCUMENT))
    assert len(every) >= 3 * len(TOPICS)
    assert all(isinstance(found(each), dict) for each in every)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_channel_has_the_settings_of_its_topic(topic):
    channel = DOCUMENT["channels"][topic.name]
    said = channel["bindings"]["kafka"]["topicConfiguration"]
    wanted = desired_config(topic, 3)
    assert {name: str(value) for name, value in said.items() if name != "cleanup.policy"} == {
        name: wanted[name] for name in ("retention.ms", "retention.bytes", "max.message.bytes")
    }
    assert said["cleanup.policy"] == [wanted["cleanup.policy"]]
    for words in (topic.key, topic.note, topic.written_by):
        assert words in channel["description"]


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - {CHECKPOINTS.name}))
def test_a_schema_stands_alone_and_reads_what_is_written(name):
    schema = MESSAGES[name]["payload"]["schema"]
    locked = read_lock()[name]
    assert fingerprint(schema) == fingerprint(locked[-1].schema)
    assert MESSAGES[name]["bindings"]["kafka"]["x-schema-id"] == locked[-1].schema_id
    golden = json.loads((GOLDEN / f"{name}.v{len(locked)}.json").read_text(encoding="utf-8"))
    parsed = parse_schema(bare(schema))
    for sample in golden["samples"].values():
        with BytesIO(bytes.fromhex(sample["hex"])[FRAME_BYTES:]) as data:
            assert isinstance(schemaless_reader(data, parsed, None), dict)
            assert data.read() == b""


def bare(schema):
    """Without logical types: samples have times that no calendar has."""
    text = json.dumps(schema)
    return json.loads(
        text, object_hook=lambda each: {k: each[k] for k in each if k != "logicalType"}
    )


def fingerprint(schema):
    return fingerprint_of(to_parsing_canonical_form(schema), "SHA-256")
