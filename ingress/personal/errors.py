"""What can go wrong with personal data.

PersonalDataError
├── ErasedError            the person's key is gone for good; names the subject
├── KeyMissingError        there never was a key of this person here; names the subject
└── EnvelopeDamagedError   not what was sealed, or not for this key; names event and field

Owns: the error types and their messages.
Never: quotes clear text, or a key.
"""

from __future__ import annotations


class PersonalDataError(Exception):
    """Base of every error of this room."""


class ErasedError(PersonalDataError):
    """The person was erased: nothing of theirs can be opened, or sealed, again."""

    def __init__(self, subject: str) -> None:
        super().__init__(f"{subject} was erased")
        self.subject = subject


class KeyMissingError(PersonalDataError):
    """No key of this person was ever kept here: another store of keys may have it."""

    def __init__(self, subject: str) -> None:
        super().__init__(f"no key of {subject} is here")
        self.subject = subject


class EnvelopeDamagedError(PersonalDataError):
    """An envelope is not what was sealed; `place` says which, `why` says what is wrong."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place = place
        self.why = why
