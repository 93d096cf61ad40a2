"""Become a server that cannot outlive the process that asked for it.

Run as a script by `process.py`, never imported: it drops privileges, asks the kernel to
signal it when its parent dies, and execs the server, which keeps the pid. A program of
its own instead of a `preexec_fn`, because Python code between fork and exec can deadlock
in a process with threads.

    child.py PARENT_PID DEATH_SIGNAL UID:GID|- COMMAND...

Owns: what happens between fork and exec.
Never: imports anything of ours: it runs isolated, before the user is changed.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
EXIT_CANNOT_EXEC = 127


def main(argv: list[str]) -> None:
    """Drop privileges, tie our life to the parent's, become the command."""
    parent_pid, death_signal, user, *command = argv
    if user != "-":
        _become(*map(int, user.split(":")))
    # After the user changed: a change of credentials clears the setting.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != int(parent_pid):
        sys.exit("the parent died before its child was set up")
    try:
        os.execvp(command[0], command)  # noqa: S606  no shell is wanted
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error}\n")
        sys.exit(EXIT_CANNOT_EXEC)


def _become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


if __name__ == "__main__":
    main(sys.argv[1:])
