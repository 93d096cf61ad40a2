"""A headless Chromium, told what to do over two pipes.

Owns: the process, its profile folder, one tab; what it said on its console and what it was refused.
Never: a driver or a package of Python: the protocol is JSON with a zero byte after each message.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ANSWER_S = 60.0  # a machine that others use too
MISSING = "no chromium is installed: apt-get install chromium (Debian), then make console-browser"
# Nothing is asked of anybody but the page under test.
QUIET = (
    *("--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--hide-scrollbars", "--no-default-browser-check"),
)
# The browser reads what it is told from its file 3 and answers on 4, whatever they are called here.
PIPED = """
import fcntl, os, sys
told, answers = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 100) for each in sys.argv[1:3])
os.dup2(told, 3)
os.dup2(answers, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
KEYS = {"Tab": (9, ""), "Enter": (13, "\r")}


def program():
    """The path of the browser; fails with what to install."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert found is not None, MISSING
    return found


class Tab:
    """One tab. `said` is what the page logged, `refused` what a policy or the network forbade."""

    def __init__(self, send, receive):
        self._send, self._receive = send, receive
        self._number = 0
        self._session = None
        self.said = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **params):
        """Ask and wait for the answer; events that come first are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._send(message)
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self._event(answer)

    def _event(self, event):
        params = event.get("params", {})
        if event.get("method") == "Log.entryAdded":
            self.said.append(params["entry"]["text"])
        elif event.get("method") == "Runtime.consoleAPICalled":
            self.said.append(" ".join(str(each.get("value")) for each in params["args"]))
        elif event.get("method") == "Runtime.exceptionThrown":
            self.said.append(str(params["exceptionDetails"]))

    def evaluate(self, expression):
        """The value of an expression of JavaScript in the page."""
        found = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def open(self, url):
        """Go to a page and wait until it and its scripts are there."""
        self.call("Page.navigate", url=url)
        self.wait(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    def wait(self, expression):
        """Wait until an expression of JavaScript is true."""
        deadline = time.monotonic() + ANSWER_S
        while not self.evaluate(f"Boolean({expression})"):
            assert time.monotonic() < deadline, f"still not so: {expression}\n{self.said}"

    def look_like(self, width, height, scheme):
        """Take a size and a scheme of colours."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)

    def press(self, key):
        """Press a key."""
        code, text = KEYS[key]
        for kind in ("keyDown", "keyUp"):
            typed = {"text": text} if text and kind == "keyDown" else {}
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **typed
            )

    def picture(self):
        """What is seen now, as a PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])


@contextmanager
def browser():
    """Give a tab of a browser of its own; both are gone afterwards."""
    profile = Path(tempfile.mkdtemp(prefix="ledger-browser-"))
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    words = [program(), *QUIET, f"--user-data-dir={profile}"]
    if os.geteuid() == 0:
        words.append("--no-sandbox")  # it refuses to run as root with one
    with (profile / "log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-c", PIPED, str(to_read), str(from_write), *words],
            pass_fds=(to_read, from_write),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    os.close(to_read)
    os.close(from_write)
    try:
        with os.fdopen(to_write, "wb") as told, os.fdopen(from_read, "rb") as answers:
            yield Tab(_sender(told), _receiver(answers))
    finally:
        child.terminate()
        child.wait(ANSWER_S)
        shutil.rmtree(profile, ignore_errors=True)


def _sender(told):
    def send(message):
        told.write(json.dumps(message).encode() + b"\0")
        told.flush()

    return send


def _receiver(answers):
    waiting = bytearray()

    def receive():
        while b"\0" not in waiting:
            more = answers.read1(65_536)
            assert more, "the browser ended"
            waiting.extend(more)
        message, _, rest = bytes(waiting).partition(b"\0")
        waiting[:] = rest
        return json.loads(message)

    return receive
