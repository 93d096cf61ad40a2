"""Repeated lines of libraries are thinned; our own never."""

import logging

from streams.runtime.host.logs import REPEAT_AFTER_S, Thinned, log_to_stderr


def line(name, message, *values):
    return logging.LogRecord(name, logging.ERROR, "f", 1, message, values, None)


def test_a_repeated_library_line_passes_once_in_a_while():
    now = [0.0]
    thinned = Thinned(lambda: now[0])
    assert thinned.filter(line("aiokafka.x", "away %s", 1))
    assert not thinned.filter(line("aiokafka.x", "away %s", 2))
    assert thinned.filter(line("aiokafka.x", "other", 2))
    assert all(thinned.filter(line("streams.x", "ours")) for _ in range(3))
    now[0] = REPEAT_AFTER_S
    assert thinned.filter(line("aiokafka.x", "away %s", 3))


def test_libraries_warn_only(monkeypatch):
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    log_to_stderr()
    assert not logging.getLogger("aiokafka.consumer").isEnabledFor(logging.INFO)
