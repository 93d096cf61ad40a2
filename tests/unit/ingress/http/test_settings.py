"""Settings of the door: what is missing or unsafe is named."""

import pytest
from limits import parse

from ingress.http.guard.pace import Rates
from ingress.http.serve import EXIT_USAGE, main
from ingress.http.settings import Settings, SettingsError
from ops.settings import read_settings
from schemas.access.kafka import Kafka
from schemas.variables import KNOWN
from sinks import settings as of_sinks
from streams import settings as of_streams

KAFKA = {"LEDGER_KAFKA": "127.0.0.1:9092"}


def test_the_door_listens_on_loopback_unless_told():
    settings = Settings.from_env(KAFKA)
    assert (settings.host, settings.port, settings.keys) == ("127.0.0.1", 8080, None)


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({}, "LEDGER_KAFKA"),
        ({**KAFKA, "LEDGER_COLOUR": "red"}, "LEDGER_COLOUR"),
        ({**KAFKA, "LEDGER_HTTP": "8080"}, "LEDGER_HTTP"),
        ({**KAFKA, "LEDGER_HTTP": "127.0.0.1:99999"}, "LEDGER_HTTP"),
        ({**KAFKA, "LEDGER_CASSANDRA": "here"}, "LEDGER_CASSANDRA"),
        ({**KAFKA, "LEDGER_API_KEYS": "/nowhere"}, "LEDGER_API_KEYS"),
        ({**KAFKA, "LEDGER_HTTP_CERT": __file__}, "LEDGER_HTTP_CERT_KEY"),
        ({**KAFKA, "LEDGER_HTTP": "0.0.0.0:80"}, "LEDGER_HTTP_CERT"),
        ({**KAFKA, "LEDGER_HTTP": "[::]:80"}, "LEDGER_HTTP_CERT"),
        ({**KAFKA, "LEDGER_HTTP": "door.example:80"}, "LEDGER_HTTP_CERT"),
        ({**KAFKA, "LEDGER_HTTP_PROVIDER": "/nowhere"}, "LEDGER_HTTP_PROVIDER"),
        ({**KAFKA, "LEDGER_HTTP_RATE": "many"}, "LEDGER_HTTP_RATE"),
        ({**KAFKA, "LEDGER_HTTP_RATE_ADDRESS": "1/eon"}, "LEDGER_HTTP_RATE_ADDRESS"),
        ({**KAFKA, "LEDGER_METRICS": "nine"}, "LEDGER_METRICS"),
    ],
)
def test_what_is_wrong_is_named(env, named, capsys):
    with pytest.raises(SettingsError, match=named):
        Settings.from_env(env)
    assert main(env) == EXIT_USAGE
    assert named in capsys.readouterr().err


def test_the_world_is_let_in_with_certificate_and_keys_only():
    cert = {"LEDGER_HTTP_CERT": __file__, "LEDGER_HTTP_CERT_KEY": __file__}
    world = {**KAFKA, **cert, "LEDGER_HTTP": "0.0.0.0:443"}
    with pytest.raises(SettingsError, match="LEDGER_API_KEYS"):
        Settings.from_env(world)
    for who in ("LEDGER_API_KEYS", "LEDGER_HTTP_PROVIDER"):
        with pytest.raises(SettingsError, match="LEDGER_HTTP_AUDIT"):
            Settings.from_env({**world, who: __file__})
        full = {**world, who: __file__, "LEDGER_HTTP_AUDIT": "audit.jsonl"}
        assert Settings.from_env(full).port == 443


def test_a_file_of_records_that_cannot_be_written_stops_the_start(tmp_path, capsys):
    env = {**KAFKA, "LEDGER_HTTP_AUDIT": str(tmp_path / "nowhere" / "audit.jsonl")}
    assert main(env) == EXIT_USAGE
    assert "LEDGER_HTTP_AUDIT" in capsys.readouterr().err


def test_who_listens_to_the_world_has_rates_and_who_does_not_has_none():
    cert = {"LEDGER_HTTP_CERT": __file__, "LEDGER_HTTP_CERT_KEY": __file__}
    world = {**KAFKA, **cert, "LEDGER_HTTP": "0.0.0.0:443", "LEDGER_API_KEYS": __file__}
    world["LEDGER_HTTP_AUDIT"] = "audit.jsonl"
    assert Settings.from_env(KAFKA).rates == Rates()
    assert Settings.from_env(world).rates == Rates(parse("100/second"), parse("300/second"))
    said = {"LEDGER_HTTP_RATE": "none", "LEDGER_HTTP_RATE_ADDRESS": "7/minute"}
    assert Settings.from_env({**world, **said}).rates == Rates(None, parse("7/minute"))


def test_every_shell_takes_the_variables_of_all():
    """One environment serves them all: a tool is not to refuse what is the entrance's."""
    anything = {**dict.fromkeys(KNOWN, ""), **KAFKA}
    worker = {"LEDGER_STATE_DIR": "state", "LEDGER_WORKER": "w-1"}
    assert Settings.from_env(anything).kafka == Kafka(KAFKA["LEDGER_KAFKA"])
    assert of_sinks.Settings.from_env(anything).kafka == Kafka(KAFKA["LEDGER_KAFKA"])
    assert of_streams.Settings.from_env({**anything, **worker}).worker == "w-1"
    assert read_settings(anything).kafka == Kafka(KAFKA["LEDGER_KAFKA"])
