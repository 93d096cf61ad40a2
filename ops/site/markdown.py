"""Markdown as GitHub reads it, made into what Python-Markdown reads the same.

Owns: the differences that our pages have: a list or a table right after a sentence, a pipe in code.
Never: looks into a block of code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

FENCE: Final = re.compile(r"^\s*(`{3,}|~{3,})")
# A number other than 1 at the beginning of a line is a sentence that goes on.
ITEM: Final = re.compile(r"^(?:[-*+]|1\.) ")
CODE: Final = re.compile(r"`[^`]*`")
LINK: Final = re.compile(r"(\]\()([^)\s#]+)((?:#[^)]*)?\))")

Target = Callable[[str], str]


def adapted(text: str, target: Target) -> str:
    """Return the text in the site's form, each link led to what `target` answers."""
    before, kind = "", ""
    lines: list[str] = []
    for line, is_code in _lines(text):
        now = "" if is_code else _kind(line)
        if now and before.strip() and now != kind:
            lines.append("")
        if not line.strip():
            kind = ""
        elif now or not before.strip():
            kind = now
        lines.append(line if is_code else _line(line, now, target))
        before = line
    return "\n".join(lines) + "\n"


def links(text: str) -> Iterator[str]:
    """Return what the links of a text name, without those into the world."""
    for line, is_code in _lines(text):
        if not is_code:
            yield from (found[2] for found in LINK.finditer(line) if _is_ours(found[2]))


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Return each line, and whether it is one of a block of code."""
    fence = ""
    for line in text.splitlines():
        found = FENCE.match(line)
        if fence:
            yield line, True
            fence = "" if found and found[1].startswith(fence) else fence
        else:
            yield line, found is not None
            fence = found[1] if found else ""


def _kind(line: str) -> str:
    if line.startswith("|"):
        return "table"
    return "list" if ITEM.match(line) else ""


def _line(line: str, kind: str, target: Target) -> str:
    if kind == "table":
        line = CODE.sub(lambda found: found[0].replace("\\|", "|"), line)
    return LINK.sub(
        lambda found: found[1] + (target(found[2]) if _is_ours(found[2]) else found[2]) + found[3],
        line,
    )


def _is_ours(link: str) -> bool:
    return "://" not in link and not link.startswith("mailto:")
