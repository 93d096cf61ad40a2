"""Subjects: Python source of the table of records that stand alone in a topic or a store.

Owns: the form of `schemas/messages/subjects.py`.
Never: reads files, runs what it writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.emit_classes import HEADER
from schemas.emit_decode import snake
from schemas.emit_skip import PARTLY
from schemas.model import module_of, name_of
from schemas.normal import fingerprint, normal_form

if TYPE_CHECKING:
    from schemas.model import Catalogue


def subjects_source(catalogue: Catalogue) -> str:
    """Return the source of `schemas/messages/subjects.py`, not yet formatted."""
    subjects = catalogue.subjects()
    modules = sorted({module_of(each.fullname) for each in subjects})
    lines = [
        HEADER.format(title="records that stand alone"),
        "from __future__ import annotations\n",
    ]
    lines += ["from collections.abc import Callable", "from typing import Any, Final, NamedTuple\n"]
    lines += [f"from schemas.messages import {', '.join(modules)}"]
    lines += [f"from schemas.messages.codec import {name} as {name}_codec" for name in modules]
    lines += [SUBJECT_CLASS, "SUBJECTS: Final[tuple[Subject, ...]] = ("]
    for each in subjects:
        module, name = module_of(each.fullname), name_of(each.fullname)
        shown = fingerprint(normal_form(each.fullname, catalogue))
        reader = f"{module}_codec.decode_{snake(name)}"
        partly = f"{reader}_partly" if each.fullname in PARTLY else reader
        lines.append(
            f'    Subject("{each.fullname}", {module}.{name}, {module}_codec.encode_{snake(name)}, '
            f'{reader}, {partly}, "{shown}"),'
        )
    return "\n".join([*lines, ")", ""])


SUBJECT_CLASS = '''

class Subject(NamedTuple):
    """A record with its own entry in the lock."""

    fullname: str
    message: type
    encode: Callable[[list[bytes], Any], None]
    decode: Callable[[bytes, int], tuple[Any, int]]
    decode_partly: Callable[[bytes, int], tuple[Any, int]]  # the same where nothing is left out
    fingerprint: str

'''
