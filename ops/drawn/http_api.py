"""The OpenAPI document of the HTTP entrance, as committed.

Owns: its text.
Never: starts the entrance: the document is made of its routes alone.
"""

from __future__ import annotations

import json

from ingress.http.app import create_app
from ingress.http.entrance import Entrance
from ingress.http.guard.guard import Guard
from ingress.http.keys import Keys
from ingress.http.reading import Books, LastKnown
from ingress.sdk.fakes import FakeLedger
from ingress.sdk.waiting import Waiters


def http_document() -> str:
    """Return the document, one field a line, so that a change of it can be read."""
    waiters = Waiters()
    entrance = Entrance(FakeLedger(waiters), waiters)
    app = create_app(entrance, Books(None, None, None, LastKnown()), Guard(Keys()), lambda: "")
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"
