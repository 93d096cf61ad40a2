"""`ledgerctl alias`: planned first, recorded by hashes only, claims handed over."""

import json
from types import SimpleNamespace

import pytest

from ingress.sdk import AliasDirectory, alias_hash, directory
from ops.alias import command
from ops.cli import main
from ops.errors import SettingsError
from ops.settings import Settings, read_settings
from schemas.messages.commands import AcceptClaim, SendToAlias
from tests.support.writers import Writer
from tests.unit.ingress.alias_topic import AliasTopic

SECRET = "a secret that nobody ever guesses"
ALIAS = "ann.smith@example.org"
HASH = alias_hash(SECRET, ALIAS)
DO = ("--execute", "--reason", "she asked for it")


class Producer:
    """Sends nowhere, and keeps what was sent."""

    sent = ()

    def __init__(self, address):
        self.address = address

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def send_command(self, given):
        Producer.sent = (*Producer.sent, given)
        return SimpleNamespace(result=lambda timeout_s: None)


@pytest.fixture
def topic(monkeypatch, tmp_path):
    """A topic of aliases, and a log in which `payer` sent 5.00 to the alias twice."""
    topic = AliasTopic()
    writer = Writer(0, 1)
    writer.open("payer", 100_00)
    for number in range(2):
        writer.command("payer", SendToAlias(HASH, "EUR", 5_00 + number), f"c-{number}")
    writer.commit()
    log = [SimpleNamespace(decision=each) for each in writer.decisions]
    settings = Settings(kafka="here:1", state_dir=tmp_path, alias_secret=SECRET)
    Producer.sent = ()
    monkeypatch.setattr(directory, "Consumer", topic.consumer)
    monkeypatch.setattr(directory, "Producer", topic.producer)
    monkeypatch.setattr(command, "read_settings", lambda: settings)
    monkeypatch.setattr(command, "read_log", lambda address: log)
    monkeypatch.setattr(command, "LedgerProducer", Producer)
    return topic


def found():
    with AliasDirectory("here:1", SECRET) as opened:
        entry = opened.find(ALIAS)
    return entry and entry.wallet_id


def recorded(tmp_path):
    file = tmp_path / "operations.jsonl"
    return file.read_text() if file.exists() else ""


def test_set_is_planned_first(topic, capsys, tmp_path):
    assert main(["alias", "set", ALIAS, "ann"]) == 0
    assert f"set alias {HASH} to wallet ann" in capsys.readouterr().out
    assert (found(), recorded(tmp_path)) == (None, "")


def test_set_is_done_and_recorded_by_its_hash(topic, tmp_path):
    assert main(["alias", "set", ALIAS, "ann", *DO]) == 0
    assert found() == "ann"
    assert HASH in recorded(tmp_path)
    assert "smith" not in recorded(tmp_path)


def test_set_again_has_nothing_to_do(topic, capsys):
    main(["alias", "set", ALIAS, "ann", *DO])
    assert main(["alias", "set", ALIAS.upper(), "ann", *DO]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "nothing to do"
    assert topic.writes == 1


@pytest.mark.parametrize("more", [(), DO])
def test_a_taken_alias_is_a_difference(topic, capsys, more):
    main(["alias", "set", ALIAS, "ann", *DO])
    assert main(["alias", "set", ALIAS, "eve", *more]) == 1
    assert f"alias {HASH} is another wallet's" in capsys.readouterr().err
    assert found() == "ann"


@pytest.mark.parametrize(("given", "wallet"), [("0612345678", "ann"), (ALIAS, "no wallet")])
def test_what_is_no_alias_or_wallet_is_a_usage_error(topic, given, wallet):
    assert main(["alias", "set", given, wallet, *DO]) == 2
    assert topic.writes == 0


@pytest.mark.parametrize("verb", [("set", ALIAS, "ann"), ("remove", ALIAS), ("claim", ALIAS)])
def test_nothing_is_done_without_a_reason(topic, verb):
    assert main(["alias", *verb, "--execute"]) == 2
    assert topic.writes == 0


def test_remove_lets_nobody_be_there(topic, tmp_path, capsys):
    main(["alias", "set", ALIAS, "ann", *DO])
    assert main(["alias", "remove", ALIAS]) == 0
    assert found() == "ann"
    assert main(["alias", "remove", ALIAS, *DO]) == 0
    assert found() is None
    assert f"remove alias {HASH} of wallet ann" in recorded(tmp_path)
    assert main(["alias", "remove", ALIAS, *DO]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "nothing to do"


def test_show_says_nobody_and_what_waits(topic, capsys):
    assert main(["alias", "show", ALIAS]) == 1
    shown = capsys.readouterr().out
    assert f"alias {HASH}: nobody" in shown
    assert "5.01 EUR" in shown


def test_show_says_who(topic, capsys):
    main(["alias", "set", ALIAS, "ann", *DO])
    capsys.readouterr()
    assert main(["alias", "show", ALIAS, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["alias_hash"], shown["wallet_id"]) == (HASH, "ann")
    assert [each["claim"] for each in shown["claims"]] == ["c-0", "c-1"]
    assert main(["alias", "show", ALIAS]) == 0
    assert f"alias {HASH}: ann since " in capsys.readouterr().out


def test_claims_wait_for_somebody(topic, capsys):
    assert main(["alias", "claim", ALIAS, *DO]) == 1
    assert f"nobody is behind alias {HASH}" in capsys.readouterr().err
    assert Producer.sent == ()


def test_claims_are_handed_over_by_the_command_there_is(topic, capsys, tmp_path):
    main(["alias", "set", ALIAS, "ann", *DO])
    assert main(["alias", "claim", ALIAS]) == 0
    assert "hand claim c-0 of wallet payer, 5.00 EUR, to wallet ann" in capsys.readouterr().out
    assert Producer.sent == ()
    assert main(["alias", "claim", ALIAS, *DO]) == 0
    assert [(each.wallet_id, each.body) for each in Producer.sent] == [
        ("payer", AcceptClaim("c-0", "ann")),
        ("payer", AcceptClaim("c-1", "ann")),
    ]
    assert f"hand 2 claims of alias {HASH} to wallet ann" in recorded(tmp_path)
    first = [each.command_id for each in Producer.sent]
    main(["alias", "claim", ALIAS, *DO, "--attempt", "2"])
    assert {each.command_id for each in Producer.sent[2:]}.isdisjoint(first)


def test_no_claim_is_nothing_to_do(topic, capsys):
    main(["alias", "set", "carl", "carl", *DO])
    assert main(["alias", "claim", "carl", *DO]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "nothing to do"


def test_the_secret_comes_from_the_environment_and_is_never_shown(tmp_path):
    given = {"LEDGER_ALIAS_SECRET": SECRET, "LEDGER_STACK_DIR": str(tmp_path)}
    settings = read_settings(given)
    assert settings.secret_of_aliases() == SECRET
    assert SECRET not in repr(settings)
    with pytest.raises(SettingsError, match="LEDGER_ALIAS_SECRET is missing"):
        read_settings({"LEDGER_STACK_DIR": str(tmp_path)}).secret_of_aliases()
