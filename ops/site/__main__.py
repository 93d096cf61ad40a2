"""Entry point: `python -m ops.site [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path

from ops.site.build import BrokenSiteError, build
from ops.site.diagrams import mermaid
from ops.stack.config import cache_folder, environment
from ops.stack.errors import DownloadFailedError

ROOT = Path(__file__).resolve().parents[2]
EXIT_BROKEN = 1
EXIT_USAGE = 2
EXIT_AWAY = 3


def main(arguments: list[str]) -> int:
    """Build the site and say where it is."""
    if len(arguments) > 1:
        sys.stderr.write("usage: python -m ops.site [FOLDER]\n")
        return EXIT_USAGE
    folder = Path(arguments[0] if arguments else ROOT / ".site")
    try:
        build(ROOT, folder, mermaid(cache_folder(environment()), print))
    except DownloadFailedError as error:
        sys.stderr.write(f"site: {error}\n")
        return EXIT_AWAY
    except BrokenSiteError as error:
        sys.stderr.write(f"site: {error}\n")
        return EXIT_BROKEN
    print(f"site: {folder}/index.html; with search: python -m http.server -d {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
