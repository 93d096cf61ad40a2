"""Fetch artifacts by their coordinates, through jgo or through Maven.

Owns: the two ways of fetching.
Never: judges what arrived; digests are checked by `jars.py`.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from ops.stack.errors import DownloadFailedError

REQUEST_TIMEOUT_S: Final = 120
MAVEN_TIMEOUT_S: Final = 600


def by_jgo(coordinate: str, folder: Path) -> Path:
    """Fetch one artifact and return where it lies."""
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415  only needed on a cold cache
    except ImportError as error:
        raise DownloadFailedError("jgo of the extra `stack` is not installed") from error
    group, artifact, version, *classifier = coordinate.split(":")
    context = MavenContext(repo_cache=folder, timeout=REQUEST_TIMEOUT_S)
    component = context.project(group, artifact).at_version(version)
    try:
        return Path(component.artifact(*classifier).resolve())
    except (OSError, RuntimeError) as error:
        raise DownloadFailedError(f"cannot fetch {coordinate}: {error}") from error


def by_maven(coordinates: Iterable[str], folder: Path) -> None:
    """Fetch artifacts into a folder with the Maven of this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    project = folder / "pom.xml"
    project.write_text(render_project(coordinates, folder), encoding="utf-8")
    command = ("mvn", "-q", "-B", "-f", str(project), "dependency:copy")
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=MAVEN_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DownloadFailedError(f"Maven did not finish: {error}") from error
    if done.returncode:
        raise DownloadFailedError(f"Maven failed:\n{done.stdout[-2000:]}")


def render_project(coordinates: Iterable[str], folder: Path) -> str:
    """Render a project whose only job is to copy the artifacts into a folder."""
    items = "".join(map(_render_item, coordinates))
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0">'
        "<modelVersion>4.0.0</modelVersion><groupId>wallet-ledger</groupId>"
        "<artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>"
        "<build><plugins><plugin><artifactId>maven-dependency-plugin</artifactId>"
        f"<configuration><outputDirectory>{escape(str(folder))}</outputDirectory>"
        f"<artifactItems>{items}</artifactItems></configuration>"
        "</plugin></plugins></build></project>"
    )


def _render_item(coordinate: str) -> str:
    group, artifact, version, *classifier = coordinate.split(":")
    extra = "".join(f"<classifier>{name}</classifier>" for name in classifier)
    return (
        f"<artifactItem><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
        f"<version>{version}</version>{extra}</artifactItem>"
    )
