"""A draft: books in which a command may be tried, while the real ones stay as they are.

Owns: copying a fact when it is first looked at, with everything that belongs to it.
Never: writes to the books it is a draft of; nothing of a draft is taken over.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from copy import copy, deepcopy
from dataclasses import is_dataclass
from typing import Final, TypeVar, final

from typing_extensions import override

from ops.auditor.books import Books

K = TypeVar("K")
V = TypeVar("V")
Memo = dict[int, object]


@final
class Draft(MutableMapping[K, V]):
    """A dictionary over another. `memo` is shared: what two facts have in common stays one."""

    def __init__(self, base: MutableMapping[K, V], memo: Memo) -> None:
        self._base: Final = base
        self._memo: Final = memo
        self._own: Final[dict[K, V]] = {}
        self._gone: Final[set[K]] = set()

    @override
    def __getitem__(self, key: K) -> V:
        if key not in self._own:
            if key in self._gone:
                raise KeyError(key)
            self._own[key] = self._copied(self._base[key])
        return self._own[key]

    @override
    def __setitem__(self, key: K, value: V) -> None:
        self._gone.discard(key)
        self._own[key] = value

    @override
    def __delitem__(self, key: K) -> None:
        if key not in self:
            raise KeyError(key)
        self._own.pop(key, None)
        self._gone.add(key)

    @override
    def __contains__(self, key: object) -> bool:
        return key in self._own or (key not in self._gone and key in self._base)

    @override
    def __iter__(self) -> Iterator[K]:
        yield from [key for key in self._base if key not in self._gone]
        yield from [key for key in self._own if key not in self._base]

    @override
    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _copied(self, value: V) -> V:
        mutable = is_dataclass(value) or isinstance(value, (set, list))
        return deepcopy(value, self._memo) if mutable else value


def draft_of(books: Books) -> Books:
    """Return books that begin as these are."""
    draft, memo = copy(books), Memo()
    for name, value in vars(books).items():
        if isinstance(value, MutableMapping):
            vars(draft)[name] = Draft(value, memo)
        elif isinstance(value, (list, set)):
            vars(draft)[name] = value.copy()
    return draft
