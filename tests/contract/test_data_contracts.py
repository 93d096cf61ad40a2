"""The data contracts have every field, hold to the standard, and their SQL finds what is wrong."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from ops.drawn.contract_terms import ISOLATION, TERMS, table_of
from schemas.lock import read_lock
from schemas.messages.subjects import SUBJECTS
from schemas.model import AVRO_FOLDER
from tests.support.published import Published
from tests.support.recon import log_of_rig
from tests.support.strategies import World, day_of
from topics.catalog import (
    ATTEMPTS,
    BALANCES,
    POSTINGS,
    PUBLISH_LOG,
    PUBLISH_TOPICS,
    TOTALS,
    TRANSACTIONS,
)
from topics.topic import DAY_MS

FOLDER = Path(__file__).parents[2] / "docs" / "contracts"
CONTRACTS = {
    path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.odcs.yaml"))
}
NAMES = {subject.message: subject.fullname for subject in SUBJECTS}
# What the standard, version 3.1, demands, and which words it knows.
NEEDED = ("version", "apiVersion", "kind", "id", "status")
ROOT_WORDS = {*NEEDED, "name", "domain", "description", "servers", "schema", "slaProperties"}
ROOT_WORDS |= {"team", "roles", "customProperties"}
LOGICAL = {"string", "date", "timestamp", "time", "number", "integer", "object", "array", "boolean"}
DIMENSIONS = {"accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness"}
DIMENSIONS |= {"uniqueness"}
RULE_NEEDS = {
    "library": ("metric", "mustBe"),
    "sql": ("query", "mustBe"),
    "custom": ("engine", "implementation"),
}


class OutsideOfTheStandardError(Exception):
    """A contract lacks a key that it needs, or has a word that the standard does not know."""


def needs(node, *keys):
    for key in keys:
        if node.get(key) in (None, ""):
            raise OutsideOfTheStandardError(f"{key} is missing in {str(node)[:60]}")


def knows(word, words):
    if word not in words:
        raise OutsideOfTheStandardError(f"{word} is not a word of the standard")


def held_to_the_standard(contract):
    needs(contract, *NEEDED)
    for word in contract:
        knows(word, ROOT_WORDS)
    knows(contract["apiVersion"], {"v3.1.0"})
    knows(contract["kind"], {"DataContract"})
    for server in contract["servers"]:
        needs(server, "server", "type", *(["host"] if server["type"] == "kafka" else []))
    for each in contract["slaProperties"]:
        needs(each, "property", "value")
    for each in contract["customProperties"]:
        needs(each, "property", "value")
    for each in contract["team"]["members"]:
        needs(each, "username")
    for each in contract["roles"]:
        needs(each, "role")
    for schema in contract["schema"]:
        held_schema(schema)


def held_schema(schema):
    needs(schema, "name")
    for each in schema["properties"]:
        needs(each, "name", "logicalType")
        knows(each["logicalType"], LOGICAL)
    rules = [rule for each in schema["properties"] for rule in each.get("quality", ())]
    for rule in (*rules, *schema["quality"]):
        knows(rule["type"], RULE_NEEDS)
        needs(rule, *RULE_NEEDS[rule["type"]])
        knows(rule["dimension"], DIMENSIONS)


def avro_of(terms):
    path = AVRO_FOLDER / f"{NAMES[terms.topic.message]}.avsc"
    return json.loads(path.read_text(encoding="utf-8"))


def contract_of(topic):
    return CONTRACTS[f"{topic.name}.odcs.yaml"]


def said(node):
    return {each["property"]: each["value"] for each in node["customProperties"]}


def test_every_flat_topic_has_a_contract():
    flat = {f"{topic.name}.odcs.yaml" for topic in PUBLISH_TOPICS if topic is not PUBLISH_LOG}
    assert set(CONTRACTS) == flat


@pytest.mark.parametrize("name", CONTRACTS)
def test_it_holds_to_the_standard(name):
    held_to_the_standard(CONTRACTS[name])


@pytest.mark.parametrize(
    "bug",
    [
        lambda it: it.pop("status"),
        lambda it: it.update(apiVersion="v9.0.0"),
        lambda it: it.update(owner="me"),
        lambda it: it["servers"][0].pop("host"),
        lambda it: it["schema"][0]["properties"][0].update(logicalType="text"),
        lambda it: it["schema"][0]["quality"][0].pop("query"),
        lambda it: it["team"]["members"][0].pop("username"),
    ],
)
def test_what_is_outside_of_the_standard_is_found(bug):
    contract = json.loads(json.dumps(contract_of(POSTINGS)))
    bug(contract)
    with pytest.raises(OutsideOfTheStandardError):
        held_to_the_standard(contract)


@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: terms.topic.name)
def test_every_field_of_the_schema_is_in_it(terms):
    (schema,) = contract_of(terms.topic)["schema"]
    avro = avro_of(terms)
    told = {each["name"]: each for each in schema["properties"]}
    assert list(told) == [field["name"] for field in avro["fields"]]
    for field in avro["fields"]:
        assert told[field["name"]]["description"] == field["doc"]
        assert told[field["name"]]["required"] == (not isinstance(field["type"], list))
    assert [name for name, each in told.items() if each.get("primaryKey")] == [terms.identity]
    assert schema["description"] == avro["doc"]


@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: terms.topic.name)
def test_it_says_what_the_catalogue_says(terms):
    topic, contract = terms.topic, contract_of(terms.topic)
    (schema,) = contract["schema"]
    assert schema["physicalName"] == topic.name
    of_schema, of_contract = said(schema), said(contract)
    assert of_schema["recordKey"] == topic.key
    assert of_schema["cleanupPolicy"] == ("compact" if topic.compacted else "delete")
    assert of_schema["schemaId"] == read_lock()[NAMES[topic.message]][-1].schema_id
    assert [each["level"] for each in of_contract["isolationLevels"]] == [
        each.level for each in ISOLATION
    ]
    assert of_contract["deduplication"]["field"] == terms.identity
    assert of_contract["ordering"]
    assert contract["team"]["members"][0]["role"] == "owner"
    (kept,) = contract["slaProperties"]
    if topic.retention_ms > 0:
        assert (kept["value"], kept["unit"]) == (topic.retention_ms // DAY_MS, "d")
    else:
        assert "for ever" in kept["value"]


@dataclass
class Tables:
    """A lived day, loaded as whoever reads the topics loads it: repeats dropped by id."""

    database: sqlite3.Connection

    def broken(self):
        """Return the names of the rules that find something."""
        return {
            (terms.topic.name, rule["name"])
            for terms in TERMS
            for rule in contract_of(terms.topic)["schema"][0]["quality"]
            if rule["type"] == "sql" and self.count(rule["query"]) != rule["mustBe"]
        }

    def count(self, query):
        return self.database.execute(query).fetchone()[0]


@pytest.fixture(scope="module")
def published():
    """Return the facts of every partition of a random day."""
    world = World().run(day_of(7, 90))
    world.settle()
    for rig in world.rigs:
        rig.seal()
    return [Published(log_of_rig(rig), number).prompt() for number, rig in enumerate(world.rigs)]


@pytest.fixture
def tables(published):
    database = sqlite3.connect(":memory:")
    for terms in TERMS:
        names = terms.topic.message.__match_args__
        columns = ", ".join(
            f"{each} PRIMARY KEY" * (each == terms.identity) or each for each in names
        )
        database.execute(f"CREATE TABLE {table_of(terms.topic)} ({columns})")
        places = ", ".join("?" * len(names))
        database.executemany(
            f"INSERT OR REPLACE INTO {table_of(terms.topic)} VALUES ({places})",
            [
                tuple(getattr(fact, name) for name in names)
                for one in published
                for fact in one.of(terms.topic)
            ],
        )
    yield Tables(database)
    database.close()


def test_a_lived_day_breaks_no_rule(tables):
    for terms in TERMS:
        assert tables.count(f"SELECT count(*) FROM {table_of(terms.topic)}") > 10
    assert tables.broken() == set()


COUNTED = "as_many_as_the_control_totals_say"
FIRST = "WHERE rowid = (SELECT min(rowid) FROM"
# Something goes wrong with a table: which of its rules find it.
DAMAGES = (
    (
        POSTINGS,
        f"DELETE FROM ledger_postings_v1 {FIRST} ledger_postings_v1)",
        {"every_entry_balances", "every_partition_balances", COUNTED},
    ),
    (
        POSTINGS,
        """DELETE FROM ledger_postings_v1 WHERE (partition, sequence) =
            (SELECT partition, sequence FROM ledger_postings_v1 LIMIT 1)""",
        {COUNTED},
    ),
    (POSTINGS, "UPDATE ledger_postings_v1 SET amount_minor = 2 * amount_minor", {COUNTED}),
    (
        BALANCES,
        f"UPDATE wallet_balances_v1 SET balance_minor = 7 {FIRST} wallet_balances_v1)",
        {"equals_the_sum_of_its_postings"},
    ),
    (
        TRANSACTIONS,
        f"DELETE FROM wallet_transactions_v1 {FIRST} wallet_transactions_v1)",
        {COUNTED},
    ),
    (ATTEMPTS, f"DELETE FROM risk_attempts_v1 {FIRST} risk_attempts_v1)", {COUNTED}),
    (
        ATTEMPTS,
        "UPDATE risk_attempts_v1 SET reason = 'X' WHERE outcome = 'ACCEPTED'",
        {"an_outcome_is_one_of_two"},
    ),
    (
        TOTALS,
        """UPDATE ledger_totals_v1 SET debit_minor = '1' || debit_minor
            WHERE topic = 'ledger.postings.v1'""",
        {"debits_and_credits_are_even"},
    ),
)


@pytest.mark.parametrize(("topic", "damage", "found"), DAMAGES)
def test_damage_is_found_by_the_rules_of_its_table(tables, topic, damage, found):
    assert tables.database.execute(damage).rowcount > 0
    assert {name for table, name in tables.broken() if table == topic.name} == found


def test_every_rule_has_a_damage_that_breaks_it():
    rules = {(terms.topic.name, rule.name) for terms in TERMS for rule in terms.rules}
    assert {(topic.name, name) for topic, _, found in DAMAGES for name in found} == rules
