"""Telling processes apart, and reading the end of a log."""

import os

from ops.stack import process
from ops.stack.process import Identity


def test_a_living_process_is_recognised():
    me = Identity.of(os.getpid())
    assert me is not None
    assert me.alive()


def test_a_reused_pid_is_not_the_same_process():
    me = Identity.of(os.getpid())
    assert not Identity(me.pid, me.start_ticks + 1).alive()


def test_no_process_has_no_identity():
    assert Identity.of(2**22 + 1) is None


def test_the_tail_of_a_log_is_its_last_lines(tmp_path):
    log = tmp_path / "server.log"
    log.write_text("".join(f"line {n}\n" for n in range(10_000)))
    assert process.tail(log, 2) == "  line 9998\n  line 9999"


def test_a_missing_and_an_empty_log_say_so(tmp_path):
    assert "no log was written" in process.tail(tmp_path / "none.log")
    (tmp_path / "empty.log").touch()
    assert "the log is empty" in process.tail(tmp_path / "empty.log")
