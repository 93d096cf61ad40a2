"""A letter leaves the house: signed, to the judged address, within its time, and no further."""

import json
import socket
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from sinks.clock import wall_us
from sinks.webhooks.doors import NoticeDoor, WebhookDoor, retry_after_of
from sinks.webhooks.subscription import Channel, Secrets
from tests.support.secured import LOCALHOST, Authority
from tests.unit.sinks.webhooks.told import FORMER, HOUR_US, SECRET, letter, subscription

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "webhooks.md"
QUICK_S = 0.5


class Recorder(BaseHTTPRequestHandler):
    """Answers what its server was told to, and keeps what it was asked."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        status, headers = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_given):
        """Say nothing."""


@contextmanager
def served(handler=Recorder, tls=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.asked, server.answer = [], (204, {})
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server():
    with served() as found:
        yield found


@contextmanager
def door_of(**given):
    door = WebhookDoor(wall_us, **given)
    try:
        yield door
    finally:
        door.close()


@pytest.fixture
def door():
    with door_of(deadline_s=5) as found:
        yield found


def to(url, **said):
    return letter(subscription(address=url, **{"private_allowed": True, **said}))


def url_of(server, host="127.0.0.1", scheme="http"):
    return f"{scheme}://{host}:{server.server_address[1]}/hook?a=b"


def test_a_letter_is_posted_whole_and_signed_by_both_secrets_of_a_rotation(server, door):
    secrets = Secrets(FORMER).rotated(SECRET, wall_us(), HOUR_US)
    given = to(url_of(server, "localhost"), secrets=secrets)
    assert door.send(given).status == 204
    ((path, headers, body),) = server.asked
    assert (path, headers["host"]) == ("/hook?a=b", url_of(server, "localhost").split("/")[2])
    assert (headers["webhook-id"], body) == (given.message_id, given.body.encode())
    for secret in (SECRET, FORMER):
        assert Webhook(secret).verify(body, headers) == json.loads(given.body)


def test_the_receiver_of_the_guide_believes_it_and_takes_it_once(door, monkeypatch, capsys):
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    example = GUIDE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    found = {}
    exec(example, found)
    assert len([line for line in example.splitlines() if line.strip()]) <= 18
    with served(found["Receiver"]) as server:
        body = json.dumps({"type": "hold.voided", "data": {"wallet_id": "w-1"}})
        given = to(url_of(server))._replace(body=body)
        assert [door.send(given).status for _ in range(2)] == [204, 204]
        forged = to(url_of(server), secrets=Secrets(FORMER))._replace(body=body)
        assert door.send(forged).status == 401
    assert capsys.readouterr().out == "hold.voided w-1\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_what_is_inside_is_not_called(server, door, host):
    answer = door.send(to(url_of(server, host), private_allowed=False))
    assert (answer.status, server.asked) == (None, [])
    assert "not of the public internet" in answer.error


def test_a_redirect_is_an_answer_and_is_not_followed(server, door):
    server.answer = (302, {"Location": url_of(server)})
    assert door.send(to(url_of(server))).status == 302
    assert len(server.asked) == 1


def test_the_wait_an_endpoint_asks_for_is_heard(server, door):
    server.answer = (429, {"Retry-After": "7"})
    assert door.send(to(url_of(server))) == (429, "Too Many Requests", 7.0)
    texts = ("7", "", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", "٣", "9" * 400)
    assert [retry_after_of(text) for text in texts] == [7.0, 0.0, 0.0, 0.0, 0.0, float("inf")]


@contextmanager
def dripping(piece):
    """A socket that takes a connection and says a piece of an answer again and again."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip():
            taken, _ = listening.accept()
            with taken:
                while not done.wait(0.05):
                    if piece:
                        taken.send(piece)

        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        done.set()
        thread.join()


@pytest.mark.parametrize("piece", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_an_endpoint_that_says_nothing_or_drips_takes_no_longer_than_its_time(piece):
    with dripping(piece) as url, door_of(deadline_s=QUICK_S) as quick:
        began = wall_us()
        answer = quick.send(to(url))
        took_s = (wall_us() - began) / 1_000_000
    assert (answer.status, answer.error) == (None, f"no answer within {QUICK_S} s")
    assert took_s < 5


def test_an_endpoint_that_is_not_there_is_no_answer(door):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    answer = door.send(to(f"http://127.0.0.1:{port}/"))
    assert (answer.status, answer.error.split(":")[0]) == (None, "ConnectError")
    answer = door.send(to("https://nobody.invalid/"))
    assert (answer.status, answer.error.split(":")[0]) == (None, "gaierror")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


def test_the_certificate_has_to_be_of_the_name_though_the_address_is_called(authority):
    papers = authority.papers("localhost", of=[LOCALHOST])  # of no address
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(papers.cert, papers.key)
    trusting = ssl.create_default_context(cafile=authority.ca)
    with served(tls=own) as server, door_of(deadline_s=5, tls=trusting) as door:
        assert door.send(to(url_of(server, "localhost", "https"))).status == 204
        answer = door.send(to(url_of(server, "127.0.0.1", "https")))
        assert (answer.status, len(server.asked)) == (None, 1)
        assert "certificate" in answer.error.lower()
        with door_of(deadline_s=5) as wary:
            answer = wary.send(to(url_of(server, "localhost", "https")))
        assert "certificate verify failed" in answer.error


def notice_to(url, **said):
    data = {"asked": "Transfer", "wallet_id": "w-1", "command_id": "c-1"}
    given = to(url, channel=Channel.NOTICE, **said)
    return given._replace(type="attempt.blocked", body=json.dumps({"data": data}))


def test_a_person_is_told_by_a_channel_of_apprise(server):
    port, door = server.server_address[1], NoticeDoor()
    url = f"json://127.0.0.1:{port}/ann"
    assert door.send(notice_to(url)).status == 200
    ((path, _, body),) = server.asked
    told = json.loads(body)
    assert (path.rstrip("/"), told["title"]) == ("/ann", "A payment was stopped")
    assert "If it was not you, freeze the wallet" in told["message"]
    assert "not of the public" in door.send(notice_to(url, private_allowed=False)).error
    server.answer = (500, {})
    assert door.send(notice_to(url)) == (None, "the channel did not take it", 0.0)
    assert "not understood" in door.send(notice_to("slack://no")).error
    door.close()
