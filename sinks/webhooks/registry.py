"""Registry: subscriptions and deliveries as an operator asks for them and changes them.

Owns: adding, rotating, disabling, and giving dead deliveries another life.
Never: sends, or shows a secret that was kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple, final

import psycopg

from sinks.errors import StoreAway
from sinks.postgres.connection import connect, store_errors
from sinks.webhooks import statements
from sinks.webhooks.instants import instant
from sinks.webhooks.kept import row_of, subscription_of
from sinks.webhooks.schedule import State
from sinks.webhooks.subscription import Secrets, Subscription

NAME: Final = "ledger-webhooks-registry"


class Delivery(NamedTuple):
    """A delivery, and what came of its latest attempt."""

    subscription_id: str
    event_id: str
    message_id: str
    type: str
    wallet_id: str
    state: str
    attempts: int
    due_at: object
    created_at: object
    status: int | None
    error: str | None


@contextmanager
def answering() -> Iterator[None]:
    """Turn tables that are not there yet into a store that is away: who looks makes none."""
    try:
        with store_errors():
            yield
    except psycopg.errors.UndefinedTable as error:
        raise StoreAway(
            "PostgreSQL has no tables of webhooks yet: start `python -m sinks webhooks`"
        ) from error


@final
class Registry:
    """The tables, as ledgerctl uses them."""

    def __init__(self, dsn: str) -> None:
        with answering():
            self._connection: Final = connect(dsn, NAME)

    def subscriptions(self) -> list[Subscription]:
        """Return all, disabled ones too, the oldest first."""
        with answering():
            rows = self._connection.execute(statements.SUBSCRIPTIONS, {"every": True}).fetchall()
        return [subscription_of(row) for row in rows]

    def find(self, subscription_id: str) -> Subscription | None:
        """Return one, if it is there."""
        found = [each for each in self.subscriptions() if each.subscription_id == subscription_id]
        return found[0] if found else None

    def add(self, new: Sequence[Subscription]) -> bool:
        """Add all of them or, when an id is taken, none: then False."""
        added = False
        with answering(), self._connection.transaction():
            done = [self._connection.execute(statements.ADD, row_of(each)) for each in new]
            added = all(each.rowcount == 1 for each in done)
            if not added:
                raise psycopg.Rollback
        return added

    def rotate(self, subscription_id: str, before: Secrets, after: Secrets) -> bool:
        """Replace the secrets; False when somebody else did meanwhile."""
        until = instant(after.former_until) if after.former else None
        given = (after.current, after.former, until, subscription_id, before.current)
        with answering():
            return self._connection.execute(statements.ROTATE, given).rowcount == 1

    def disable(self, subscription_id: str, why: str) -> bool:
        """Tell it nothing more; what was due is dead. False when it was not active."""
        with answering(), self._connection.transaction():
            done = self._connection.execute(statements.DISABLE, (why, subscription_id))
            self._connection.execute(statements.DROP_DUE, (subscription_id,))
            return done.rowcount == 1

    def deliveries(self, subscription_id: str, state: State | None, limit: int) -> list[Delivery]:
        """Return the newest deliveries of a subscription."""
        given = {"subscription_id": subscription_id, "state": state, "limit": limit}
        with answering():
            rows = self._connection.execute(statements.DELIVERIES, given).fetchall()
        return [Delivery(*row) for row in rows]

    def retry(self, subscription_id: str, event_id: str | None) -> int:
        """Make dead deliveries due again, under the ids they had; return how many."""
        with answering():
            given = (subscription_id, event_id, event_id)
            return self._connection.execute(statements.RETRY, given).rowcount

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
