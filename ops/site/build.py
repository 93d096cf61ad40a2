"""One build of the site; what is not as it should be ends it.

Owns: the call of MkDocs.
Never: passes over a warning.
"""

from __future__ import annotations

import logging
from pathlib import Path

from mkdocs.commands.build import build as build_pages
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException
from typing_extensions import override


class BrokenSiteError(Exception):
    """A page in no list, a link or an anchor that leads nowhere."""


class Heard(logging.Handler):
    """Keeps what MkDocs warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(record.getMessage())


def build(root: Path, folder: Path, mermaid: bytes) -> None:
    """Build the site of a tree into a folder."""
    heard = Heard()
    log = logging.getLogger("mkdocs")
    log.addHandler(heard)
    try:
        config = load_config(str(root / "mkdocs.yml"), site_dir=str(folder), strict=True)
        config.extra["mermaid"] = mermaid
        config.plugins.on_startup(command="build", dirty=False)
        build_pages(config)
    except MkDocsException as error:
        raise BrokenSiteError("\n".join((str(error), *heard.lines))) from error
    finally:
        log.removeHandler(heard)
