"""What the owner of a running stack writes down about it, for `status`, `down` and `logs`.

Owns: the format of `run.json`.
Never: is trusted alone: the owner's identity is checked against the living process.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from ops.stack.config import Endpoints
from ops.stack.process import Identity

Phase = Literal["starting", "ready", "stopping", "stopped", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One service or process as its owner sees it."""

    name: str
    kind: Literal["server", "process"]
    state: str
    pid: int | None = None
    port: int | None = None
    ready_s: float | None = None
    restarts: int = 0
    exit_code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFile:
    """The whole stack as its owner sees it."""

    owner: Identity
    phase: Phase
    endpoints: Endpoints
    rows: tuple[Row, ...] = ()
    error: str = ""
    # Owned by a supervisor of its own, which may be asked to end; else by a test or a program.
    detached: bool = False

    def write(self, file: Path) -> None:
        """Replace the file in one step."""
        temporary = file.with_suffix(f".{self.owner.pid}.tmp")
        temporary.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        temporary.replace(file)


def read(file: Path) -> RunFile | None:
    """Return what the last owner wrote; None when there was none."""
    if not file.exists():
        return None
    raw = json.loads(file.read_text(encoding="utf-8"))
    return RunFile(
        owner=Identity(**raw["owner"]),
        phase=raw["phase"],
        endpoints=Endpoints(**raw["endpoints"]),
        rows=tuple(Row(**row) for row in raw["rows"]),
        error=raw["error"],
        detached=raw["detached"],
    )
