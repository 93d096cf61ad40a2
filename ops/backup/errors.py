"""What can go wrong with a backup.

BackupError
├── DamagedError     a file of the archive is not what its manifest says       (exit 1)
├── AnotherLogError  the archive is of other topics than those of the broker   (exit 1)
├── NotEmptyError    a restore would write into topics that have records       (exit 1)
├── CutRefusedError  the archive cannot go back that far                       (exit 1)
└── RestoreError     the broker gave a record another place than it had        (exit 1)
"""

from __future__ import annotations


class BackupError(Exception):
    """A backup cannot be made or used; the message says why and what to do."""


class DamagedError(BackupError):
    """A file of the archive is missing, cut off or changed; names it."""


class AnotherLogError(BackupError):
    """The broker's topics are not those that the archive was begun with."""


class NotEmptyError(BackupError):
    """The topics to restore to have records already."""


class CutRefusedError(BackupError):
    """What a ledger of that time would read next is not in the archive any more."""


class RestoreError(BackupError):
    """What was restored does not lie where it lay."""
