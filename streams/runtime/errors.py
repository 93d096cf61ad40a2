"""What can go wrong in the runtime, and what it means for the process.

RuntimeFault
├── UnsureError            the process ends and re-enters through assignment
│   ├── FencedError        another producer owns our transactional id, or it timed out
│   ├── GapError           a hand-over does not start where the last one ended
│   └── GenerationLostError  an error in a transaction, and nobody confirms that we are a member
├── ProducerLostError      drop the producer, recover in place once the generation is confirmed
│   ├── AbortRequiredError the transaction cannot be committed; nothing of it is visible
│   ├── OutcomeUnknownError  nobody can say whether a transaction was committed
│   └── ProducerFatalError the producer object is beyond repair
├── BrokerAwayError        nothing was harmed: try again with backoff, for ever
│   ├── StaleLeaderError   our client knows an older leader of a partition than the broker does
│   └── StalledError       a replay made no progress: alarm, then try again; never go on
├── HaltError              this partition halts before commit; its neighbours go on
│   ├── LogMismatchError   log and local store do not belong together
│   ├── UntimedInputError  an input record without LogAppendTime
│   ├── FutureInputError   an input record from more than an hour ahead of our clock
│   ├── InputLostError     an input's next position is not in its topic any more
│   ├── CrashLoopError     the process died three times inside the same group
│   └── JobBugError        the job raised: a bug, with its cause
├── StoreLockedError       the state folder is open in another process
├── StoreFailedError       the local database cannot be read or written: a full or broken disk
└── WrongConfigError       a topic or broker setting makes exactly-once impossible

Owns: the error types.
Never: decides the exit code; that is the host's.
"""

from __future__ import annotations


class RuntimeFault(Exception):
    """Anything the runtime raises on purpose."""


class UnsureError(RuntimeFault):
    """The runtime no longer knows what is true: the process must end and enter again."""


class FencedError(UnsureError):
    """Another producer owns our transactional id, or the broker's timeout aborted us."""


class GapError(UnsureError):
    """A hand-over does not start at the position the partition expects."""


class GenerationLostError(UnsureError):
    """A transaction failed and nobody confirmed in time that we still own the partition."""


class ProducerLostError(RuntimeFault):
    """The producer must be dropped; what it had done is decided by the log, in recovery."""


class AbortRequiredError(ProducerLostError):
    """The transaction cannot be committed; nothing of it is visible once it is aborted."""


class OutcomeUnknownError(ProducerLostError):
    """A transaction may or may not have been committed."""


class ProducerFatalError(ProducerLostError):
    """The producer reported an error that is neither retriable nor abortable."""


class BrokerAwayError(RuntimeFault):
    """The broker did not answer in time; nothing was changed by us."""


class StaleLeaderError(BrokerAwayError):
    """Our client knows an older leader of the partition than the broker does."""


class StalledError(BrokerAwayError):
    """A replay did not move for too long."""


class HaltError(RuntimeFault):
    """This partition must halt before commit and wait for a person."""


class LogMismatchError(HaltError):
    """Log and local store do not belong together: truncated, recreated or foreign."""


class UntimedInputError(HaltError):
    """An input topic is not on LogAppendTime."""


class FutureInputError(HaltError):
    """An input record is more than an hour ahead of the worker's clock."""


class CrashLoopError(HaltError):
    """The process died three times inside the same group."""


class InputLostError(HaltError):
    """Retention or a recreated topic took inputs that were never decided."""


class JobBugError(HaltError):
    """The job raised; the cause is the exception's own cause."""


class StoreLockedError(RuntimeFault):
    """The state folder is open in another process."""


class StoreFailedError(RuntimeFault):
    """The local database cannot be opened, read or written; the process must end."""


class WrongConfigError(RuntimeFault):
    """A topic or a broker setting makes exactly-once impossible."""
