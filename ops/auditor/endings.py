"""Endings: a command that was answered PENDING has its final answer.

Owns: what a repeat of it is told from now on.
Never: touches money.
"""

from __future__ import annotations

from ops.auditor.answer import Answer
from ops.auditor.books import Answered, Books, ThingKey
from schemas.messages.vocabulary import Stage


def end_movement(books: Books, key: ThingKey, final: Answer) -> None:
    """Say from now on how the movement of a command ended."""
    earlier = books.answered.get(key)
    if earlier is not None and earlier.answer.stage is Stage.PENDING:
        books.answered[key] = Answered(earlier.content, final, earlier.sequence, earlier.at)
