"""XML, read safely: a small typed tree with line numbers.

Owns: the parser and what it refuses: document types, and with them every entity.
Never: fetches or expands anything that a file names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers.text import decoded

_PROLOG: Final = re.compile(r"\s*<\?xml[^>]*\?>")
_ENCODING: Final = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([A-Za-z0-9._-]{1,40})["']""")
_PLACE: Final = re.compile(r"\s*, line [0-9]+, column [0-9]+.*", re.DOTALL)
_DOCTYPE: Final = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(slots=True)
class Node:
    """An element: its name without namespace, its own text, its children."""

    name: str
    namespace: str
    line: int
    text: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)

    def each(self, *path: str) -> Iterator[Node]:
        """Yield every element at a path of names below this one."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.each(*path[1:])

    def first(self, *path: str) -> Node | None:
        """Return the first element at a path, if there is one."""
        return next(self.each(*path), None)

    def value(self, *path: str) -> str:
        """Return the text of the first element at a path; nothing when there is none."""
        found = self.first(*path)
        return "" if found is None else found.text

    def any_first(self, *paths: str) -> Node | None:
        """Return the first element with a text, of paths written `Dt/DtTm`."""
        found = (each for path in paths for each in self.each(*path.split("/")) if each.text)
        return next(found, None)

    def any_value(self, *paths: str) -> str:
        """Return the first text that is there, of paths written `Cdtr/Nm`."""
        found = self.any_first(*paths)
        return "" if found is None else found.text

    def raw(self) -> str:
        """Return the element as text, for its hash: the same whatever the white space."""
        inner = "".join(child.raw() for child in self.children)
        pairs = "".join(f" {name}={value}" for name, value in sorted(self.attributes.items()))
        return f"<{self.name}{pairs}>{self.text}{inner}</{self.name}>"


def read_xml(data: bytes) -> Node:
    """Parse a file; refuse what is no well-formed XML, and any document type."""
    said = _ENCODING.match(data[:200].removeprefix(b"\xef\xbb\xbf"))
    text = decoded(data, said[1].decode("ascii") if said else "")
    doctype = _DOCTYPE.search(text)
    if doctype is not None:
        raise Unreadable(
            text.count("\n", 0, doctype.start()) + 1, "a document type or entity is declared"
        )
    # The prolog goes, its line end stays: the text is UTF-8 from here on, whatever it was.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(_PROLOG.sub("", text, count=1).encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        skipped = _lines_of_prolog(text)
        # The parser counts without the prolog: its own place is cut off, ours is right.
        reason = _PLACE.sub("", error.msg or "no XML").strip()
        raise Unreadable(max(1, (error.lineno or 1) + skipped), reason) from None
    return _node(root, _lines_of_prolog(text))


def _lines_of_prolog(text: str) -> int:
    found = _PROLOG.match(text)
    return 0 if found is None else found[0].count("\n")


def _node(element: etree._Element, skipped: int) -> Node:
    # A tag is `{namespace}name`; taking it apart by hand is four times quicker than QName.
    namespace, closed, name = str(element.tag).rpartition("}")
    text = element.text
    return Node(
        name,
        namespace[1:] if closed else "",
        (element.sourceline or 1) + skipped,
        " ".join(text.split()) if text else "",
        {str(key): str(value) for key, value in element.items()},
        [_node(child, skipped) for child in element if isinstance(child.tag, str)],
    )
