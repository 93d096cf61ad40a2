"""Bounds: what is too long is refused before it is read, and every answer is a careful one."""

import socket
import ssl
from threading import Thread

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives import serialization

from ingress.http.bounds import BODY_MAX, HEADER_LINES_MAX, HEADERS_MAX, SECURITY, TARGET_MAX
from ingress.http.problems import MEDIA_TYPE
from ingress.http.serve import check_certificate, config_of, main
from ingress.http.settings import Settings, SettingsError
from ops.rig import wait_for
from tests.support.secured import Authority

TRANSFERS = "/wallets/w-1/transfers"


def problem(response, status, code):
    assert response.headers["content-type"] == MEDIA_TYPE
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["Connection"] == "close"
    for name, value in SECURITY.items():
        assert response.headers[name] == value


def test_long_headers_are_431(door):
    problem(door.get("/wallets/w-1", X="x" * HEADERS_MAX), 431, "HEADERS_TOO_LARGE")
    many = {f"x{number}": "" for number in range(HEADER_LINES_MAX)}
    problem(door.get("/wallets/w-1", **many), 431, "HEADERS_TOO_LARGE")
    assert door.get("/wallets/w-1", X="x" * (HEADERS_MAX // 2)).status_code == 404


def test_a_long_address_is_414(door):
    problem(door.get(f"/wallets/{'w' * TARGET_MAX}"), 414, "TARGET_TOO_LONG")
    problem(door.get(f"/wallets/w?x={'w' * TARGET_MAX}"), 414, "TARGET_TOO_LONG")


def test_a_long_body_is_413_by_its_length_or_by_its_bytes(door):
    async def endless():
        while True:
            yield b" " * 1_024

    headers = {"Idempotency-Key": "k-1"}
    post = door.client.post
    said = door.run(post(f"/v1{TRANSFERS}", content=b" " * (BODY_MAX + 1), headers=headers))
    problem(said, 413, "BODY_TOO_LARGE")
    problem(
        door.run(post(f"/v1{TRANSFERS}", content=endless(), headers=headers)), 413, "BODY_TOO_LARGE"
    )
    full = door.run(post(f"/v1{TRANSFERS}", content=b" " * BODY_MAX, headers=headers))
    assert full.json()["code"] == "BODY_MALFORMED"


def test_every_answer_has_the_headers_also_one_of_a_bug(door):
    door.ledger.says = lambda _command, _n: 1 / 0
    body = {"to_wallet_id": "w-2", "currency": "EUR", "amount": "5.00"}
    answers = [door.post(TRANSFERS, body), door.get("/nowhere"), door.get("/wallets/w-1")]
    answers += [door.run(door.client.get("/healthz")), door.run(door.client.get("/openapi.json"))]
    assert [each.status_code for each in answers] == [500, 404, 404, 200, 200]
    for answer in answers:
        for name, value in SECURITY.items():
            assert answer.headers[name] == value
        assert "Strict-Transport-Security" not in answer.headers


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A folder with a certificate of 127.0.0.1, its key, the key locked, and who signed."""
    authority = Authority(tmp_path_factory.mktemp("tls"))
    papers = authority.papers("door")
    key = serialization.load_pem_private_key(papers.key.read_bytes(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    (authority.folder / "locked.key").write_bytes(locked)
    return authority.folder


@pytest.fixture
def served(door, certificate):
    """The door as uvicorn serves it, over TLS."""
    closed = []

    async def close():
        closed.append("what the guard opened")

    door.guard.at_end.append(close)
    config = config_of(door.app, "127.0.0.1", 0)
    config.ssl_certfile, config.ssl_keyfile = certificate / "door.crt", certificate / "door.key"
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        wait_for("the server to listen", lambda: server.started, 10.0)
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10.0)
        assert not thread.is_alive()
    assert closed


def test_over_tls_a_browser_is_told_to_stay_there(served, certificate):
    trusted = ssl.create_default_context(cafile=certificate / "ca.pem")
    with httpx.Client(base_url=served, verify=trusted) as client:
        answer = client.get("/healthz")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        # Through a real server as well, which has a bound of its own.
        long = client.get("/v1/wallets/w-1", headers={"X": "x" * HEADERS_MAX})
        problem(long, 431, "HEADERS_TOO_LARGE")
        large = client.post(f"/v1{TRANSFERS}", content=b" " * BODY_MAX * 2)
        problem(large, 413, "BODY_TOO_LARGE")
        assert client.get("/healthz").status_code == 200
    with pytest.raises(httpx.TransportError):
        httpx.get(served.replace("https", "http") + "/healthz")


@pytest.mark.parametrize(
    ("cert", "key"),
    [("door.key", "door.key"), ("door.crt", "door.crt"), ("door.crt", "locked.key")],
)
def test_a_certificate_nobody_could_be_shown_stops_the_start(certificate, capsys, cert, key):
    env = {
        "LEDGER_KAFKA": "127.0.0.1:1",
        "LEDGER_HTTP_CERT": str(certificate / cert),
        "LEDGER_HTTP_CERT_KEY": str(certificate / key),
    }
    with pytest.raises(SettingsError, match="LEDGER_HTTP_CERT"):
        check_certificate(Settings.from_env(env))
    assert main(env) == 2
    assert "LEDGER_HTTP_CERT" in capsys.readouterr().err
    good = {**env, "LEDGER_HTTP_CERT": str(certificate / "door.crt")}
    check_certificate(
        Settings.from_env({**good, "LEDGER_HTTP_CERT_KEY": str(certificate / "door.key")})
    )
