"""A broker that asks who you are: TLS, SCRAM and access lists, from `acl apply` to a decision."""

import json
from contextlib import closing
from typing import NamedTuple

import pytest

from ingress.sdk import (
    DeliveryFailedError,
    LedgerProducer,
    NotAllowedError,
    OpenWallet,
    Outcome,
    ProducerSettings,
    ResultReader,
    Tier,
    WalletKind,
)
from ops.cli import main
from ops.rig import start_worker
from ops.topic_setup import prepare
from schemas.access.kafka import read_kafka
from streams.app import JOBS
from streams.runtime.host.cluster import ClusterUnfitError, check_cluster
from tests.support import secured
from tests.support.stack import stack_folder
from topics.acl.entry import Entry
from topics.acl.execute import apply_acl, read_acl
from topics.acl.plan import AclPlan
from topics.catalog import RESULTS
from topics.errors import AclRefusedError

PARTITIONS = 2
USERS = ("ledger-wallet", "ledger-producer", "ledger-operator", "ledger-analyst")
WALLET = JOBS["wallet"]
OPEN = OpenWallet(WalletKind.CUSTOMER, Tier.BASIC, ("EUR",))
APPLY = ("acl", "apply", "--execute", "--reason", "a test")


class Ran(NamedTuple):
    code: int
    out: str
    err: str


class Guarded:
    """The stack, its guarded door, and what a process of a user is told of it."""

    def __init__(self, stack, door, authority):
        self.stack, self._door, self._authority = stack, door, authority
        prepare(stack.endpoints.kafka, PARTITIONS)
        secured.enrol(stack.endpoints.kafka, **{user: f"{user}'s" for user in USERS})

    def env(self, user):
        secret = self._authority.folder / f"{user}.password"
        secret.write_text(f"{user}'s", encoding="utf-8")
        secret.chmod(0o600)
        return {
            "LEDGER_KAFKA": self._door,
            "LEDGER_KAFKA_SECURITY": "SASL_SSL",
            "LEDGER_KAFKA_SASL": secured.MECHANISM,
            "LEDGER_KAFKA_CA": str(self._authority.ca),
            "LEDGER_KAFKA_USER": user,
            "LEDGER_KAFKA_PASSWORD_FILE": str(secret),
        }

    def kafka(self, user):
        return read_kafka(self.env(user))


@pytest.fixture(scope="module")
def guarded():
    with stack_folder() as root:
        stack, door, authority = secured.guarded_stack(root, print)
        with stack:
            yield Guarded(stack, door, authority)


@pytest.fixture
def ledgerctl(guarded, monkeypatch, tmp_path, capsys):
    """Run ledgerctl by the open door, or as a user; return exit code and output."""

    def run(*arguments, user=None):
        env = {"LEDGER_KAFKA": guarded.stack.endpoints.kafka}
        with monkeypatch.context() as given:
            given.setenv("LEDGER_STATE_DIR", str(tmp_path))
            given.setenv("LEDGER_STACK_DIR", str(tmp_path))
            for name, value in (env if user is None else guarded.env(user)).items():
                given.setenv(name, value)
            code = main(list(arguments))
        return Ran(code, *capsys.readouterr())

    return run


def test_from_nobody_may_anything_to_a_decision(guarded, ledgerctl):
    nobody_may_anything(guarded)
    lists_are_made(ledgerctl)
    commands_are_decided(guarded)
    nobody_may_more(guarded, ledgerctl)
    a_stranger_is_seen_and_removed(guarded, ledgerctl)


def nobody_may_anything(guarded):
    with pytest.raises(NotAllowedError, match=r"User:ledger-producer may .*commands\.v1"):
        LedgerProducer(guarded.kafka("ledger-producer"))
    with pytest.raises(ClusterUnfitError, match=r"User:ledger-wallet may .* ledger\.legs\.v1"):
        check_cluster(guarded.kafka("ledger-wallet"), WALLET.inputs)


def lists_are_made(ledgerctl):
    planned = ledgerctl("acl", "plan")
    assert planned.code == 1, planned
    assert "allow: User:ledger-wallet may write topic ledger.events.v1" in planned.out
    assert ledgerctl("acl", "apply", "--execute").code == 2  # without a reason
    assert ledgerctl(*APPLY).code == 0
    planned = ledgerctl("acl", "plan", "--json", user="ledger-operator")
    assert (planned.code, json.loads(planned.out)) == (0, {"missing": [], "excess": []})


def commands_are_decided(guarded):
    """By one worker, then by another that has only the log to know of the first one."""
    env = {**guarded.env("ledger-wallet"), "LEDGER_SESSION_TIMEOUT_S": "3"}
    producer = guarded.kafka("ledger-producer")
    with ResultReader(producer) as reader, LedgerProducer(producer) as sending:
        for name, outcome in (("first", Outcome.ACCEPTED), ("second", Outcome.REJECTED)):
            worker = start_worker(guarded.stack, name, env)
            sent = sending.send("w-guarded", OPEN).result(30)
            result = reader.wait("w-guarded", sent.command_id, timeout_s=60)
            assert result.outcome is outcome  # opened twice
            worker.stop()


def nobody_may_more(guarded, ledgerctl):
    blind = ledgerctl("acl", "plan", user="ledger-analyst")
    assert (blind.code, blind.out) == (3, "")  # its client says: no entries
    assert "User:ledger-analyst may not use the cluster" in blind.err
    with pytest.raises(NotAllowedError, match=r"User:ledger-analyst may .* wallet\.commands\.v1"):
        LedgerProducer(guarded.kafka("ledger-analyst"))
    settings = ProducerSettings(topic=RESULTS.name)
    with closing(LedgerProducer(guarded.kafka("ledger-operator"), settings)) as wrong:
        sent = wrong.send("w-guarded", OPEN)
        with pytest.raises(DeliveryFailedError, match=r"ledger-operator may .*results\.v1"):
            sent.result(30)


def a_stranger_is_seen_and_removed(guarded, ledgerctl):
    stray = Entry("User:stranger", "read", "topic", "ledger.", prefixed=True)
    apply_acl(guarded.stack.endpoints.kafka, AclPlan((stray,), ()))
    told = f"remove: {stray.text()}"
    assert told in ledgerctl("acl", "plan", user="ledger-operator").out
    assert ledgerctl(*APPLY, user="ledger-operator").code == 3  # may look, not change
    assert ledgerctl(*APPLY).code == 0
    assert ledgerctl("acl", "plan", user="ledger-operator").code == 0


def test_a_broker_without_an_authorizer_has_no_lists_to_plan(ledger_stack):
    with pytest.raises(AclRefusedError, match=r"have no authorizer \(authorizer\.class\.name\)"):
        read_acl(ledger_stack.endpoints.kafka)
