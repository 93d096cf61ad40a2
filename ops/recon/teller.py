"""Teller: commands of an operator to the ledger, each with the Decision that answered it.

Owns: sending, waiting for the answer, and finding its Decision in the log.
Never: chooses a command.
"""

from __future__ import annotations

from contextlib import closing
from time import monotonic
from typing import Final, final

from ingress.sdk import LedgerProducer, ResultReader, WalletCommand
from ingress.sdk.errors import ResultTimeoutError
from ops.errors import OvertakenError
from ops.reading import ALL, TAIL_RECORDS, TopicReader, raise_damage, sealed_tail
from schemas.access.kafka import Servers
from schemas.messages.decisions import Decision
from schemas.messages.vocabulary import Outcome
from topics.catalog import EVENTS

ANSWER_S: Final = 30.0


@final
class LogTeller:
    """Satisfies `ops.recon.booking.Teller` on a real ledger."""

    def __init__(self, address: Servers) -> None:
        self._address: Final = address

    def ask(self, command: WalletCommand) -> Decision:
        """Send a command; return the Decision that first answered its id."""
        with ResultReader(self._address) as results:
            results.expect(command.wallet_id, command.command_id)
            with LedgerProducer(self._address) as producer:
                producer.send_command(command).result(ANSWER_S)
            partition = _answering(results, command)
        return self._decision(partition, command.command_id)

    def _decision(self, partition: int, command_id: str) -> Decision:
        """Return what first answered: a repeat is a DUPLICATE of it."""
        deadline, last = monotonic() + ANSWER_S, TAIL_RECORDS
        with closing(TopicReader(self._address, EVENTS.name)) as reader:
            # A result may be read a moment before the Decision of the same transaction.
            while monotonic() < deadline:
                for placed in sealed_tail(reader.read([partition], last=last), raise_damage):
                    decision = placed.decision
                    first = decision.outcome is not Outcome.DUPLICATE
                    if first and decision.command_id == command_id:
                        return decision
                last = min(last * 16, ALL)
        raise OvertakenError(f"{command_id} was answered, and its Decision is not in the log")


def _answering(results: ResultReader, command: WalletCommand) -> int:
    """Wait for the first answer, PENDING or FINAL; return the partition that gave it."""
    deadline = monotonic() + ANSWER_S
    while monotonic() < deadline:
        for result in results.poll():
            return result.partition
    raise ResultTimeoutError(command.command_id, ANSWER_S, None)
