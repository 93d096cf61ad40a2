"""Entry point: `python -m ops.drawn [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path

from ops.drawn.accounts import accounts_page
from ops.drawn.asyncapi import asyncapi_page
from ops.drawn.contracts import contract_pages
from ops.drawn.http_api import http_document
from ops.drawn.lifecycles import lifecycles_page

DOCS = Path(__file__).resolve().parents[2] / "docs"
EXIT_DIFFERS = 1
EXIT_USAGE = 2


def main(arguments: list[str]) -> int:
    """Write the pages, or tell which of them are not what the tables say."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m ops.drawn [--check]\n")
        return EXIT_USAGE
    pages = {
        "lifecycles.md": lifecycles_page(),
        "accounts.md": accounts_page(),
        "openapi.json": http_document(),
        "asyncapi.json": asyncapi_page(),
        **contract_pages(),
    }
    if not arguments:
        for name, text in pages.items():
            (DOCS / name).write_text(text, encoding="utf-8")
        return 0
    stale = [name for name, text in pages.items() if _stands(name) != text]
    for name in stale:
        sys.stderr.write(f"docs/{name} is not what the tables say; run: make pages\n")
    return EXIT_DIFFERS if stale else 0


def _stands(name: str) -> str:
    path = DOCS / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
