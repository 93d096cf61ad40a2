"""Strategies: any message of any schema, and the same message as fastavro sees it.

Owns: the way from a schema to hypothesis data.
Never: a hand-written example of a message.
"""

from __future__ import annotations

import importlib
from functools import cache

from hypothesis import strategies as st

from schemas.model import (
    Choice,
    Enumeration,
    Maybe,
    Named,
    Primitive,
    Sequence,
    load,
    module_of,
    name_of,
)

CATALOGUE = load()
ITEMS_MAX = 3
TEXT = st.text(max_size=80) | st.sampled_from(["", "W.AVL", "EUR", "PTS", "XXX", "é" * 40])
SIGNED = {
    bits: st.integers(-(1 << bits - 1), (1 << bits - 1) - 1)
    | st.sampled_from([-65, -64, 63, 64, 8191, 8192, -(1 << bits - 1), (1 << bits - 1) - 1])
    for bits in (32, 64)
}
PRIMITIVES = {
    "boolean": st.booleans(),
    "int": SIGNED[32],
    "long": SIGNED[64] | st.integers(1 << 50, 1 << 51),
    "string": TEXT,
    "bytes": st.binary(max_size=80),
}


def class_of(fullname):
    """The generated class of a record or enum."""
    module = importlib.import_module(f"schemas.messages.{module_of(fullname)}")
    return getattr(module, name_of(fullname))


@cache
def messages(fullname):
    """Any message of that record."""
    fields = [values(field.type) for field in CATALOGUE.record(fullname).fields]
    return st.builds(class_of(fullname), *fields)


def values(kind):
    """Any Python value of a type."""
    if isinstance(kind, Primitive):
        return PRIMITIVES[kind.kind]
    if isinstance(kind, Sequence):
        return st.lists(values(kind.item), max_size=ITEMS_MAX).map(tuple)
    if isinstance(kind, Maybe):
        return st.none() | values(kind.inner)
    if isinstance(kind, Choice):
        branches = [messages(each) for each in kind.branches]
        return st.one_of([st.none(), *branches] if kind.nullable else branches)
    found = CATALOGUE.definitions[kind.fullname]
    if isinstance(found, Enumeration):
        return st.sampled_from(tuple(class_of(kind.fullname)))
    return messages(kind.fullname)


def as_fastavro(value, kind):
    """The value as fastavro takes it; a record of a union carries its name."""
    if isinstance(kind, Sequence):
        return [as_fastavro(each, kind.item) for each in value]
    if value is None or isinstance(kind, Primitive):
        return value
    if isinstance(kind, Maybe):
        return as_fastavro(value, kind.inner)
    if isinstance(kind, Choice):
        fullname = next(each for each in kind.branches if class_of(each) is type(value))
        return (fullname, as_fastavro(value, Named(fullname)))
    found = CATALOGUE.definitions[kind.fullname]
    if isinstance(found, Enumeration):
        return str(value)
    return {
        field.name: as_fastavro(getattr(value, field.name), field.type) for field in found.fields
    }
