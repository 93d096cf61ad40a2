"""Public keys of a provider: when they are read, when they are kept, and which are taken."""

import asyncio
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from joserfc.jwk import OctKey, RSAKey

from ingress.http.guard import public_keys
from ingress.http.guard.provider_file import read_provider
from ingress.http.guard.public_keys import (
    AGAIN_S,
    KEPT_S,
    REFRESH_S,
    ProviderAwayError,
    PublicKeys,
    fetch_of,
    keys_in,
)
from ingress.http.keys import KeysError
from tests.unit.ingress.http.issuer import AUDIENCE, ISSUER, KEY, RSA, bearer, jwks, provider


class Provider:
    """Answers with its keys, or not; the clock is its too."""

    def __init__(self):
        self.now, self.asked, self.away, self.keys = 0.0, 0, False, [KEY]
        self.public = PublicKeys(self.fetch, lambda: self.now)

    def fetch(self):
        self.asked += 1
        if self.away:
            raise ConnectionRefusedError("nobody there")
        return jwks(*self.keys)

    async def settled(self):
        """Wait for a reading that nobody waited for."""
        if self.public._reading is not None:
            await self.public._reading


@pytest.fixture
def idp():
    return Provider()


def test_keys_are_read_once_and_again_when_old(idp, runner):
    async def play():
        assert (await idp.public.get("k-1")).kid == "k-1"
        await asyncio.gather(*(idp.public.get("k-1") for _ in range(50)))
        assert idp.asked == 1
        idp.now = REFRESH_S + 1
        idp.keys = [RSA]
        assert (await idp.public.get("k-1")).kid == "k-1"  # nobody waits for the new ones
        await idp.settled()
        assert idp.asked == 2
        assert await idp.public.get("k-1") is None  # withdrawn

    runner.run(play())


def test_a_new_key_is_found_and_unknown_ids_ask_rarely(idp, runner):
    async def play():
        await idp.public.get("k-1")
        idp.keys = [KEY, RSA]
        idp.now = AGAIN_S
        assert (await idp.public.get("r-1")).kid == "r-1"
        asked = idp.asked
        for number in range(200):
            assert await idp.public.get(f"guess-{number}") is None
        assert idp.asked == asked
        idp.now += AGAIN_S
        await asyncio.gather(*(idp.public.get(f"guess-{number}") for number in range(200)))
        assert idp.asked == asked + 1

    runner.run(play())


def test_keys_are_kept_while_the_provider_is_away_for_a_day(idp, runner, caplog):
    async def play():
        await idp.public.get("k-1")
        idp.away = True
        idp.now = KEPT_S - 1
        assert (await idp.public.get("k-1")).kid == "k-1"
        await idp.settled()
        assert "nobody there" in caplog.text
        assert (await idp.public.get("k-1")).kid == "k-1"
        idp.now = KEPT_S
        with pytest.raises(ProviderAwayError):
            await idp.public.get("k-1")
        idp.away = False
        idp.now += AGAIN_S
        assert (await idp.public.get("k-1")).kid == "k-1"

    runner.run(play())


def test_a_provider_that_was_never_there_is_503(new_door, idp):
    idp.away = True
    door = new_door(provider=provider(keys=idp.public))
    response = door.get("/wallets/w-1", Authorization=bearer())
    assert (response.status_code, response.json()["code"]) == (503, "PROVIDER_AWAY")
    assert "Retry-After" in response.headers


def test_a_set_that_is_none_does_not_replace_the_old_one(idp, runner):
    async def play():
        await idp.public.get("k-1")
        idp.public._fetch = None
        for number, raw in enumerate((b"{", b"[]", b'{"keys": [1]}', b'{"keys": 1}'), start=1):
            idp.now = number * AGAIN_S
            idp.public._fetch = lambda raw=raw: raw
            assert await idp.public.get("x") is None
            assert (await idp.public.get("k-1")).kid == "k-1"

    runner.run(play())


