"""Profiles: which commands a bench sends.

Owns: the names of profiles and how each becomes records. `mixed` is the demo's day without its
poison: the plain loop has to be able to decode every record.
Never: measures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    pass

PROFILES: Final = ("mixed",)
