"""Personal data: in an envelope beside the ledger, never in it, and erased with the person's key.

    from ingress.personal import FolderKeys, LocalWrap, PersonalData

    people = PersonalData(FolderKeys(Path("keys")), LocalWrap(master_key))
    envelope = people.seal("party-7", "c-1", {"name": "Ada", "memo": "for lunch"})
    people.open(envelope)["memo"]

A command has no field for a name, a phone number or a memo: parties are random ids. What belongs
to a command travels in an envelope under the command's id, to wherever an application keeps it.
`Envelope.digest` is of the ciphertext, so that whoever committed to it can show it after the
erasure too.

Owns: envelopes, keys of persons, their erasure. Needs the extra `personal`.
Never: is imported by the ledger, a stream or a sink; derives anything from the clear text.
"""

from ingress.personal.envelope import Envelope
from ingress.personal.errors import (
    EnvelopeDamagedError,
    ErasedError,
    KeyMissingError,
    PersonalDataError,
)
from ingress.personal.keys import FolderKeys, KeyStore, KeyWrap, LocalWrap, MemoryKeys
from ingress.personal.people import PersonalData

__all__ = [
    "Envelope",
    "EnvelopeDamagedError",
    "ErasedError",
    "FolderKeys",
    "KeyMissingError",
    "KeyStore",
    "KeyWrap",
    "LocalWrap",
    "MemoryKeys",
    "PersonalData",
    "PersonalDataError",
]
