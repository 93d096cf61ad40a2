"""Every client takes where and who from the settings model; nobody else spells it."""

import ast

from tests.support.sources import ROOMS, python_files, text_of, tree_of

SPELLED = {
    "bootstrap.servers",
    "bootstrap_servers",
    "security.protocol",
    "sasl.password",
    "ssl.ca.location",
}
# The model itself. Tests, which make servers and clients as they like, are not looked at.
MODEL = {"schemas/access/kafka.py"}
# Who may make a context of TLS for a client; webhooks call what is not a server of ours.
CONTEXTS = {"schemas/access/tls.py", "sinks/webhooks/doors.py"}


def words_of(name):
    """Texts and names of arguments, which comments and docstrings may well mention."""
    nodes = list(ast.walk(tree_of(name)))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return texts | {node.arg for node in nodes if isinstance(node, ast.keyword)}


def test_only_the_model_spells_how_kafka_is_entered():
    mention = [f for f in python_files(*ROOMS) if any(word in text_of(f) for word in SPELLED)]
    assert {name for name in mention if words_of(name) & SPELLED} == MODEL


def test_only_the_model_makes_contexts():
    found = {name for name in python_files(*ROOMS) if "create_default_context" in text_of(name)}
    assert found == CONTEXTS
