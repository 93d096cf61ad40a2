"""The door without its log: the same application, whose commands are acknowledged at once.

Owns: that process.
Never: produces anything: what is left is what the door itself costs.
"""

from __future__ import annotations

import sys

import uvicorn

from ingress.http.app import create_app
from ingress.http.entrance import Entrance
from ingress.http.guard.guard import Guard
from ingress.http.keys import Keys
from ingress.http.reading import Books, LastKnown
from ingress.http.serve import config_of
from ingress.sdk.fakes import FakeLedger
from ingress.sdk.waiting import Waiters


def main(port: int) -> None:
    """Listen until SIGTERM."""
    waiters = Waiters()
    entrance = Entrance(FakeLedger(waiters), waiters)
    app = create_app(entrance, Books(None, None, None, LastKnown()), Guard(Keys()), lambda: "")
    uvicorn.Server(config_of(app, "127.0.0.1", port)).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
