"""Logs: one line an event on standard error, for a person or as JSON for machines that collect.

Owns: the fields of a line, and the handler that writes it.
Never: the level of a library or what is left out; each process sets up its own.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final, Literal

from typing_extensions import override

LogFormat = Literal["text", "json"]
PLAIN: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
FORMATS: Final[dict[str, LogFormat]] = {"": "text", "text": "text", "json": "json"}


def read_format(text: str) -> LogFormat:
    """Return the format that LEDGER_LOG_FORMAT names. Raises `ValueError`."""
    if text not in FORMATS:
        raise ValueError(f"LEDGER_LOG_FORMAT is text or json, not {text!r}")
    return FORMATS[text]


def log_to_stderr(form: LogFormat, text: str = PLAIN) -> logging.Handler:
    """Set the root logger up and return its handler; `text` is the format of lines for a person."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(text))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    return handler


class JsonLines(logging.Formatter):
    """time, level, thread, logger, message; error and its traceback where there is one."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a line break inside is escaped by JSON."""
        at = datetime.fromtimestamp(record.created, tz=UTC)
        line = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "thread": record.threadName,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)
