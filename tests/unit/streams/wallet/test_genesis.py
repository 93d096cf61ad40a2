"""Genesis and the programme in force."""

import pytest

from ledger.programme import check_policy, check_ruleset
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.overlay import OverlayState
from streams.wallet.catalogued import INPUT_TOPICS, TOPIC_NAMES
from streams.wallet.genesis import Programmes, genesis_policy, genesis_ruleset, ruleset_hash
from streams.wallet.job import WalletJob
from tests.support.builders import policy, ruleset
from topics.partitioning import partition_of


def test_the_committed_documents_are_usable():
    check_policy(genesis_policy())
    check_ruleset(genesis_ruleset())
    assert len(ruleset_hash(genesis_ruleset())) == 16


def test_a_rulesets_hash_is_its_contents():
    assert ruleset_hash(ruleset()) == ruleset_hash(ruleset())
    assert ruleset_hash(ruleset(block_at=701)) != ruleset_hash(ruleset())


def test_without_rows_the_genesis_documents_are_in_force():
    first, rules = policy(), ruleset()
    current = Programmes(first, rules).current(None, None)
    assert current.policy_version == first.version
    assert current.ruleset_hash == ruleset_hash(rules)
    assert current.programme.policy is first


def test_a_programme_is_compiled_once():
    programmes = Programmes(policy(), ruleset())
    row = policy(version="two")
    assert programmes.current(None, None) is programmes.current(None, None)
    assert programmes.current(row, None) is programmes.current(row, None)


@pytest.mark.parametrize(("new_policy", "new_rules"), [(True, False), (False, True), (True, True)])
def test_rows_replace_genesis_and_may_go_back(new_policy, new_rules):
    programmes = Programmes(policy(), ruleset())
    row = policy(version="two") if new_policy else None
    rules = ruleset(block_at=999) if new_rules else None
    current = programmes.current(row, rules)
    assert current.policy_version == ("two" if new_policy else "test")
    assert (current.ruleset_hash == ruleset_hash(ruleset())) is not new_rules
    assert programmes.current(None, None).policy_version == "test"


def test_the_job_is_drained_legs_first():
    assert [each.name for each in WalletJob.inputs] == list(INPUT_TOPICS)
    assert {TOPIC_NAMES[kind]: kind for kind in TOPIC_NAMES} == INPUT_TOPICS


def test_a_bound_job_knows_its_place():
    job = WalletJob("mine", 8)
    bound = job.open(OverlayState(job.tables, FakeDisk().open()), 5)
    assert (bound.place.ledger_id, bound.place.partition) == ("mine", 5)
    assert bound.place.partition_of("alice") == partition_of("alice", 8)
