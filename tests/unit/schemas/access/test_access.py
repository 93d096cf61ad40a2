"""How servers are entered: what is read, what is refused by name, what each client is told."""

import ssl

import pytest
import redis
from psycopg.conninfo import conninfo_to_dict

from ingress.http.settings import Settings as OfEntrance
from ops.doctor import checks
from ops.settings import read_settings
from schemas.access.cassandra import Cassandra, cassandra_at, read_cassandra
from schemas.access.kafka import Kafka, entering, entering_asyncio, principal_of, read_kafka
from schemas.access.postgres import read_postgres
from schemas.access.redis import read_redis
from schemas.access.tls import AccessError, Login, Tls
from sinks.settings import Settings as OfSinks
from streams.settings import Settings as OfWorkers
from tests.support.secured import Authority

PASSWORD = "hush/it'is@secret"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def papers(authority):
    return authority.papers("client")


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def kafka_env(**parts):
    return {
        "LEDGER_KAFKA": "h:1,h:2",
        **{f"LEDGER_KAFKA_{name}": str(value) for name, value in parts.items()},
    }


def sasl(secret, **parts):
    login = {"SASL": "SCRAM-SHA-512", "USER": "u", "PASSWORD_FILE": secret}
    return kafka_env(SECURITY="SASL_SSL", **login, **parts)


def test_an_address_alone_asks_nothing():
    assert entering("h:1") == {"bootstrap.servers": "h:1"}
    assert entering(read_kafka({"LEDGER_KAFKA": "h:1"})) == {
        "bootstrap.servers": "h:1",
        "security.protocol": "PLAINTEXT",
    }
    assert principal_of("h:1") == "User:ANONYMOUS"


def test_librdkafka_is_told_everything(secret, authority, papers):
    env = sasl(secret, CA=authority.ca, CERT=papers.cert, CERT_KEY=papers.key)
    assert entering(read_kafka(env)) == {
        "bootstrap.servers": "h:1,h:2",
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": str(authority.ca),
        "ssl.certificate.location": str(papers.cert),
        "ssl.key.location": str(papers.key),
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "u",
        "sasl.password": PASSWORD,
    }


def test_aiokafka_is_told_the_same(secret, authority, papers):
    env = sasl(secret, CA=authority.ca, CERT=papers.cert, CERT_KEY=papers.key)
    told = entering_asyncio(read_kafka(env))
    context = told.pop("ssl_context")
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert told == {
        "bootstrap_servers": ["h:1", "h:2"],
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "u",
        "sasl_plain_password": PASSWORD,
    }


