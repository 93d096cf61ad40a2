"""Exits: what an error means for whoever called ledgerctl.

Owns: the exit codes and which error gives which.
Never: imports the rooms that raise them: errors are known by name, so that looking one up costs
nothing.
"""

from __future__ import annotations

from typing import Final

CLEAN: Final = 0
DIFFERENCES: Final = 1
USAGE: Final = 2
AWAY: Final = 3
INTERRUPTED: Final = 130

CODES: Final = {
    "topics.errors.BrokerUnreachableError": AWAY,
    "topics.errors.TopicRefusedError": DIFFERENCES,
    "topics.errors.AclRefusedError": AWAY,
    "topics.errors.UnknownProcessError": USAGE,
    "ingress.sdk.errors.BrokerUnreachableError": AWAY,
    "ingress.sdk.errors.TopicMissingError": AWAY,
    "ingress.sdk.errors.NotAllowedError": AWAY,
    "ingress.sdk.errors.QueueFullError": AWAY,
    "ingress.sdk.errors.DeliveryFailedError": AWAY,
    "ingress.acts.sending.NotKeptError": AWAY,
    "ingress.sdk.errors.CommandRefusedError": USAGE,
    "ingress.sdk.errors.ResultTimeoutError": AWAY,
    "ingress.sdk.errors.AliasTakenError": DIFFERENCES,
    "ingress.sdk.errors.SdkError": DIFFERENCES,
    "ledger.sealing.LogError": DIFFERENCES,
    "ledger.merkle.ProofError": DIFFERENCES,
    "ops.proof.note.NoteError": DIFFERENCES,
    "ops.errors.SettingsError": USAGE,
    "ops.errors.DocumentError": USAGE,
    "ops.errors.NothingKnownError": AWAY,
    "ops.reports.errors.ReportError": USAGE,
    "ops.stack.errors.ConfigError": USAGE,
    "ops.stack.errors.StackError": AWAY,
    "streams.reconciliation.external.errors.FileRefused": USAGE,
    "streams.reconciliation.external.exceptions.workflow.ActRefused": USAGE,
    "ops.errors.OvertakenError": DIFFERENCES,
    "ops.errors.NotRecordedError": DIFFERENCES,
    "ops.backup.errors.BackupError": DIFFERENCES,
    "sinks.errors.StoreAway": AWAY,
    "sinks.webhooks.subscription.Refused": USAGE,
    "sinks.errors.BrokerAway": AWAY,
    "sinks.errors.SettingsError": USAGE,
}


def explain(error: BaseException) -> tuple[int | None, str]:
    """Return the exit code of an error and its message; None for a bug of ours."""
    for kind in type(error).__mro__:
        code = CODES.get(f"{kind.__module__}.{kind.__qualname__}")
        if code is not None:
            return code, str(error)
    return None, str(error)
