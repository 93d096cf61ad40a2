"""The doctor: each illness is one line that names it and its cure; the healthy are well."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingress.sdk.stamp import now_us
from ops.cli import NOUNS
from ops.doctor import checks
from ops.doctor.checks import FREE_MIN_BYTES, environment, examine, reach_store, room, topics
from ops.doctor.clocks import clocks
from ops.doctor.command import doctor
from ops.doctor.records import clients_clocks, isolation, newest, partitioner, schema_ids, seals
from ops.reading import Record
from ops.settings import Settings
from schemas.codec import encode
from schemas.messages.commands import VoidHold, WalletCommand
from sinks.batch import Position
from tests.support.writers import wallet_at
from tests.unit.ops.proof.logs import changed, records_of
from topics.catalog import COMMANDS, EVENTS, TOPICS
from topics.partitioning import partition_of
from topics.plan import Cluster, DescribedTopic, desired_config

LOG = records_of(commands=12)
NOW = 1_764_400_000_000_000
PARTITIONS = 4
NOBODY = "127.0.0.1:1"


def command(number, *, partition=None, issued_at=NOW, appended=NOW):
    wallet_id = f"w-{number}"
    home = partition_of(wallet_id, PARTITIONS)
    value = encode(WalletCommand(f"c-{number}", wallet_id, issued_at, VoidHold("h")))
    place = home if partition is None else partition
    return Record(COMMANDS.name, place, number, appended, wallet_id.encode(), value, {})


GOOD = [command(number) for number in range(20)]


def cluster(**changes):
    """A cluster as the catalogue wants it, but for some topics."""
    found = {each.name: DescribedTopic(each.name, 8, desired_config(each, 1)) for each in TOPICS}
    found.update(changes.pop("topics", {}))
    return Cluster("h:1", 1, {name: each for name, each in found.items() if each is not None})


def position_of(record, chain):
    return {0: Position(record.offset + 1, len(LOG), chain, "id")}


def strayed():
    home = partition_of("w-7", PARTITIONS)
    return partitioner([*GOOD, command(7, partition=(home + 1) % PARTITIONS)], PARTITIONS)


def of_no_schema():
    unknown = b"\x00" + (9_999).to_bytes(4, "big") + b"x"
    return schema_ids([*GOOD, replace(GOOD[3], value=unknown)])


def of_another_topic():
    return schema_ids([*GOOD, replace(GOOD[3], value=LOG[0].value)])


def without_a_frame():
    return schema_ids([replace(GOOD[0], value=b'{"json": 1}')])


def uncommitted():
    end = LOG[-1]
    return isolation(LOG, {"redis": position_of(end, bytes(32))})


def from_the_future():
    ahead = [command(number, issued_at=NOW + 7_000_000) for number in range(11)]
    return clients_clocks([*ahead, *GOOD[:9]])


def first(findings):
    return next(each for each in findings if not each.well)


ILL = {
    "wrong partition count": (
        lambda: first(topics(cluster(topics={EVENTS.name: DescribedTopic(EVENTS.name, 3, {})}))),
        "has 3 partitions, the ledger has 8",
        "use --partitions 3 or another cluster",
    ),
    "missing topic": (
        lambda: first(topics(cluster(topics={EVENTS.name: None}))),
        "ledger.events.v1 does not exist",
        "ledgerctl topics apply --execute",
    ),
    "wrong partitioner": (
        strayed,
        "wallet.commands.v1[",
        "set partitioner=murmur2_random",
    ),
    "unregistered schema": (of_no_schema, "schema id 9999 is not in the lock", "upgrade this"),
    "a message of another topic": (
        of_another_topic,
        "is a Decision, its topic holds WalletCommand",
        "correct the producer",
    ),
    "no frame": (without_a_frame, "no frame", "correct the producer"),
    "clock skew of a store": (
        lambda: clocks({"postgres": -5_200_000, "redis": 3_000}, NOW, NOW),
        "postgres is 5.2 s behind of this machine's clock",
        "set every machine by NTP",
    ),
    "clock skew of a broker": (
        lambda: clocks({}, NOW + 61_000_000, NOW),
        "kafka is 61.0 s ahead of this machine's clock",
        "set every machine by NTP",
    ),
    "clock skew of clients": (
        from_the_future,
        "issued 7.0 s after the broker appended them",
        "set brokers and clients by NTP",
    ),
    "low disk": (
        lambda: room(FREE_MIN_BYTES - 1, Path("/state")),
        "2.1 GB free at /state",
        "free 2 GB or set LEDGER_STATE_DIR",
    ),
    "wrong isolation": (
        uncommitted,
        f"redis stands at #{len(LOG)} of partition 0, but not at the one that was committed",
        "isolation.level=read_committed",
    ),
    "unreachable store": (
        lambda: reach_store(Settings(redis=f"redis://{NOBODY}/0"), "redis")[0],
        NOBODY,
        "correct LEDGER_REDIS",
    ),
    "unknown variable": (
        lambda: environment({"LEDGER_KAFAK": "h:1"})[0],
        "LEDGER_KAFAK is no setting",
        "write LEDGER_KAFKA",
    ),
    "a damaged log": (
        lambda: seals([replace(LOG[0], value=b"?")]),
        "the record is unreadable",
        "ledgerctl verify log",
    ),
}


@pytest.mark.parametrize("illness", ILL)
def test_an_illness_is_one_line_with_its_cure(illness):
    examined, what, cure = ILL[illness]
    finding = examined()
    assert not finding.well
    line = finding.line()
    assert what in line
    assert cure in line
    assert "\n" not in line


def test_the_healthy_are_well():
    end = LOG[-1]
    chain = end.headers["chain"]
    findings = [
        *topics(cluster()),
        partitioner([*GOOD, *LOG], PARTITIONS),
        schema_ids([*GOOD, *LOG, replace(GOOD[0], value=None)]),
        clocks({"redis": 1_900_000}, NOW - 1, NOW),
        clients_clocks([*GOOD, changed(GOOD[0], value=b"rubbish")]),
        clients_clocks([]),
        room(FREE_MIN_BYTES, Path("/state")),
        isolation(LOG, {"redis": position_of(end, chain), "postgres": {}}),
        environment({"LEDGER_KAFKA": "h:1", "LEDGER_PURE": "1"})[0],
        seals(LOG),
    ]
    assert [each.line() for each in findings if not each.well] == []
    assert isolation(LOG, {"redis": position_of(end, chain)}).found.startswith("1 positions")
    assert newest(GOOD) == NOW
    assert newest([]) == 0


def test_more_of_a_kind_are_counted_and_the_first_is_named():
    stray = [replace(each, partition=(each.partition + 1) % PARTITIONS) for each in GOOD[:5]]
    found = partitioner(stray, PARTITIONS).found
    assert found.startswith(f"wallet.commands.v1[{stray[0].partition}] offset 0 has the key of")
    assert found.endswith("and 4 more of the sample")


def test_a_log_is_not_judged_by_where_its_key_lives():
    """A Decision about another partition's leg is keyed by the wallet it is for."""
    elsewhere = replace(LOG[0], key=wallet_at(1).encode())
    assert partitioner([elsewhere], 2).well


def test_without_any_server_everything_is_named_and_the_exit_code_is_3(monkeypatch, tmp_path):
    for name, value in {
        "LEDGER_KAFKA": NOBODY,
        "LEDGER_STATE_DIR": str(tmp_path),
        "LEDGER_STACK_DIR": str(tmp_path / "no-stack"),
        "LEDGER_REDSI": "typo",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(checks, "TIMEOUT_S", 0.2)
    done = CliRunner().invoke(doctor, ["--json"])
    assert done.exit_code == 3
    found = {each["check"]: each for each in json.loads(done.output)}
    assert found["settings"]["advice"].startswith("write LEDGER_REDIS")
    assert found["kafka"]["away"]
    assert "not named" in found["postgres"]["found"]
    assert NOUNS["doctor"].module == "ops.doctor.command"


def test_findings_come_one_by_one(tmp_path):
    names = [
        each.check
        for each in examine({"LEDGER_STATE_DIR": str(tmp_path), "LEDGER_STACK_DIR": str(tmp_path)})
    ]
    assert names[:2] == ["settings", "python"]
    assert names[-1] == "workers"
    assert now_us() > NOW
