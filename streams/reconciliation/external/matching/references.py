"""References as they are meant: without case, blanks and punctuation.

Owns: normalising, RF references of ISO 11649 inside free text, ids inside free text.
Never: compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.expectations import Expectation, Rules

_NOT_ALNUM: Final = re.compile(r"[^A-Z0-9]+")
_RF: Final = re.compile(r"(?<![A-Z0-9])RF[0-9]{2}[ ]?[A-Z0-9](?:[ ]?[A-Z0-9]){0,23}")
RF_HEAD: Final = 4
RF_MAX: Final = 25
RF_VALID: Final = 1
RF_MODULUS: Final = 97


def normal(text: str) -> str:
    """Return letters and digits only, in upper case."""
    return _NOT_ALNUM.sub("", text.upper())


def is_rf(reference: str) -> bool:
    """Check an RF creditor reference: mod 97 of its digits, letters counted from 10."""
    if not (RF_HEAD < len(reference) <= RF_MAX and reference.startswith("RF")):
        return False
    moved = reference[RF_HEAD:] + reference[:RF_HEAD]
    return int("".join(str(int(each, 36)) for each in moved)) % RF_MODULUS == RF_VALID


def rf_references(text: str) -> Iterator[str]:
    """Yield the valid RF references in free text, in which words may follow after a blank."""
    for found in _RF.finditer(text.upper()):
        tokens = found[0].split(" ")
        for end in range(len(tokens), 0, -1):
            candidate = "".join(tokens[:end])
            if is_rf(candidate):
                yield candidate


def references_of_line(line: Line, rules: Rules) -> set[str]:
    """Return everything in a line that could be our reference, normalised."""
    found = {normal(line.rail_ref), normal(line.end_to_end_id)}
    if line.remittance:
        upper = line.remittance.upper()
        for reference in rf_references(upper):
            found |= {reference, reference[RF_HEAD:], reference[RF_HEAD:].lstrip("0")}
        found |= {normal(each) for each in rules.id_pattern.findall(upper)}
    return {each for each in found if len(each) >= rules.reference_min}


def references_of_expectation(expectation: Expectation, rules: Rules) -> set[str]:
    """Return the references the ledger gave or was given, normalised."""
    found = {normal(expectation.rail_ref), normal(expectation.end_to_end_id)}
    return {each for each in found if len(each) >= rules.reference_min}


def batches_of_line(line: Line, rules: Rules) -> set[str]:
    """Return the batch a line says it is, and every word in it that could be one's name."""
    words = {normal(each) for each in line.remittance.split()}
    words |= {normal(line.rail_ref), normal(line.end_to_end_id)}
    found = {each for each in words if len(each) >= rules.reference_min}
    return found | ({normal(line.batch_id)} - {""})


def contradict(line: Line, expectation: Expectation) -> bool:
    """Say whether both name an end-to-end id, and not the same one."""
    ours, theirs = normal(expectation.end_to_end_id), normal(line.end_to_end_id)
    return bool(ours and theirs and ours != theirs)