@pytest.mark.parametrize(
    ("tls", "login", "protocol"),
    [
        (None, None, "PLAINTEXT"),
        (Tls(), None, "SSL"),
        (None, Login("u", "p"), "SASL_PLAINTEXT"),
        (Tls(), Login("u", "p"), "SASL_SSL"),
    ],
)
def test_the_protocol_follows_from_what_is_there(tls, login, protocol):
    assert Kafka("h:1", tls, login, "PLAIN" if login else "").protocol == protocol


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"SECURITY": "TLS"}, "LEDGER_KAFKA_SECURITY=TLS: one of PLAINTEXT, SSL"),
        ({"CA": "{ca}"}, "LEDGER_KAFKA_CA is not used with LEDGER_KAFKA_SECURITY=PLAINTEXT"),
        ({"SECURITY": "SSL", "USER": "u"}, "LEDGER_KAFKA_USER is not used with"),
        ({"SECURITY": "SASL_SSL"}, "LEDGER_KAFKA_SASL=: with SASL_SSL one of PLAIN"),
        ({"SECURITY": "SASL_SSL", "SASL": "GSSAPI"}, "LEDGER_KAFKA_SASL=GSSAPI"),
        ({"SECURITY": "SASL_SSL", "SASL": "PLAIN"}, "LEDGER_KAFKA_USER is missing"),
        (
            {"SECURITY": "SASL_SSL", "SASL": "PLAIN", "PASSWORD": "hush"},
            "LEDGER_KAFKA_USER is missing: LEDGER_KAFKA_PASSWORD is nobody's",
        ),
        (
            {"SECURITY": "SASL_SSL", "SASL": "PLAIN", "USER": "u"},
            "LEDGER_KAFKA_PASSWORD_FILE is missing",
        ),
        (
            {
                "SECURITY": "SASL_SSL",
                "SASL": "PLAIN",
                "USER": "u",
                "PASSWORD": "hush",
                "PASSWORD_FILE": "{key}",
            },
            "LEDGER_KAFKA_PASSWORD and LEDGER_KAFKA_PASSWORD_FILE are both set",
        ),
        (
            {"SECURITY": "SASL_SSL", "SASL": "PLAIN", "USER": "u", "PASSWORD_FILE": "{empty}"},
            "LEDGER_KAFKA_PASSWORD_FILE=.*: the file is empty",
        ),
        ({"SECURITY": "SSL", "CERT": "{cert}"}, "LEDGER_KAFKA_CERT_KEY is missing"),
        ({"SECURITY": "SSL", "CERT_KEY": "{key}"}, "LEDGER_KAFKA_CERT is missing"),
        ({"SECURITY": "SSL", "CA": "/nowhere"}, "LEDGER_KAFKA_CA=/nowhere: No such file"),
        ({"SECURITY": "SSL", "CA": "{folder}"}, "LEDGER_KAFKA_CA=.*: Is a directory"),
        (
            {"SECURITY": "SSL", "CERT": "{cert}", "CERT_KEY": "{open}"},
            "LEDGER_KAFKA_CERT_KEY=.*: everybody may read it",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_name(parts, said, tmp_path, authority, papers):
    opened, empty = tmp_path / "open.key", tmp_path / "empty"
    opened.write_bytes(papers.key.read_bytes())
    opened.chmod(0o644)
    empty.touch(0o600)
    files = {
        "ca": authority.ca,
        "cert": papers.cert,
        "key": papers.key,
        "open": opened,
        "empty": empty,
        "folder": tmp_path,
    }
    env = kafka_env(**{name: value.format(**files) for name, value in parts.items()})
    with pytest.raises(AccessError, match=said) as refused:
        read_kafka(env)
    assert "hush" not in str(refused.value)


def test_a_user_in_the_address_and_a_login_by_no_mechanism_are_refused():
    with pytest.raises(AccessError, match="LEDGER_KAFKA_USER") as refused:
        read_kafka({"LEDGER_KAFKA": "sasl://u:hush@h:1"})
    assert "hush" not in str(refused.value)
    with pytest.raises(AccessError, match="LEDGER_KAFKA_SASL"):
        Kafka("h:1", None, Login("u", "p"))


@pytest.mark.parametrize(
    ("dsn", "quoted"),
    [("postgresql://u@h/db", "url"), ("postgresql://u@h/db?a=b", "url"), ("host=h", "pairs")],
)
def test_libpq_reads_what_was_set(dsn, quoted, tmp_path, papers):
    ca = tmp_path / "our 'ca'.pem"
    ca.touch()
    env = {
        "LEDGER_POSTGRES": dsn.replace("?a=b", "?connect_timeout=3"),
        "LEDGER_POSTGRES_SSLMODE": "verify-full",
        "LEDGER_POSTGRES_CA": str(ca),
        "LEDGER_POSTGRES_CERT": str(papers.cert),
        "LEDGER_POSTGRES_CERT_KEY": str(papers.key),
    }
    read = conninfo_to_dict(read_postgres(env).place())
    assert read["host"] == "h"
    assert (read["sslmode"], read["sslrootcert"]) == ("verify-full", str(ca))
    assert (read["sslcert"], read["sslkey"]) == (str(papers.cert), str(papers.key))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"_SSLMODE": "prefer"}, "LEDGER_POSTGRES_SSLMODE=prefer: one of"),
        ({"_SSLMODE": "require", "": "host=h sslmode=disable"}, "are both set"),
        ({"_CA": "/ca"}, "LEDGER_POSTGRES_CA is not used without LEDGER_POSTGRES_SSLMODE"),
        ({"_SSLMODE": "verify-full"}, "LEDGER_POSTGRES_CA is missing"),
    ],
)
def test_a_wrong_way_into_postgres_is_refused_by_name(parts, said):
    with pytest.raises(AccessError, match=said):
        read_postgres({f"LEDGER_POSTGRES{name}": value for name, value in parts.items()})


