"""The ports of a stack: chosen once, kept for ever, checked before every start.

They are taken from below the range out of which the kernel serves outgoing connections, so
that nobody borrows one while the stack is down; the search starts at a place derived from
the folder, so that stacks side by side rarely meet.

Owns: choosing, keeping and checking ports.
Never: starts anything.
"""

import contextlib
import hashlib
import json
import socket
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from ops.stack.errors import PortTakenError, StackError

HOST: Final = "127.0.0.1"
FIRST: Final = 20_000
LAST: Final = 31_999
TCP_LISTEN: Final = "0A"


def settle(file: Path, names: Iterable[str], configured: Mapping[str, int]) -> dict[str, int]:
    """Return a port for every name: the configured, else the kept, else a new free one."""
    kept = read(file)
    ports = {**kept, **configured}
    for name in names:
        if name not in ports:
            ports[name] = choose(f"{file}/{name}", frozenset(ports.values()), is_free)
    if ports != kept:
        temporary = file.with_suffix(".tmp")
        temporary.write_text(json.dumps(ports, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        temporary.replace(file)
    return {name: ports[name] for name in names}


def read(file: Path) -> dict[str, int]:
    """Return the ports kept in a file; none when there is no file."""
    if not file.exists():
        return {}
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): int(port) for name, port in kept.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise StackError(f"{file} is damaged ({error}); delete it to choose ports anew") from error


def choose(seed: str, used: Collection[int], free: Callable[[int], bool]) -> int:
    """Return the first free port at or after a place derived from the seed."""
    size = LAST - FIRST + 1
    start = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) % size
    for step in range(size):
        port = FIRST + (start + step) % size
        if port not in used and free(port):
            return port
    raise StackError(f"no free port between {FIRST} and {LAST} on {HOST}")


def check_free(ports: Mapping[str, int]) -> None:
    """Raise when somebody already listens on one of the ports."""
    for name, port in ports.items():
        if not is_free(port):
            raise PortTakenError(name, port, holder_of(port))


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port now."""
    with socket.socket() as probe:
        # As the servers do: a connection in TIME_WAIT does not keep a port busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def holder_of(port: int) -> str:
    """Name the process that listens on a port, as well as this account may see it."""
    inode = _listening_inode(port)
    for folder in Path("/proc").glob("[0-9]*") if inode else ():
        with contextlib.suppress(OSError):
            if any(f"socket:[{inode}]" == str(fd.readlink()) for fd in (folder / "fd").iterdir()):
                return f"{(folder / 'comm').read_text().strip()} (pid {folder.name})"
    return "another process"


def _listening_inode(port: int) -> str:
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[1].endswith(f":{port:04X}") and fields[3] == TCP_LISTEN:
                    return fields[9]
    return ""
