"""An office: one door, its operators with their authenticators, and a clock of their own."""

import json

import pyotp

from ingress.http.eyes import DoorEyes
from ingress.http.guard.audit import Audit
from ingress.http.guard.desk import Desk
from ingress.http.guard.pace import Pace, Rates
from ingress.http.guard.slips import OwnSlips, SlipsAwayError
from ingress.http.keys import new_key, read_keys
from ingress.http.roles import Role
from tests.unit.ingress.http import issuer

STEP_S = 30
CARL = {"sub": "carl"}  # has no key
FREEZE = "/wallets/w-1/status"
FROZEN = {"action": "FREEZE_DEBIT", "authority": "OPERATOR"}


class Slips(OwnSlips):
    """Notes of all doors, which may be away."""

    away = False

    async def make(self, *args):
        self._here()
        return await super().make(*args)

    async def change(self, *args):
        self._here()
        return await super().change(*args)

    async def read(self, name):
        self._here()
        return await super().read(name)

    async def drop(self, name):
        self._here()
        await super().drop(name)

    def _here(self):
        if self.away:
            raise SlipsAwayError("nobody there")


class Office:
    """One door, its operators and their authenticators, and a clock that only it moves."""

    def __init__(self, new_door, folder):
        self.now = float(issuer.NOW)
        self.folder, self.made = folder, {}
        for name, role in (("anna", "operator"), ("bert", "operator"), ("app", "producer")):
            self.made[name] = new_key(name, Role(role))
            if name != "bert":
                self.made[name][1]["totp_secret"] = pyotp.random_base32()
        self.slips = Slips(lambda: self.now)
        self.audit_path = folder / "audit.jsonl"
        self._new_door = new_door
        self.door = self.open()

    def open(self):
        """Another door of the same ledger, with the keys as they are now."""
        path = self.folder / "keys.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps({"keys": [entry for _, entry in self.made.values()]}))
        keys, pace = read_keys(path), Pace(Rates(), DoorEyes())
        return self._new_door(
            keys,
            issuer.provider(taken=keys.ids, clock=lambda: self.now),
            pace,
            desk=Desk(keys, pace, self.slips, lambda: self.now),
            audit=Audit(self.audit_path, lambda: self.now),
        )

    def code(self, name="anna", steps=0):
        return pyotp.TOTP(self.made[name][1]["totp_secret"]).at(self.now, counter_offset=steps)

    def freeze(self, by="anna", code=None, door=None):
        """Ask for a freeze with a key's name, or whatever else comes after Bearer."""
        door = door or self.door
        door.app.state.guard = door.guard
        token = self.made[by][0] if by in self.made else by
        return door.post(FREEZE, FROZEN, Authorization=f"Bearer {token}", Ledger_Code=code)

    def sign_in(self, by="anna", code=None):
        headers = {"Authorization": f"Bearer {self.made[by][0] if by in self.made else by}"}
        if code is not None:
            headers["Ledger-Code"] = code
        return self.door.run(self.door.client.post("/v1/sessions", headers=headers))

    def session(self):
        response = self.sign_in(code=self.code())
        assert response.status_code == 200, response.text
        return response.json()["session"]

    def look(self, token):
        return self.door.get("/wallets/w-1", Authorization=f"Bearer {token}")

    def records(self):
        return [json.loads(line) for line in self.audit_path.read_text().splitlines()]


def refused(response, code, status=401):
    assert (response.status_code, response.json()["code"]) == (status, code)
    if status == 401:
        assert "insufficient_user_authentication" in response.headers["WWW-Authenticate"]
    return True
