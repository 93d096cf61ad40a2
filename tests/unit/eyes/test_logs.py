"""A line of log as one JSON object."""

import json
import logging
import sys

import pytest

from eyes.logs import JsonLines, read_format


def record(error=None):
    return logging.LogRecord("streams", logging.INFO, "f", 1, "a\n%s", ("b",), error)


def test_a_line_is_one_object():
    text = JsonLines().format(record())
    assert "\n" not in text
    line = json.loads(text)
    assert (line["level"], line["logger"], line["message"]) == ("INFO", "streams", "a\nb")
    assert line["time"].endswith("+00:00")


def test_an_error_brings_its_traceback():
    try:
        int("no")
    except ValueError:
        line = json.loads(JsonLines().format(record(sys.exc_info())))
    assert line["error"] == "ValueError"
    assert "ValueError: invalid literal" in line["traceback"]


def test_a_format_nobody_knows_is_refused():
    assert read_format("") == "text"
    with pytest.raises(ValueError, match="LEDGER_LOG_FORMAT"):
        read_format("xml")
