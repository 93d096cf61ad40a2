"""What can go wrong with the local stack.

StackError
├── ConfigError          a service nobody knows, a port that is no port   (usage, exit 2)
├── PortTakenError       somebody else listens on a port of this stack    (exit 3)
├── FolderLockedError    another stack is up on this folder               (exit 3)
├── NoJavaError          no usable Java was found                         (exit 3)
├── BinaryMissingError   a package of the extra `stack` is not installed  (exit 3)
├── DownloadFailedError  a jar could not be fetched or is not the pinned  (exit 3)
├── ServerDiedError      a server ended before it was ready, with its log (exit 3)
├── StartTimeoutError    a server was not ready in time, with its log     (exit 3)
├── SupervisorDiedError  the owner of a detached stack ended too early    (exit 3)
└── NotRunningError      asked about a service that is not up             (exit 3)

Owns: the error types and their messages.
Never: prints, exits.
"""

from pathlib import Path


class StackError(Exception):
    """The local stack cannot do what it was asked; the message says why and what to do."""


class ConfigError(StackError):
    """The stack was described wrongly."""


class PortTakenError(StackError):
    """A port of this stack is in use by somebody else."""

    def __init__(self, service: str, port: int, holder: str) -> None:
        """Name the service, its port and who holds it."""
        super().__init__(
            f"port {port} of {service} on 127.0.0.1 is taken by {holder}: "
            f"stop it, or choose another with --port {service}=PORT"
        )
        self.service = service
        self.port = port


class FolderLockedError(StackError):
    """Another stack is up on this folder."""

    def __init__(self, root: Path, owner: str) -> None:
        """Name the folder and who holds it."""
        super().__init__(
            f"the stack folder {root} is in use by {owner}: "
            "`ledgerctl stack down` stops it, --root chooses another folder"
        )


class NoJavaError(StackError):
    """No usable Java was found."""


class BinaryMissingError(StackError):
    """A server's package is not installed or does not run here."""


class DownloadFailedError(StackError):
    """A jar could not be fetched, or is not the one that was pinned."""


class NotRunningError(StackError):
    """The service is not up."""


class ServerDiedError(StackError):
    """A server ended before it was ready."""

    def __init__(self, name: str, code: int, log: Path, tail: str) -> None:
        """Show how it ended and the last lines of its log."""
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        super().__init__(f"{name} {how} before it was ready; the end of {log}:\n{tail}")
        self.code = code


class StartTimeoutError(StackError):
    """A server was not ready before its deadline."""

    def __init__(self, name: str, deadline_s: float, log: Path, tail: str) -> None:
        """Show how long we waited and the last lines of the log."""
        super().__init__(
            f"{name} was not ready after {deadline_s:.0f} s; the end of {log}:\n{tail}"
        )


class SupervisorDiedError(StackError):
    """The process that was to own the stack ended before the stack was ready."""

    def __init__(self, code: int, log: Path) -> None:
        """Say where it told why; whoever followed it has already shown that."""
        super().__init__(f"the stack did not come up (exit code {code}); see {log}")
