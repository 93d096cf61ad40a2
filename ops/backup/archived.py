"""Archived: the topics that a ledger needs to come back, and in which order they are read.

Owns: that choice, topic by topic.
Never: reads one.

The order makes an archive that needs little trimming: what follows is read before what it follows.
A checkpoint is read before the Decisions it signs, a job's log before the log it followed, a
Decision before the input it answers: so each names only what was archived after it. What is still
missing, because nothing stops while it is read, `cut.py` leaves out.

Not archived, because it is made again from the log: `recon.facts.v1`, the logs of the jobs facts,
match, stores and publish, the topics for analysts, and attestations, which are of stores that a
restored ledger does not have. `risk.shadow.v1` is lost: nothing needs it.
"""

from __future__ import annotations

from typing import Final

from topics.catalog import (
    ALIASES,
    AUTOMATION_LOG,
    AUTOMATION_NOTICES,
    AUTOMATION_RULES,
    CHECKPOINTS,
    COMMANDS,
    CONTROL,
    DEAD_LETTERS,
    EVENTS,
    EXTERNAL_STATEMENTS,
    INSTRUCTIONS,
    JOB_COMMANDS,
    LEGS,
    OCCURRENCES,
    RECON_EVENTS,
    RESULTS,
    SCHEDULER_LOG,
    SETTLEMENT_LOG,
    STATEMENTS,
)
from topics.topic import Topic

# A job that lost its log would ask again for all it ever asked for, long after the ledger forgot
# that it had answered; so these come back with the log they followed.
JOB_LOGS: Final = (SETTLEMENT_LOG, AUTOMATION_LOG, SCHEDULER_LOG)
INPUTS: Final = (COMMANDS, LEGS, CONTROL, JOB_COMMANDS)
ANSWERS: Final = (RESULTS, DEAD_LETTERS)  # each names the Decision it is of
# Nobody's state follows from where these end: they come back as far as they were archived.
WHOLE: Final = (
    STATEMENTS,
    INSTRUCTIONS,
    OCCURRENCES,
    AUTOMATION_NOTICES,
    AUTOMATION_RULES,
    ALIASES,
    EXTERNAL_STATEMENTS,
    RECON_EVENTS,
)
ARCHIVED: Final[tuple[Topic, ...]] = (CHECKPOINTS, *JOB_LOGS, EVENTS, *INPUTS, *ANSWERS, *WHOLE)
