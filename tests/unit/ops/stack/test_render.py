"""Configuration files of the servers, rendered without starting any."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from ops.stack import render

INT_MAX = 2**31 - 1
MEBIBYTE = 1024 * 1024


def properties(**overrides):
    text = render.kafka_properties(9092, 9093, Path("/data/kafka"), overrides)
    return dict(line.split("=", 1) for line in text.splitlines())


def options(arguments):
    pairs = iter(arguments)
    return dict(zip(pairs, pairs, strict=True))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("auto.create.topics.enable", "false"),
        ("transaction.partition.verification.enable", "true"),
        ("unclean.leader.election.enable", "false"),
        ("transaction.abort.timed.out.transaction.cleanup.interval.ms", "2000"),
        ("group.min.session.timeout.ms", "3000"),
        ("group.initial.rebalance.delay.ms", "0"),
        ("log.dirs", "/data/kafka"),
        ("controller.quorum.voters", "1@127.0.0.1:9093"),
        ("advertised.listeners", "PLAINTEXT://127.0.0.1:9092"),
    ],
)
def test_kafka_has_what_the_ledger_relies_on(setting, value):
    assert properties()[setting] == value


def test_kafka_listens_on_loopback_only():
    listeners = properties()["listeners"].split(",")
    assert {listener.split("://")[1].split(":")[0] for listener in listeners} == {"127.0.0.1"}


def test_kafka_takes_a_topic_batch_of_one_mebibyte_with_its_header():
    assert int(properties()["message.max.bytes"]) > MEBIBYTE


def test_transactional_ids_live_as_long_as_kafka_can_be_told():
    assert int(properties()["transactional.id.expiration.ms"]) == INT_MAX


@pytest.mark.parametrize(
    ("folder", "written"),
    [("/my data", "/my data"), ("/caf\u00e9", r"/caf\u00e9"), ("/a\\b", r"/a\\b")],
)
def test_kafka_gets_its_folder_in_the_escapes_of_java(folder, written):
    assert f"log.dirs={written}\n" in render.kafka_properties(1, 2, Path(folder), {})


def test_an_override_wins():
    assert properties(**{"log.segment.bytes": "1048576"})["log.segment.bytes"] == "1048576"


def test_cassandra_listens_on_its_two_ports_on_loopback():
    settings = yaml.safe_load(render.cassandra_yaml(9042, 7000))
    assert settings["native_transport_port"] == 9042
    assert settings["storage_port"] == 7000
    assert settings["seed_provider"][0]["parameters"] == [{"seeds": "127.0.0.1:7000"}]
    assert {settings["listen_address"], settings["rpc_address"]} == {"127.0.0.1"}


def test_cassandra_finds_its_settings_by_address():
    java = render.cassandra_java(Path("/my data/cassandra"), quick=True)
    assert "-Dcassandra.config=file:///my%20data/cassandra/cassandra.yaml" in java


@pytest.mark.parametrize(("quick", "present"), [(True, True), (False, False)])
def test_only_the_quick_tuning_forgoes_the_optimising_compiler(quick, present):
    for java in (render.kafka_java, render.cassandra_java):
        assert ("-XX:TieredStopAtLevel=1" in java(Path("/data"), quick=quick)) is present


def test_the_logback_configuration_is_well_formed():
    root = ET.fromstring(render.cassandra_logback()).find("root")
    assert root is not None
    assert root.get("level") == "INFO"


def test_postgres_listens_on_loopback_and_opens_no_socket_file():
    settings = dict(pair.split("=", 1) for pair in render.postgres_options(5432)[1::2])
    assert settings["listen_addresses"] == "127.0.0.1"
    assert settings["unix_socket_directories"] == ""
    assert settings["port"] == "5432"


def test_valkey_listens_on_loopback_and_keeps_its_data():
    settings = options(render.valkey_options(6379, Path("/data/redis")))
    assert settings["--bind"] == "127.0.0.1"
    assert settings["--port"] == "6379"
    assert settings["--dir"] == "/data/redis"
    assert settings["--appendonly"] == "yes"
