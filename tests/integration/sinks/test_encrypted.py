"""Clients of the stores behind TLS: they speak only to a server that our authority signed.

The packaged PostgreSQL and Valkey are built without TLS, so a door stands in for them: it shakes
hands as each would and notes the first thing it is told.
"""

import socket
import ssl
import threading
from contextlib import closing

import pytest

from schemas.access.cassandra import read_cassandra
from schemas.access.postgres import read_postgres
from schemas.access.redis import read_redis
from sinks.cassandra.session import open_session
from sinks.errors import StoreAway
from sinks.postgres import connection as postgres
from sinks.redis import client as redis
from tests.support.secured import Authority
from tests.support.stack import wait_until

PATIENCE_S = 10.0
SSL_REQUEST = bytes((0, 0, 0, 8, 4, 210, 22, 47))  # PostgreSQL's; answered S before the handshake


class Door:
    """Shakes hands with everybody who comes; `heard` is what they said inside."""

    def __init__(self, papers):
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(papers.cert, papers.key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.heard = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(PATIENCE_S)

    def _serve(self):
        while True:
            try:
                come, _ = self._listener.accept()
            except OSError:
                return
            come.settimeout(PATIENCE_S)
            with come:
                self._shake(come)

    def _shake(self, come):
        try:
            if come.recv(8, socket.MSG_PEEK) == SSL_REQUEST:
                come.recv(8)
                come.sendall(b"S")
            with self._context.wrap_socket(come, server_side=True) as inside:
                self.heard.append(inside.recv(4096))
        except OSError:
            self.heard.append(b"")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("theirs"))


@pytest.fixture
def door(authority):
    with closing(Door(authority.papers("store"))) as door:
        yield door


def ask_postgres(port, ca):
    env = {
        "LEDGER_POSTGRES": f"postgresql://ledger@localhost:{port}/ledger",
        "LEDGER_POSTGRES_SSLMODE": "verify-full",
        "LEDGER_POSTGRES_CA": str(ca),
    }
    with postgres.store_errors():
        postgres.connect(read_postgres(env).place(), "test")


def ask_redis(port, ca):
    env = {
        "LEDGER_REDIS": f"rediss://localhost:{port}/0",
        "LEDGER_REDIS_CA": str(ca),
        "LEDGER_REDIS_USER": "sink",
        "LEDGER_REDIS_PASSWORD": "hush",
    }
    with redis.store_errors(), redis.connect(read_redis(env).place()) as client:
        client.ping()


def ask_cassandra(port, ca):
    env = {"LEDGER_CASSANDRA": f"127.0.0.1:{port}", "LEDGER_CASSANDRA_CA": str(ca)}
    open_session(read_cassandra(env))


CLIENTS = [(ask_postgres, b"ledger"), (ask_redis, b"AUTH"), (ask_cassandra, b"")]


@pytest.mark.parametrize(("ask", "said"), CLIENTS, ids=["postgres", "redis", "cassandra"])
def test_a_client_speaks_to_whom_our_authority_signed(door, authority, ask, said):
    with pytest.raises(StoreAway) as ended:  # the door hangs up after the first word
        ask(door.port, authority.ca)
    assert door.heard[0] != b""
    assert said in door.heard[0]
    assert "hush" not in str(ended.value)


@pytest.mark.parametrize(("ask", "said"), CLIENTS, ids=["postgres", "redis", "cassandra"])
def test_a_client_tells_nothing_to_anybody_else(door, stranger, ask, said):
    with pytest.raises(StoreAway, match="certificate"):
        ask(door.port, stranger.ca)
    wait_until(lambda: set(door.heard) == {b""})
