"""Mermaid, which draws the diagrams in the reader's browser: pinned and served with the pages.

Owns: its version and digest. It comes as the jars of the servers come, once for all builds.
Never: is asked of somebody else's server by a page.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ops.stack import jars_fetch
from ops.stack.errors import DownloadFailedError
from ops.stack.jars import Jar, is_good

VERSION: Final = "11.14.0"
JAR: Final = Jar(
    f"org.webjars.npm:mermaid:{VERSION}",
    "fcc17f377c0f657513a66735d41a3095cad37e8059d80e2d80d39f91458cfbed",
    16_257_239,
)
SCRIPT: Final = f"META-INF/resources/webjars/mermaid/{VERSION}/dist/mermaid.min.js"

Fetch = Callable[[str, Path], Path]


def mermaid(
    cache: Path, say: Callable[[str], None], fetch: Fetch = jars_fetch.by_jgo, jar: Jar = JAR
) -> bytes:
    """Return the script, fetching the jar it is in when it is not there yet."""
    folder = cache / "site"
    path = folder / jar.file_name
    if not is_good(path, jar):
        say(f"site: fetching {jar.coordinate}, {jar.size / 1e6:.0f} MB, once")
        folder.mkdir(parents=True, exist_ok=True)
        arrived = fetch(jar.coordinate, folder / ".downloads")
        if not is_good(arrived, jar):
            arrived.unlink()
            raise DownloadFailedError(f"{jar.coordinate} has not the SHA-256 that is pinned")
        arrived.replace(path)
    with zipfile.ZipFile(path) as archive:
        return archive.read(SCRIPT)
