"""docker-compose.yml and the Dockerfile: sound in themselves, equal to the local stack."""

import re

import pytest
import yaml

from ops.stack import health, render, versions
from ops.stack.workers import HOME
from schemas.variables import KNOWN

COMPOSE = yaml.safe_load((HOME / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (HOME / "Dockerfile").read_text()
PROFILES = {"core", "cassandra", "lake", "obs", "tools"}
SERVERS = ("kafka", "postgres", "redis", "cassandra")
WORKERS = (
    *("worker-1", "worker-2", "settlement", "automation", "scheduler"),
    *("facts", "match", "stores", "publish", "risk"),
)
SINKS = ("sink-postgres", "sink-redis", "sink-cassandra")
AUDITORS = ("audit-postgres", "audit-redis", "audit-cassandra")


def every(names=tuple(SERVICES)):
    return pytest.mark.parametrize("name", names)


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("kafka", f"apache/kafka:{versions.KAFKA}"),
        ("postgres", f"postgres:{versions.POSTGRES}"),
        ("redis", f"valkey/valkey:{versions.VALKEY}"),
        ("cassandra", f"cassandra:{versions.CASSANDRA}"),
    ],
)
def test_versions_equal_those_of_the_local_stack(name, image):
    assert SERVICES[name]["image"] == image


@pytest.mark.parametrize("setting", [*render.KAFKA_LEDGER, *render.KAFKA_SINGLE_NODE])
def test_broker_settings_equal_those_of_the_local_stack(setting):
    wanted = {**render.KAFKA_LEDGER, **render.KAFKA_SINGLE_NODE}[setting]
    variable = "KAFKA_" + setting.upper().replace(".", "_")
    assert SERVICES["kafka"]["environment"][variable] == wanted


def test_every_profile_is_used_and_known():
    used = {profile for service in SERVICES.values() for profile in service["profiles"]}
    assert used == PROFILES


@every()
def test_an_image_has_a_version_of_its_own(name):
    _, _, tag = SERVICES[name]["image"].partition(":")
    assert tag not in {"", "latest"}


@every()
def test_ports_are_open_on_loopback_only(name):
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_no_two_services_want_the_same_port():
    ports = [
        port.split(":")[1] for service in SERVICES.values() for port in service.get("ports", [])
    ]
    assert len(ports) == len(set(ports))


@every()
def test_dependencies_exist_and_can_come_true(name):
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        service = SERVICES[needed]
        match how["condition"]:
            case "service_healthy":
                assert "healthcheck" in service
            case "service_completed_successfully":
                assert service["restart"] == "no"
            case other:
                pytest.fail(f"{name} waits for {needed} to be {other}")


@every()
def test_a_dependency_is_in_the_same_profile_or_in_core(name):
    profiles = set(SERVICES[name]["profiles"]) | {"core"}
    for needed in SERVICES[name].get("depends_on", {}):
        assert profiles & set(SERVICES[needed]["profiles"])


@every((*SERVERS, *WORKERS))
def test_servers_and_workers_have_a_health_check_that_ends(name):
    check = SERVICES[name]["healthcheck"]
    assert {"test", "interval", "timeout", "retries"} <= check.keys()


@every((*SERVERS, *WORKERS))
def test_what_keeps_data_has_a_volume_of_its_own(name):
    own, *shared = SERVICES[name]["volumes"]
    assert own.split(":")[0] == name
    assert {volume.split(":")[0] for volume in shared} <= {"snapshots"}
    assert {name, "snapshots"} <= COMPOSE["volumes"].keys()


@every(WORKERS)
def test_workers_share_the_place_of_their_snapshots(name):
    place = SERVICES[name]["environment"]["LEDGER_SNAPSHOTS"]
    assert f"snapshots:{place}" in SERVICES[name]["volumes"]
    assert re.search(rf"install --directory --owner=\w+ .*{place}\b", DOCKERFILE)


@every((*WORKERS, *SINKS))
def test_workers_and_sinks_wait_for_the_topics(name):
    assert "topics" in SERVICES[name]["depends_on"]


@every(SINKS)
def test_a_sink_waits_for_its_store_and_is_named_after_it(name):
    store = name.removeprefix("sink-")
    assert SERVICES[name]["command"] == ["python", "-m", "sinks", store]
    assert SERVICES[name]["depends_on"][store] == {"condition": "service_healthy"}


def test_what_tells_webhooks_waits_for_its_memory():
    told, sink = SERVICES["webhooks"], SERVICES["sink-postgres"]
    assert told["command"] == ["python", "-m", "sinks", "webhooks"]
    assert told["depends_on"] == sink["depends_on"]
    assert set(told["environment"]) <= KNOWN


def test_the_lake_waits_for_its_topics_and_keeps_its_tables():
    lake = SERVICES["lake"]
    assert lake["command"] == ["python", "-m", "sinks", "lake"]
    assert "topics" in lake["depends_on"]
    assert set(lake["environment"]) <= KNOWN
    assert f"lake:{lake['environment']['LEDGER_LAKE']}" in lake["volumes"]
    assert re.search(r"install --directory --owner=\w+ .*/lake\b", DOCKERFILE)


def test_the_image_has_every_package_that_its_processes_need():
    extras = re.search(r'"\.\[([\w,]+)\]"', DOCKERFILE)
    assert {"worker", "sinks", "ops", "notices", "lake"} <= set(extras[1].split(","))


@every(AUDITORS)
def test_an_auditor_is_given_what_the_sink_of_its_store_is(name):
    auditor = SERVICES[name]
    sink = SERVICES[name.replace("audit-", "sink-")]
    assert auditor["command"] == [*sink["command"][:3], "audit", sink["command"][3]]
    assert auditor["environment"] == sink["environment"]
    assert auditor["depends_on"] == sink["depends_on"]


@every(WORKERS)
def test_workers_have_names_of_their_own(name):
    assert SERVICES[name]["environment"]["LEDGER_WORKER"] == name
    assert SERVICES[name]["environment"]["LEDGER_STATE_DIR"] in DOCKERFILE


@every((*WORKERS, *SINKS))
def test_workers_and_sinks_know_every_variable_they_are_given(name):
    assert set(SERVICES[name]["environment"]) <= KNOWN


def test_the_health_check_of_a_worker_is_the_module_we_have():
    assert SERVICES["worker-1"]["healthcheck"]["test"][-1] == health.__name__


def test_kafka_is_known_inside_by_the_name_workers_use():
    inside = SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")[0]
    assert inside == f"INSIDE://{SERVICES['worker-1']['environment']['LEDGER_KAFKA']}"


def test_the_image_runs_as_an_ordinary_user_on_a_supported_python():
    assert re.search(r"^USER (?!root)\w+$", DOCKERFILE, re.MULTILINE)
    project = (HOME / "pyproject.toml").read_text()
    for version in re.findall(r"^FROM python:(\d+\.\d+)-", DOCKERFILE, re.MULTILINE):
        assert f"Python :: {version}" in project


def test_the_image_installs_from_the_hashed_lock():
    assert "--require-hashes" in DOCKERFILE
    assert "--no-index" in DOCKERFILE