def test_redis_py_reads_what_was_set(secret, authority, papers):
    env = {
        "LEDGER_REDIS": "rediss://h:7/3?socket_timeout=2",
        "LEDGER_REDIS_CA": str(authority.ca),
        "LEDGER_REDIS_CERT": str(papers.cert),
        "LEDGER_REDIS_CERT_KEY": str(papers.key),
        "LEDGER_REDIS_USER": "an:alyst",
        "LEDGER_REDIS_PASSWORD_FILE": str(secret),
    }
    told = redis.Redis.from_url(read_redis(env).place()).connection_pool.connection_kwargs
    assert (told["host"], told["port"], told["db"], told["socket_timeout"]) == ("h", 7, 3, 2.0)
    assert (told["username"], told["password"]) == ("an:alyst", PASSWORD)
    assert told["ssl_ca_certs"] == str(authority.ca)
    assert (told["ssl_certfile"], told["ssl_keyfile"]) == (str(papers.cert), str(papers.key))
    assert read_redis({}).place() == ""


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"": "redis://h:1/0", "_CA": "{ca}"}, "LEDGER_REDIS_CA is not used unless"),
        (
            {"": "redis://v:hush@h:1/0", "_USER": "u", "_PASSWORD": "hush"},
            "LEDGER_REDIS_USER and the user in LEDGER_REDIS are both set",
        ),
    ],
)
def test_a_wrong_way_into_redis_is_refused_by_name(parts, said, authority):
    env = {f"LEDGER_REDIS{name}": text.format(ca=authority.ca) for name, text in parts.items()}
    with pytest.raises(AccessError, match=said) as refused:
        read_redis(env)
    assert "hush" not in str(refused.value)


def test_cassandra_is_read_and_an_address_alone_asks_nothing(secret, authority):
    env = {
        "LEDGER_CASSANDRA": "[::1]:9042",
        "LEDGER_CASSANDRA_CA": str(authority.ca),
        "LEDGER_CASSANDRA_USER": "u",
        "LEDGER_CASSANDRA_PASSWORD_FILE": str(secret),
    }
    read = read_cassandra(env)
    assert read == Cassandra("::1", 9042, Tls(authority.ca), Login("u", PASSWORD))
    assert cassandra_at(read) is read
    assert cassandra_at("h:1") == Cassandra("h", 1)
    assert read_cassandra({}) is None


@pytest.mark.parametrize("text", ["", "host", ":1", "h:0", "h:65536", "h:x"])
def test_a_contact_point_is_host_and_port(text):
    with pytest.raises(AccessError, match="LEDGER_CASSANDRA is host:port"):
        cassandra_at(text)


def everything(secret, state):
    env = sasl(secret)
    env |= {
        "LEDGER_KAFKA": "127.0.0.1:1",
        "LEDGER_POSTGRES": "postgresql://u:hush@127.0.0.1:1/db",
        "LEDGER_CASSANDRA": "127.0.0.1:1",
        "LEDGER_CASSANDRA_USER": "u",
        "LEDGER_CASSANDRA_PASSWORD": "hush",
        "LEDGER_REDIS": "redis://127.0.0.1:1/0",
        "LEDGER_REDIS_USER": "u",
        "LEDGER_REDIS_PASSWORD": "hush",
        "LEDGER_STATE_DIR": str(state),
        "LEDGER_STACK_DIR": str(state),
        "LEDGER_WORKER": "w",
    }
    return env


def test_no_secret_is_in_any_repr_or_line_of_the_log(secret, tmp_path):
    env = everything(secret, tmp_path)
    for read in (OfWorkers.from_env, OfSinks.from_env, OfEntrance.from_env, read_settings):
        settings = read(env)
        told = f"{settings!r} {settings}"
        if hasattr(settings, "shown"):
            told += str(settings.shown())
        assert "hush" not in told


def test_no_secret_is_in_what_the_doctor_finds(secret, tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "TIMEOUT_S", 0.5)
    found = [str(finding) for finding in checks.examine(everything(secret, tmp_path))]
    assert {"kafka", "redis", "cassandra"} <= {line.split("'")[1] for line in found}
    assert not [line for line in found if "hush" in line]