def test_secrets_small_keys_and_keys_for_other_uses_are_left_out():
    secret = OctKey.generate_key(256, {"kid": "o-1"})
    entries = [secret.as_dict(), {"kty": "AKP", "kid": "p-1"}, KEY.as_dict(private=False)]
    entries += [{**RSA.as_dict(private=False), "use": "enc"}]
    entries += [{k: v for k, v in RSA.as_dict(private=False).items() if k != "kid"}]
    assert set(keys_in(json.dumps({"keys": entries}).encode())) == {"k-1"}
    with pytest.warns(match="2048"):
        small = RSAKey.generate_key(1024, {"kid": "s-1"})
    with pytest.warns(match="2048"):
        assert keys_in(jwks(small)) == {}
    with pytest.raises(ValueError, match="private"):
        keys_in(json.dumps({"keys": [KEY.as_dict(private=True)]}).encode())
    unusable = [
        {"kty": "EC", "kid": "k-9"},
        {"kty": [], "kid": "k-8"},
        {"kty": "EC", "kid": "x", "crv": "BP-256"},
    ]
    listed = [*unusable, KEY.as_dict(private=False)]
    assert set(keys_in(json.dumps({"keys": listed}).encode())) == {"k-1"}
    many = json.dumps({"keys": [{}] * (public_keys.KEYS_MAX + 1)}).encode()
    with pytest.raises(ValueError, match="at most"):
        keys_in(many)


@pytest.fixture
def served():
    """A real address; answers what `pages` says."""
    pages = {"/jwks": (200, jwks(KEY), {}), "/away": (302, b"", {"Location": "/jwks"})}
    pages["/long"] = (200, b" " * (public_keys.DOCUMENT_MAX + 1), {})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body, headers = pages.get(self.path, (404, b"", {}))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_keys_of_an_address_are_read_from_there_and_from_nowhere_else(served, tmp_path):
    assert keys_in(fetch_of(f"{served}/jwks", tmp_path)()).keys() == {"k-1"}
    with pytest.raises(OSError, match="redirected"):
        fetch_of(f"{served}/away", tmp_path)()
    with pytest.raises(OSError, match="404"):
        fetch_of(f"{served}/nowhere", tmp_path)()
    with pytest.raises(ValueError, match="more than"):
        fetch_of(f"{served}/long", tmp_path)()
    for place in ("http://idp.example/jwks", "file:///etc/passwd", "ftp://idp.example/jwks"):
        with pytest.raises(ValueError, match="https"):
            fetch_of(place, tmp_path)


GOOD = {"issuer": ISSUER, "audience": AUDIENCE, "keys": "jwks.json", "roles": {"x": "auditor"}}


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ([], "an object"),
        ({**GOOD, "colour": 1}, "colour: unknown"),
        ({"issuer": ISSUER}, "audience: is missing"),
        ({**GOOD, "issuer": ""}, "issuer"),
        ({**GOOD, "audience": 1}, "audience"),
        ({**GOOD, "roles": {}}, "roles"),
        ({**GOOD, "roles": {"x": "king"}}, r"roles\.x"),
        ({**GOOD, "role_claim": [1]}, "role_claim"),
        ({**GOOD, "algorithms": []}, "algorithms"),
        ({**GOOD, "algorithms": ["none"]}, "algorithms: none"),
        ({**GOOD, "algorithms": ["RS256", "HS256"]}, "algorithms: HS256"),
        ({**GOOD, "leeway_s": 301}, "leeway_s"),
        ({**GOOD, "leeway_s": True}, "leeway_s"),
        ({**GOOD, "step_up": 1}, "step_up"),
        ({**GOOD, "keys": "nowhere.json"}, r"keys: .*nowhere\.json"),
        ({**GOOD, "keys": "http://idp.example"}, "keys: .*https"),
        ({**GOOD, "keys": 1}, "keys"),
    ],
)
def test_a_file_that_is_none_names_what_is_wrong(tmp_path, document, named):
    (tmp_path / "jwks.json").write_bytes(jwks(KEY))
    path = tmp_path / "provider.json"
    path.write_text(json.dumps(document))
    with pytest.raises(KeysError, match=named):
        read_provider(path)


def test_a_file_is_read_with_its_keys(tmp_path, runner):
    (tmp_path / "jwks.json").write_bytes(jwks(KEY))
    path = tmp_path / "provider.json"
    full = {"role_claim": ["a", "b"], "algorithms": "ES256", "leeway_s": 0, "step_up": ["mfa"]}
    path.write_text(json.dumps({**GOOD, **full}))
    read = read_provider(path)
    assert read._terms.role_claim == ("a", "b")
    assert read._terms.step_up == {"mfa"}
    assert runner.run(read._keys.get("k-1")).kid == "k-1"
    path.write_text(json.dumps({**GOOD, "keys": "https://idp.example/jwks"}))
    assert read_provider(path)._terms.role_claim == ("ledger_role",)
    path.write_text("{")
    with pytest.raises(KeysError, match=r"provider\.json"):
        read_provider(path)
