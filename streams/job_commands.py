"""Commands of jobs: how a job commands, and how it knows an answer to a job.

Owns: the output to `job.commands.v1`.
Never: makes an id: each job's ids are its own, and a repetition gives them again.
"""

from __future__ import annotations

from schemas.codec import encode
from schemas.messages.commands import WalletCommand
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.vocabulary import InputTopic
from streams.runtime.job import Output
from topics.catalog import JOB_COMMANDS


def commanded(partition: int, command: WalletCommand) -> Output:
    """Give a command to the partition of its wallet."""
    return Output(JOB_COMMANDS.name, partition, command.wallet_id.encode(), encode(command))


def given_by_a_job(decision: Decision) -> bool:
    """Tell whether a job commanded it: anybody may give a command an id that looks like a job's."""
    source = decision.source
    return isinstance(source, InputSource) and source.topic is InputTopic.JOB_COMMANDS
