"""What can go wrong in the tools.

OpsError
├── SettingsError       a variable of the environment is unknown or malformed   (exit 2)
├── DocumentError       a file that was given is not what it must be            (exit 2)
├── OvertakenError      somebody else was first, or the ledger said no          (exit 1)
├── NotRecordedError    the file of operations was not written                  (exit 1)
└── NothingKnownError   no server is named anywhere and no local stack is up    (exit 3)
"""

from __future__ import annotations


class OpsError(Exception):
    """A tool cannot do what it was asked; the message says why and what to do."""


class SettingsError(OpsError):
    """The environment does not describe where things are."""


class DocumentError(OpsError):
    """A file is not what it must be; names it."""


class OvertakenError(OpsError):
    """What was asked for did not come about, and nothing was changed by it."""


class NotRecordedError(OpsError):
    """The record of an act is in no file; has its line, so that somebody can keep it by hand."""


class NothingKnownError(OpsError):
    """Nobody said where a server is."""
