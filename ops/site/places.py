"""Where on the site a file of the project is.

Owns: the way from a path in the repository to a page, and back.
Never: opens a file.
"""

from __future__ import annotations

import posixpath
from typing import Final

DOCS: Final = "docs/"
# Documents that lie outside of docs/, for whoever comes to the repository first.
PAGES: Final = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md"}
PAGES["CHANGELOG.md"] = "changelog.md"
ORIGINS: Final = {page: path for path, page in PAGES.items()}
SOURCES: Final = "source/"


def page_of(path: str) -> str:
    """Return the page, or the file of the site, that shows a file of the project."""
    if path.startswith(DOCS):
        return path.removeprefix(DOCS)
    return PAGES.get(path) or f"{SOURCES}{path}.md"


def origin_of(page: str) -> str:
    """Return the file of the project whose links a page has."""
    return ORIGINS.get(page) or DOCS + page


def named(link: str, origin: str) -> str:
    """Return the path in the repository that a link of a file names."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(origin), link))


def led(link: str, page: str) -> str:
    """Return a link of a page's file as it has to stand on the page."""
    shown = page_of(named(link, origin_of(page)))
    return posixpath.relpath(shown, posixpath.dirname(page) or ".")
