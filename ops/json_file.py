"""JSON files: what a person wrote, read, or an error that names file and line.

Owns: those errors.
Never: knows what the document means.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ops.errors import DocumentError

if TYPE_CHECKING:
    from pathlib import Path


def json_in(file: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return the document of a file. Raises `DocumentError`."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DocumentError(f"{file}: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise DocumentError(f"{file}:{error.lineno}: not JSON: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"{file}: {error}") from error
